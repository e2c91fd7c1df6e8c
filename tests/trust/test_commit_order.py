"""Which rows are final: PostgreSQL hands out numbers before commit, so a row with a small number can appear late."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from madoguchi.trust.api import Municipality, acting_for
from madoguchi.trust.selectors.commit_order import final_before
from madoguchi.trust.services.sealing import Sealer, seal_everything

from .chains import all_ids, sealed_in, write
from .tampering import found_in

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: nothing can be overtaken"),
]


@pytest.fixture
def city(odawara) -> Municipality:
    """A city with nothing left to seal."""
    seal_everything()
    return odawara


@contextmanager
def writing_transaction(database: str) -> Iterator[psycopg.Connection[Any]]:
    """Keep a transaction that writes open in some database of the cluster."""
    settings = connection.settings_dict
    server = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"]}
    with psycopg.connect(dbname=database, password=settings["PASSWORD"], **server) as other:
        other.execute("SELECT pg_current_xact_id()")
        yield other
        other.rollback()


def test_a_row_committed_late_is_sealed_after_the_rows_that_overtook_it(odawara):
    late, overtaking = _overtaken_event(odawara)
    assert late < overtaking
    seal_everything()
    assert set(sealed_in(odawara)) == set(all_ids(odawara))
    assert found_in(odawara) == []


def _overtaken_event(city: Municipality) -> tuple[int, int]:
    written, go_on = threading.Event(), threading.Event()
    found: list[int] = []

    def slow() -> None:
        with acting_for(city), transaction.atomic():
            found.append(write(city, 1)[0].pk)
            written.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(10)
    overtaking = write(city, 1)[0].pk
    Sealer().run_once()
    assert overtaking not in sealed_in(city), "the older transaction still runs"
    go_on.set()
    thread.join()
    return found[0], overtaking


def test_a_transaction_in_another_database_of_the_cluster_does_not_hold_sealing_up(city):
    with writing_transaction("postgres"):
        write(city)
        assert Sealer().run_once() == 3
    assert sealed_in(city) == all_ids(city)


def test_a_transaction_that_writes_in_this_database_holds_sealing_up_whatever_it_writes(city):
    with writing_transaction(connection.settings_dict["NAME"]):
        write(city)
        assert Sealer().run_once() == 0
    assert Sealer().run_once() == 3


def test_a_sealer_inside_a_transaction_that_writes_leaves_what_that_may_still_add(city):
    with acting_for(city), transaction.atomic():
        write(city, 1)
        with writing_transaction("postgres"):
            assert final_before() <= _own_transaction()
            assert Sealer().run_once() == 0
    assert seal_everything() == 1


def _own_transaction() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])
