import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Recipients know what of the registry they have taken over, and which child of theirs is which resident."""

    dependencies = [("messaging", "0006_signage"), ("trust", "0012_broadcast_duties")]

    operations = [
        migrations.AddField(
            "recipient", "is_language_declared", models.BooleanField("言語は本人の申告", default=False)
        ),
        migrations.AddField(
            "recipient", "registry_seen_at", models.DateTimeField("住民記録の反映", blank=True, null=True)
        ),
        migrations.AddField(
            "child",
            "resident",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="trust.resident",
                verbose_name="住民",
            ),
        ),
    ]
