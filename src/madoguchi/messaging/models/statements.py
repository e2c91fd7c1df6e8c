"""Statements for many rows at a time, which the ORM would write one by one or at several times the cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection


def moment(at: datetime | None) -> Any:
    """Return a moment as the database keeps it."""
    return None if at is None else connection.ops.adapt_datetimefield_value(at)


def marks(values: Sequence[Any]) -> str:
    """Return as many placeholders as there are values."""
    return ", ".join(["%s"] * len(values))


def execute(sql: str, params: Sequence[Any]) -> int:
    """Run a statement; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return max(int(cursor.rowcount), 0)


def rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a question; return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return list(cursor.fetchall())
