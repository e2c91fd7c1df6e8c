import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0006_surveys"),
        ("trust", "0008_identity"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="survey",
            name="check_share",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="二重入力の割合（%）"),
        ),
        migrations.AddField(
            model_name="survey",
            name="materials",
            field=models.JSONField(blank=True, default=list, verbose_name="案と資料"),
        ),
        migrations.CreateModel(
            name="SheetCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answers", models.JSONField(verbose_name="2回目の入力")),
                ("differing", models.JSONField(default=list, verbose_name="違いのある項目")),
                ("entered_at", models.DateTimeField(verbose_name="入力日時")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="確認日時")),
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="check_entry",
                        to="procedures.surveyanswer",
                        verbose_name="回答",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="入力者",
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
                "verbose_name": "二重入力",
                "verbose_name_plural": "二重入力",
                "ordering": ["id"],
            },
        ),
        RowLevelSecurity("sheetcheck"),
    ]
