import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_row_level_security"),
        ("trust", "0008_identity"),
        ("trust", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="内容")),
                ("at", models.DateTimeField(verbose_name="日時")),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="書いた人",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="cases.case",
                        verbose_name="案件",
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
                "verbose_name": "メモ",
                "verbose_name_plural": "メモ",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen_at", models.DateTimeField(verbose_name="最後に見た日時")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="職員",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cases.case",
                        verbose_name="案件",
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
                "verbose_name": "閲覧中",
                "verbose_name_plural": "閲覧中",
                "constraints": [models.UniqueConstraint(fields=("case", "account"), name="presence_once")],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("query", models.CharField(max_length=600, verbose_name="条件")),
                ("is_default", models.BooleanField(default=False, verbose_name="最初に表示する")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="職員",
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
                "verbose_name": "保存した表示",
                "verbose_name_plural": "保存した表示",
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "account", "name"), name="saved_view_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Undo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="操作")),
                ("before", models.JSONField(default=list, verbose_name="操作前")),
                ("state", models.BinaryField(blank=True, null=True, verbose_name="操作前の実行の状態")),
                ("at", models.DateTimeField(verbose_name="日時")),
                ("is_used", models.BooleanField(default=False, verbose_name="使用済")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="職員",
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
                "verbose_name": "元に戻す操作",
                "verbose_name_plural": "元に戻す操作",
            },
        ),
        migrations.CreateModel(
            name="Workflow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, verbose_name="キー")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("draft", models.TextField(verbose_name="下書き（BPMN）")),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="下書きの改訂")),
                ("is_retired", models.BooleanField(default=False, verbose_name="廃止")),
                ("updated_at", models.DateTimeField(verbose_name="更新日時")),
                (
                    "current",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.workflowversion",
                        verbose_name="現行の版",
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
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="更新した人",
                    ),
                ),
            ],
            options={
                "verbose_name": "業務フロー",
                "verbose_name_plural": "業務フロー",
                "ordering": ["name", "id"],
                "constraints": [models.UniqueConstraint(fields=("municipality", "key"), name="workflow_key_once")],
            },
        ),
        migrations.AddField(
            model_name="case",
            name="desk",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="trust.unit",
                verbose_name="いま作業する課",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="next_timer_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="次の時刻"),
        ),
        migrations.AddField(
            model_name="case",
            name="order_on",
            field=models.DateField(default=datetime.date(9999, 12, 31), verbose_name="並べる日"),
        ),
        migrations.AddField(
            model_name="case",
            name="problem",
            field=models.TextField(blank=True, verbose_name="止まった理由"),
        ),
        migrations.AddField(
            model_name="case",
            name="revision",
            field=models.PositiveIntegerField(default=0, verbose_name="改訂"),
        ),
        migrations.AddField(
            model_name="case",
            name="step",
            field=models.CharField(blank=True, max_length=200, verbose_name="いまの作業"),
        ),
        migrations.AddField(
            model_name="task",
            name="note",
            field=models.TextField(blank=True, verbose_name="メモ"),
        ),
        migrations.AddField(
            model_name="workflowversion",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="公開した人",
            ),
        ),
        migrations.AddField(
            model_name="workflowversion",
            name="number",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="版"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["municipality", "order_on", "id"],
                name="case_open_order",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["municipality", "desk", "order_on", "id"],
                name="case_desk_order",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["municipality", "assignee", "order_on", "id"],
                name="case_assignee_order",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["municipality", "status", "order_on", "id"],
                name="case_status_order",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["municipality", "topic", "order_on", "id"],
                name="case_topic_order",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("next_timer_at__isnull", False)),
                fields=["municipality", "next_timer_at"],
                name="case_timer",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["municipality", "search_key"], name="case_search", opclasses=["int8_ops", "varchar_pattern_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["municipality", "kind", "subject_id"], name="case_subject"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["municipality", "closed_at"],
                name="case_closed",
            ),
        ),
    ]
