from django.db import migrations

from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [
        ("plan", "0003_push_receipts"),
        ("trust", "0005_account_walls"),
    ]

    operations = [
        RowLevelSecurity(
            "action",
            "actual",
            "changerecord",
            "evaluation",
            "goal",
            "improvementorder",
            "indicator",
            "measure",
            "plan",
            "plandraft",
            "portfoliomove",
            "project",
            "projectunit",
            "pushreceipt",
            "pushtoken",
            "relation",
            "reviewround",
            "scoringrule",
            "target",
        ),
    ]
