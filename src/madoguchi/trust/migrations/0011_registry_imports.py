import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import madoguchi.kit.ids
from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0010_registry_link"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegistryImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=madoguchi.kit.ids.new_id,
                        editable=False,
                        max_length=26,
                        unique=True,
                        verbose_name="番号",
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="ファイル名")),
                ("digest", models.CharField(max_length=64, verbose_name="ダイジェスト")),
                ("encoding", models.CharField(blank=True, max_length=12, verbose_name="文字コード")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("looked_at", "確認待ち"),
                            ("queued", "順番待ち"),
                            ("running", "取り込み中"),
                            ("applied", "取り込み済み"),
                            ("failed", "失敗"),
                        ],
                        default="looked_at",
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                ("counts", models.JSONField(default=dict, verbose_name="件数")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="済んだ人数")),
                ("uploaded_at", models.DateTimeField(verbose_name="登録日時")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="取り込み日時")),
                ("problem", models.CharField(blank=True, max_length=300, verbose_name="うまくいかなかった理由")),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="取り込んだ人",
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
                    "stored",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="trust.storedfile",
                        verbose_name="ファイル",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登録者",
                    ),
                ),
            ],
            options={
                "verbose_name": "住民記録の取り込み",
                "verbose_name_plural": "住民記録の取り込み",
                "ordering": ["-uploaded_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="RegistryDoubt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField(verbose_name="行")),
                ("registry_number", models.CharField(max_length=20, verbose_name="宛名番号")),
                ("values", models.JSONField(default=dict, verbose_name="ファイルの内容")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="消除日")),
                ("resident_ids", models.JSONField(default=list, verbose_name="似ている住民")),
                (
                    "decision",
                    models.CharField(
                        choices=[("waiting", "確認待ち"), ("same", "同じ方"), ("another", "別の方")],
                        default="waiting",
                        max_length=10,
                        verbose_name="判断",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="判断日時")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="判断した人",
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
                    "resident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="trust.resident",
                        verbose_name="住民",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="doubts",
                        to="trust.registryimport",
                        verbose_name="取り込み",
                    ),
                ),
            ],
            options={
                "verbose_name": "住民記録の確かめ",
                "verbose_name_plural": "住民記録の確かめ",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decision", "waiting")),
                        fields=("municipality", "registry_number"),
                        name="registry_doubt_once",
                    )
                ],
            },
        ),
        RowLevelSecurity("registryimport", "registrydoubt"),
    ]
