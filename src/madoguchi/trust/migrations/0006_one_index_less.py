from django.db import migrations

from madoguchi.trust.api import DropOwnerIndex


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0005_account_walls"),
    ]

    operations = [
        DropOwnerIndex("event", "accessrecord"),
    ]
