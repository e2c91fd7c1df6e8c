from django.db import migrations, models


class Migration(migrations.Migration):
    """Several people may claim an address until one of them has confirmed it."""

    dependencies = [("messaging", "0009_sending")]

    operations = [
        migrations.RemoveConstraint("endpoint", "endpoint_once"),
        migrations.AddConstraint(
            "endpoint",
            models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), models.Q(("status", "unconfirmed"), _negated=True)),
                fields=("municipality", "channel", "digest"),
                name="endpoint_once",
            ),
        ),
    ]
