from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction

from madoguchi.kit import clock
from madoguchi.trust.api import Municipality
from madoguchi.trust.enums import Stream
from madoguchi.trust.models import Event, Seal, SealHead
from madoguchi.trust.selectors.anchors import anchor_path
from madoguchi.trust.services.sealing import Sealer, run_sealer, seal_everything
from tests.roles import as_owner

from .chains import all_ids, sealed_in, write
from .tampering import found_in, run_sql, tamper, unprotected

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sealed(odawara) -> tuple[Municipality, list[Event]]:
    """A city with three sealed batches; the middle one holds the three events returned."""
    write(odawara)
    seal_everything()
    middle = write(odawara)
    seal_everything()
    write(odawara)
    seal_everything()
    return odawara, middle


def test_every_event_is_sealed_once_and_the_chain_is_whole(sealed):
    city, _ = sealed
    assert sealed_in(city) == all_ids(city)
    assert found_in(city) == []


def test_each_municipality_has_its_own_chain(odawara, oyama):
    write(odawara, 2)
    write(oyama, 5)
    seal_everything()
    assert sealed_in(odawara) == all_ids(odawara)
    assert sealed_in(oyama) == all_ids(oyama)
    assert not set(sealed_in(odawara)) & set(sealed_in(oyama))
    assert found_in(odawara) == found_in(oyama) == []


@pytest.mark.usefixtures("sealed")
def test_nothing_pending_adds_no_seal():
    before = Seal.objects.count()
    assert seal_everything() == 0
    assert Seal.objects.count() == before


@pytest.mark.parametrize(
    "change",
    [
        "key = 'trust.account.signed_out'",
        "subject_id = '999'",
        "quantity = 1",
        "data = '{\"n\": 7}'",
        "at = '2020-01-01 00:00:00+00'",
    ],
)
def test_a_changed_event_is_named(sealed, change):
    city, middle = sealed
    tamper(city, f"UPDATE trust_event SET {change} WHERE id = %s", middle[1].pk)
    assert found_in(city) == [("changed", str(middle[1].pk))]


def test_an_event_changed_together_with_its_digest_is_named(sealed):
    city, middle = sealed
    forged = Event.objects.get(pk=middle[1].pk)
    forged.subject_id = "4711"
    from madoguchi.trust.rules.digests import row_digest

    tamper(
        city,
        "UPDATE trust_event SET subject_id = '4711', digest = %s WHERE id = %s",
        row_digest(forged.as_sealed()),
        forged.pk,
    )
    assert found_in(city) == [("changed", str(forged.pk))]


def test_a_row_made_unreadable_is_named_and_the_others_are_still_checked(sealed):
    city, middle = sealed
    if connection.vendor == "postgresql":
        tamper(city, "UPDATE trust_event SET quantity = 'NaN' WHERE id = %s", middle[0].pk)
    else:
        tamper(city, "PRAGMA ignore_check_constraints = ON")
        tamper(city, "UPDATE trust_event SET data = 'not json', at = 'never' WHERE id = %s", middle[0].pk)
        tamper(city, "PRAGMA ignore_check_constraints = OFF")
    tamper(city, "DELETE FROM trust_event WHERE id = %s", middle[2].pk)
    assert found_in(city) == [("changed", str(middle[0].pk)), ("removed", str(middle[2].pk))]


def test_a_removed_event_is_named(sealed):
    city, middle = sealed
    tamper(city, "DELETE FROM trust_event WHERE id = %s", middle[0].pk)
    assert found_in(city) == [("removed", str(middle[0].pk))]


def test_an_event_slipped_in_between_is_named(sealed):
    city, middle = sealed
    copy = middle[1]
    tamper(city, "DELETE FROM trust_event WHERE id = %s", middle[0].pk)
    columns = "key, at, subject_type, subject_id, data, digest, municipality_id"
    stamp = ", tx" if connection.vendor == "postgresql" else ""
    run_sql(
        f"INSERT INTO trust_event (id, {columns}{stamp}) SELECT -5, {columns}{stamp} FROM trust_event WHERE id = %s",
        copy.pk,
    )
    assert found_in(city) == [("removed", str(middle[0].pk)), ("inserted", "-5")]


def test_an_event_moved_to_another_city_is_missed_here_and_found_there(sealed, oyama):
    city, middle = sealed
    write(oyama, 4)
    seal_everything()
    if connection.vendor == "postgresql":
        with pytest.raises(ProgrammingError, match="row-level security"):
            tamper(city, "UPDATE trust_event SET municipality_id = %s WHERE id = %s", oyama.pk, middle[1].pk)
        return
    tamper(city, "UPDATE trust_event SET municipality_id = %s WHERE id = %s", oyama.pk, middle[1].pk)
    assert found_in(city) == [("removed", str(middle[1].pk))]
    assert found_in(oyama) == [("inserted", str(middle[1].pk))]


