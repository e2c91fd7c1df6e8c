import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0004_inbox"),
        ("trust", "0012_broadcast_duties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LineNonce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="ダイジェスト")),
                ("expires_at", models.DateTimeField(verbose_name="有効期限")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="使用日時")),
                (
                    "account",
                    models.ForeignKey(
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
                "verbose_name": "LINE連携の番号",
                "verbose_name_plural": "LINE連携の番号",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="LineChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="再送キー")),
                ("message_key", models.CharField(max_length=26, verbose_name="お知らせのキー")),
                ("delivery_ids", models.JSONField(verbose_name="配信")),
                ("first_id", models.BigIntegerField(verbose_name="最初の配信")),
                ("last_id", models.BigIntegerField(verbose_name="最後の配信")),
                ("request", models.JSONField(default=dict, verbose_name="依頼")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "送信中"),
                            ("accepted", "受付済み"),
                            ("refused", "受け付けられませんでした"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("request_id", models.CharField(blank=True, max_length=80, verbose_name="LINEの受付番号")),
                ("error", models.CharField(blank=True, max_length=200, verbose_name="エラー")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="応答日時")),
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
                "verbose_name": "LINEへの依頼",
                "verbose_name_plural": "LINEへの依頼",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["municipality", "message_key", "last_id"], name="line_chunk_by_message")
                ],
            },
        ),
        migrations.CreateModel(
            name="LineEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.CharField(max_length=40, verbose_name="イベントの番号")),
                ("kind", models.CharField(max_length=40, verbose_name="種別")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "処理待ち"),
                            ("answering", "返信中"),
                            ("done", "処理済み"),
                            ("ignored", "対象外"),
                            ("failed", "処理できませんでした"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("payload", models.JSONField(default=dict, verbose_name="内容")),
                ("answer", models.JSONField(default=list, verbose_name="返信")),
                ("is_redelivery", models.BooleanField(default=False, verbose_name="再送")),
                ("happened_at", models.DateTimeField(verbose_name="発生日時")),
                ("received_at", models.DateTimeField(verbose_name="受信日時")),
                ("handled_at", models.DateTimeField(blank=True, null=True, verbose_name="処理日時")),
                ("error", models.CharField(blank=True, max_length=200, verbose_name="エラー")),
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
                "verbose_name": "LINEからの通知",
                "verbose_name_plural": "LINEからの通知",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["municipality", "received_at"], name="line_event_by_day")],
                "constraints": [models.UniqueConstraint(fields=("municipality", "event_id"), name="line_event_once")],
            },
        ),
        RowLevelSecurity("linechunk", "lineevent", "linenonce"),
    ]
