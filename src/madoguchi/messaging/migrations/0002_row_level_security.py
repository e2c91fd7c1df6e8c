from django.db import migrations

from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_messaging")]

    operations = [
        RowLevelSecurity(
            "alert",
            "alertplace",
            "alertrule",
            "approval",
            "attachment",
            "child",
            "click",
            "delivery",
            "endpoint",
            "linechunk",
            "lineevent",
            "linenonce",
            "link",
            "machinerequest",
            "message",
            "messagetemplate",
            "need",
            "pairingcode",
            "playbatch",
            "playlist",
            "playlistitem",
            "playrecord",
            "recipient",
            "safetycheck",
            "schedule",
            "screen",
            "sendingsettings",
            "signageasset",
            "subscription",
            "telegram",
            "telegramstate",
            "topic",
        ),
    ]