def test_a_rewritten_seal_is_named(sealed):
    city, _ = sealed
    tamper(city, "UPDATE trust_seal SET at = '2020-01-01 00:00:00+00' WHERE stream = 'events' AND number = 2")
    assert found_in(city) == [("seal_changed", "2")]


def test_a_seal_rewritten_with_its_hash_breaks_the_link_of_the_next(sealed):
    city, _ = sealed
    seal = Seal.objects.get(stream=Stream.EVENTS, number=2)
    seal.at = clock.now()
    tamper(city, "UPDATE trust_seal SET at = %s, hash = %s WHERE id = %s", seal.at, seal.expected_hash(), seal.pk)
    assert found_in(city) == [("seal_changed", "3")]


def test_a_removed_seal_is_named_and_its_events_stand_unsealed(sealed):
    city, middle = sealed
    tamper(city, "DELETE FROM trust_seal WHERE stream = 'events' AND number = 2")
    assert found_in(city) == [("seal_removed", "2"), *(("inserted", str(event.pk)) for event in middle)]


def test_a_chain_cut_at_its_end_is_noticed_by_the_head(sealed):
    city, _ = sealed
    last = Seal.objects.get(stream=Stream.EVENTS, number=3)
    tamper(city, "DELETE FROM trust_event WHERE id >= %s", last.first_id)
    tamper(city, "DELETE FROM trust_seal WHERE id = %s", last.pk)
    assert ("tail_removed", "3〜3") in found_in(city)


def test_a_chain_cut_at_its_end_with_the_head_is_noticed_by_the_anchor(sealed):
    city, _ = sealed
    last, kept = (Seal.objects.get(stream=Stream.EVENTS, number=number) for number in (3, 2))
    tamper(city, "DELETE FROM trust_event WHERE id >= %s", last.first_id)
    tamper(city, "DELETE FROM trust_seal WHERE id = %s", last.pk)
    SealHead.objects.filter(stream=Stream.EVENTS).update(number=2, hash=kept.hash)
    assert found_in(city) == [("tail_removed", "3〜3")]


def test_a_chain_made_anew_from_its_beginning_is_noticed_by_the_anchor(sealed):
    city, _ = sealed
    tamper(city, "DELETE FROM trust_seal")
    SealHead.objects.all().delete()
    tamper(city, "DELETE FROM trust_event WHERE id = %s", all_ids(city)[0])
    noted = anchor_path(city, Stream.EVENTS).read_text()
    seal_everything()
    write(city)
    seal_everything()
    write(city)
    seal_everything()
    anchor_path(city, Stream.EVENTS).write_text(noted)
    assert found_in(city) == [("seal_changed", "3")]


def test_a_head_that_points_elsewhere_is_noticed(sealed):
    city, _ = sealed
    SealHead.objects.filter(stream=Stream.EVENTS).update(hash="f" * 64)
    assert found_in(city) == [("head_changed", "3")]


def test_an_unreadable_anchor_is_a_warning(sealed):
    city, _ = sealed
    anchor_path(city, Stream.EVENTS).write_text("{")
    assert found_in(city) == [("anchor_unreadable", "")]


def test_events_left_open_for_long_are_a_warning_that_the_sealer_does_not_run(odawara):
    with clock.frozen(clock.now() - timedelta(minutes=5)):
        open_events = write(odawara)
    assert ("unsealed", "warning") in [(f.kind, f.severity) for f in _findings(odawara)]
    assert len(open_events) == 3
    seal_everything()
    assert found_in(odawara) == []


def _findings(city):
    from madoguchi.trust.selectors.chain import verify_chain

    return verify_chain(city)


