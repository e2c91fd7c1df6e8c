"""Row level security (行レベルセキュリティ) of owned tables on PostgreSQL; on other databases there is no second wall."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from ..scoping import OwnedManager
from .append_only import is_protected

POLICY = "madoguchi_municipality"
_OWN = "municipality_id = NULLIF(current_setting('app.municipality', true), '')::bigint"


class RowLevelSecurity(Operation):
    """Migration operation: let PostgreSQL show and take rows of these models only for the municipality in scope."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, *models: str) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Add the policy; the owner of the tables is bound by it too."""
        self._each(
            app_label,
            schema_editor,
            to_state,
            'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'CREATE POLICY {POLICY} ON "{{table}}" USING ({_OWN}) WITH CHECK ({_OWN})',
        )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Take the policy away."""
        self._each(
            app_label,
            schema_editor,
            from_state,
            f'DROP POLICY IF EXISTS {POLICY} ON "{{table}}"',
            'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        )

    def _each(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState, *statements: str
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for name in self.models:
            table = state.apps.get_model(app_label, name)._meta.db_table
            for statement in statements:
                schema_editor.execute(statement.format(table=table), params=None)

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Show rows of {', '.join(self.models)} to their own municipality alone"


class GrantToApplicationRole(Operation):
    """Migration operation: let the application's role (``MADOGUCHI_DATABASE_ROLE``) work with this and later tables."""

    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing in the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Grant; nothing where the owner of the tables is the application's role too."""
        grant_to_application_role(schema_editor.connection)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Leave the grants: they do no harm without the tables."""

    def describe(self) -> str:
        """Say what the operation does."""
        return "Grant the application's role its rights"


def grant_to_application_role(connection: BaseDatabaseWrapper) -> bool:
    """
    Give the role of ``MADOGUCHI_DATABASE_ROLE`` its rights on present and later tables; True when there is such a role.

    It reads and writes rows, but changes no table, and neither changes nor removes rows of append-only ones.
    """
    role = connection.settings_dict.get("ROLE")
    if connection.vendor != "postgresql" or not role:
        return False
    quoted = connection.ops.quote_name(role)
    rights = "SELECT, INSERT, UPDATE, DELETE"
    with connection.cursor() as cursor:
        for statement in (
            f"GRANT USAGE ON SCHEMA public TO {quoted}",
            f"GRANT {rights} ON ALL TABLES IN SCHEMA public TO {quoted}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON TABLES TO {quoted}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {quoted}",
        ):
            cursor.execute(statement)
    for table in append_only_tables(connection):
        with connection.cursor() as cursor:
            cursor.execute(f'REVOKE UPDATE, DELETE ON "{table}" FROM {quoted}')
    return True


def owns_tables(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether the role of a connection may change the tables themselves; only PostgreSQL tells roles apart."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'trust_municipality'::regclass")
        return bool(cursor.fetchone()[0])


def append_only_tables(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables whose rows the database refuses to change."""
    return [table for table in connection.introspection.table_names() if is_protected(connection, table)]


def owned_models() -> list[type[models.Model]]:
    """Return every model whose rows belong to a municipality: those its manager answers for in a scope alone."""
    return [model for model in apps.get_models() if isinstance(model._default_manager, OwnedManager)]


def unprotected_tables(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the owned tables that lack the policy (all protected: empty; always empty where there is no such wall)."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
            "WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polname = %s",
            [POLICY],
        )
        walled = {row[0] for row in cursor.fetchall()}
    return _missing(owned_models(), walled)


def _missing(owned: Iterable[type[models.Model]], walled: set[str]) -> list[str]:
    return sorted(model._meta.db_table for model in owned if model._meta.db_table not in walled)
