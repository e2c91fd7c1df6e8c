from django.db import migrations

from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_messaging")]

    operations = [
        RowLevelSecurity(
            "approval",
            "attachment",
            "child",
            "click",
            "delivery",
            "endpoint",
            "link",
            "message",
            "need",
            "recipient",
            "subscription",
            "topic",
        ),
    ]
