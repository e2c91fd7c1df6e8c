from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0003_accounts"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="metermark", name="meter_mark_once"),
        migrations.AddField(
            model_name="metermark",
            name="meter",
            field=models.CharField(default="", max_length=80, verbose_name="メーター"),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="metermark",
            constraint=models.UniqueConstraint(fields=("municipality", "meter"), name="meter_mark_once_per_meter"),
        ),
    ]
