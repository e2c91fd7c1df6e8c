from django.db import migrations

from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_procedures")]

    operations = [
        RowLevelSecurity(
            "application",
            "attachment",
            "checklist",
            "checklistitem",
            "correction",
            "draft",
            "message",
            "procedure",
            "procedureversion",
        ),
    ]
