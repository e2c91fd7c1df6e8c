from django.db import migrations

from madoguchi.trust.api import GrantToApplicationRole, RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0004_meter_marks"),
    ]

    operations = [
        RowLevelSecurity("invitation", "signinfailure"),
        GrantToApplicationRole(),
    ]
