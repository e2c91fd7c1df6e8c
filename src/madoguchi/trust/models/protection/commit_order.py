"""
The order in which rows were committed.

PostgreSQL hands out row numbers before commit, so a row with a small number can appear late. Each row of a stamped table
therefore keeps the transaction that wrote it (``tx``); rows of transactions older than the oldest one still running are
final. SQLite has one writer, so its AUTOINCREMENT numbers are the order of commit and nothing is stamped.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_PAUSE = """
CREATE OR REPLACE FUNCTION madoguchi_pause_writers(target regclass) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attname = 'tx') THEN
    RAISE EXCEPTION '% keeps no commit order', target;
  END IF;
  EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', target);
END $$
"""


class StampTransactions(Operation):
    """Migration operation: keep with each row of these models the transaction that wrote it (PostgreSQL only)."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, *models: str) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the models: the column is the database's own."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Add the column and the index that finds what is not sealed yet."""
        if schema_editor.connection.vendor != "postgresql":
            return
        schema_editor.execute(_PAUSE, params=None)
        for table in self._tables(app_label, to_state):
            schema_editor.execute(f'ALTER TABLE "{table}" ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id()')
            schema_editor.execute(f'CREATE INDEX "{table}_commit_order" ON "{table}" (municipality_id, tx, id)')

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the column, and the index with it."""
        if schema_editor.connection.vendor == "postgresql":
            for table in self._tables(app_label, from_state):
                schema_editor.execute(f'ALTER TABLE "{table}" DROP COLUMN tx')

    def _tables(self, app_label: str, state: ProjectState) -> list[str]:
        return [state.apps.get_model(app_label, name)._meta.db_table for name in self.models]

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Keep the commit order of rows of {', '.join(self.models)}"


class DropOwnerIndex(Operation):
    """Migration operation: drop the index on the municipality alone, which the one on the order of commit includes."""

    reduces_to_sql = False
    reversible = True

    def __init__(self, *models: str) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Drop the index where rows are stamped, so that each insert has one less to keep."""
        if schema_editor.connection.vendor != "postgresql":
            return
        for name in self.models:
            table = to_state.apps.get_model(app_label, name)._meta.db_table
            with schema_editor.connection.cursor() as cursor:
                constraints = schema_editor.connection.introspection.get_constraints(cursor, table)
            for index, facts in constraints.items():
                if facts["index"] and not facts["unique"] and facts["columns"] == ["municipality_id"]:
                    schema_editor.execute(f'DROP INDEX "{index}"', params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Leave it: nothing asks for the index."""

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Drop the index on the municipality alone of {', '.join(self.models)}"
