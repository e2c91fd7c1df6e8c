"""Which tests touch the database without saying so: those would never run on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

FIXTURES = frozenset({"db", "transactional_db", "django_db_serialized_rollback", "live_server"})
FOUND = pytest.StashKey[list[str]]()
"""Where the collection leaves the tests it found, before any of them is deselected."""


def unmarked(items: Iterable[pytest.Item]) -> list[str]:
    """Return the ids of the tests that use the database, by fixture or by mark, and lack the marker ``database``."""
    return [
        item.nodeid for item in items if _touches_the_database(item) and item.get_closest_marker("database") is None
    ]


def _touches_the_database(item: pytest.Item) -> bool:
    names = FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(names) or item.get_closest_marker("django_db") is not None
