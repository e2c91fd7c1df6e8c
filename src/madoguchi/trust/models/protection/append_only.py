"""Tables that only grow: the database itself refuses to change or remove their rows, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_FUNCTION = """
CREATE OR REPLACE FUNCTION madoguchi_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$
"""


def protection_sql(vendor: str, table: str) -> list[str]:
    """Return the statements that make a table append-only on a database (``sqlite`` or ``postgresql``)."""
    if vendor == "postgresql":
        return [
            _FUNCTION,
            f'CREATE TRIGGER "{table}_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION madoguchi_refuse_change()",
        ]
    return [
        f'CREATE TRIGGER "{table}_no_{action.lower()}" BEFORE {action} ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for action in ("UPDATE", "DELETE")
    ]


def removal_sql(vendor: str, table: str) -> list[str]:
    """Return the statements that take the protection away."""
    if vendor == "postgresql":
        return [f'DROP TRIGGER IF EXISTS "{table}_append_only" ON "{table}"']
    return [f'DROP TRIGGER IF EXISTS "{table}_no_{action}"' for action in ("update", "delete")]


def is_protected(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Tell whether the database refuses changes of the table's rows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s AND tgenabled <> 'D'",
                [f'"{table}"', f"{table}_append_only"],
            )
            return bool(cursor.fetchone()[0] == 1)
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND name IN (%s, %s)",
            [table, f"{table}_no_update", f"{table}_no_delete"],
        )
        return bool(cursor.fetchone()[0] == 2)


@contextmanager
def protection_lifted(connection: BaseDatabaseWrapper, *tables: str) -> Iterator[None]:
    """Lift the protection inside the block, for putting a backup back; needs the owner of the tables on PostgreSQL."""
    with transaction.atomic(using=connection.alias):
        _run(connection, [sql for table in tables for sql in removal_sql(connection.vendor, table)])
        yield
        _run(connection, [sql for table in tables for sql in protection_sql(connection.vendor, table)])


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class AppendOnly(Operation):
    """Migration operation: make the tables of some models of this room append-only."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, *models: str) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Add the triggers."""
        self._each(protection_sql, app_label, schema_editor, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Take the triggers away."""
        self._each(removal_sql, app_label, schema_editor, from_state)

    def _each(
        self, statements: Any, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> None:
        for name in self.models:
            table = state.apps.get_model(app_label, name)._meta.db_table
            for sql in statements(schema_editor.connection.vendor, table):
                schema_editor.execute(sql, params=None)

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Refuse changes and removals of rows of {', '.join(self.models)}"
