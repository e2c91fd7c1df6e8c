"""
Who the tests are on PostgreSQL: the role of the application, which owns no table and passes no wall.

The owner makes the tables, as ``madoguchi migrate`` does; ``as_owner`` is for what only an operator with the owner's key does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

from tests.postgresql import APPLICATION


@contextmanager
def stepped_down() -> Iterator[None]:
    """Let every connection made inside the block be of the application's role; others than PostgreSQL have no roles."""
    if connection.vendor != "postgresql":
        yield
        return
    options = connection.settings_dict["OPTIONS"]
    options["assume_role"] = APPLICATION
    connection.close()
    try:
        yield
    finally:
        connection.close()
        del options["assume_role"]


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the owner of the tables inside the block."""
    if connection.vendor != "postgresql":
        yield
        return
    _run("RESET ROLE")
    try:
        yield
    finally:
        # A failed transaction takes no more orders; its end brings the role back, since RESET is undone with it.
        if _status() != TransactionStatus.INERROR:
            _run(f"SET ROLE {APPLICATION}")


def settings_of_owner(database: BaseDatabaseWrapper) -> dict[str, Any]:
    """Return the settings of a connection of the owner."""
    settings = database.settings_dict
    return {
        **settings,
        "OPTIONS": {name: value for name, value in settings["OPTIONS"].items() if name != "assume_role"},
    }


def current_role() -> str:
    """Return the role the statements are sent under."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _status() -> TransactionStatus:
    return TransactionStatus(connection.connection.info.transaction_status)