@pytest.mark.parametrize("table", ["trust_event", "trust_seal", "trust_accessrecord"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove_rows(sealed, table, change):
    before = run_sql(f"SELECT count(*) FROM {table}")
    if table == "trust_accessrecord" and connection.vendor == "sqlite":
        from madoguchi.trust.models import AccessRecord

        AccessRecord(municipality=sealed[0], at=clock.now(), purpose="x", subject_type="x", subject_id="1").append()
        before = [(1,)]
    with (
        as_owner(),
        pytest.raises((IntegrityError, ProgrammingError, InternalError), match="append-only"),
        transaction.atomic(),
    ):
        run_sql(change.format(table))
    assert run_sql(f"SELECT count(*) FROM {table}") == before


class Rounds(threading.Event):
    """Lets the loop go round a number of times without waiting, and notes how long it would have waited."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.pauses: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout or 0)
        if len(self.pauses) > self.count:
            self.set()
        return self.is_set()


def test_the_loop_seals_in_each_round_well_within_a_second_and_ends_when_told(odawara):
    rounds = Rounds(3)
    event = write(odawara, 1)[0]
    run_sealer(rounds)
    assert event.pk in sealed_in(odawara)
    assert len(rounds.pauses) == 4
    assert max(rounds.pauses) <= 0.5


def test_a_sealer_that_starts_late_sees_the_head_another_one_moved(odawara):
    first, second = Sealer(), Sealer()
    write(odawara)
    first.run_once()
    second.run_once()
    write(odawara)
    first.run_once()
    write(odawara)
    assert second.run_once() == 0, "its idea of the head is old: nothing may be written"
    assert second.run_once() == 3
    assert sealed_in(odawara) == all_ids(odawara)
    assert found_in(odawara) == []


def test_after_a_restore_into_a_cluster_that_counts_from_elsewhere_sealing_goes_on(sealed):
    city, _ = sealed
    unsealed = write(city)
    SealHead.objects.update(cluster="another", position_tx=2**50)
    fresh = write(city)
    seal_everything()
    later = write(city)
    seal_everything()
    assert sealed_in(city) == all_ids(city)
    assert {event.pk for event in (*unsealed, *fresh, *later)} <= set(sealed_in(city))
    assert found_in(city) == []


_WRITE_AND_SEAL = """
import os, sys, threading, django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = os.environ["SEALED_DATABASE"]
from madoguchi.trust import events
from madoguchi.trust.models import Municipality, Seal, acting_for
from madoguchi.trust.services.events import record_event
from madoguchi.trust.services.sealing import run_sealer
threading.Thread(target=run_sealer, args=(threading.Event(),), kwargs={"interval": 0.0005}, daemon=True).start()
city = Municipality.objects.get(key="odawara")
while True:
    with acting_for(city):
        print(record_event(kind=events.SIGNED_IN, subject=city).pk, Seal.objects.count(), flush=True)
"""


def test_a_process_killed_while_writing_and_sealing_loses_nothing_and_seals_nothing_twice(odawara, tmp_path):
    write(odawara)
    with _database_for_children(tmp_path) as name:
        acknowledged = [row_id for _ in range(4) for row_id in _write_until_killed(name)]
    seal_everything()
    assert len(acknowledged) >= 80
    assert Seal.objects.filter(stream=Stream.EVENTS).count() > 8
    assert set(acknowledged) <= set(all_ids(odawara))
    assert sealed_in(odawara) == all_ids(odawara)
    assert found_in(odawara) == []


def test_two_sealers_at_once_seal_nothing_twice(odawara, tmp_path):
    with _database_for_children(tmp_path) as name, ThreadPoolExecutor(2) as both:
        acknowledged = [row_id for row_ids in both.map(_write_until_killed, [name, name]) for row_id in row_ids]
    seal_everything()
    assert set(acknowledged) <= set(all_ids(odawara))
    assert sorted(sealed_in(odawara)) == all_ids(odawara)
    assert found_in(odawara) == []


@contextmanager
def _database_for_children(folder: Path) -> Iterator[str]:
    """A database other processes reach; one in memory is lent to them as a file and taken back."""
    if connection.vendor == "postgresql":
        yield str(connection.settings_dict["NAME"])
        return
    path = folder / "lent.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as file:
        connection.connection.backup(file)
    yield str(path)
    with closing(sqlite3.connect(path)) as file:
        file.backup(connection.connection)


def _write_until_killed(database: str) -> list[int]:
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[2] / "src"), os.environ.get("PYTHONPATH")]))
    environment = {
        **os.environ,
        "MADOGUCHI_HOME": str(django_settings.HOME),
        "PYTHONPATH": path,
        "SEALED_DATABASE": database,
    }
    command = [sys.executable, "-c", _WRITE_AND_SEAL]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(20)]
        while lines[-1] and _seals_seen(lines[-1]) < _seals_seen(lines[0]) + 2:
            lines.append(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
        lines += child.stdout.readlines()
    return [int(line.split()[0]) for line in lines if line.endswith("\n")]


def _seals_seen(line: str) -> int:
    return int(line.split()[1])


def test_the_anchor_notes_the_newest_seal(sealed):
    city, _ = sealed
    noted = json.loads(anchor_path(city, Stream.EVENTS).read_text())
    newest = Seal.objects.filter(stream=Stream.EVENTS).order_by("-number")[0]
    assert (noted["number"], noted["hash"]) == (newest.number, newest.hash)


def test_lifting_the_protection_puts_it_back(sealed):
    with unprotected():
        pass
    with as_owner(), pytest.raises((IntegrityError, ProgrammingError, InternalError), match="append-only"):
        run_sql("DELETE FROM trust_event")
