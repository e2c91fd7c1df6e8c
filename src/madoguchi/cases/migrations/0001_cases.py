import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("trust", "0007_new_duties"),
        ("trust", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkflowVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, verbose_name="キー")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("digest", models.CharField(max_length=64, verbose_name="ダイジェスト")),
                ("bpmn", models.TextField(verbose_name="BPMN")),
                ("specification", models.BinaryField(verbose_name="実行形")),
                ("created_at", models.DateTimeField(verbose_name="登録日時")),
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
                "verbose_name": "業務フローの版",
                "verbose_name_plural": "業務フローの版",
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "key", "digest"), name="workflow_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, verbose_name="番号")),
                ("kind", models.CharField(max_length=60, verbose_name="種別")),
                ("subject_id", models.CharField(max_length=40, verbose_name="対象")),
                ("title", models.CharField(max_length=200, verbose_name="件名")),
                ("topic", models.CharField(blank=True, max_length=80, verbose_name="手続など")),
                ("person", models.CharField(blank=True, max_length=160, verbose_name="申請者")),
                ("search_key", models.CharField(blank=True, max_length=400, verbose_name="検索キー")),
                ("channel", models.CharField(blank=True, max_length=10, verbose_name="受付経路")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("working", "作業中"),
                            ("waiting_applicant", "申請者の対応待ち"),
                            ("waiting_event", "入金などの待ち"),
                            ("stuck", "要確認"),
                            ("closed", "終了"),
                        ],
                        default="working",
                        max_length=20,
                        verbose_name="状態",
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField(default=2, verbose_name="優先度")),
                ("opened_at", models.DateTimeField(verbose_name="開始日時")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="期限")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="終了日時")),
                ("outcome", models.CharField(blank=True, max_length=40, verbose_name="結果")),
                ("fiscal_year", models.PositiveIntegerField(verbose_name="会計年度")),
                ("state", models.BinaryField(blank=True, null=True, verbose_name="実行の状態")),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="担当者",
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
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="cases.case",
                        verbose_name="もとの案件",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trust.unit",
                        verbose_name="担当課",
                    ),
                ),
                (
                    "workflow",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.workflowversion",
                        verbose_name="業務フロー",
                    ),
                ),
            ],
            options={
                "verbose_name": "案件",
                "verbose_name_plural": "案件",
                "ordering": ["-opened_at", "-id"],
                "constraints": [models.UniqueConstraint(fields=("municipality", "number"), name="case_number_once")],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("element", models.CharField(max_length=120, verbose_name="要素")),
                ("engine_id", models.CharField(blank=True, max_length=64, verbose_name="実行の識別子")),
                ("name", models.CharField(max_length=200, verbose_name="作業")),
                (
                    "audience",
                    models.CharField(
                        choices=[("staff", "担当"), ("approver", "承認者"), ("applicant", "申請者")],
                        default="staff",
                        max_length=10,
                        verbose_name="誰が",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("ready", "未処理"), ("done", "処理済"), ("cancelled", "取消")],
                        default="ready",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("choices", models.JSONField(default=list, verbose_name="選べる結果")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="期限")),
                ("outcome", models.CharField(blank=True, max_length=60, verbose_name="結果")),
                ("ready_at", models.DateTimeField(verbose_name="開始日時")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="完了日時")),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="担当者",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="cases.case",
                        verbose_name="案件",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="処理した人",
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
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trust.unit",
                        verbose_name="担当課",
                    ),
                ),
            ],
            options={
                "verbose_name": "作業",
                "verbose_name_plural": "作業",
                "ordering": ["ready_at", "id"],
            },
        ),
    ]
