"""What identity providers vouched for, delegations, signatures, and households of residents."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import madoguchi.kit.ids
from madoguchi.trust.api import GrantToApplicationRole, RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0007_new_duties"),
    ]

    operations = [
        migrations.CreateModel(
            name="AttributeConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("procedure", models.CharField(max_length=80, verbose_name="手続のコード")),
                ("procedure_name", models.CharField(blank=True, max_length=200, verbose_name="手続の名称")),
                ("keys", models.JSONField(default=list, verbose_name="項目")),
                ("given_at", models.DateTimeField(verbose_name="同意日時")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回日時")),
            ],
            options={
                "verbose_name": "情報利用の同意",
                "verbose_name_plural": "情報利用の同意",
                "ordering": ["-given_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=madoguchi.kit.ids.new_id,
                        editable=False,
                        max_length=26,
                        unique=True,
                        verbose_name="整理番号",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("statutory", "法定代理人"),
                            ("voluntary", "任意代理人"),
                            ("family", "家族"),
                            ("care_manager", "ケアマネジャー"),
                        ],
                        max_length=14,
                        verbose_name="種別",
                    ),
                ),
                ("procedures", models.JSONField(blank=True, default=list, verbose_name="手続のコード")),
                ("valid_from", models.DateField(verbose_name="開始日")),
                ("valid_until", models.DateField(verbose_name="終了日")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("invited", "相手の承諾待ち"),
                            ("waiting", "書類の確認待ち"),
                            ("active", "有効"),
                            ("refused", "認められませんでした"),
                            ("revoked", "取り消し済み"),
                            ("expired", "期限切れ"),
                        ],
                        default="invited",
                        max_length=8,
                        verbose_name="状態",
                    ),
                ),
                ("code_digest", models.CharField(blank=True, max_length=64, verbose_name="招待コードのダイジェスト")),
                ("code_expires_at", models.DateTimeField(blank=True, null=True, verbose_name="招待コードの期限")),
                ("created_at", models.DateTimeField(verbose_name="作成日時")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="確認日時")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="終わった日時")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="備考")),
            ],
            options={
                "verbose_name": "代理",
                "verbose_name_plural": "代理",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="DocumentSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=madoguchi.kit.ids.new_id,
                        editable=False,
                        max_length=26,
                        unique=True,
                        verbose_name="検証番号",
                    ),
                ),
                ("subject_type", models.CharField(max_length=60, verbose_name="対象の種類")),
                ("subject_id", models.CharField(max_length=40, verbose_name="対象のID")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="文書の名称")),
                ("digest", models.CharField(max_length=64, verbose_name="文書のSHA-256")),
                ("next_path", models.CharField(blank=True, max_length=500, verbose_name="戻り先")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "署名待ち"),
                            ("signed", "署名済み"),
                            ("refused", "受け付けられませんでした"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("provider", models.CharField(blank=True, max_length=60, verbose_name="本人確認の手段")),
                ("transaction", models.CharField(blank=True, max_length=80, verbose_name="署名トランザクション")),
                ("result", models.JSONField(blank=True, default=dict, verbose_name="検証結果")),
                ("signature", models.TextField(blank=True, verbose_name="署名値（Base64）")),
                ("certificate", models.TextField(blank=True, verbose_name="署名用電子証明書（PEM）")),
                ("requested_at", models.DateTimeField(verbose_name="依頼日時")),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="署名日時")),
            ],
            options={
                "verbose_name": "電子署名",
                "verbose_name_plural": "電子署名",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="IdentityAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=60, verbose_name="本人確認の手段")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("sign_in", "サインイン"),
                            ("link", "アカウントへの結び付け"),
                            ("confirm", "本人確認"),
                            ("sign", "電子署名"),
                        ],
                        max_length=10,
                        verbose_name="目的",
                    ),
                ),
                ("state_digest", models.CharField(max_length=64, unique=True, verbose_name="stateのダイジェスト")),
                ("browser_digest", models.CharField(max_length=64, verbose_name="ブラウザーのダイジェスト")),
                ("next_path", models.CharField(blank=True, max_length=500, verbose_name="戻り先")),
                ("address", models.GenericIPAddressField(blank=True, null=True, verbose_name="IPアドレス")),
                ("created_at", models.DateTimeField(verbose_name="開始日時")),
                ("expires_at", models.DateTimeField(verbose_name="有効期限")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="戻った日時")),
                ("received", models.JSONField(blank=True, null=True, verbose_name="受け取った内容")),
            ],
            options={
                "verbose_name": "本人確認の試み",
                "verbose_name_plural": "本人確認の試み",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="IdentityLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=60, verbose_name="本人確認の手段")),
                ("issuer", models.CharField(max_length=255, verbose_name="発行者")),
                ("subject", models.CharField(max_length=255, verbose_name="識別子")),
                ("acr", models.CharField(blank=True, max_length=80, verbose_name="最後の認証の強さ")),
                (
                    "assurance",
                    models.CharField(
                        choices=[
                            ("none", "確認なし"),
                            ("account", "アカウント"),
                            ("authenticated", "公的な本人確認"),
                            ("signed", "電子署名"),
                        ],
                        max_length=16,
                        verbose_name="本人確認",
                    ),
                ),
                ("linked_at", models.DateTimeField(verbose_name="結び付けた日時")),
                ("last_used_at", models.DateTimeField(verbose_name="最後に使った日時")),
            ],
            options={
                "verbose_name": "本人確認の結び付き",
                "verbose_name_plural": "本人確認の結び付き",
                "ordering": ["provider", "id"],
            },
        ),
        migrations.CreateModel(
            name="IdentityMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("matched", "一致"),
                            ("waiting", "照合待ち"),
                            ("refused", "別人と判断"),
                            ("unknown", "該当なし"),
                        ],
                        max_length=8,
                        verbose_name="状態",
                    ),
                ),
                ("claims", models.JSONField(default=dict, verbose_name="受け取った内容")),
                ("mismatches", models.JSONField(default=list, verbose_name="異なる項目")),
                ("created_at", models.DateTimeField(verbose_name="受付日時")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="判断日時")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
            ],
            options={
                "verbose_name": "住民との照合",
                "verbose_name_plural": "住民との照合",
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="VerifiedAttribute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, verbose_name="項目")),
                ("value", models.JSONField(verbose_name="内容")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("registry", "住民の登録情報"),
                            ("provider", "公的な本人確認"),
                            ("own", "ご本人の申告"),
                        ],
                        max_length=10,
                        verbose_name="出所",
                    ),
                ),
                ("source_detail", models.CharField(blank=True, max_length=60, verbose_name="出所の名称")),
                ("as_of", models.DateTimeField(verbose_name="確認日時")),
                (
                    "assurance",
                    models.CharField(
                        choices=[
                            ("none", "確認なし"),
                            ("account", "アカウント"),
                            ("authenticated", "公的な本人確認"),
                            ("signed", "電子署名"),
                        ],
                        max_length=16,
                        verbose_name="本人確認",
                    ),
                ),
            ],
            options={
                "verbose_name": "確認済みの情報",
                "verbose_name_plural": "確認済みの情報",
                "ordering": ["key", "id"],
            },
        ),
        migrations.AddField(
            model_name="resident",
            name="household",
            field=models.CharField(blank=True, max_length=40, null=True, verbose_name="世帯コード"),
        ),
        migrations.AddField(
            model_name="resident",
            name="postal_code",
            field=models.CharField(blank=True, max_length=8, verbose_name="郵便番号"),
        ),
        migrations.AddField(
            model_name="resident",
            name="relationship",
            field=models.CharField(blank=True, max_length=40, verbose_name="続柄"),
        ),
        migrations.AddField(
            model_name="resident",
            name="sex",
            field=models.CharField(
                blank=True, choices=[("male", "男"), ("female", "女")], max_length=6, verbose_name="性別"
            ),
        ),
        migrations.AddIndex(
            model_name="resident",
            index=models.Index(fields=["municipality", "household"], name="resident_by_household"),
        ),
        migrations.AddField(
            model_name="attributeconsent",
            name="about",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="trust.resident",
                verbose_name="対象の住民",
            ),
        ),
        migrations.AddField(
            model_name="attributeconsent",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attribute_consents",
                to=settings.AUTH_USER_MODEL,
                verbose_name="アカウント",
            ),
        ),
        migrations.AddField(
            model_name="attributeconsent",
            name="municipality",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="trust.municipality",
                verbose_name="自治体",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="確認した職員",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="作成者",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="delegate",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="delegations_held",
                to=settings.AUTH_USER_MODEL,
                verbose_name="代理人のアカウント",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="municipality",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="trust.municipality",
                verbose_name="自治体",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="principal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="delegations_given",
                to=settings.AUTH_USER_MODEL,
                verbose_name="本人のアカウント",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="proof",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="trust.storedfile",
                verbose_name="証明書類",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="resident",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="delegations",
                to="trust.resident",
                verbose_name="本人",
            ),
        ),
        migrations.AddField(
            model_name="documentsignature",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signatures",
                to=settings.AUTH_USER_MODEL,
                verbose_name="署名者",
            ),
        ),
        migrations.AddField(
            model_name="documentsignature",
            name="municipality",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="trust.municipality",
                verbose_name="自治体",
            ),
        ),
        migrations.AddField(
            model_name="identityattempt",
            name="account",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="アカウント",
            ),
        ),
        migrations.AddField(
            model_name="identityattempt",
            name="municipality",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="trust.municipality",
                verbose_name="自治体",
            ),
        ),
        migrations.AddField(
            model_name="identityattempt",
            name="signature",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="trust.documentsignature",
                verbose_name="署名",
            ),
        ),
        migrations.AddField(
            model_name="identitylink",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="identity_links",
                to=settings.AUTH_USER_MODEL,
                verbose_name="アカウント",
            ),
        ),
        migrations.AddField(
            model_name="identitylink",
            name="municipality",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="trust.municipality",
                verbose_name="自治体",
            ),
        ),
        migrations.AddField(
            model_name="identitymatch",
            name="account",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="identity_match",
                to=settings.AUTH_USER_MODEL,
                verbose_name="アカウント",
            ),
        ),
        migrations.AddField(
            model_name="identitymatch",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="判断者",
            ),
        ),
        migrations.AddField(
            model_name="identitymatch",
            name="municipality",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="trust.municipality",
                verbose_name="自治体",
            ),
        ),
        migrations.AddField(
            model_name="identitymatch",
            name="resident",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="trust.resident",
                verbose_name="住民",
            ),
        ),
        migrations.AddField(
            model_name="verifiedattribute",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="verified_attributes",
                to=settings.AUTH_USER_MODEL,
                verbose_name="アカウント",
            ),
        ),
        migrations.AddField(
            model_name="verifiedattribute",
            name="municipality",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="trust.municipality",
                verbose_name="自治体",
            ),
        ),
        migrations.AddIndex(
            model_name="attributeconsent",
            index=models.Index(fields=["account", "procedure"], name="consent_by_procedure"),
        ),
        migrations.AddIndex(
            model_name="delegation",
            index=models.Index(fields=["municipality", "code_digest"], name="delegation_by_code"),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("principal__isnull", False), ("resident__isnull", False), _connector="OR"),
                name="delegation_has_a_principal",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until__gte", models.F("valid_from"))), name="delegation_ends_after_it_begins"
            ),
        ),
        migrations.AddIndex(
            model_name="documentsignature",
            index=models.Index(
                fields=["municipality", "subject_type", "subject_id", "digest"], name="signature_by_subject"
            ),
        ),
        migrations.AddIndex(
            model_name="identityattempt",
            index=models.Index(fields=["municipality", "address", "created_at"], name="identity_attempt_by_address"),
        ),
        migrations.AddConstraint(
            model_name="identitylink",
            constraint=models.UniqueConstraint(
                fields=("municipality", "issuer", "subject"), name="identity_subject_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="identitylink",
            constraint=models.UniqueConstraint(
                fields=("account", "provider"), name="identity_provider_once_per_account"
            ),
        ),
        migrations.AddIndex(
            model_name="identitymatch",
            index=models.Index(fields=["municipality", "status", "created_at"], name="identity_match_by_status"),
        ),
        migrations.AddConstraint(
            model_name="verifiedattribute",
            constraint=models.UniqueConstraint(
                fields=("account", "key", "source", "source_detail"), name="attribute_once_per_source"
            ),
        ),
        RowLevelSecurity(
            "attributeconsent",
            "delegation",
            "documentsignature",
            "identityattempt",
            "identitylink",
            "identitymatch",
            "verifiedattribute",
        ),
        GrantToApplicationRole(),
    ]
