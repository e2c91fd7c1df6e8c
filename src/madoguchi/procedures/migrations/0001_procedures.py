import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import madoguchi.kit.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0006_name_search"),
        ("trust", "0012_broadcast_duties"),
        ("trust", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nonce", models.CharField(default=madoguchi.kit.ids.new_id, max_length=26, verbose_name="番号")),
                ("token_digest", models.CharField(max_length=64, unique=True, verbose_name="鍵のダイジェスト")),
                ("renewed_at", models.DateTimeField(verbose_name="発行日時")),
                (
                    "account",
                    models.OneToOneField(
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
                "verbose_name": "予定の配信",
                "verbose_name_plural": "予定の配信",
            },
        ),
        migrations.CreateModel(
            name="Checklist",
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
                ("number", models.CharField(max_length=20, verbose_name="番号")),
                ("life_event", models.CharField(max_length=60, verbose_name="ライフイベント")),
                ("answers", models.JSONField(default=dict, verbose_name="質問への答え")),
                ("language", models.CharField(default="ja", max_length=10, verbose_name="言語")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("expires_at", models.DateTimeField(verbose_name="保存期限")),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
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
                "verbose_name": "手続リスト",
                "verbose_name_plural": "手続リスト",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="SharedTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, verbose_name="コード")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("category", models.CharField(blank=True, max_length=40, verbose_name="分類")),
                ("document", models.JSONField(verbose_name="定義")),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="説明")),
                ("shared_at", models.DateTimeField(verbose_name="共有日時")),
                ("uses", models.PositiveIntegerField(default=0, verbose_name="使われた回数")),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="trust.municipality",
                        verbose_name="提供した自治体",
                    ),
                ),
            ],
            options={
                "verbose_name": "手続のひな形",
                "verbose_name_plural": "手続のひな形",
                "ordering": ["category", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "code"), name="shared_template_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, verbose_name="コード")),
                (
                    "kind",
                    models.CharField(
                        choices=[("survey", "アンケート調査"), ("comment", "意見公募（パブリックコメント）")],
                        default="survey",
                        max_length=10,
                        verbose_name="種類",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "準備中"),
                            ("open", "受付中"),
                            ("closed", "締切"),
                            ("published", "結果を公開"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("document", models.JSONField(verbose_name="調査票")),
                ("is_open_to_all", models.BooleanField(default=False, verbose_name="誰でも答えられる")),
                ("opens_on", models.DateField(blank=True, null=True, verbose_name="開始日")),
                ("closes_on", models.DateField(blank=True, null=True, verbose_name="終了日")),
                (
                    "minimum_age",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="対象の年齢（以上）"),
                ),
                ("seed", models.CharField(blank=True, max_length=80, verbose_name="抽出の種")),
                ("drawn_at", models.DateTimeField(blank=True, null=True, verbose_name="抽出日時")),
                ("population", models.JSONField(blank=True, default=dict, verbose_name="母集団（層別）")),
                ("weight_by", models.CharField(blank=True, max_length=60, verbose_name="ウエイトの項目")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="締切日時")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="結果の公開日時")),
                ("summary", models.TextField(blank=True, verbose_name="結果の概要")),
                ("materials", models.JSONField(blank=True, default=list, verbose_name="案と資料")),
                ("check_share", models.PositiveSmallIntegerField(default=0, verbose_name="二重入力の割合（%）")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="作成日時")),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="保存の回数")),
                (
                    "created_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trust.unit",
                        verbose_name="担当",
                    ),
                ),
            ],
            options={
                "verbose_name": "アンケート",
                "verbose_name_plural": "アンケート",
                "ordering": ["-created_at", "-id"],
                "constraints": [models.UniqueConstraint(fields=("municipality", "code"), name="survey_code_once")],
            },
        ),
        migrations.CreateModel(
            name="CommentReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveIntegerField(default=0, verbose_name="順番")),
                ("gist", models.TextField(verbose_name="意見の要旨")),
                ("reply", models.TextField(blank=True, verbose_name="市の考え方")),
                ("has_effect", models.BooleanField(default=False, verbose_name="案に反映した")),
                ("opinions", models.JSONField(default=list, verbose_name="意見の番号")),
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
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="procedures.survey",
                        verbose_name="意見公募",
                    ),
                ),
            ],
            options={
                "verbose_name": "市の考え方",
                "verbose_name_plural": "市の考え方",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="SurveyAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40, unique=True, verbose_name="キー")),
                (
                    "mode",
                    models.CharField(
                        choices=[("web", "インターネット"), ("paper", "郵送")], max_length=6, verbose_name="回答方法"
                    ),
                ),
                ("answers", models.JSONField(verbose_name="回答")),
                ("language", models.CharField(default="ja", max_length=10, verbose_name="言語")),
                ("received_on", models.DateField(verbose_name="受付日")),
                ("sheet", models.CharField(blank=True, max_length=20, verbose_name="用紙の番号")),
                ("is_void", models.BooleanField(default=False, verbose_name="無効")),
                ("void_reason", models.CharField(blank=True, max_length=200, verbose_name="無効の理由")),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
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
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="procedures.survey",
                        verbose_name="アンケート",
                    ),
                ),
            ],
            options={
                "verbose_name": "回答",
                "verbose_name_plural": "回答",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("sheet", ""), _negated=True),
                        fields=("survey", "sheet"),
                        name="survey_sheet_once",
                    )
                ],
            },
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
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="check_entry",
                        to="procedures.surveyanswer",
                        verbose_name="回答",
                    ),
                ),
            ],
            options={
                "verbose_name": "二重入力",
                "verbose_name_plural": "二重入力",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="SurveyInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="番号")),
                ("code_digest", models.CharField(max_length=64, verbose_name="コードのダイジェスト")),
                ("stratum", models.CharField(blank=True, max_length=80, verbose_name="層")),
                (
                    "status",
                    models.CharField(
                        choices=[("sent", "発送"), ("undeliverable", "戻り"), ("answered", "回答済み")],
                        default="sent",
                        max_length=14,
                        verbose_name="状態",
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
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="procedures.survey",
                        verbose_name="アンケート",
                    ),
                ),
            ],
            options={
                "verbose_name": "調査票の送付",
                "verbose_name_plural": "調査票の送付",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "number"), name="survey_invitation_number_once"),
                    models.UniqueConstraint(fields=("survey", "code_digest"), name="survey_invitation_code_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChecklistItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answer", models.CharField(max_length=6, verbose_name="判定")),
                ("order", models.PositiveIntegerField(default=0, verbose_name="順番")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="済んだ日時")),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="procedures.checklist",
                        verbose_name="手続リスト",
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
                "verbose_name": "手続リストの項目",
                "verbose_name_plural": "手続リストの項目",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fields", models.JSONField(verbose_name="直す項目")),
                ("notes", models.JSONField(default=dict, verbose_name="項目ごとの説明")),
                ("message", models.TextField(blank=True, verbose_name="説明")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="期限")),
                ("requested_at", models.DateTimeField(verbose_name="依頼日時")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="回答日時")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="取消日時")),
                ("before", models.JSONField(default=dict, verbose_name="直す前の回答")),
                ("after", models.JSONField(default=dict, verbose_name="直した回答")),
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
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="依頼者",
                    ),
                ),
            ],
            options={
                "verbose_name": "補正",
                "verbose_name_plural": "補正",
                "ordering": ["-requested_at"],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[("applicant", "申請した人"), ("staff", "担当"), ("system", "お知らせ")],
                        max_length=10,
                        verbose_name="書いた側",
                    ),
                ),
                ("text", models.TextField(verbose_name="本文")),
                ("sent_at", models.DateTimeField(verbose_name="送信日時")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="既読日時")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="書いた人",
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
                "verbose_name": "メッセージ",
                "verbose_name_plural": "メッセージ",
                "ordering": ["sent_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Procedure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, verbose_name="コード")),
                ("is_retired", models.BooleanField(default=False, verbose_name="受付終了")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="受付終了日時")),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="内容を確かめた日")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="作成日時")),
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
                        verbose_name="担当",
                    ),
                ),
            ],
            options={
                "verbose_name": "手続",
                "verbose_name_plural": "手続",
                "ordering": ["code"],
                "constraints": [models.UniqueConstraint(fields=("municipality", "code"), name="procedure_code_once")],
            },
        ),
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
            ],
            options={
                "verbose_name": "基幹システムへの書き出し",
                "verbose_name_plural": "基幹システムへの書き出し",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ProcedureVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="版")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "下書き"),
                            ("published", "公開中"),
                            ("superseded", "前の版"),
                            ("retired", "受付終了"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                ("document", models.JSONField(verbose_name="定義")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="ダイジェスト")),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="保存の回数")),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("category", models.CharField(blank=True, max_length=40, verbose_name="分類")),
                ("edited_at", models.DateTimeField(verbose_name="編集日時")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公開日時")),
                (
                    "based_on",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="procedures.procedureversion",
                        verbose_name="もとの版",
                    ),
                ),
                (
                    "edited_by",
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
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="procedures.procedure",
                        verbose_name="手続",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="公開者",
                    ),
                ),
            ],
            options={
                "verbose_name": "手続の版",
                "verbose_name_plural": "手続の版",
                "ordering": ["procedure", "-number"],
                "constraints": [models.UniqueConstraint(fields=("procedure", "number"), name="procedure_version_once")],
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, verbose_name="受付番号")),
                ("send_key", models.CharField(max_length=40, unique=True, verbose_name="送信のキー")),
                ("proxy", models.JSONField(default=dict, verbose_name="代理の根拠")),
                ("secret_digest", models.CharField(blank=True, max_length=64, verbose_name="鍵のダイジェスト")),
                ("applicant_name", models.CharField(blank=True, max_length=160, verbose_name="申請者の氏名")),
                ("search_key", models.CharField(blank=True, max_length=400, verbose_name="検索キー")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "受け付けました"),
                            ("awaiting_payment", "お支払いをお待ちしています"),
                            ("in_review", "審査しています"),
                            ("awaiting_correction", "補正をお願いしています"),
                            ("decided", "結果をお送りする準備をしています"),
                            ("completed", "完了しました"),
                            ("rejected", "お受けできませんでした"),
                            ("withdrawn", "取り下げました"),
                            ("expired", "期限が過ぎました"),
                        ],
                        default="received",
                        max_length=20,
                        verbose_name="状態",
                    ),
                ),
                ("answers", models.JSONField(verbose_name="回答")),
                ("origins", models.JSONField(default=dict, verbose_name="値の出所")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("online", "オンライン"),
                            ("counter", "窓口"),
                            ("post", "郵送"),
                            ("machine", "機械連携"),
                        ],
                        default="online",
                        max_length=10,
                        verbose_name="受付経路",
                    ),
                ),
                ("language", models.CharField(default="ja", max_length=10, verbose_name="言語")),
                ("assurance", models.CharField(default="none", max_length=16, verbose_name="本人確認")),
                ("identity", models.JSONField(default=dict, verbose_name="本人確認の記録")),
                ("fee", models.PositiveIntegerField(default=0, verbose_name="手数料")),
                ("bundle", models.CharField(blank=True, db_index=True, max_length=26, verbose_name="まとまり")),
                ("fiscal_year", models.PositiveIntegerField(verbose_name="会計年度")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="入力開始日時")),
                ("submitted_at", models.DateTimeField(verbose_name="申請日時")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="処理の期限")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="決定日時")),
                ("decision", models.CharField(blank=True, max_length=40, verbose_name="決定")),
                ("decision_reason", models.TextField(blank=True, verbose_name="決定の理由")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="完了日時")),
                ("documents", models.JSONField(blank=True, default=dict, verbose_name="発行した文書の番号")),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申請した人",
                    ),
                ),
                (
                    "case",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="application",
                        to="cases.case",
                        verbose_name="案件",
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="procedures.application",
                        verbose_name="もとの申請",
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
                    "on_behalf_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trust.resident",
                        verbose_name="本人",
                    ),
                ),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="procedures.procedure",
                        verbose_name="手続",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.procedureversion",
                        verbose_name="版",
                    ),
                ),
            ],
            options={
                "verbose_name": "申請",
                "verbose_name_plural": "申請",
                "ordering": ["-submitted_at", "-id"],
                "indexes": [
                    models.Index(fields=["municipality", "account", "-submitted_at"], name="application_by_account"),
                    models.Index(
                        fields=["municipality", "procedure", "-submitted_at"], name="application_by_procedure"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "number"), name="application_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
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
                ("proxy", models.JSONField(default=dict, verbose_name="代理の根拠")),
                (
                    "secret_digest",
                    models.CharField(blank=True, db_index=True, max_length=64, verbose_name="鍵のダイジェスト"),
                ),
                (
                    "resume_digest",
                    models.CharField(blank=True, db_index=True, max_length=64, verbose_name="再開コードのダイジェスト"),
                ),
                ("answers", models.JSONField(default=dict, verbose_name="回答")),
                ("origins", models.JSONField(default=dict, verbose_name="値の出所")),
                ("step", models.CharField(blank=True, max_length=60, verbose_name="今の段階")),
                ("done_steps", models.JSONField(default=dict, verbose_name="終えた段階")),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="保存の回数")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("online", "オンライン"),
                            ("counter", "窓口"),
                            ("post", "郵送"),
                            ("machine", "機械連携"),
                        ],
                        default="online",
                        max_length=10,
                        verbose_name="受付経路",
                    ),
                ),
                ("language", models.CharField(default="ja", max_length=10, verbose_name="言語")),
                ("bundle", models.CharField(blank=True, db_index=True, max_length=26, verbose_name="まとまり")),
                ("started_at", models.DateTimeField(verbose_name="開始日時")),
                ("saved_at", models.DateTimeField(verbose_name="保存日時")),
                ("expires_at", models.DateTimeField(verbose_name="保存期限")),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="アカウント",
                    ),
                ),
                (
                    "checklist_item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="procedures.checklistitem",
                        verbose_name="手続リストの項目",
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="procedures.application",
                        verbose_name="もとの申請",
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
                    "on_behalf_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="trust.resident",
                        verbose_name="本人",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procedures.procedureversion",
                        verbose_name="版",
                    ),
                ),
            ],
            options={
                "verbose_name": "入力途中の申請",
                "verbose_name_plural": "入力途中の申請",
                "ordering": ["-saved_at"],
                "indexes": [models.Index(fields=["municipality", "account", "-saved_at"], name="draft_by_account")],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(blank=True, max_length=120, verbose_name="項目")),
                ("added_at", models.DateTimeField(verbose_name="追加日時")),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="procedures.application",
                        verbose_name="申請",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trust.storedfile",
                        verbose_name="ファイル",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="attachments",
                        to="procedures.draft",
                        verbose_name="下書き",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="procedures.message",
                        verbose_name="メッセージ",
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
        migrations.AddField(
            model_name="checklistitem",
            name="procedure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="procedures.procedure",
                verbose_name="手続",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="procedures.application",
                verbose_name="申請",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="procedures.application",
                verbose_name="申請",
            ),
        ),
        migrations.AddField(
            model_name="procedure",
            name="published",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procedures.procedureversion",
                verbose_name="公開中の版",
            ),
        ),
    ]
