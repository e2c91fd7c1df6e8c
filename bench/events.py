"""
Appending events with digest and a running sealer, against plain inserts of the same rows, with 16 writers.

Each writer is a process that commits one row per transaction. The yardstick is a table with the same columns, indexes and
policies but without digest, commit stamp, triggers and sealer. Six rounds, the order reversed each time; the ratio is the
median of theirs. One JSON line for the drivers alone (the budget) and one through the ORM, per database. PostgreSQL runs
with fsync.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.postgresql import find_programs, start_postgresql  # noqa: E402 - the repository is no package on the path

from madoguchi.trust.rules.digests import row_digest  # noqa: E402 - after the path, like the next

WRITERS, MUNICIPALITIES, ROUNDS, BUDGET = 16, 5, 6, 0.80
COLUMNS = "municipality_id, key, at, subject_type, subject_id, quantity, data"
Insert = Callable[[int, int], None]


def row_of(municipality: int, number: int) -> dict[str, Any]:
    return {
        "municipality": municipality,
        "key": "trust.account.signed_in",
        "at": datetime.now(UTC),
        "actor": None,
        "subject_type": "trust.account",
        "subject_id": str(number),
        "quantity": None,
        "data": {"attempt": number, "method": "password"},
    }


def values_of(row: dict[str, Any], *, with_digest: bool) -> list[Any]:
    values = [row[name] for name in ("municipality", "key", "at", "subject_type", "subject_id", "quantity")]
    values.append(json.dumps(row["data"]))
    if with_digest:
        values.append(row_digest({**row, "at": row["at"].isoformat(timespec="microseconds")}))
    return values


def sqlite_insert(path: str, *, with_digest: bool) -> Insert:
    table = "trust_event" if with_digest else "bench_plain"
    columns = COLUMNS + (", digest" if with_digest else "")
    sql = f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(columns.split(',')))})"
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;")

    def insert(municipality: int, number: int) -> None:
        values = values_of(row_of(municipality, number), with_digest=with_digest)
        values[2] = values[2].strftime("%Y-%m-%d %H:%M:%S.%f")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(sql, values)
        connection.execute("COMMIT")

    return insert


def postgresql_insert(url: str, *, with_digest: bool) -> Insert:
    import psycopg

    table = "trust_event" if with_digest else "bench_plain"
    columns = COLUMNS + (", digest" if with_digest else "")
    sql = f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(columns.split(',')))})"
    connection = psycopg.connect(url, autocommit=True, prepare_threshold=None, cursor_factory=psycopg.ClientCursor)

    def insert(municipality: int, number: int) -> None:
        values = values_of(row_of(municipality, number), with_digest=with_digest)
        connection.execute(f"BEGIN; SET LOCAL app.municipality = '{municipality}'")
        connection.execute(sql, values)
        connection.commit()

    return insert


def orm_insert(_: str, *, with_digest: bool) -> Insert:
    from django.db import connection, models, transaction

    from madoguchi.trust import events
    from madoguchi.trust.models import Event, Municipality, acting_for
    from madoguchi.trust.services.events import record_event

    cities = {city.pk: city for city in Municipality.objects.all()}
    connection.close()
    plain = type(
        "PlainEvent",
        (models.Model,),
        {
            "__module__": __name__,
            "Meta": type("Meta", (), {"app_label": "trust", "managed": False, "db_table": "bench_plain"}),
            **{
                field.name: field.clone()
                for field in Event._meta.fields
                if field.name not in {"id", "digest", "actor", "municipality"}
            },
            "municipality": models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+"),
        },
    )

    def insert(municipality: int, number: int) -> None:
        city, row = cities[municipality], row_of(municipality, number)
        with acting_for(city), transaction.atomic():
            if with_digest:
                record_event(kind=events.SIGNED_IN, subject=city, data=row["data"])
            else:
                fields = {name: row[name] for name in ("key", "at", "subject_type", "quantity", "data")}
                plain(municipality=city, subject_id=str(city.pk), **fields).save(force_insert=True)

    return insert


def write(make: Callable[..., Insert], target: str, with_digest: bool, barrier: Any, seconds: float, done: Any) -> None:
    insert = make(target, with_digest=with_digest)
    barrier.wait()
    until, count, slot = time.perf_counter() + seconds, 0, os.getpid()
    while time.perf_counter() < until:
        insert(1 + (slot + count) % MUNICIPALITIES, count)
        count += 1
    done.put(count)


def run_writers(make: Callable[..., Insert], target: str, *, with_digest: bool, seconds: float) -> float:
    """Return rows per second of all writers together."""
    context = multiprocessing.get_context("fork")
    barrier, done = context.Barrier(WRITERS), context.Queue()
    arguments = (make, target, with_digest, barrier, seconds, done)
    writers = [context.Process(target=write, args=arguments) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    counts = [done.get() for _ in writers]
    for writer in writers:
        writer.join()
    return sum(counts) / seconds


@contextmanager
def sealer(environment: dict[str, str]) -> Iterator[None]:
    """Run the sealer as the worker does, in a process of its own."""
    script = (
        "import threading, django; django.setup()\n"
        "from madoguchi.trust.services.sealing import run_sealer\n"
        "print('ready', flush=True); run_sealer(threading.Event())"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


def measure(make: Callable[..., Insert], target: str, environment: dict[str, str], seconds: float) -> dict[str, Any]:
    plain, sealed = [], []
    for turn in range(ROUNDS):
        # Short rounds beside each other, the order reversed each time: what else the machine does falls on both alike.
        for with_digest in (False, True) if turn % 2 == 0 else (True, False):
            if with_digest:
                with sealer(environment):
                    sealed.append(run_writers(make, target, with_digest=True, seconds=seconds))
            else:
                plain.append(run_writers(make, target, with_digest=False, seconds=seconds))
    return {
        "ratio": round(statistics.median(ours / theirs for ours, theirs in zip(sealed, plain, strict=True)), 3),
        "appended_per_second": round(statistics.median(sealed)),
        "plain_per_second": round(statistics.median(plain)),
        "writers": WRITERS,
        "rounds": ROUNDS,
    }


def prepare(environment: dict[str, str]) -> None:
    """Make the tables and five municipalities."""
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from madoguchi.trust.api import add_municipality\n"
        f"for n in range(1, {MUNICIPALITIES} + 1):\n"
        "    city = add_municipality(key=f'city{n}', code=f'{n:06}', name=f'{n}市')\n"
        "    assert city.pk == n\n"
    )
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)


def add_plain_table_sqlite(path: str) -> None:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT type, sql FROM sqlite_master WHERE tbl_name = 'trust_event' AND sql IS NOT NULL")
    for kind, sql in rows.fetchall():
        if kind in {"table", "index"}:
            renamed = sql.replace('"trust_event"', '"bench_plain"').replace('INDEX "', 'INDEX "plain_')
            connection.execute(renamed.replace('"digest" varchar(64) NOT NULL, ', ""))
    columns = [row[1] for row in connection.execute("PRAGMA table_info(bench_plain)")]
    assert "digest" not in columns
    assert "data" in columns
    connection.close()


def add_plain_table_postgresql(url: str) -> None:
    import psycopg

    own = "municipality_id = NULLIF(current_setting('app.municipality', true), '')::bigint"
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE bench_plain (LIKE trust_event INCLUDING ALL)")
        connection.execute("ALTER TABLE bench_plain DROP COLUMN digest, DROP COLUMN tx")
        # What Django gives every foreign key; the event table has the index of the commit order in its place.
        connection.execute("CREATE INDEX ON bench_plain (municipality_id)")
        for column, table in (("municipality_id", "trust_municipality"), ("actor_id", "trust_account")):
            connection.execute(
                f"ALTER TABLE bench_plain ADD FOREIGN KEY ({column}) REFERENCES {table} DEFERRABLE INITIALLY DEFERRED"
            )
        connection.execute("ALTER TABLE bench_plain ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        connection.execute(f"CREATE POLICY own ON bench_plain USING ({own}) WITH CHECK ({own})")


def check_chain(environment: dict[str, str]) -> None:
    """Seal the rest and make sure that what was measured is a whole chain over every event."""
    script = (
        "import django; django.setup()\n"
        "from madoguchi.trust.models import Event, Municipality, Seal, acting_for\n"
        "from madoguchi.trust.services.sealing import seal_everything\n"
        "from django.db.models import Sum\n"
        "seal_everything()\n"
        "for city in Municipality.objects.all():\n"
        "    with acting_for(city):\n"
        "        sealed = Seal.objects.filter(stream='events').aggregate(n=Sum('count'))['n']\n"
        "        assert sealed == Event.objects.count() > 0, (sealed, Event.objects.count())\n"
    )
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)


def report(bench: str, result: dict[str, Any], *, budget: float | None) -> bool:
    within = budget is None or result["ratio"] >= budget
    print(json.dumps({"bench": bench, **result, "budget": budget, "ok": within}), flush=True)
    return within


def run(database: str, url: str, make: Callable[..., Insert], target: str, seconds: float) -> bool:
    environment = {**os.environ, "MADOGUCHI_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "madoguchi.site.settings"}
    environment.setdefault("MADOGUCHI_HOME", str(Path(tempfile.mkdtemp(prefix="madoguchi-bench-"))))
    prepare(environment)
    (add_plain_table_sqlite if database == "sqlite" else add_plain_table_postgresql)(target)
    within = report(f"event_append_{database}", measure(make, target, environment, seconds), budget=BUDGET)
    os.environ.update(environment)
    import django

    django.setup()  # once here: the forked writers then need not
    report(f"event_append_{database}_orm", measure(orm_insert, target, environment, seconds), budget=None)
    check_chain(environment)
    return within


def in_child(function: Callable[..., bool], *arguments: Any) -> bool:
    """Run in a forked process: Django's settings are read once per process, and each database needs its own."""
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    child = context.Process(target=lambda: results.put(function(*arguments)))
    child.start()
    child.join()
    return child.exitcode == 0 and bool(results.get())


def main() -> int:
    """Measure on both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    within = True
    if options.database != "postgresql":
        with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as folder:
            path = str(Path(folder) / "bench.sqlite3")
            within &= in_child(run, "sqlite", f"sqlite:///{path}", sqlite_insert, path, options.seconds)
    if options.database != "sqlite":
        if find_programs() is None:
            print(json.dumps({"bench": "event_append_postgresql", "skipped": "PostgreSQL is not installed"}))
        else:
            with start_postgresql(fsync=True) as server:
                within &= in_child(run, "postgresql", server.url, postgresql_insert, server.url, options.seconds)
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
