from django.db import migrations

from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_cases")]

    operations = [
        RowLevelSecurity(
            "case",
            "task",
            "workflowversion",
        ),
    ]
