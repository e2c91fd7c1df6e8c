"""
Posting entries through the service, against plain inserts of the same rows, on one connection.

The yardstick writes the same three rows (two lines and the entry, committed together) into tables with the same columns and
indexes but without triggers, account look-up, key check or models. Rounds alternate; the ratio is the median of theirs. One
JSON line. SQLite in a file, WAL.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS, ENTRIES = 6, 400
TABLES = ("ledger_entryline", "ledger_journalentry")


def prepare(folder: str) -> None:
    """Point Django at a database of its own and make its tables."""
    os.environ |= {
        "MADOGUCHI_HOME": folder,
        "MADOGUCHI_DEMONSTRATION": "1",
        "DJANGO_SETTINGS_MODULE": "madoguchi.site.settings",
        "MADOGUCHI_DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
    }
    subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity", "0"], check=True)
    import django

    django.setup()


def make_plain_tables() -> None:
    """Copy the two tables with their indexes, without what guards them."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
            create = cursor.fetchone()[0]
            for name in TABLES:
                create = create.replace(f'"{name}"', f'"plain_{name}"')
            cursor.execute(create)
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
                [table],
            )
            for name, sql in cursor.fetchall():
                cursor.execute(sql.replace(f'"{name}"', f'"plain_{name}"').replace(f'"{table}"', f'"plain_{table}"'))


def plain_writer(city: int, accounts: list[int]) -> Callable[[str], None]:
    """Return what writes one entry by hand."""
    from django.db import connection, transaction

    from madoguchi.kit import clock, ids

    lines = (
        "INSERT INTO plain_ledger_entryline (municipality_id, entry_id, account_id, amount, fiscal_year, booked_on) "
        "VALUES (%s, %s, %s, 300, 2026, %s), (%s, %s, %s, -300, 2026, %s)"
    )
    entry = (
        "INSERT INTO plain_ledger_journalentry (id, municipality_id, key, kind, fiscal_year, booked_on, at, memo) "
        "VALUES (%s, %s, %s, 'raised', 2026, %s, %s, '')"
    )

    def write(key: str) -> None:
        number, today = ids.new_id(), clock.today()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(lines, [city, number, accounts[0], today, city, number, accounts[1], today])
            cursor.execute(entry, [number, city, key, today, clock.now()])

    return write


def service_writer() -> Callable[[str], None]:
    """Return what writes one entry through the service."""
    from madoguchi.ledger.enums import EntryKind
    from madoguchi.ledger.rules import postings
    from madoguchi.ledger.services.books import post_entry

    def write(key: str) -> None:
        post_entry(kind=EntryKind.RAISED, key=key, lines=postings.raised(300), fiscal_year=2026)

    return write


def rate(write: Callable[[str], None], name: str) -> float:
    """Return entries a second."""
    begun = time.perf_counter()
    for number in range(ENTRIES):
        write(f"{name}:{number}")
    return ENTRIES / (time.perf_counter() - begun)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        from madoguchi.ledger.models import BookAccount
        from madoguchi.ledger.services import ensure_chart
        from madoguchi.trust.api import acting_for, add_municipality

        city = add_municipality(key="bench", code="142069", name="試験市", order=1)
        with acting_for(city):
            ensure_chart()
            make_plain_tables()
            accounts = list(BookAccount.objects.filter(key__in=["receivable", "fees"]).values_list("pk", flat=True))
            writers = {"service": service_writer(), "plain": plain_writer(city.pk, accounts)}
            rates: dict[str, list[float]] = {name: [] for name in writers}
            for turn in range(ROUNDS):
                for name in sorted(writers, reverse=bool(turn % 2)):
                    rates[name].append(rate(writers[name], f"{name}:{turn}"))
    ratios = [service / plain for service, plain in zip(rates["service"], rates["plain"], strict=True)]
    result = {
        "bench": "ledger",
        "database": "sqlite",
        "entries_per_second": round(statistics.median(rates["service"])),
        "plain_per_second": round(statistics.median(rates["plain"])),
        "ratio": round(statistics.median(ratios), 2),
        "file": Path(__file__).name,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
