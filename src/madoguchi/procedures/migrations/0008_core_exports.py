import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import madoguchi.kit.ids
from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0007_survey_sheets"),
        ("trust", "0011_registry_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CoreExport",
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
                ("system", models.CharField(max_length=60, verbose_name="連携先のシステム")),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("screen", "画面転記（画面を見て手で入力する）"),
                            ("robot", "RPA（ロボットが1行ずつ入力する）"),
                            ("import", "画面への取込（1件ずつのファイル）"),
                            ("bulk", "一括取込（まとめて1つのファイル）"),
                        ],
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("encoding", models.CharField(default="utf-8-sig", max_length=10, verbose_name="文字コード")),
                ("profile", models.CharField(default="mj", max_length=6, verbose_name="文字の範囲")),
                ("is_guarded", models.BooleanField(default=True, verbose_name="数式を防ぐ")),
                ("since", models.DateField(blank=True, null=True, verbose_name="いつから")),
                ("until", models.DateField(blank=True, null=True, verbose_name="いつまで")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "順番待ち"),
                            ("running", "作成中"),
                            ("ready", "できました"),
                            ("failed", "失敗"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="件数")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="済んだ件数")),
                ("created_at", models.DateTimeField(verbose_name="書き出した日時")),
                ("problem", models.CharField(blank=True, max_length=300, verbose_name="うまくいかなかった理由")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="書き出した人",
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
                    "procedure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.procedure",
                        verbose_name="手続",
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
            ],
            options={
                "verbose_name": "基幹システムへの書き出し",
                "verbose_name_plural": "基幹システムへの書き出し",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="CoreExportItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("system", models.CharField(max_length=60, verbose_name="連携先のシステム")),
                ("is_current", models.BooleanField(default=True, verbose_name="最後の書き出し")),
                ("is_again", models.BooleanField(default=False, verbose_name="再送")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="ダイジェスト")),
                ("losses", models.JSONField(default=list, verbose_name="変わった字")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "入力待ち"),
                            ("handed_on", "書き出し済み"),
                            ("keyed", "転記済み"),
                            ("failed", "入力できず"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=300, verbose_name="報告")),
                ("exported_at", models.DateTimeField(verbose_name="書き出した日時")),
                ("reported_at", models.DateTimeField(blank=True, null=True, verbose_name="報告日時")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.application",
                        verbose_name="申請",
                    ),
                ),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="procedures.coreexport",
                        verbose_name="書き出し",
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
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="報告した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "書き出した申請",
                "verbose_name_plural": "書き出した申請",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["municipality", "export", "state"], name="export_item_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("export", "application"), name="export_item_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("municipality", "system", "application"),
                        name="export_item_current_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CoreLayout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("system", models.CharField(max_length=60, verbose_name="連携先のシステム")),
                ("paths", models.JSONField(default=list, verbose_name="項目")),
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
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="procedures.procedure",
                        verbose_name="手続",
                    ),
                ),
            ],
            options={
                "verbose_name": "連携先の画面の項目",
                "verbose_name_plural": "連携先の画面の項目",
                "ordering": ["system", "id"],
                "constraints": [models.UniqueConstraint(fields=("procedure", "system"), name="core_layout_once")],
            },
        ),
        RowLevelSecurity("coreexport", "coreexportitem", "corelayout"),
    ]
