from django.db import migrations

from madoguchi.trust.api import RowLevelSecurity


class Migration(migrations.Migration):
    dependencies = [("records", "0001_documents")]

    operations = [
        RowLevelSecurity(
            "documentbatch",
            "documentcounter",
            "documenttemplate",
            "issueddocument",
            "issuerprofile",
            "sealedrevision",
            "templateversion",
            "verificationattempt",
        ),
    ]
