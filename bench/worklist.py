"""
The first page of the work list over 1,000,000 cases: at most 100 ms (p95), on SQLite and on PostgreSQL.

The rows are made by SQL in the database itself. Asked are the questions staff asks: everything, my own, one section, several
sections, one status, past due, a name, a number, and a page far behind. One JSON line per question; rendering included.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.lib import ask, milliseconds, report_p95, start_installation

BUDGET, ROUNDS, UNITS = 100.0, 40, 40
NAMES = ("サトウ", "スズキ", "タカハシ", "タナカ", "イトウ", "ワタナベ", "ヤマモト", "ナカムラ", "コバヤシ", "カトウ")


def pick(values: Sequence[object], step: int) -> str:
    """Return SQL that takes one of the values by the number of the row."""
    branches = " ".join(f"WHEN {at} THEN {value}" for at, value in enumerate(values))
    return f"CASE (i / {step}) % {len(values)} {branches} END"


def fill(rows: int, units: list[int], accounts: list[int], municipality: int) -> None:
    """Make the cases by one statement per database; nine of ten are open."""
    from django.db import connection

    today = date.today().isoformat()  # noqa: DTZ011 - the day only spreads the due dates
    serial = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"
        if connection.vendor == "sqlite"
        else f"WITH n AS (SELECT generate_series(1, {rows}) AS i)"
    )
    if connection.vendor == "sqlite":
        day = f"date('{today}', ((i * 7919) % 400 - 60) || ' days')"
        moment = f"datetime('{today}', '-' || (i % 300) || ' days')"
        number = "printf('%07d-X', i)"
    else:
        day = f"(date '{today}' + ((i::bigint * 7919) % 400 - 60)::int)"
        moment = f"(timestamptz '{today}' - make_interval(days => i % 300))"
        number = "lpad(i::text, 7, '0') || '-X'"
    names = pick([f"'{name}'" for name in NAMES], 3)
    status = "CASE WHEN i % 1000 = 0 THEN 'stuck' WHEN i % 4 = 0 THEN 'waiting_applicant' ELSE 'working' END"
    unit, account = pick(units, 1), pick([*accounts, "NULL", "NULL"], 7)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{serial}
            INSERT INTO cases_case (municipality_id, number, kind, subject_id, title, topic, person, search_key, channel, status,
              unit_id, desk_id, assignee_id, step, problem, priority, opened_at, due_on, order_on, closed_at, outcome,
              fiscal_year, revision, handled_seconds)
            SELECT {municipality}, {number}, 'bench.matter', cast(i AS text), '住民票の写しの交付', 'resident-record', '氏名 ' || i,
              {names} || i, 'online', {status}, {unit}, {unit}, {account}, '受付審査', '', 2, {moment}, {day}, {day},
              CASE WHEN i % 10 = 9 THEN {moment} END, '', 2026, 0, 0 FROM n"""
        )
        cursor.execute("ANALYZE")


def installation(rows: int) -> dict[str, Any]:
    """Return the addresses to ask and the cookie of somebody of the whole city, and of three sections."""
    from django.conf import settings
    from django.test import Client

    from madoguchi.trust.api import Account, acting_for, add_municipality, add_unit, assign_duty
    from madoguchi.trust.enums import AccountKind, Role, UnitKind

    settings.SECOND_FACTOR_REQUIRED = False
    city = add_municipality(key="odawara", code="142069", name="小田原市", order=1)
    with acting_for(city):
        units = [add_unit(name=f"第{n}課", kind=UnitKind.SECTION, fiscal_year=2020) for n in range(UNITS)]
        people = {}
        for login, held in (("all", [None]), ("three", units[:3]), ("one", units[:1])):
            people[login] = Account.objects.create_account(
                login=login, password=None, kind=AccountKind.STAFF, name=login
            )
            for unit in held:
                assign_duty(account=people[login], role=Role.SECTION_STAFF, from_date=date(2024, 4, 1), unit=unit)
        started = datetime.now(UTC)
        fill(rows, [unit.pk for unit in units], [account.pk for account in people.values()], city.pk)
        print(f"# {rows:,} cases in {(datetime.now(UTC) - started) / timedelta(seconds=1):.0f} s", flush=True)
        cookies = {}
        for login, account in people.items():
            client = Client(headers={"host": "odawara.localhost"})
            client.force_login(account)
            cookies[login] = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return {"cookies": cookies, "unit": units[5].pk}


QUESTIONS = (
    ("first page, whole city", "all", "/work/?who=unit"),
    ("my own, three days", "all", "/work/?who=me&due=3"),
    ("three sections", "three", "/work/?who=unit"),
    ("one section", "one", "/work/?who=unit"),
    ("nobody's", "one", "/work/?who=free"),
    ("one desk of the city", "all", "/work/?who=unit&desk={unit}"),
    ("stuck", "all", "/work/?who=unit&status=stuck"),
    ("past due", "three", "/work/?who=unit&due=over"),
    ("far behind", "all", "/work/?who=unit&after={far}.1"),
    ("a name", "all", "/work/?q=サトウ12345"),
    ("a common name", "all", "/work/?q=サトウ"),
)


def measure(rows: int) -> bool:
    """Fill an empty installation and ask every question; returns whether all budgets hold."""
    start_installation()
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    made = installation(rows)
    handler = get_wsgi_application()
    far = (date.today() + timedelta(days=200)).isoformat()  # noqa: DTZ011 - see above
    passed = True
    for name, login, path in QUESTIONS:
        address = path.format(unit=made["unit"], far=far)

        def call(address: str = address, login: str = login) -> bytes:
            return ask(handler, address, host="odawara.localhost", cookie=made["cookies"][login])

        call()
        times = [milliseconds(call) for _ in range(ROUNDS)]
        passed &= report_p95(f"work list, {name}, {connection.vendor}", times, at_most=BUDGET)
    return passed


def on_postgresql(rows: int) -> bool:
    """Run the same in a process of its own against a server of its own."""
    from tests.postgresql import find_programs, start_postgresql

    if find_programs() is None:
        print("# PostgreSQL is not installed here", flush=True)
        return True
    with tempfile.TemporaryDirectory(prefix="madoguchi-bench-pg-") as folder, start_postgresql(fsync=True) as server:
        environment = {**os.environ, "MADOGUCHI_DATABASE_URL": server.url, "MADOGUCHI_HOME": folder}
        program = [sys.executable, __file__, "--rows", str(rows), "--here"]
        return subprocess.run(program, env=environment, check=False).returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument(
        "--here", action="store_true", help="only the database of MADOGUCHI_DATABASE_URL (SQLite without)"
    )
    given = parser.parse_args()
    passed = measure(given.rows)
    if not given.here:
        passed &= on_postgresql(given.rows)
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
