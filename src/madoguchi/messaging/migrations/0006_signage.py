import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import madoguchi.kit.ids
from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0005_line"),
        ("trust", "0012_broadcast_duties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Playlist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="名前")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="説明")),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="停止日時")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="削除日時")),
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
                "verbose_name": "番組",
                "verbose_name_plural": "番組",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Screen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "number",
                    models.CharField(
                        default=madoguchi.kit.ids.new_case_number,
                        editable=False,
                        max_length=20,
                        unique=True,
                        verbose_name="画面番号",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="名前")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="場所")),
                ("town", models.CharField(blank=True, max_length=80, verbose_name="町域")),
                ("groups", models.JSONField(blank=True, default=list, verbose_name="グループ")),
                (
                    "turn",
                    models.CharField(
                        choices=[
                            ("landscape", "横置き"),
                            ("portrait", "縦置き"),
                            ("right", "縦置き（画面側で右に90度回す）"),
                            ("left", "縦置き（画面側で左に90度回す）"),
                        ],
                        default="landscape",
                        max_length=10,
                        verbose_name="向き",
                    ),
                ),
                ("languages", models.JSONField(blank=True, default=list, verbose_name="言語")),
                ("takes_drills", models.BooleanField(default=False, verbose_name="訓練を表示する")),
                ("is_muted", models.BooleanField(default=True, verbose_name="音を出さない")),
                ("volume", models.PositiveSmallIntegerField(default=50, verbose_name="音量")),
                ("sleeps_from", models.TimeField(blank=True, null=True, verbose_name="消灯（から）")),
                ("sleeps_until", models.TimeField(blank=True, null=True, verbose_name="消灯（まで）")),
                ("override_until", models.DateTimeField(blank=True, null=True, verbose_name="割り込みの終わり")),
                ("revision", models.PositiveBigIntegerField(default=0, verbose_name="版")),
                ("secret_digest", models.CharField(blank=True, max_length=64, verbose_name="機器の秘密のダイジェスト")),
                ("paired_at", models.DateTimeField(blank=True, null=True, verbose_name="接続日時")),
                ("last_seen_at", models.DateTimeField(blank=True, null=True, verbose_name="最後の連絡")),
                ("lost_at", models.DateTimeField(blank=True, null=True, verbose_name="連絡が途絶えた日時")),
                ("version", models.CharField(blank=True, max_length=40, verbose_name="再生ソフトの版")),
                ("width", models.PositiveIntegerField(blank=True, null=True, verbose_name="幅")),
                ("height", models.PositiveIntegerField(blank=True, null=True, verbose_name="高さ")),
                ("status", models.JSONField(blank=True, default=dict, verbose_name="状態")),
                ("created_at", models.DateTimeField(verbose_name="登録日時")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="撤去日時")),
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
                    "override",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="messaging.playlist",
                        verbose_name="割り込みの番組",
                    ),
                ),
                (
                    "paired_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="接続した人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="trust.unit",
                        verbose_name="担当",
                    ),
                ),
            ],
            options={
                "verbose_name": "画面",
                "verbose_name_plural": "画面",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="SignageAsset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="名前")),
                ("alt", models.CharField(max_length=400, verbose_name="内容の説明")),
                ("width", models.PositiveIntegerField(blank=True, null=True, verbose_name="幅")),
                ("height", models.PositiveIntegerField(blank=True, null=True, verbose_name="高さ")),
                ("uploaded_at", models.DateTimeField(verbose_name="登録日時")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="削除日時")),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trust.storedfile",
                        verbose_name="ファイル",
                    ),
                ),
            ],
            options={
                "verbose_name": "サイネージの素材",
                "verbose_name_plural": "サイネージの素材",
                "ordering": ["-uploaded_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PlaylistItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", models.JSONField(blank=True, default=list, verbose_name="曜日")),
                ("hours_from", models.TimeField(blank=True, null=True, verbose_name="時刻（から）")),
                ("hours_until", models.TimeField(blank=True, null=True, verbose_name="時刻（まで）")),
                ("open_days_only", models.BooleanField(default=False, verbose_name="開庁日だけ")),
                ("order", models.PositiveIntegerField(verbose_name="並び順")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("image", "画像"),
                            ("video", "動画"),
                            ("text", "文字のお知らせ"),
                            ("live", "自動で変わる案内"),
                            ("page", "サイトのページへの案内"),
                        ],
                        max_length=10,
                        verbose_name="種類",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="名前")),
                ("source", models.CharField(blank=True, max_length=80, verbose_name="自動で変わる案内")),
                ("path", models.CharField(blank=True, max_length=300, verbose_name="ページ")),
                ("contents", models.JSONField(blank=True, default=dict, verbose_name="内容")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="言語")),
                ("seconds", models.PositiveIntegerField(default=15, verbose_name="秒数")),
                ("valid_from", models.DateTimeField(blank=True, null=True, verbose_name="掲出の始まり")),
                ("valid_until", models.DateTimeField(blank=True, null=True, verbose_name="掲出の終わり")),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="停止日時")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="削除日時")),
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
                    "playlist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="messaging.playlist",
                        verbose_name="番組",
                    ),
                ),
                (
                    "asset",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="messaging.signageasset",
                        verbose_name="素材",
                    ),
                ),
            ],
            options={
                "verbose_name": "番組の項目",
                "verbose_name_plural": "番組の項目",
                "ordering": ["playlist", "order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Schedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", models.JSONField(blank=True, default=list, verbose_name="曜日")),
                ("hours_from", models.TimeField(blank=True, null=True, verbose_name="時刻（から）")),
                ("hours_until", models.TimeField(blank=True, null=True, verbose_name="時刻（まで）")),
                ("open_days_only", models.BooleanField(default=False, verbose_name="開庁日だけ")),
                ("group", models.CharField(blank=True, max_length=40, verbose_name="グループ")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="初日")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="最終日")),
                ("priority", models.PositiveSmallIntegerField(default=10, verbose_name="優先度")),
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
                (
                    "playlist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedules",
                        to="messaging.playlist",
                        verbose_name="番組",
                    ),
                ),
                (
                    "screen",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedules",
                        to="messaging.screen",
                        verbose_name="画面",
                    ),
                ),
            ],
            options={
                "verbose_name": "放映予定",
                "verbose_name_plural": "放映予定",
                "ordering": ["-priority", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("screen__isnull", True), ("group", ""), _connector="OR"),
                        name="schedule_one_target",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlayRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=60, verbose_name="対象")),
                ("hour", models.DateTimeField(verbose_name="時間帯")),
                ("plays", models.PositiveIntegerField(default=0, verbose_name="回数")),
                ("seconds", models.PositiveIntegerField(default=0, verbose_name="秒数")),
                ("first_at", models.DateTimeField(verbose_name="最初")),
                ("last_at", models.DateTimeField(verbose_name="最後")),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plays",
                        to="messaging.playlistitem",
                        verbose_name="項目",
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
                    "screen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plays",
                        to="messaging.screen",
                        verbose_name="画面",
                    ),
                ),
            ],
            options={
                "verbose_name": "放映の記録",
                "verbose_name_plural": "放映の記録",
                "ordering": ["-hour", "screen", "id"],
                "indexes": [
                    models.Index(fields=["municipality", "hour"], name="play_record_by_hour"),
                    models.Index(fields=["municipality", "subject"], name="play_record_by_subject"),
                ],
                "constraints": [models.UniqueConstraint(fields=("screen", "subject", "hour"), name="play_record_once")],
            },
        ),
        migrations.CreateModel(
            name="PlayBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40, verbose_name="キー")),
                ("received_at", models.DateTimeField(verbose_name="受信日時")),
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
                    "screen",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="messaging.screen",
                        verbose_name="画面",
                    ),
                ),
            ],
            options={
                "verbose_name": "放映の報告",
                "verbose_name_plural": "放映の報告",
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("screen", "key"), name="play_batch_once")],
            },
        ),
        migrations.CreateModel(
            name="PairingCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=6, verbose_name="接続コード")),
                (
                    "secret_digest",
                    models.CharField(max_length=64, unique=True, verbose_name="機器の秘密のダイジェスト"),
                ),
                ("address", models.GenericIPAddressField(blank=True, null=True, verbose_name="接続元")),
                ("width", models.PositiveIntegerField(blank=True, null=True, verbose_name="幅")),
                ("height", models.PositiveIntegerField(blank=True, null=True, verbose_name="高さ")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("expires_at", models.DateTimeField(verbose_name="有効期限")),
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
                    "screen",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="messaging.screen",
                        verbose_name="画面",
                    ),
                ),
            ],
            options={
                "verbose_name": "接続コード",
                "verbose_name_plural": "接続コード",
                "ordering": ["-created_at", "-id"],
                "constraints": [models.UniqueConstraint(fields=("municipality", "code"), name="pairing_code_once")],
            },
        ),
        RowLevelSecurity(
            "pairingcode",
            "playbatch",
            "playlist",
            "playlistitem",
            "playrecord",
            "schedule",
            "screen",
            "signageasset",
        ),
    ]
