"""
From an earthquake telegram to queued alerts for 200,000 residents: at most 5 s, on SQLite and on PostgreSQL.

The telegram is read, judged by the shipped rules and issued as an alert; with it the rows of the outbox are written, two ways for every
second resident, people in need first, the CAP file is signed and the event recorded: all that is one transaction. Nothing is sent. One
JSON line per database; a plain copy of as many rows is printed for comparison.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.lib import report_p95, start_installation

BUDGET_MS = 5_000.0
CITY = {"key": "odawara", "code": "142069", "name": "小田原市", "order": 1}


def fill(rows: int, municipality: int) -> None:
    """Make recipients with mail, every second one with LINE too, and one of a hundred in need."""
    from django.db import connection

    is_sqlite = connection.vendor == "sqlite"
    serial = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"
        if is_sqlite
        else f"WITH n AS (SELECT generate_series(1, {rows})::bigint AS i)"
    )
    now = "'2026-11-20 03:00:00'" if is_sqlite else "timestamptz '2026-11-20 03:00:00+00'"
    key = "printf('%026d', i)" if is_sqlite else "lpad(i::text, 26, '0')"
    digest = "printf('%064d', id)" if is_sqlite else "lpad(id::text, 64, '0')"
    address = "'U' || printf('%032d', id)" if is_sqlite else "'U' || lpad(id::text, 32, '0')"
    endpoint = (
        "(municipality_id, recipient_id, channel, address, digest, details, status, failures, last_error, created_at)"
    )
    statements = [
        f"""INSERT INTO messaging_recipient (municipality_id, key, name, language, is_language_declared, postal_code, town, channels,
              feed_serial, created_at) {"" if is_sqlite else serial}
            SELECT {municipality}, {key}, '氏名', CASE WHEN i % 30 = 0 THEN 'en' ELSE 'ja' END, i % 30 = 0, '250-0011', '栄町',
              '[]', 0, {now} FROM n""",
        f"""INSERT INTO messaging_endpoint {endpoint} SELECT {municipality}, id, 'email', 'r' || id || '@city.example', {digest}, '{{}}',
              'active', 0, '', {now} FROM messaging_recipient""",
        f"""INSERT INTO messaging_endpoint {endpoint} SELECT {municipality}, id, 'line', {address}, {digest}, '{{}}', 'active', 0, '',
              {now} FROM messaging_recipient WHERE id % 2 = 0""",
        f"""INSERT INTO messaging_need (municipality_id, recipient_id, code, note, registered_at)
            SELECT {municipality}, id, 'walking', '', {now} FROM messaging_recipient WHERE id % 100 = 0""",
    ]
    with connection.cursor() as cursor:
        for number, statement in enumerate(statements):
            cursor.execute(f"{serial} {statement}" if is_sqlite and number == 0 else statement)
        cursor.execute("ANALYZE")


def alert_once(serial: int) -> float:
    """Take one telegram in and return the milliseconds until everybody is queued."""
    from tests.messaging.telegrams import earthquake

    from madoguchi.kit import clock
    from madoguchi.messaging.api import take_telegram
    from madoguchi.messaging.enums import TelegramSource

    at = clock.local(clock.now()) - timedelta(minutes=1)
    stamp = at.isoformat(timespec="seconds")
    data = earthquake("6+", event_id=at.strftime("%Y%m%d%H%M") + f"{serial:02}", reported=stamp)
    began = time.perf_counter()
    taken = take_telegram(data=data, source=TelegramSource.FILE)
    took = (time.perf_counter() - began) * 1000
    assert [str(action.what) for action in taken.actions] == ["issue"], taken
    return took


def measure(rows: int, rounds: int) -> bool:
    """Fill a database, raise alerts and print; returns whether the budget holds."""
    start_installation()
    from django.db import connection, transaction

    from madoguchi.messaging.models import Delivery
    from madoguchi.trust.api import acting_for, add_municipality

    city = add_municipality(**CITY)
    with acting_for(city):
        with transaction.atomic():
            fill(rows, city.pk)
        times = []
        for number in range(rounds):
            times.append(alert_once(number))
            queued = Delivery.objects.count()
            assert queued >= rows * 3 // 2, queued
            with transaction.atomic():
                _forget(connection)
    return report_p95(f"alert: {rows} residents, telegram to queued ({connection.vendor})", times, at_most=BUDGET_MS)


def _forget(connection: Any) -> None:
    """End the alert, so that the next telegram issues one of its own."""
    from madoguchi.messaging.models import Alert, Delivery
    from madoguchi.messaging.services.alerts import cancel_alert

    Delivery.objects.all()._raw_delete(Delivery.objects.db)
    for alert in Alert.objects.filter(state="issued"):
        cancel_alert(alert=alert, actor=None, automatic=True)
    Delivery.objects.all()._raw_delete(Delivery.objects.db)


def on_postgresql(rows: int, rounds: int) -> bool:
    """Run the same in a process of its own against a server of its own."""
    from tests.postgresql import find_programs, start_postgresql

    if find_programs() is None:
        print("# PostgreSQL is not installed here", flush=True)
        return True
    with tempfile.TemporaryDirectory(prefix="madoguchi-bench-pg-") as folder, start_postgresql(fsync=True) as server:
        environment = {**os.environ, "MADOGUCHI_DATABASE_URL": server.url, "MADOGUCHI_HOME": folder}
        program = [sys.executable, __file__, "--rows", str(rows), "--rounds", str(rounds), "--here"]
        return subprocess.run(program, env=environment, check=False).returncode == 0


def main() -> int:
    """Measure on SQLite, then on a PostgreSQL started for the purpose where there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--here", action="store_true", help="only the database of MADOGUCHI_DATABASE_URL (SQLite without)"
    )
    given = parser.parse_args()
    # Ways that are set up are queued for; nothing is sent here, so nobody listens at these addresses.
    os.environ.setdefault("MADOGUCHI_SIMULATOR_PORT", "59000")
    passed = measure(given.rows, given.rounds)
    if not given.here:
        passed &= on_postgresql(given.rows, given.rounds)
    return int(not passed)


if __name__ == "__main__":
    sys.exit(main())
