import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import madoguchi.kit.ids
import madoguchi.ledger.models.receivable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("trust", "0008_identity"),
        ("trust", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="BookAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, verbose_name="キー")),
                ("code", models.CharField(max_length=10, verbose_name="コード")),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[("asset", "資産"), ("liability", "負債"), ("revenue", "収益"), ("expense", "費用")],
                        max_length=10,
                        verbose_name="区分",
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
                "verbose_name": "勘定科目",
                "verbose_name_plural": "勘定科目",
                "ordering": ["code"],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "key"), name="book_account_key_once"),
                    models.UniqueConstraint(fields=("municipality", "code"), name="book_account_code_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("refund_limit", models.PositiveIntegerField(default=10000, verbose_name="もう一人の承認が要る返金額")),
                ("session_minutes", models.PositiveIntegerField(default=60, verbose_name="支払い画面の有効時間（分）")),
                (
                    "ask_after_minutes",
                    models.PositiveIntegerField(default=5, verbose_name="通知がないとき問い合わせるまで（分）"),
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
                "verbose_name": "収納の設定",
                "verbose_name_plural": "収納の設定",
                "constraints": [models.UniqueConstraint(fields=("municipality",), name="ledger_settings_once")],
            },
        ),
        migrations.CreateModel(
            name="Receivable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, verbose_name="納付番号")),
                (
                    "token",
                    models.CharField(
                        default=madoguchi.ledger.models.receivable.new_token,
                        editable=False,
                        max_length=43,
                        unique=True,
                        verbose_name="支払いページの鍵",
                    ),
                ),
                ("subject_type", models.CharField(max_length=60, verbose_name="対象の種類")),
                ("subject_id", models.CharField(max_length=40, verbose_name="対象")),
                ("purpose", models.CharField(max_length=60, verbose_name="使いみちの区分")),
                ("title", models.CharField(max_length=200, verbose_name="内容")),
                ("amount", models.PositiveIntegerField(verbose_name="金額")),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="会計年度")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="納期限")),
                ("payer_name", models.CharField(blank=True, max_length=160, verbose_name="納付する人")),
                ("search_key", models.CharField(blank=True, max_length=400, verbose_name="検索キー")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "お支払い待ち"),
                            ("pending", "お支払いの手続中"),
                            ("paid", "お支払い済み"),
                            ("expired", "期限切れ"),
                            ("cancelled", "取消"),
                            ("waived", "減免"),
                            ("refunded", "全額を返金"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("card", "クレジットカード"),
                            ("store", "コンビニ払い"),
                            ("code", "コード決済"),
                            ("cash", "窓口での現金払い"),
                        ],
                        max_length=10,
                        verbose_name="支払方法",
                    ),
                ),
                ("paid_amount", models.PositiveIntegerField(default=0, verbose_name="納付済額")),
                ("refunded_amount", models.PositiveIntegerField(default=0, verbose_name="返金額")),
                ("raised_at", models.DateTimeField(verbose_name="調定日時")),
                ("paid_at", models.DateTimeField(blank=True, null=True, verbose_name="納付日時")),
                ("changed_at", models.DateTimeField(verbose_name="更新日時")),
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
                    "payer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="納付する人（アカウント）",
                    ),
                ),
            ],
            options={
                "verbose_name": "納付",
                "verbose_name_plural": "納付",
                "ordering": ["-raised_at", "-id"],
                "indexes": [
                    models.Index(fields=["municipality", "subject_type", "subject_id"], name="receivable_by_subject"),
                    models.Index(fields=["municipality", "status", "due_on"], name="receivable_by_status"),
                    models.Index(fields=["municipality", "-raised_at", "-id"], name="receivable_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "number"), name="receivable_number_once"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="receivable_has_an_amount"),
                    models.CheckConstraint(
                        condition=models.Q(("refunded_amount__lte", models.F("paid_amount"))),
                        name="receivable_refund_within_payment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=madoguchi.kit.ids.new_id,
                        editable=False,
                        max_length=26,
                        primary_key=True,
                        serialize=False,
                        verbose_name="番号",
                    ),
                ),
                ("key", models.CharField(max_length=100, verbose_name="記帳のキー")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("raised", "調定"),
                            ("captured", "収納（オンライン）"),
                            ("cash", "収納（窓口）"),
                            ("surplus", "過誤納の受入れ"),
                            ("unidentified", "内容を確認中の入金"),
                            ("refunded", "還付"),
                            ("waived", "減免"),
                            ("expired", "期限切れによる調定の取消"),
                            ("cancelled", "調定の取消"),
                            ("written_off", "不納欠損"),
                            ("settled", "決済代行会社からの入金"),
                            ("deposited", "窓口現金の入金"),
                            ("reversed", "訂正（反対仕訳）"),
                        ],
                        max_length=20,
                        verbose_name="種類",
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="会計年度")),
                ("booked_on", models.DateField(verbose_name="記帳日")),
                ("at", models.DateTimeField(verbose_name="日時")),
                ("memo", models.CharField(blank=True, max_length=200, verbose_name="摘要")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="記帳した人",
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
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="ledger.journalentry",
                        verbose_name="訂正する仕訳",
                    ),
                ),
                (
                    "receivable",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="ledger.receivable",
                        verbose_name="納付",
                    ),
                ),
            ],
            options={
                "verbose_name": "仕訳",
                "verbose_name_plural": "仕訳",
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["municipality", "fiscal_year", "booked_on"], name="journal_entry_by_day")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "key"), name="journal_entry_once_per_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.BigIntegerField(verbose_name="金額")),
                ("fiscal_year", models.PositiveSmallIntegerField(verbose_name="会計年度")),
                ("booked_on", models.DateField(verbose_name="記帳日")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.bookaccount",
                        verbose_name="勘定科目",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="現金を持つ人",
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
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="ledger.journalentry",
                        verbose_name="仕訳",
                    ),
                ),
            ],
            options={
                "verbose_name": "仕訳の行",
                "verbose_name_plural": "仕訳の行",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        fields=["municipality", "account", "fiscal_year", "booked_on"], name="entry_line_by_account"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="entry_line_moves_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CashClose",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("closed_on", models.DateField(verbose_name="締めた日")),
                ("closed_at", models.DateTimeField(verbose_name="締めた日時")),
                ("expected", models.BigIntegerField(verbose_name="帳簿の現金")),
                ("counted", models.BigIntegerField(verbose_name="数えた現金")),
                ("denominations", models.JSONField(default=dict, verbose_name="金種")),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="メモ")),
                (
                    "cashier",
                    models.ForeignKey(
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
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
                        verbose_name="仕訳",
                    ),
                ),
            ],
            options={
                "verbose_name": "窓口現金の締め",
                "verbose_name_plural": "窓口現金の締め",
                "ordering": ["-closed_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PaymentSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=madoguchi.kit.ids.new_id,
                        editable=False,
                        max_length=26,
                        unique=True,
                        verbose_name="照会番号",
                    ),
                ),
                ("provider", models.CharField(max_length=40, verbose_name="決済代行会社")),
                ("provider_session_id", models.CharField(blank=True, max_length=80, verbose_name="決済代行会社の番号")),
                ("redirect_url", models.CharField(blank=True, max_length=500, verbose_name="支払い画面")),
                ("origin", models.CharField(max_length=200, verbose_name="もとのアドレス")),
                ("language", models.CharField(default="ja", max_length=10, verbose_name="言語")),
                ("amount", models.PositiveIntegerField(verbose_name="金額")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "依頼中"),
                            ("created", "手続中"),
                            ("authorised", "承認済み・確定待ち"),
                            ("captured", "支払済み"),
                            ("failed", "不成立"),
                            ("expired", "時間切れ"),
                            ("cancelled", "取消"),
                        ],
                        default="new",
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("card", "クレジットカード"),
                            ("store", "コンビニ払い"),
                            ("code", "コード決済"),
                            ("cash", "窓口での現金払い"),
                        ],
                        max_length=10,
                        verbose_name="支払方法",
                    ),
                ),
                ("captured_amount", models.PositiveIntegerField(default=0, verbose_name="収納額")),
                ("captured_on", models.DateField(blank=True, null=True, verbose_name="収納日")),
                ("refunds_known", models.JSONField(default=dict, verbose_name="返金の知らせ")),
                ("booked_as", models.CharField(blank=True, max_length=20, verbose_name="記帳した科目")),
                ("created_at", models.DateTimeField(verbose_name="開始日時")),
                ("expires_at", models.DateTimeField(verbose_name="有効期限")),
                ("asked_at", models.DateTimeField(blank=True, null=True, verbose_name="最後の問合せ")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="最後の知らせ")),
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
                    "receivable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="ledger.receivable",
                        verbose_name="納付",
                    ),
                ),
            ],
            options={
                "verbose_name": "支払手続",
                "verbose_name_plural": "支払手続",
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["municipality", "status", "created_at"], name="payment_session_by_status")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("provider_session_id", ""), _negated=True),
                        fields=("municipality", "provider", "provider_session_id"),
                        name="provider_session_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["new", "created", "authorised"])),
                        fields=("receivable",),
                        name="one_live_session_per_receivable",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=40, verbose_name="決済代行会社")),
                ("event_id", models.CharField(max_length=80, verbose_name="通知の番号")),
                ("kind", models.CharField(max_length=60, verbose_name="種類")),
                (
                    "source",
                    models.CharField(
                        choices=[("webhook", "通知"), ("query", "問合せ"), ("settlement", "精算ファイル")],
                        max_length=10,
                        verbose_name="経路",
                    ),
                ),
                ("content", models.JSONField(default=dict, verbose_name="内容")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("applied", "反映"),
                            ("nothing_new", "反映済みの内容"),
                            ("quarantined", "職員が確認"),
                            ("unknown", "該当なし"),
                        ],
                        max_length=12,
                        verbose_name="結果",
                    ),
                ),
                ("happened_at", models.DateTimeField(blank=True, null=True, verbose_name="発生日時")),
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
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="ledger.paymentsession",
                        verbose_name="支払手続",
                    ),
                ),
            ],
            options={
                "verbose_name": "決済代行会社の知らせ",
                "verbose_name_plural": "決済代行会社の知らせ",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("municipality", "provider", "event_id"), name="provider_report_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=madoguchi.kit.ids.new_id,
                        editable=False,
                        max_length=26,
                        unique=True,
                        verbose_name="照会番号",
                    ),
                ),
                ("amount", models.PositiveIntegerField(verbose_name="金額")),
                ("reason", models.CharField(max_length=400, verbose_name="理由")),
                ("source", models.CharField(max_length=20, verbose_name="もとの科目")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "承認待ち"),
                            ("sending", "返金の手続中"),
                            ("done", "返金済み"),
                            ("failed", "返金できず"),
                            ("rejected", "却下"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("is_automatic", models.BooleanField(default=False, verbose_name="自動")),
                ("provider_refund_id", models.CharField(blank=True, max_length=80, verbose_name="決済代行会社の番号")),
                ("failure", models.CharField(blank=True, max_length=200, verbose_name="できなかった理由")),
                ("requested_at", models.DateTimeField(verbose_name="申出日時")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="決定日時")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="返金日時")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="承認した人",
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
                    "receivable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="ledger.receivable",
                        verbose_name="納付",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申し出た人",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="ledger.paymentsession",
                        verbose_name="支払手続",
                    ),
                ),
            ],
            options={
                "verbose_name": "返金",
                "verbose_name_plural": "返金",
                "ordering": ["-requested_at", "-id"],
                "indexes": [models.Index(fields=["municipality", "status"], name="refund_by_status")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="refund_has_an_amount")
                ],
            },
        ),
        migrations.CreateModel(
            name="Settlement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=40, verbose_name="決済代行会社")),
                ("day", models.DateField(verbose_name="対象日")),
                ("digest", models.CharField(max_length=64, verbose_name="ダイジェスト")),
                ("fetched_at", models.DateTimeField(verbose_name="取得日時")),
                ("captured_count", models.PositiveIntegerField(default=0, verbose_name="収納件数")),
                ("captured_amount", models.BigIntegerField(default=0, verbose_name="収納額")),
                ("refunded_count", models.PositiveIntegerField(default=0, verbose_name="返金件数")),
                ("refunded_amount", models.BigIntegerField(default=0, verbose_name="返金額")),
                ("fee", models.BigIntegerField(default=0, verbose_name="手数料")),
                ("matched_count", models.PositiveIntegerField(default=0, verbose_name="一致した件数")),
                ("difference_count", models.PositiveIntegerField(default=0, verbose_name="相違の件数")),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
                        verbose_name="仕訳",
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
                "verbose_name": "精算",
                "verbose_name_plural": "精算",
                "ordering": ["-day", "provider"],
                "constraints": [
                    models.UniqueConstraint(fields=("municipality", "provider", "day"), name="settlement_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Discrepancy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, verbose_name="キー")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unknown_session", "該当する納付がない入金の通知"),
                            ("amount_differs", "金額の相違"),
                            ("missing_in_books", "精算にあり、帳簿にない"),
                            ("missing_at_provider", "帳簿にあり、精算にない"),
                            ("refund_failed", "返金できなかった"),
                            ("cash_differs", "窓口現金の過不足"),
                        ],
                        max_length=20,
                        verbose_name="種類",
                    ),
                ),
                ("provider", models.CharField(blank=True, max_length=40, verbose_name="決済代行会社")),
                ("provider_session_id", models.CharField(blank=True, max_length=80, verbose_name="決済代行会社の番号")),
                ("amount_books", models.BigIntegerField(blank=True, null=True, verbose_name="帳簿の金額")),
                ("amount_provider", models.BigIntegerField(blank=True, null=True, verbose_name="相手の金額")),
                ("found_at", models.DateTimeField(verbose_name="見つけた日時")),
                (
                    "resolution",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("refunded", "返金した"),
                            ("accepted", "納付として受け入れた"),
                            ("rechecked", "照会して一致した"),
                            ("explained", "確認して問題なし"),
                        ],
                        max_length=12,
                        verbose_name="処理",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="メモ")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="処理日時")),
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
                    "resolved_by",
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
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.paymentsession",
                        verbose_name="支払手続",
                    ),
                ),
                (
                    "receivable",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discrepancies",
                        to="ledger.receivable",
                        verbose_name="納付",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discrepancies",
                        to="ledger.settlement",
                        verbose_name="精算",
                    ),
                ),
            ],
            options={
                "verbose_name": "未照合",
                "verbose_name_plural": "未照合",
                "ordering": ["-found_at", "-id"],
                "indexes": [
                    models.Index(fields=["municipality", "resolution", "-found_at"], name="discrepancy_waiting")
                ],
                "constraints": [models.UniqueConstraint(fields=("municipality", "key"), name="discrepancy_once")],
            },
        ),
        migrations.CreateModel(
            name="SettlementLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="行")),
                ("kind", models.CharField(max_length=10, verbose_name="種類")),
                ("provider_session_id", models.CharField(max_length=80, verbose_name="決済代行会社の番号")),
                ("reference", models.CharField(blank=True, max_length=80, verbose_name="照会番号")),
                ("amount", models.BigIntegerField(verbose_name="金額")),
                ("fee", models.BigIntegerField(default=0, verbose_name="手数料")),
                ("verdict", models.CharField(max_length=20, verbose_name="結果")),
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
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.paymentsession",
                        verbose_name="支払手続",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="ledger.settlement",
                        verbose_name="精算",
                    ),
                ),
            ],
            options={
                "verbose_name": "精算の行",
                "verbose_name_plural": "精算の行",
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("settlement", "number"), name="settlement_line_once")],
            },
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=400, verbose_name="理由")),
                (
                    "status",
                    models.CharField(
                        choices=[("requested", "承認待ち"), ("approved", "承認"), ("rejected", "却下")],
                        default="requested",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("requested_at", models.DateTimeField(verbose_name="申出日時")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="決定日時")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="決めた人",
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
                    "receivable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waivers",
                        to="ledger.receivable",
                        verbose_name="納付",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申し出た人",
                    ),
                ),
            ],
            options={
                "verbose_name": "減免",
                "verbose_name_plural": "減免",
                "ordering": ["-requested_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "requested")),
                        fields=("receivable",),
                        name="one_open_waiver_per_receivable",
                    )
                ],
            },
        ),
    ]
