from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0004_draft_edits")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="documents",
            field=models.JSONField(blank=True, default=dict, verbose_name="発行した文書の番号"),
        ),
    ]
