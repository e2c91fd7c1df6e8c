import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import madoguchi.kit.ids
from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0002_row_level_security"),
        ("trust", "0012_broadcast_duties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                (
                    "contents",
                    models.JSONField(default=dict, verbose_name="内容"),
                ),
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
            ],
            options={
                "verbose_name": "緊急情報",
                "verbose_name_plural": "緊急情報",
                "ordering": ["-id"],
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
            },
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["municipality", "state", "-id"], name="alert_by_state"),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "issued")),
                fields=("municipality", "status", "event_key"),
                name="alert_live_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("evacuation_level__isnull", True), ("evacuation_level__range", (1, 5)), _connector="OR"
                ),
                name="alert_evacuation_level",
            ),
        ),
        migrations.AddIndex(
            model_name="safetycheck",
            index=models.Index(fields=["alert", "is_in_need", "outcome"], name="safety_check_open"),
        ),
        migrations.AddConstraint(
            model_name="safetycheck",
            constraint=models.UniqueConstraint(fields=("alert", "recipient"), name="safety_check_once"),
        ),
        RowLevelSecurity("alert", "safetycheck"),
    ]
