from django.db import migrations

from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_workflows")]

    operations = [RowLevelSecurity("note", "presence", "savedview", "undo", "workflow")]
