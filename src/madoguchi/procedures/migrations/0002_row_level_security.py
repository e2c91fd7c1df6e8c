from django.db import migrations

from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_procedures")]

    operations = [
        RowLevelSecurity(
            "application",
            "attachment",
            "calendarfeed",
            "checklist",
            "checklistitem",
            "commentreply",
            "coreexport",
            "coreexportitem",
            "corelayout",
            "correction",
            "draft",
            "draftedit",
            "message",
            "procedure",
            "procedureversion",
            "sheetcheck",
            "survey",
            "surveyanswer",
            "surveyinvitation",
        ),
    ]
