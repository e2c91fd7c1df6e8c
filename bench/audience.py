"""
Counting an audience among 1,000,000 residents: at most 300 ms on PostgreSQL and 1 s on SQLite (p95).

The rows are made by SQL in the database itself. Asked is what the page of a message asks while somebody chooses: people, ways,
languages, who falls out and why, small groups. One JSON line per rule; a raw count of the table is printed for comparison.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.lib import milliseconds, report_p95, start_installation

BUDGET = {"sqlite": 1000.0, "postgresql": 300.0}
ROUNDS, TOWNS, TOPICS = 12, 80, 12
RULES: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "topic or town, child of three, English",
        {"all": [{"any": [{"topic": ["t3"]}, {"town": ["町7"]}]}, {"child_age": 3}, {"language": ["en"]}]},
    ),
    ("town and child of three", {"all": [{"town": ["町7"]}, {"child_age": 3}]}),
    ("first graders' parents in three towns", {"all": [{"town": ["町1", "町2", "町3"]}, {"child_school_year": "elementary1"}]}),
    ("topic", {"topic": ["t3"]}),
    ("65 or more in a town, not reading English", {"all": [{"town": ["町9"]}, {"age": {"from": 65}}, {"not": {"language": "en"}}]}),
)  # fmt: skip


def fill(rows: int, municipality: int) -> None:
    """Make residents, their recipients, children, addresses and subscriptions, one statement each."""
    from django.db import connection

    is_sqlite = connection.vendor == "sqlite"
    serial = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"
        if is_sqlite
        else f"WITH n AS (SELECT generate_series(1, {rows})::bigint AS i)"
    )
    now = "'2026-11-20 03:00:00'" if is_sqlite else "timestamptz '2026-11-20 03:00:00+00'"
    key = "printf('%026d', i)" if is_sqlite else "lpad(i::text, 26, '0')"
    key64 = "printf('%064d', i)" if is_sqlite else "lpad(i::text, 64, '0')"

    def day(step: int, span: int) -> str:
        back = f"((i * {step}) % {span})"
        return f"date('2026-11-20', '-' || {back} || ' days')" if is_sqlite else f"(date '2026-11-20' - {back}::int)"

    town = f"'町' || ((i * 7919 / 101) % {TOWNS})"
    language = "CASE WHEN (i * 1299709 / 37) % 30 = 0 THEN 'en' WHEN i % 97 = 0 THEN 'ja-easy' ELSE 'ja' END"
    statements = [
        f"""INSERT INTO trust_resident (municipality_id, reference, name, name_kana, name_key, kana_key, name_print, birth_date,
              sex, postal_code, address, relationship, language, created_at, updated_at)
            {"" if is_sqlite else serial}
            SELECT {municipality}, {key}, '氏名', '', 'key', '', '氏名', {day(7919, 33000)}, '', '250-0011', {town}, '世帯主', '',
              {now}, {now} FROM n""",
        f"""INSERT INTO messaging_recipient (municipality_id, key, resident_id, name, language, is_language_declared, birth_date,
              postal_code, town, channels, consented_at, feed_serial, registry_seen_at, created_at)
            SELECT {municipality}, reference, id, name, {language.replace("i ", "id ")}, id % 20 = 0, birth_date, postal_code,
              address, '[]', CASE WHEN (id * 611953 / 53) % 10 < 7 THEN {now} END, 0, {now}, {now} FROM trust_resident""",
        f"""INSERT INTO messaging_child (municipality_id, recipient_id, birth_date, is_declared)
            SELECT {municipality}, id, {day(104729, 6940).replace("i *", "id *")}, id % 9 = 0 FROM messaging_recipient
            WHERE (id * 224737 / 29) % 4 = 0""",
        f"""INSERT INTO messaging_subscription (municipality_id, recipient_id, topic_id, source, subscribed_at)
            SELECT {municipality}, r.id, t.id, 'own', {now} FROM messaging_recipient r JOIN messaging_topic t
            ON ((r.id * 15485863 / 71) + t.id) % 40 = 0""",
        f"""INSERT INTO messaging_endpoint (municipality_id, recipient_id, channel, address, digest, details, status, failures,
              last_error, created_at)
            SELECT {municipality}, id, CASE WHEN id % 3 = 0 THEN 'line' ELSE 'email' END, 'a' || id, {key64.replace("i)", "id)")
            if is_sqlite else key64.replace("i::", "id::")}, '{{}}', 'active', 0, '', {now} FROM messaging_recipient
            WHERE id % 5 < 2""",
    ]  # fmt: skip
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(serial + " " + statement if is_sqlite and " FROM n" in statement else statement)


def measure(rows: int) -> bool:
    """Fill an empty installation and count every audience; returns whether all budgets hold."""
    start_installation()
    from django.db import connection

    from madoguchi.messaging.models import Topic
    from madoguchi.messaging.rules.audience import parse_rule
    from madoguchi.messaging.selectors.audience import count_audience
    from madoguchi.trust.api import acting_for, add_municipality

    city = add_municipality(key="odawara", code="142069", name="小田原市", order=1)
    passed = True
    with acting_for(city):
        from madoguchi.kit import clock

        Topic.objects.bulk_create(
            Topic(municipality=city, code=f"t{n}", names={"ja": f"分野{n}"}, created_at=clock.now())
            for n in range(TOPICS)
        )
        fill(rows, city.pk)
    with connection.cursor() as cursor:
        # What the house-keeping of PostgreSQL does in the background soon after.
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    with acting_for(city):
        with connection.cursor() as cursor:
            raw = milliseconds(lambda: cursor.execute("SELECT count(*) FROM messaging_recipient").fetchone())
        print(f"# raw count of {rows:,} rows: {raw:.0f} ms, {connection.vendor}", flush=True)
        for name, document in RULES:
            rule = parse_rule(document)
            people = count_audience(rule).people
            times = [milliseconds(lambda rule=rule: count_audience(rule)) for _ in range(ROUNDS)]  # type: ignore[misc]
            title = f"audience of {people:,}: {name}, {connection.vendor}"
            passed &= report_p95(title, times, at_most=BUDGET[connection.vendor])
        whole = milliseconds(lambda: count_audience(parse_rule({"everyone": True})))
        print(f"# everyone, once: {whole:.0f} ms, {connection.vendor}", flush=True)
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
