from django.db import migrations

# Behind row level security PostgreSQL lets only leakproof operators into an index: comparisons are, LIKE is not. Byte order
# ("C") makes the range from a prefix to the next one exactly the names that begin with it.
CREATE = 'CREATE INDEX case_search_bytes ON cases_case (municipality_id, search_key COLLATE "C", id)'


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS case_search_bytes")


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_handled_seconds")]

    operations = [migrations.RunPython(create, drop)]
