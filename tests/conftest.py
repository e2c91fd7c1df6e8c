"""Shared set-up of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.architecture.markers import FOUND, unmarked
from tests.browser import browser, desk, new_page, phone, plain  # noqa: F401 - fixtures of all browser tests


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note the tests that touch the database without saying so, for the test that lists them."""
    config.stash[FOUND] = unmarked(items)


@pytest.fixture(scope="session", autouse=True)
def _live_alerts_always_asked() -> None:
    """Have every page ask what is live instead of remembering it for a moment: pages then ask as often in every test."""
    from madoguchi.messaging.selectors.alerts import live_table

    live_table.seconds = 0


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """
    Let the tests be the application's role, and the clean-up of a transactional test the owner of the tables.

    Only the owner can empty append-only tables, by taking their protection away.
    """
    from django.db import connection

    from madoguchi.trust.models.protection.append_only import protection_lifted
    from madoguchi.trust.models.protection.row_level_security import append_only_tables
    from tests.roles import as_owner, stepped_down

    flush = connection.ops.execute_sql_flush

    def flush_all(statements: Any) -> None:
        with as_owner(), protection_lifted(connection, *append_only_tables(connection)):
            flush(statements)

    connection.ops.execute_sql_flush = flush_all  # type: ignore[method-assign]
    with django_db_blocker.unblock(), stepped_down():
        yield
