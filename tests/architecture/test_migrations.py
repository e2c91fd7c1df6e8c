"""Every migration of our rooms can be taken back, and gives the same tables again when it is applied anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from tests.roles import as_owner, settings_of_owner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
POSTGRESQL_EXTRAS = """
SELECT tablename || ' policy ' || policyname || coalesce(qual, '') FROM pg_policies
UNION ALL SELECT tgrelid::regclass || ' trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT relname || ' walled' FROM pg_class WHERE relrowsecurity AND relforcerowsecurity
"""


@pytest.fixture
def scratch(tmp_path: Path, django_db_blocker: Any) -> Iterator[BaseDatabaseWrapper]:
    """An empty database of the kind the installation uses."""
    default = connections["default"]
    with django_db_blocker.unblock():
        if default.vendor == "postgresql":
            yield from _on_the_server(default)
        else:
            yield from _connected({**default.settings_dict, "NAME": str(tmp_path / "scratch.sqlite3")})


def _on_the_server(default: BaseDatabaseWrapper) -> Iterator[BaseDatabaseWrapper]:
    name = f"{default.settings_dict['NAME']}_scratch"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield from _connected({**settings_of_owner(default), "NAME": name})
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')


def _connected(settings: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    connections.databases["scratch"] = settings
    try:
        yield connections["scratch"]
    finally:
        connections["scratch"].close()
        del connections["scratch"], connections.databases["scratch"]


def tables(connection: BaseDatabaseWrapper) -> dict[str, set[str]]:
    """Return what a database consists of: by table its columns, indexes and constraints, walls and triggers."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, table)
            facts = {f"{column.name} {column.type_code} {column.null_ok}" for column in columns}
            constraints = connection.introspection.get_constraints(cursor, table)
            found[table] = facts | {
                f"{fact['columns']} {fact['unique']} {fact['check']}" for fact in constraints.values()
            }
        found["extras"] = set(_extras(connection, cursor))
    return found


def _extras(connection: BaseDatabaseWrapper, cursor: Any) -> list[str]:
    postgresql = connection.vendor == "postgresql"
    cursor.execute(POSTGRESQL_EXTRAS if postgresql else "SELECT sql FROM sqlite_master WHERE type = 'trigger'")
    return [row[0] for row in cursor.fetchall()]


def test_every_migration_can_be_taken_back_and_applied_again(scratch: BaseDatabaseWrapper) -> None:
    leaves = MigrationExecutor(scratch).loader.graph.leaf_nodes()
    MigrationExecutor(scratch).migrate(leaves)
    whole = tables(scratch)
    assert {"trust_event", "trust_cache", "plan_indicator"} <= set(whole)
    MigrationExecutor(scratch).migrate([("plan", None), ("trust", None)])
    left = {name for name in tables(scratch) if name.startswith(("trust_", "plan_"))}
    assert left == set(), "every table of our rooms goes with its first migration"
    MigrationExecutor(scratch).migrate(leaves)
    assert tables(scratch) == whole
