import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import madoguchi.kit.ids
from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0007_registry_of_recipients"),
        ("trust", "0012_broadcast_duties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MachineRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100, verbose_name="キー")),
                ("digest", models.CharField(max_length=64, verbose_name="内容のダイジェスト")),
                ("at", models.DateTimeField(verbose_name="日時")),
            ],
            options={
                "verbose_name": "機械連携の依頼",
                "verbose_name_plural": "機械連携の依頼",
                "ordering": ["id"],
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
            ],
            options={
                "verbose_name": "お知らせのひな型",
                "verbose_name_plural": "お知らせのひな型",
                "ordering": ["name", "id"],
            },
        ),
        migrations.AddField(
            model_name="approval",
            name="people",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="そのときの人数"),
        ),
        migrations.AddField(
            model_name="approval",
            name="snapshot",
            field=models.JSONField(default=dict, verbose_name="見た内容"),
        ),
        migrations.AddField(
            model_name="message",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="変更者",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="submitted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="承認を求めた日時"),
        ),
        migrations.AddField(
            model_name="message",
            name="submitted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="承認を求めた人",
            ),
        ),
        migrations.AddField(
            model_name="machinerequest",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="機械連携",
            ),
        ),
        migrations.AddField(
            model_name="machinerequest",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="messaging.message",
                verbose_name="お知らせ",
            ),
        ),
        migrations.AddField(
            model_name="machinerequest",
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
            model_name="messagetemplate",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="作成者",
            ),
        ),
        migrations.AddField(
            model_name="messagetemplate",
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
            model_name="messagetemplate",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="messaging.topic",
                verbose_name="分野",
            ),
        ),
        migrations.AddField(
            model_name="messagetemplate",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="trust.unit",
                verbose_name="担当",
            ),
        ),
        migrations.AddConstraint(
            model_name="machinerequest",
            constraint=models.UniqueConstraint(fields=("account", "key"), name="machine_request_once"),
        ),
        RowLevelSecurity("machinerequest", "messagetemplate"),
    ]
