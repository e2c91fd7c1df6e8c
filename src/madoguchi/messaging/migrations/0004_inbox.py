from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_alert")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="opened_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="初めて開いた日時"),
        ),
        migrations.AddField(
            model_name="recipient",
            name="feed_serial",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="フィードの世代"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(channel="inbox", read_at__isnull=True, archived_at__isnull=True),
                fields=["recipient"],
                name="delivery_unread",
            ),
        ),
    ]
