from django.db import migrations

from madoguchi.trust.plugins.row_level_security import GrantToApplicationRole, RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0004_meter_marks"),
    ]

    operations = [
        RowLevelSecurity("invitation", "signinfailure"),
        GrantToApplicationRole(),
    ]
