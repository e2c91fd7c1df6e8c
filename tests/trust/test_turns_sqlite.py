"""Writers of one process take turns on SQLite."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from madoguchi.site.configuration import database
from madoguchi.trust.plugins.turns_sqlite import base
from madoguchi.trust.plugins.turns_sqlite.base import DatabaseWrapper

WRITERS, TIMES = 6, 15


@pytest.fixture
def connections(tmp_path: Path, monkeypatch, django_db_blocker) -> Iterator[ConnectionHandler]:
    """Connections to a file of their own, one for every thread."""
    monkeypatch.delenv("MADOGUCHI_DATABASE_URL", raising=False)
    made = ConnectionHandler({"default": database(tmp_path)})
    with django_db_blocker.unblock():
        with made["default"].cursor() as cursor:
            cursor.execute("CREATE TABLE counter (number integer)")
            cursor.execute("INSERT INTO counter VALUES (0)")
        yield made
        made["default"].close()


def write(connection: DatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with connection.cursor() as cursor:
        number = cursor.execute("SELECT number FROM counter").fetchone()[0]
        cursor.execute("UPDATE counter SET number = %s", [number + 1])
    connection.commit()
    connection.set_autocommit(True)


def number_of(connections: ConnectionHandler) -> int:
    with connections["default"].cursor() as cursor:
        return int(cursor.execute("SELECT number FROM counter").fetchone()[0])


def begin(connection: DatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def test_the_turn_is_given_back_by_commit_by_rollback_and_by_closing(connections):
    connection = connections["default"]
    for end in (connection.commit, connection.rollback, connection.close):
        begin(connection)
        turn = connection._turn
        assert turn is not None
        assert turn.locked()
        end()
        assert not turn.locked()
        connection.close()


def test_all_writers_write_once_each(connections):
    problems: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(TIMES):
                write(connections["default"])
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=work) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert number_of(connections) == WRITERS * TIMES


def test_a_turn_that_was_never_given_back_keeps_nobody_out(connections, monkeypatch):
    monkeypatch.setattr(base, "LONGEST_WAIT_S", 0.05)
    turn = base._turns[str(connections["default"].settings_dict["NAME"])]
    with turn:
        write(connections["default"])
        assert turn.locked()
    assert number_of(connections) == 1


def test_a_transaction_that_cannot_begin_keeps_no_turn(connections):
    blocker = threading.Event()
    begun = threading.Event()

    def hold() -> None:
        own = connections["default"]
        begin(own)
        own._give_turn_back()
        begun.set()
        blocker.wait()
        own.rollback()
        own.close()

    thread = threading.Thread(target=hold)
    thread.start()
    begun.wait()
    connection = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 1")
    with pytest.raises(OperationalError):
        begin(connection)
    assert not base._turns[str(connection.settings_dict["NAME"])].locked()
    blocker.set()
    thread.join()
