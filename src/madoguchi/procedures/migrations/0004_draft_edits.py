import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0003_applying"),
        ("trust", "0008_identity"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DraftEdit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(verbose_name="保存の回数")),
                ("document", models.JSONField(verbose_name="定義")),
                ("undo_to", models.PositiveIntegerField(blank=True, null=True, verbose_name="元に戻す先")),
                ("redo_to", models.PositiveIntegerField(blank=True, null=True, verbose_name="やり直す先")),
                ("edit", models.JSONField(default=dict, verbose_name="操作")),
                ("made_at", models.DateTimeField(verbose_name="日時")),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="編集者",
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
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="edits",
                        to="procedures.procedureversion",
                        verbose_name="版",
                    ),
                ),
            ],
            options={
                "verbose_name": "編集の記録",
                "verbose_name_plural": "編集の記録",
                "ordering": ["-revision"],
                "constraints": [models.UniqueConstraint(fields=("version", "revision"), name="draft_edit_once")],
            },
        ),
        RowLevelSecurity("draftedit"),
    ]
