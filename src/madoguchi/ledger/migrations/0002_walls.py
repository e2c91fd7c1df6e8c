"""What the database itself keeps: books that only grow and always balance, and each municipality's rows for itself."""

from django.db import migrations

from madoguchi.trust.api import AppendOnly, RowLevelSecurity

# Lines come before their entry (the foreign key waits for the end of the transaction): so the entry can be judged at once,
# on every database, and nothing can be added to it afterwards.
POSTGRESQL = [
    """
    CREATE OR REPLACE FUNCTION madoguchi_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE lines bigint; total numeric; strangers bigint;
    BEGIN
      SELECT count(*), coalesce(sum(amount), 0), count(*) FILTER (
               WHERE fiscal_year <> NEW.fiscal_year OR booked_on <> NEW.booked_on OR municipality_id <> NEW.municipality_id)
        INTO lines, total, strangers FROM ledger_entryline WHERE entry_id = NEW.id;
      IF lines < 2 OR total <> 0 OR strangers > 0 THEN
        RAISE EXCEPTION 'journal entry % does not balance', NEW.id USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION madoguchi_entry_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM ledger_journalentry WHERE id = NEW.entry_id) THEN
        RAISE EXCEPTION 'journal entry % is closed', NEW.entry_id USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER ledger_entry_balances BEFORE INSERT ON ledger_journalentry "
    "FOR EACH ROW EXECUTE FUNCTION madoguchi_entry_balances()",
    "CREATE TRIGGER ledger_entry_is_closed BEFORE INSERT ON ledger_entryline "
    "FOR EACH ROW EXECUTE FUNCTION madoguchi_entry_is_closed()",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER IF EXISTS ledger_entry_balances ON ledger_journalentry",
    "DROP TRIGGER IF EXISTS ledger_entry_is_closed ON ledger_entryline",
    "DROP FUNCTION IF EXISTS madoguchi_entry_balances()",
    "DROP FUNCTION IF EXISTS madoguchi_entry_is_closed()",
]
SQLITE = [
    """
    CREATE TRIGGER ledger_entry_balances BEFORE INSERT ON ledger_journalentry
    WHEN (
      SELECT count(*) < 2 OR coalesce(sum(amount), 1) <> 0 OR coalesce(max(
               fiscal_year <> NEW.fiscal_year OR booked_on <> NEW.booked_on OR municipality_id <> NEW.municipality_id), 1)
      FROM ledger_entryline WHERE entry_id = NEW.id
    )
    BEGIN SELECT RAISE(ABORT, 'journal entry does not balance'); END
    """,
    """
    CREATE TRIGGER ledger_entry_is_closed BEFORE INSERT ON ledger_entryline
    WHEN EXISTS (SELECT 1 FROM ledger_journalentry WHERE id = NEW.entry_id)
    BEGIN SELECT RAISE(ABORT, 'journal entry is closed'); END
    """,
]
SQLITE_BACK = ["DROP TRIGGER IF EXISTS ledger_entry_balances", "DROP TRIGGER IF EXISTS ledger_entry_is_closed"]


def _run(postgresql, sqlite):
    def run(apps, schema_editor):
        for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
            schema_editor.execute(statement, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_ledger")]

    operations = [
        migrations.RunPython(_run(POSTGRESQL, SQLITE), _run(POSTGRESQL_BACK, SQLITE_BACK)),
        AppendOnly("journalentry", "entryline", "providerreport"),
        RowLevelSecurity(
            "bookaccount",
            "cashclose",
            "discrepancy",
            "entryline",
            "journalentry",
            "ledgersettings",
            "paymentsession",
            "providerreport",
            "receivable",
            "refund",
            "settlement",
            "settlementline",
            "waiver",
        ),
    ]
