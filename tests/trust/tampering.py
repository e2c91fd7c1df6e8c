"""What somebody with the database's own key could do: change what only grows, past every service and trigger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from madoguchi.trust.api import Municipality
from madoguchi.trust.models import acting_for
from madoguchi.trust.models.protection.append_only import protection_lifted
from madoguchi.trust.models.protection.row_level_security import append_only_tables
from madoguchi.trust.rules.findings import Finding
from madoguchi.trust.selectors.chain import verify_chain
from tests.roles import as_owner


@contextmanager
def unprotected() -> Iterator[None]:
    """Work on the tables with the triggers taken away."""
    with as_owner(), protection_lifted(connection, *append_only_tables(connection)):
        yield


def run_sql(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run SQL past the ORM and return the rows, if it gives any."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def tamper(municipality: Municipality, sql: str, *values: Any) -> None:
    """Run SQL in a municipality's scope with the triggers taken away."""
    with acting_for(municipality), unprotected():
        run_sql(sql, *values)


def named(findings: list[Finding]) -> list[tuple[str, str]]:
    """Return kind and row of each finding."""
    return [(finding.kind, finding.row) for finding in findings]


def found_in(municipality: Municipality) -> list[tuple[str, str]]:
    """Check the chains of a municipality and return kind and row of each finding."""
    return named(verify_chain(municipality))
