import datetime
import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import madoguchi.kit.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("trust", "0012_broadcast_duties"),
        ("trust", "__first__"),
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
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        default=madoguchi.kit.ids.new_id,
                        editable=False,
                        max_length=26,
                        unique=True,
                        verbose_name="キー",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="呼び名")),
                ("language", models.CharField(default="ja", max_length=10, verbose_name="言語")),
                ("is_language_declared", models.BooleanField(default=False, verbose_name="言語は本人の申告")),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="生年月日")),
                ("postal_code", models.CharField(blank=True, max_length=8, verbose_name="郵便番号")),
                ("town", models.CharField(blank=True, max_length=80, verbose_name="町域")),
                ("channels", models.JSONField(default=list, verbose_name="連絡の順")),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="静かな時間の始まり")),
                ("quiet_until", models.TimeField(blank=True, null=True, verbose_name="静かな時間の終わり")),
                ("consented_at", models.DateTimeField(blank=True, null=True, verbose_name="同意日時")),
                ("paused_until", models.DateTimeField(blank=True, null=True, verbose_name="休止の終わり")),
                ("feed_serial", models.PositiveIntegerField(db_default=0, default=0, verbose_name="フィードの世代")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="終了日時")),
                ("registry_seen_at", models.DateTimeField(blank=True, null=True, verbose_name="住民記録の反映")),
                ("created_at", models.DateTimeField(verbose_name="登録日時")),
                (
                    "account",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="recipient",
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
                (
                    "resident",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipient",
                        to="trust.resident",
                        verbose_name="住民",
                    ),
                ),
            ],
            options={
                "verbose_name": "送り先",
                "verbose_name_plural": "送り先",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["municipality", "town", "birth_date"], name="recipient_by_town"),
                    models.Index(fields=["municipality", "birth_date"], name="recipient_by_birth"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("walking", "歩くことに助けが必要"),
                            ("sight", "見ることに助けが必要"),
                            ("hearing", "聞くことに助けが必要"),
                            ("medical", "医療機器を使っている"),
                            ("understanding", "説明や見守りが必要"),
                            ("infant", "乳幼児・妊産婦がいる"),
                            ("language", "日本語に助けが必要"),
                            ("alone", "高齢でひとり暮らし"),
                        ],
                        max_length=20,
                        verbose_name="必要な助け",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="伝えたいこと")),
                ("registered_at", models.DateTimeField(verbose_name="登録日時")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="確認日時")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="終了日時")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="確認者",
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
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="needs",
                        to="messaging.recipient",
                        verbose_name="送り先",
                    ),
                ),
            ],
            options={
                "verbose_name": "配慮の登録",
                "verbose_name_plural": "配慮の登録",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("recipient", "code"), name="need_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("inbox", "受信箱"),
                            ("email", "メール"),
                            ("line", "LINE"),
                            ("web_push", "ブラウザーの通知"),
                            ("sms", "SMS"),
                            ("post", "郵送"),
                        ],
                        max_length=10,
                        verbose_name="手段",
                    ),
                ),
                ("address", models.TextField(verbose_name="宛先")),
                ("digest", models.CharField(max_length=64, verbose_name="宛先のダイジェスト")),
                ("details", models.JSONField(default=dict, verbose_name="詳細")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "確認待ち"),
                            ("active", "使えます"),
                            ("bounced", "届きません"),
                            ("blocked", "ブロックされました"),
                            ("ended", "終了"),
                        ],
                        default="unconfirmed",
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="確認日時")),
                ("failures", models.PositiveSmallIntegerField(default=0, verbose_name="続けて失敗した回数")),
                ("last_error", models.CharField(blank=True, max_length=200, verbose_name="最後のエラー")),
                ("created_at", models.DateTimeField(verbose_name="登録日時")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="終了日時")),
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
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="endpoints",
                        to="messaging.recipient",
                        verbose_name="送り先",
                    ),
                ),
            ],
            options={
                "verbose_name": "連絡先",
                "verbose_name_plural": "連絡先",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["recipient", "channel", "status"], name="endpoint_by_recipient")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), models.Q(("status", "unconfirmed"), _negated=True)
                        ),
                        fields=("municipality", "channel", "digest"),
                        name="endpoint_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Child",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("birth_date", models.DateField(verbose_name="生年月日")),
                ("is_declared", models.BooleanField(default=False, verbose_name="本人の申告")),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="trust.resident",
                        verbose_name="住民",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="messaging.recipient",
                        verbose_name="送り先",
                    ),
                ),
            ],
            options={
                "verbose_name": "子",
                "verbose_name_plural": "子",
                "ordering": ["birth_date", "id"],
                "indexes": [models.Index(fields=["municipality", "birth_date", "recipient"], name="child_by_birth")],
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
        migrations.CreateModel(
            name="SendingSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channels", models.JSONField(default=list, verbose_name="手段の順")),
                ("quiet_from", models.TimeField(default=datetime.time(21, 0), verbose_name="静かな時間の始まり")),
                ("quiet_until", models.TimeField(default=datetime.time(7, 0), verbose_name="静かな時間の終わり")),
                ("weekly_cap", models.PositiveSmallIntegerField(default=7, verbose_name="1週間に1人に鳴らす上限")),
                (
                    "second_approval_from",
                    models.PositiveIntegerField(default=5000, verbose_name="2人目の承認が要る人数"),
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
                "verbose_name": "送り方の設定",
                "verbose_name_plural": "送り方の設定",
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("municipality",), name="sending_settings_once")],
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
            name="Telegram",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        default=madoguchi.kit.ids.new_id,
                        editable=False,
                        max_length=26,
                        unique=True,
                        verbose_name="キー",
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="ダイジェスト")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("feed", "気象庁の配信"),
                            ("satellite", "衛星（みちびき）"),
                            ("file", "ファイルの取り込み"),
                            ("staff", "職員の画面"),
                        ],
                        max_length=10,
                        verbose_name="きっかけ",
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="受信日時")),
                ("kind", models.CharField(blank=True, max_length=12, verbose_name="電文の種別")),
                ("title", models.CharField(max_length=100, verbose_name="情報名称")),
                ("head_title", models.CharField(blank=True, max_length=200, verbose_name="標題")),
                ("status", models.CharField(max_length=10, verbose_name="運用種別")),
                ("info_type", models.CharField(max_length=10, verbose_name="情報形態")),
                ("event_id", models.CharField(blank=True, max_length=120, verbose_name="識別情報")),
                ("serial", models.CharField(blank=True, max_length=20, verbose_name="情報番号")),
                ("office", models.CharField(blank=True, max_length=120, verbose_name="発表官署")),
                ("reported_at", models.DateTimeField(verbose_name="発表日時")),
                ("valid_until", models.DateTimeField(blank=True, null=True, verbose_name="失効日時")),
                ("headline", models.TextField(blank=True, verbose_name="見出し文")),
                ("story", models.CharField(max_length=300, verbose_name="一連のキー")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("emergency", "特別警報級"),
                            ("warning", "警報級以上"),
                            ("advisory", "注意報級以上"),
                            ("none", "すべて"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="重大さ",
                    ),
                ),
                ("warnings", models.JSONField(default=list, verbose_name="警報など")),
                ("actions", models.JSONField(default=list, verbose_name="対応")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("acted", "緊急情報にしました"),
                            ("drafted", "下書きにしました"),
                            ("nothing", "何もしませんでした"),
                            ("refused", "対象外です"),
                        ],
                        max_length=10,
                        verbose_name="結果",
                    ),
                ),
                ("refusal", models.CharField(blank=True, max_length=300, verbose_name="対象外の理由")),
                ("is_rehearsal", models.BooleanField(default=False, verbose_name="試しの取り込み")),
                ("raw", models.BinaryField(verbose_name="電文")),
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
                "verbose_name": "電文",
                "verbose_name_plural": "電文",
                "ordering": ["-received_at", "-id"],
                "indexes": [
                    models.Index(fields=["municipality", "-received_at"], name="telegram_by_time"),
                    models.Index(fields=["municipality", "story", "-reported_at"], name="telegram_by_story"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "digest", "is_rehearsal"), name="telegram_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TelegramState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=320, verbose_name="キー")),
                ("reported_at", models.DateTimeField(blank=True, null=True, verbose_name="発表日時")),
                ("serial", models.CharField(blank=True, max_length=20, verbose_name="情報番号")),
                ("said", models.JSONField(default=dict, verbose_name="内容")),
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
                "verbose_name": "電文の最新の状態",
                "verbose_name_plural": "電文の最新の状態",
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("municipality", "key"), name="telegram_state_once")],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, verbose_name="コード")),
                ("names", models.JSONField(verbose_name="名前")),
                ("descriptions", models.JSONField(default=dict, verbose_name="説明")),
                ("is_open", models.BooleanField(default=True, verbose_name="購読を受け付ける")),
                ("order", models.PositiveIntegerField(default=100, verbose_name="並び順")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="終了日時")),
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
                "verbose_name": "分野",
                "verbose_name_plural": "分野",
                "ordering": ["order", "id"],
                "constraints": [models.UniqueConstraint(fields=("municipality", "code"), name="topic_code_once")],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        default=madoguchi.kit.ids.new_id,
                        editable=False,
                        max_length=26,
                        unique=True,
                        verbose_name="キー",
                    ),
                ),
                ("identity", models.CharField(blank=True, max_length=120, null=True, verbose_name="重複防止のキー")),
                (
                    "kind",
                    models.CharField(
                        choices=[("broadcast", "お知らせ"), ("notice", "手続の連絡"), ("emergency", "緊急のお知らせ")],
                        default="broadcast",
                        max_length=10,
                        verbose_name="種別",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "下書き"),
                            ("waiting", "承認待ち"),
                            ("returned", "差し戻し"),
                            ("scheduled", "送信予約"),
                            ("sending", "送信中"),
                            ("sent", "送信済み"),
                            ("cancelled", "取り消し"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("is_drill", models.BooleanField(default=False, verbose_name="訓練")),
                ("contents", models.JSONField(default=dict, verbose_name="内容")),
                ("audience", models.JSONField(default=dict, verbose_name="対象")),
                ("channels", models.JSONField(default=list, verbose_name="手段")),
                ("thread", models.CharField(blank=True, max_length=120, verbose_name="件名のまとまり")),
                ("path", models.CharField(blank=True, max_length=300, verbose_name="関係するページ")),
                ("send_at", models.DateTimeField(blank=True, null=True, verbose_name="送信予定")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="有効期限")),
                ("fallback_minutes", models.PositiveIntegerField(default=0, verbose_name="次の手段に移るまでの分")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("changed_at", models.DateTimeField(verbose_name="変更日時")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="承認を求めた日時")),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="変更の回数")),
                ("planned_count", models.PositiveIntegerField(blank=True, null=True, verbose_name="見込みの人数")),
                ("fanned_out_at", models.DateTimeField(blank=True, null=True, verbose_name="宛先の確定日時")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="送信完了日時")),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="取消日時")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成者",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="変更者",
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
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="承認を求めた人",
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
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="messaging.topic",
                        verbose_name="分野",
                    ),
                ),
            ],
            options={
                "verbose_name": "お知らせ",
                "verbose_name_plural": "お知らせ",
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(fields=["municipality", "kind", "status"], name="message_by_status")],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "identity"), name="message_identity_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        default=madoguchi.kit.ids.new_id,
                        editable=False,
                        max_length=26,
                        unique=True,
                        verbose_name="キー",
                    ),
                ),
                ("address", models.URLField(max_length=2000, verbose_name="アドレス")),
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
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="messaging.message",
                        verbose_name="お知らせ",
                    ),
                ),
            ],
            options={
                "verbose_name": "リンク",
                "verbose_name_plural": "リンク",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(blank=True, max_length=120, verbose_name="名前")),
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
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="messaging.message",
                        verbose_name="お知らせ",
                    ),
                ),
            ],
            options={
                "verbose_name": "添付ファイル",
                "verbose_name_plural": "添付ファイル",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.CharField(
                        choices=[("approved", "承認"), ("returned", "差し戻し")], max_length=10, verbose_name="判断"
                    ),
                ),
                ("revision", models.PositiveIntegerField(verbose_name="対象の版")),
                ("note", models.TextField(blank=True, verbose_name="理由")),
                ("snapshot", models.JSONField(default=dict, verbose_name="見た内容")),
                ("people", models.PositiveIntegerField(blank=True, null=True, verbose_name="そのときの人数")),
                ("at", models.DateTimeField(verbose_name="日時")),
                (
                    "actor",
                    models.ForeignKey(
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
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="messaging.message",
                        verbose_name="お知らせ",
                    ),
                ),
            ],
            options={
                "verbose_name": "承認",
                "verbose_name_plural": "承認",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        default=madoguchi.kit.ids.new_id,
                        editable=False,
                        max_length=26,
                        unique=True,
                        verbose_name="キー",
                    ),
                ),
                (
                    "cap_identifier",
                    models.CharField(blank=True, max_length=80, null=True, unique=True, verbose_name="CAP識別子"),
                ),
                ("sender", models.CharField(blank=True, max_length=253, verbose_name="CAP発信者")),
                (
                    "status",
                    models.CharField(
                        choices=[("Actual", "実際"), ("Exercise", "訓練")],
                        default="Actual",
                        max_length=10,
                        verbose_name="実際か訓練か",
                    ),
                ),
                (
                    "msg_type",
                    models.CharField(
                        choices=[("Alert", "発表"), ("Update", "更新"), ("Cancel", "解除・取消")],
                        default="Alert",
                        max_length=10,
                        verbose_name="発表の種類",
                    ),
                ),
                ("event_key", models.CharField(max_length=120, verbose_name="事象のキー")),
                ("event_code", models.CharField(max_length=40, verbose_name="事象コード")),
                ("event_name", models.CharField(max_length=80, verbose_name="事象")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("Geo", "地震・津波・土砂・火山"),
                            ("Met", "気象"),
                            ("Safety", "避難・安全"),
                            ("Security", "国民保護"),
                            ("Rescue", "救助"),
                            ("Fire", "火災"),
                            ("Health", "健康"),
                            ("Env", "環境"),
                            ("Transport", "交通"),
                            ("Infra", "水道・電気・通信"),
                            ("CBRNE", "化学・放射性物質"),
                            ("Other", "その他"),
                        ],
                        default="Safety",
                        max_length=10,
                        verbose_name="分類",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("Immediate", "直ちに"),
                            ("Expected", "1時間以内に"),
                            ("Future", "近いうちに"),
                            ("Past", "過ぎました"),
                            ("Unknown", "分かりません"),
                        ],
                        default="Immediate",
                        max_length=10,
                        verbose_name="緊急性",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("Extreme", "命に関わる重大な脅威"),
                            ("Severe", "重大な脅威"),
                            ("Moderate", "脅威となるおそれ"),
                            ("Minor", "小さな脅威"),
                            ("Unknown", "分かりません"),
                        ],
                        default="Severe",
                        max_length=10,
                        verbose_name="重大性",
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("Observed", "起きています"),
                            ("Likely", "起きる見込み"),
                            ("Possible", "起きるおそれ"),
                            ("Unlikely", "起きないと見られます"),
                            ("Unknown", "分かりません"),
                        ],
                        default="Likely",
                        max_length=10,
                        verbose_name="確からしさ",
                    ),
                ),
                (
                    "evacuation_level",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="警戒レベル"),
                ),
                ("areas", models.JSONField(blank=True, default=list, verbose_name="対象の地域")),
                ("contents", models.JSONField(default=dict, verbose_name="内容")),
                ("onset", models.DateTimeField(blank=True, null=True, verbose_name="始まり")),
                ("effective", models.DateTimeField(blank=True, null=True, verbose_name="効力の始まり")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="有効期限")),
                ("references", models.TextField(blank=True, verbose_name="参照")),
                (
                    "source",
                    models.CharField(
                        choices=[("staff", "職員"), ("telegram", "気象庁の電文"), ("cap", "ほかの機関のCAP")],
                        default="staff",
                        max_length=10,
                        verbose_name="きっかけ",
                    ),
                ),
                ("source_key", models.CharField(blank=True, max_length=120, verbose_name="きっかけのキー")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "下書き"),
                            ("issued", "発表中"),
                            ("updated", "更新されました"),
                            ("cancelled", "解除・取消"),
                            ("expired", "期限が過ぎました"),
                            ("discarded", "発表しませんでした"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("is_automatic", models.BooleanField(default=False, verbose_name="自動発表")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="発表日時")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="終了日時")),
                ("cap_xml", models.TextField(blank=True, verbose_name="CAP")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成者",
                    ),
                ),
                (
                    "former",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later",
                        to="messaging.alert",
                        verbose_name="前の発表",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="発表者",
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
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chain",
                        to="messaging.alert",
                        verbose_name="最初の発表",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alert",
                        to="messaging.message",
                        verbose_name="お知らせ",
                    ),
                ),
            ],
            options={
                "verbose_name": "緊急情報",
                "verbose_name_plural": "緊急情報",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["municipality", "state", "-id"], name="alert_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "issued")),
                        fields=("municipality", "status", "event_key"),
                        name="alert_live_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("evacuation_level__isnull", True), ("evacuation_level__range", (1, 5)), _connector="OR"
                        ),
                        name="alert_evacuation_level",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("inbox", "受信箱"),
                            ("email", "メール"),
                            ("line", "LINE"),
                            ("web_push", "ブラウザーの通知"),
                            ("sms", "SMS"),
                            ("post", "郵送"),
                        ],
                        max_length=10,
                        verbose_name="手段",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "送信待ち"),
                            ("sending", "送信中"),
                            ("sent", "送信しました"),
                            ("delivered", "届きました"),
                            ("failed", "送れませんでした"),
                            ("bounced", "戻ってきました"),
                            ("skipped", "送りませんでした"),
                            ("expired", "期限が過ぎました"),
                            ("cancelled", "取り消しました"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("language", models.CharField(default="ja", max_length=10, verbose_name="言語")),
                ("urgency", models.PositiveSmallIntegerField(default=5, verbose_name="急ぐ順")),
                ("rank", models.PositiveSmallIntegerField(default=0, verbose_name="手段の順")),
                ("reason", models.CharField(blank=True, max_length=120, verbose_name="届いた理由")),
                ("queued_at", models.DateTimeField(verbose_name="登録日時")),
                ("due_at", models.DateTimeField(verbose_name="送信予定")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="試した回数")),
                ("claimed_by", models.CharField(blank=True, max_length=64, verbose_name="処理中のワーカー")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="処理開始日時")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="送信日時")),
                ("delivered_at", models.DateTimeField(blank=True, null=True, verbose_name="到達日時")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="初めて開いた日時")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="既読日時")),
                ("archived_at", models.DateTimeField(blank=True, null=True, verbose_name="しまった日時")),
                ("provider_id", models.CharField(blank=True, max_length=120, verbose_name="相手先の番号")),
                ("error", models.CharField(blank=True, max_length=200, verbose_name="エラー")),
                (
                    "municipality",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trust.municipality",
                        verbose_name="自治体",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_constraint=False,
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="messaging.endpoint",
                        verbose_name="連絡先",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="messaging.message",
                        verbose_name="お知らせ",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="messaging.recipient",
                        verbose_name="送り先",
                    ),
                ),
            ],
            options={
                "verbose_name": "配信",
                "verbose_name_plural": "配信",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "waiting")),
                        fields=["municipality", "channel", "urgency", "due_at", "id"],
                        name="delivery_outbox",
                    ),
                    models.Index(
                        condition=models.Q(("status", "sending")), fields=["claimed_at", "id"], name="delivery_claimed"
                    ),
                    models.Index(
                        condition=models.Q(("channel", "inbox")),
                        fields=["recipient", "-queued_at"],
                        name="delivery_inbox",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("archived_at__isnull", True), ("channel", "inbox"), ("read_at__isnull", True)
                        ),
                        fields=["recipient"],
                        name="delivery_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("message", "recipient", "channel"), name="delivery_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SafetyCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_in_need", models.BooleanField(default=False, verbose_name="配慮が必要")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True, verbose_name="ご本人の確認日時")),
                (
                    "acknowledged_by",
                    models.CharField(
                        blank=True,
                        choices=[("link", "確認のリンク"), ("line", "LINE"), ("inbox", "受信箱")],
                        max_length=10,
                        verbose_name="確認の手段",
                    ),
                ),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="電話を始めた日時")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("safe", "無事です"),
                            ("needs_help", "助けが必要です"),
                            ("no_answer", "出ませんでした"),
                            ("wrong_number", "番号が違いました"),
                        ],
                        max_length=12,
                        verbose_name="電話の結果",
                    ),
                ),
                ("outcome_at", models.DateTimeField(blank=True, null=True, verbose_name="電話の日時")),
                ("calls", models.PositiveSmallIntegerField(default=0, verbose_name="電話の回数")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="メモ")),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="messaging.alert",
                        verbose_name="緊急情報",
                    ),
                ),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="電話している人",
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
                    "outcome_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="電話した人",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="messaging.recipient",
                        verbose_name="送り先",
                    ),
                ),
            ],
            options={
                "verbose_name": "安否確認",
                "verbose_name_plural": "安否確認",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["alert", "is_in_need", "outcome"], name="safety_check_open")],
                "constraints": [models.UniqueConstraint(fields=("alert", "recipient"), name="safety_check_once")],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("own", "ご本人"),
                            ("staff", "窓口での登録"),
                            ("line", "LINE"),
                            ("import", "取り込み"),
                        ],
                        default="own",
                        max_length=10,
                        verbose_name="きっかけ",
                    ),
                ),
                ("subscribed_at", models.DateTimeField(verbose_name="購読開始日時")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="購読終了日時")),
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
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions",
                        to="messaging.recipient",
                        verbose_name="送り先",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="messaging.topic",
                        verbose_name="分野",
                    ),
                ),
            ],
            options={
                "verbose_name": "購読",
                "verbose_name_plural": "購読",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("topic", "recipient"),
                        name="subscription_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        default=madoguchi.kit.ids.new_id,
                        editable=False,
                        max_length=26,
                        unique=True,
                        verbose_name="キー",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="名前")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="使うとき")),
                ("contents", models.JSONField(default=dict, verbose_name="内容")),
                ("audience", models.JSONField(default=dict, verbose_name="対象")),
                ("channels", models.JSONField(default=list, verbose_name="手段")),
                ("fallback_minutes", models.PositiveIntegerField(default=0, verbose_name="次の手段に移るまでの分")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="終了日時")),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成者",
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
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="trust.unit",
                        verbose_name="担当",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="messaging.topic",
                        verbose_name="分野",
                    ),
                ),
            ],
            options={
                "verbose_name": "お知らせのひな型",
                "verbose_name_plural": "お知らせのひな型",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="AlertPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("layer", models.CharField(max_length=12, verbose_name="区域の種類")),
                ("code", models.CharField(max_length=20, verbose_name="コード")),
                ("name", models.CharField(blank=True, max_length=80, verbose_name="名前")),
                ("is_learned", models.BooleanField(default=False, verbose_name="電文から登録")),
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
                "verbose_name": "気象庁の区域",
                "verbose_name_plural": "気象庁の区域",
                "ordering": ["layer", "code"],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "layer", "code"), name="alert_place_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="名前")),
                (
                    "action",
                    models.CharField(
                        choices=[("automatic", "自動で発表する"), ("draft", "下書きを作る"), ("none", "何もしない")],
                        max_length=10,
                        verbose_name="すること",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("hazard", models.CharField(blank=True, max_length=20, verbose_name="災害の種類")),
                ("kind", models.CharField(blank=True, max_length=60, verbose_name="警報の名前に含む言葉")),
                ("area", models.CharField(blank=True, max_length=80, verbose_name="区域の名前かコード")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("emergency", "特別警報級"),
                            ("warning", "警報級以上"),
                            ("advisory", "注意報級以上"),
                            ("none", "すべて"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="重大さ",
                    ),
                ),
                ("alert_level", models.PositiveSmallIntegerField(default=0, verbose_name="警戒レベル相当")),
                ("intensity", models.PositiveSmallIntegerField(default=0, verbose_name="震度")),
                (
                    "evacuation_level",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="避難情報の警戒レベル"),
                ),
                ("contents", models.JSONField(blank=True, default=dict, verbose_name="文")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("changed_at", models.DateTimeField(verbose_name="変更日時")),
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
                "verbose_name": "自動発表の決まり",
                "verbose_name_plural": "自動発表の決まり",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("evacuation_level__isnull", True), ("evacuation_level__range", (3, 5)), _connector="OR"
                        ),
                        name="alert_rule_evacuation_level",
                    )
                ],
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
        migrations.CreateModel(
            name="Click",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("inbox", "受信箱"),
                            ("email", "メール"),
                            ("line", "LINE"),
                            ("web_push", "ブラウザーの通知"),
                            ("sms", "SMS"),
                            ("post", "郵送"),
                        ],
                        max_length=10,
                        verbose_name="手段",
                    ),
                ),
                ("on", models.DateField(verbose_name="日")),
                ("count", models.PositiveIntegerField(default=0, verbose_name="回数")),
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
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clicks",
                        to="messaging.link",
                        verbose_name="リンク",
                    ),
                ),
            ],
            options={
                "verbose_name": "リンクの利用",
                "verbose_name_plural": "リンクの利用",
                "ordering": ["on", "id"],
                "constraints": [models.UniqueConstraint(fields=("link", "channel", "on"), name="click_once")],
            },
        ),
        migrations.CreateModel(
            name="MachineRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100, verbose_name="キー")),
                ("digest", models.CharField(max_length=64, verbose_name="内容のダイジェスト")),
                ("at", models.DateTimeField(verbose_name="日時")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="機械連携",
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
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="messaging.message",
                        verbose_name="お知らせ",
                    ),
                ),
            ],
            options={
                "verbose_name": "機械連携の依頼",
                "verbose_name_plural": "機械連携の依頼",
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("account", "key"), name="machine_request_once")],
            },
        ),
    ]
