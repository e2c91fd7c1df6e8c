"""The second wall: SQL that goes past the ORM. PostgreSQL has it; SQLite does not, and that is written down here too."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from madoguchi.trust import events
from madoguchi.trust.api import Unit, acting_for, record_event
from madoguchi.trust.models import Event
from madoguchi.trust.models.protection.row_level_security import owned_models, unprotected_tables
from tests.postgresql import APPLICATION, OWNER
from tests.roles import as_owner, current_role

from .people import make_unit
from .tampering import run_sql

WALL = connection.vendor == "postgresql"
pytestmark = [pytest.mark.database, pytest.mark.django_db]

NAMES = "SELECT name FROM trust_unit ORDER BY name"
INSERT = (
    "INSERT INTO trust_unit (name, kind, valid_from_fiscal_year, phone, municipality_id) "
    "VALUES ('密輸課', 'section', 2024, '', %s)"
)


def names() -> list[str]:
    return [row[0] for row in run_sql(NAMES)]


@pytest.fixture
def units(odawara, oyama):
    make_unit("小田原課")
    with acting_for(oyama):
        make_unit("小山課")
    return odawara, oyama


@pytest.mark.usefixtures("units")
def test_raw_sql_sees_the_rows_of_the_city_in_scope_alone():
    assert names() == (["小田原課"] if WALL else ["小山課", "小田原課"])


def test_raw_sql_cannot_write_into_another_city(units):
    _, oyama = units
    if not WALL:
        run_sql(INSERT, oyama.pk)
        assert "密輸課" in names()
        return
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        run_sql(INSERT, oyama.pk)
    with acting_for(oyama):
        assert names() == ["小山課"]


def test_raw_sql_cannot_move_a_row_to_another_city(units):
    _, oyama = units
    move = "UPDATE trust_unit SET municipality_id = %s WHERE name = '小田原課'"
    if not WALL:
        run_sql(move, oyama.pk)
        assert not Unit.objects.exists()
        return
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        run_sql(move, oyama.pk)


def test_raw_sql_cannot_change_or_remove_rows_of_another_city(units):
    odawara, oyama = units
    with acting_for(oyama):
        run_sql("UPDATE trust_unit SET phone = '0' WHERE name = '小田原課'")
        run_sql("DELETE FROM trust_unit WHERE name = '小田原課'")
    with acting_for(odawara):
        assert Unit.objects.filter(name="小田原課", phone="").exists() is WALL


def test_without_a_scope_owned_tables_are_empty(units):
    import contextvars

    assert contextvars.Context().run(names) == ([] if WALL else ["小山課", "小田原課"])


def test_leaving_an_inner_scope_restores_the_outer_one(units):
    _, oyama = units
    with acting_for(oyama):
        assert "小山課" in names()
    assert names() == (["小田原課"] if WALL else ["小山課", "小田原課"])


def test_leaving_an_inner_scope_by_an_error_restores_the_outer_one(units):
    _, oyama = units
    with pytest.raises(DatabaseError), transaction.atomic(), acting_for(oyama):
        run_sql("SELECT 1 FROM no_such_table")
    assert names() == (["小田原課"] if WALL else ["小山課", "小田原課"])
    with pytest.raises(DatabaseError), acting_for(oyama), transaction.atomic():
        run_sql("SELECT 1 FROM no_such_table")
    assert names() == (["小田原課"] if WALL else ["小山課", "小田原課"])


def test_a_savepoint_rolled_back_restores_the_scope_it_began_in(units):
    _, oyama = units
    with acting_for(oyama):
        with transaction.atomic():
            assert "小山課" in names()
            transaction.set_rollback(True)
        assert "小山課" in names()
    assert names() == (["小田原課"] if WALL else ["小山課", "小田原課"])


@pytest.mark.usefixtures("units")
def test_the_wall_binds_the_owner_of_the_tables_too():
    with as_owner():
        assert not WALL or current_role() == OWNER
        assert names() == (["小田原課"] if WALL else ["小山課", "小田原課"])


@pytest.mark.usefixtures("units")
def test_the_role_of_the_application_is_walled_in_and_cannot_change_events(odawara):
    if not WALL:
        pytest.skip("SQLite has no roles")
    event = record_event(kind=events.SIGNED_IN, subject=odawara)
    assert current_role() == APPLICATION
    assert names() == ["小田原課"]
    assert Event.objects.filter(pk=event.pk).exists()
    record_event(kind=events.SIGNED_OUT, subject=odawara)
    for statement in ("UPDATE trust_event SET key = 'x'", "DELETE FROM trust_event", "TRUNCATE trust_event",
                      "ALTER TABLE trust_event DISABLE TRIGGER ALL", "ALTER TABLE trust_unit DISABLE ROW LEVEL SECURITY"):  # fmt: skip
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            run_sql(statement)


def test_every_owned_table_of_every_room_has_the_policy():
    assert len(owned_models()) >= 10
    assert unprotected_tables(connection) == []


def test_a_table_that_lost_its_policy_is_reported():
    if not WALL:
        pytest.skip("SQLite has no policies")
    with as_owner():
        run_sql("ALTER TABLE trust_unit NO FORCE ROW LEVEL SECURITY")
    assert "trust_unit" in unprotected_tables(connection)


@pytest.mark.django_db(transaction=True)
class TestOutsideATransaction:
    """Statements in autocommit carry the scope as well, each in a transaction of its own."""

    def test_a_statement_in_a_scope_sees_its_city(self, units):
        _, oyama = units
        with acting_for(oyama):
            assert names() == (["小山課"] if WALL else ["小山課", "小田原課"])
        assert names() == (["小田原課"] if WALL else ["小山課", "小田原課"])

    def test_what_is_written_is_committed_at_once(self, units):
        make_unit("新しい課")
        seen: list[str] = []

        def look() -> None:
            with acting_for(units[0]):
                seen.extend(Unit.objects.values_list("name", flat=True))
            connection.close()

        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert "新しい課" in seen

    def test_a_failed_statement_leaves_the_connection_usable(self, units):
        with pytest.raises(DatabaseError):
            run_sql("SELECT 1 FROM no_such_table")
        assert "小田原課" in names()

    def test_a_long_list_is_read_in_chunks(self, units):
        for number in range(25):
            make_unit(f"第{number}課")
        assert sum(1 for _ in Unit.objects.iterator(chunk_size=10)) == 26
        with transaction.atomic():
            assert sum(1 for _ in Unit.objects.iterator(chunk_size=10)) == 26

    def test_nothing_of_the_scope_stays_on_the_connection(self, units):
        if not WALL:
            pytest.skip("SQLite has no settings")
        names()
        assert connection.connection.execute("SELECT current_setting('app.municipality', true)").fetchone()[0] in (
            "",
            None,
        )
        with transaction.atomic():
            names()
            assert run_sql("SELECT current_setting('app.municipality', true)") == [(str(units[0].pk),)]

    def test_many_statements_at_once_carry_the_scope(self, units):
        with connection.cursor() as cursor:
            cursor.executemany(INSERT.replace("密輸課", "多数課"), [[units[0].pk]])
        assert "多数課" in names()
