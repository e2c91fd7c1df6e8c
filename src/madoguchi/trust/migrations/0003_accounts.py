"""Invitations, failed sign-ins, reorganisations, and the cache table that all processes share."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models


def create_cache_table(apps, schema_editor):
    call_command("createcachetable", "trust_cache", database=schema_editor.connection.alias, verbosity=0)


def drop_cache_table(apps, schema_editor):
    schema_editor.execute('DROP TABLE IF EXISTS "trust_cache"')


def owner(**kwargs):
    return models.ForeignKey(settings.AUTH_USER_MODEL, **kwargs)


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0002_seals_meters_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="session_epoch",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="セッションの世代"),
        ),
        migrations.AlterField(
            model_name="account",
            name="login",
            field=models.CharField(
                max_length=80,
                validators=[
                    django.core.validators.RegexValidator(
                        "^[a-z0-9][a-z0-9._-]*$", "英小文字と数字、「.」「_」「-」で入力してください。"
                    )
                ],
                verbose_name="ログイン名",
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_digest", models.CharField(max_length=64, unique=True, verbose_name="リンクのダイジェスト")),
                ("created_at", models.DateTimeField(verbose_name="発行日時")),
                ("expires_at", models.DateTimeField(verbose_name="有効期限")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="使用日時")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="取消日時")),
                (
                    "account",
                    owner(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        verbose_name="アカウント",
                    ),
                ),
                (
                    "created_by",
                    owner(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        verbose_name="発行者",
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
                "verbose_name": "招待",
                "verbose_name_plural": "招待",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="SignInFailure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_digest", models.CharField(max_length=64, verbose_name="入力された名前のダイジェスト")),
                ("address", models.GenericIPAddressField(blank=True, null=True, verbose_name="IPアドレス")),
                ("at", models.DateTimeField(verbose_name="日時")),
                (
                    "account",
                    owner(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
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
                "verbose_name": "サインインの失敗",
                "verbose_name_plural": "サインインの失敗",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["municipality", "name_digest", "at"], name="sign_in_failure_by_name"),
                    models.Index(fields=["municipality", "address", "at"], name="sign_in_failure_by_address"),
                ],
            },
        ),
        migrations.AddField(
            model_name="unit",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absorbed",
                to="trust.unit",
                verbose_name="統合先",
            ),
        ),
        migrations.RemoveConstraint(model_name="unit", name="unit_once_per_start"),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                fields=("municipality", "parent", "name", "valid_from_fiscal_year"),
                name="unit_once_per_start",
                violation_error_message="同じ名称の組織が、同じ上位組織の下に、同じ年度からあります。",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("parent__isnull", True)),
                fields=("municipality", "name", "valid_from_fiscal_year"),
                name="top_unit_once_per_start",
                violation_error_message="同じ名称の組織が、同じ年度からあります。",
            ),
        ),
        migrations.RunPython(create_cache_table, drop_cache_table, elidable=False),
    ]
