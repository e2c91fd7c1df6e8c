"""
Django database backend for PostgreSQL under row level security (行レベルセキュリティ).

The policies compare ``municipality_id`` with the setting ``app.municipality``. That setting is only ever local to a
transaction: a session-level one would leak to the next user of a pooled connection. So the backend opens every
transaction itself, lazily, with ``BEGIN; SET LOCAL app.municipality = …`` in one round trip; before each further
statement it follows the scope if that has changed. A statement outside ``atomic`` but inside a scope gets a transaction
of its own. Outside every scope the setting is absent and owned tables are empty: the wall fails closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, cast

import psycopg
from django.db.backends.postgresql import base
from django_scopes import get_scope
from psycopg.pq import TransactionStatus

_UNKNOWN = "?"


def _scope_value() -> str:
    """Return the municipality in scope as the setting's text, empty outside every scope."""
    municipality = get_scope().get("municipality")
    return "" if municipality is None or municipality.pk is None else str(int(municipality.pk))


class _ScopedExecution:
    """Sends each statement of a cursor inside a transaction that carries the scope."""

    # None while Django is still setting the connection up, with a cursor it takes from psycopg itself.
    wrapper: DatabaseWrapper | None = None

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        with self._transaction():
            return super().execute(*args, **kwargs)  # type: ignore[misc]

    def executemany(self, *args: Any, **kwargs: Any) -> Any:
        with self._transaction():
            return super().executemany(*args, **kwargs)  # type: ignore[misc]

    def _transaction(self) -> AbstractContextManager[None]:
        return nullcontext() if self.wrapper is None else self.wrapper.scoped_statement()


class ScopedCursor(_ScopedExecution, base.Cursor):
    """A client-side cursor under the scope."""


class ScopedServerSideCursor(_ScopedExecution, base.ServerSideCursor):
    """A server-side cursor (``QuerySet.iterator()``) under the scope; held when it outlives its transaction."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions carry the municipality in scope."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._carried = _UNKNOWN

    def get_connection_params(self) -> dict[str, Any]:
        """Return psycopg's parameters; cursors are ours."""
        params = super().get_connection_params()
        params["cursor_factory"] = ScopedCursor
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; psycopg stays in autocommit for good, because the transactions are opened here."""
        connection = super().get_new_connection(conn_params)
        connection.autocommit = True
        self._carried = _UNKNOWN
        return connection

    def set_municipality(self, pk: int | None) -> None:
        """Follow a change of scope at once where a transaction is open; otherwise the next statement carries it."""
        if self.connection is not None and self._status() == TransactionStatus.INTRANS:
            self._carry("" if pk is None else str(int(pk)))

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor that knows this wrapper."""
        if name is None:
            cursor = super().create_cursor()
        else:
            make = cast("Any", ScopedServerSideCursor)
            cursor = make(self.connection, name=name, scrollable=False, withhold=self.autocommit)
        cursor.wrapper = self
        return cursor

    @contextmanager
    def scoped_statement(self) -> Iterator[None]:
        """Send one statement inside the right transaction: the open one, a lazily opened one, or one of its own."""
        status, wanted = self._status(), _scope_value()
        if status == TransactionStatus.INTRANS:
            self._carry(wanted)
            yield
        elif status == TransactionStatus.IDLE and not self.autocommit:
            self._begin(wanted)
            yield
        elif status == TransactionStatus.IDLE and wanted:
            with self._own_transaction(wanted):
                yield
        else:
            yield

    @contextmanager
    def _own_transaction(self, wanted: str) -> Iterator[None]:
        self._begin(wanted)
        try:
            yield
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()

    def _begin(self, wanted: str) -> None:
        level = self.settings_dict["OPTIONS"].get("isolation_level")
        isolation = f" ISOLATION LEVEL {psycopg.IsolationLevel(level).name.replace('_', ' ')}" if level else ""
        self._raw(f"BEGIN{isolation}; SET LOCAL app.municipality = '{wanted}'")
        self._carried = wanted

    def _carry(self, wanted: str) -> None:
        if wanted != self._carried:
            self._raw(f"SET LOCAL app.municipality = '{wanted}'")
            self._carried = wanted

    def _raw(self, statement: str) -> None:
        # A plain psycopg cursor and no parameters: the simple protocol takes two statements in one round trip.
        with psycopg.Cursor(self.connection) as cursor:
            cursor.execute(statement)

    def _status(self) -> TransactionStatus:
        return cast("TransactionStatus", self.connection.pgconn.transaction_status)

    def _set_autocommit(self, autocommit: bool) -> None:
        if autocommit and self._status() != TransactionStatus.IDLE:
            raise psycopg.ProgrammingError("autocommit cannot be switched on inside a transaction")

    def savepoint_rollback(self, sid: str) -> None:
        """Roll back to a savepoint."""
        super().savepoint_rollback(sid)
        # The server has gone back to what the setting was when the savepoint was made.
        self._carried = _UNKNOWN

    def is_usable(self) -> bool:
        """Tell whether the server still answers, without leaving a transaction open."""
        try:
            self._raw("SELECT 1")
        except (psycopg.Error, AttributeError):
            return False
        return True
