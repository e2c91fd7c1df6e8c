import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("trust", "0008_identity"),
        ("trust", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="件名")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="件数")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="終了日時")),
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
                "verbose_name": "一括作成",
                "verbose_name_plural": "一括作成",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="DocumentTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=60, verbose_name="キー")),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("certificate", "証明書"),
                            ("notice", "通知書"),
                            ("permit", "許可証"),
                            ("receipt", "申請の控え"),
                            ("payment_receipt", "領収書"),
                            ("checklist", "確認表"),
                            ("other", "その他の文書"),
                        ],
                        default="other",
                        max_length=20,
                        verbose_name="種類",
                    ),
                ),
                ("is_strict", models.BooleanField(default=True, verbose_name="文字の置き換えを認めない")),
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
                "verbose_name": "文書のひな形",
                "verbose_name_plural": "文書のひな形",
                "ordering": ["key"],
                "constraints": [models.UniqueConstraint(fields=("municipality", "key"), name="template_key_once")],
            },
        ),
        migrations.CreateModel(
            name="IssuerProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("head_title", models.CharField(blank=True, max_length=60, verbose_name="職名")),
                ("head_name", models.CharField(blank=True, max_length=60, verbose_name="氏名")),
                ("section", models.CharField(blank=True, max_length=80, verbose_name="問い合わせ先")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="電話")),
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
                "verbose_name": "発行者の表示",
                "verbose_name_plural": "発行者の表示",
                "constraints": [models.UniqueConstraint(fields=("municipality",), name="issuer_profile_once")],
            },
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="版")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "下書き"), ("published", "使用中"), ("superseded", "前の版")],
                        default="draft",
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                ("source", models.TextField(verbose_name="typstのソース")),
                ("schema", models.JSONField(blank=True, default=dict, verbose_name="内容の形（JSON Schema）")),
                ("words", models.JSONField(blank=True, default=dict, verbose_name="言語ごとの文言")),
                ("sample", models.JSONField(blank=True, default=dict, verbose_name="試しのデータ")),
                ("revision", models.PositiveIntegerField(default=1, verbose_name="保存の回数")),
                ("saved_at", models.DateTimeField(verbose_name="保存日時")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="使用開始日時")),
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
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="records.documenttemplate",
                        verbose_name="ひな形",
                    ),
                ),
            ],
            options={
                "verbose_name": "ひな形の版",
                "verbose_name_plural": "ひな形の版",
                "ordering": ["template", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("template", "number"), name="template_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "published")), fields=("template",), name="template_one_published"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IssuedDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, verbose_name="文書番号")),
                ("code", models.CharField(max_length=20, verbose_name="確認コード")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("preparing", "作成中"),
                            ("issued", "発行済み"),
                            ("revoked", "取消し済み"),
                            ("replaced", "差し替え済み"),
                            ("failed", "作成できませんでした"),
                        ],
                        default="preparing",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("certificate", "証明書"),
                            ("notice", "通知書"),
                            ("permit", "許可証"),
                            ("receipt", "申請の控え"),
                            ("payment_receipt", "領収書"),
                            ("checklist", "確認表"),
                            ("other", "その他の文書"),
                        ],
                        max_length=20,
                        verbose_name="種類",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="件名")),
                ("template", models.CharField(max_length=60, verbose_name="ひな形")),
                ("template_digest", models.CharField(blank=True, max_length=64, verbose_name="ひな形のダイジェスト")),
                ("content", models.JSONField(default=dict, verbose_name="内容")),
                ("language", models.CharField(default="ja", max_length=10, verbose_name="言語")),
                ("subject_type", models.CharField(max_length=60, verbose_name="対象の種類")),
                ("subject_id", models.CharField(max_length=40, verbose_name="対象のID")),
                ("recipient_name", models.CharField(blank=True, max_length=160, verbose_name="受取人の氏名")),
                (
                    "recipient_key",
                    models.CharField(blank=True, editable=False, max_length=320, verbose_name="受取人の検索キー"),
                ),
                ("created_at", models.DateTimeField(verbose_name="登録日時")),
                ("issued_at", models.DateTimeField(blank=True, null=True, verbose_name="発行日時")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="有効期限")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="ダイジェスト")),
                ("seal", models.JSONField(blank=True, default=dict, verbose_name="署名")),
                ("renew_by", models.DateTimeField(blank=True, null=True, verbose_name="タイムスタンプの更新期限")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="取消し・差し替え日時")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="取消しの理由")),
                ("failure", models.TextField(blank=True, verbose_name="作成できなかった理由")),
                ("waiting_for", models.TextField(blank=True, verbose_name="待っているもの")),
                ("first_downloaded_at", models.DateTimeField(blank=True, null=True, verbose_name="最初のダウンロード")),
                ("downloads", models.PositiveIntegerField(default=0, verbose_name="ダウンロードの回数")),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="records.documentbatch",
                        verbose_name="一括作成",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="取り消した人",
                    ),
                ),
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
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trust.storedfile",
                        verbose_name="ファイル",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="受取人",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="records.issueddocument",
                        verbose_name="差し替え先",
                    ),
                ),
                (
                    "template_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="records.templateversion",
                        verbose_name="ひな形の版",
                    ),
                ),
            ],
            options={
                "verbose_name": "発行した文書",
                "verbose_name_plural": "発行した文書",
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["municipality", "subject_type", "subject_id"], name="document_by_subject"),
                    models.Index(fields=["municipality", "status", "-created_at"], name="document_by_status"),
                    models.Index(fields=["municipality", "recipient", "-created_at"], name="document_by_recipient"),
                    models.Index(fields=["municipality", "renew_by"], name="document_by_renewal"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "number"), name="document_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "issued"), _negated=True), ("file__isnull", False), _connector="OR"
                        ),
                        name="document_issued_has_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SealedRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, verbose_name="ダイジェスト")),
                ("size", models.PositiveBigIntegerField(verbose_name="大きさ（バイト）")),
                (
                    "reason",
                    models.CharField(
                        choices=[("issued", "発行"), ("renewed", "タイムスタンプの更新")],
                        default="issued",
                        max_length=10,
                        verbose_name="理由",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="日時")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="records.issueddocument",
                        verbose_name="文書",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trust.storedfile",
                        verbose_name="ファイル",
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
                "verbose_name": "署名したファイル",
                "verbose_name_plural": "署名したファイル",
                "ordering": ["document", "-made_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "digest"), name="sealed_revision_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="VerificationAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=64, verbose_name="送信元のダイジェスト")),
                ("number", models.CharField(blank=True, max_length=20, verbose_name="入力された番号")),
                ("at", models.DateTimeField(verbose_name="日時")),
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
                "verbose_name": "確認の失敗",
                "verbose_name_plural": "確認の失敗",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["municipality", "source", "at"], name="attempt_by_source"),
                    models.Index(fields=["municipality", "number", "at"], name="attempt_by_number"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fiscal_year", models.PositiveIntegerField(verbose_name="年度")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="最後の番号")),
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
                "verbose_name": "文書番号",
                "verbose_name_plural": "文書番号",
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "fiscal_year"), name="document_counter_once")
                ],
            },
        ),
    ]
