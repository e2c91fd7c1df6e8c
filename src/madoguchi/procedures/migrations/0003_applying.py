import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import madoguchi.kit.ids
from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0002_row_level_security"),
        ("trust", "0007_new_duties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="proxy",
            field=models.JSONField(default=dict, verbose_name="代理の根拠"),
        ),
        migrations.AddField(
            model_name="draft",
            name="earlier",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="procedures.application",
                verbose_name="もとの申請",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="proxy",
            field=models.JSONField(default=dict, verbose_name="代理の根拠"),
        ),
        migrations.AddField(
            model_name="draft",
            name="resume_digest",
            field=models.CharField(blank=True, db_index=True, max_length=64, verbose_name="再開コードのダイジェスト"),
        ),
        migrations.AlterField(
            model_name="draft",
            name="done_steps",
            field=models.JSONField(default=dict, verbose_name="終えた段階"),
        ),
        migrations.AlterField(
            model_name="draft",
            name="secret_digest",
            field=models.CharField(blank=True, db_index=True, max_length=64, verbose_name="鍵のダイジェスト"),
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nonce", models.CharField(default=madoguchi.kit.ids.new_id, max_length=26, verbose_name="番号")),
                ("token_digest", models.CharField(max_length=64, unique=True, verbose_name="鍵のダイジェスト")),
                ("renewed_at", models.DateTimeField(verbose_name="発行日時")),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="アカウント",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trust.municipality",
                        verbose_name="自治体",
                    ),
                ),
            ],
            options={
                "verbose_name": "予定の配信",
                "verbose_name_plural": "予定の配信",
            },
        ),
        RowLevelSecurity("calendarfeed"),
    ]
