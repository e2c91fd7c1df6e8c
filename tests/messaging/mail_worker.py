"""
A worker that is there to be killed: it claims rows of a small database, sends them, marks them, and recovers like the house's.

Arguments: database, journals, port.
"""

from __future__ import annotations

import sqlite3
import sys
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from madoguchi.messaging.plugins.email.connection import Mail
from madoguchi.messaging.plugins.email.fleet import Fleet
from madoguchi.messaging.plugins.email.journal import recover_outcomes
from madoguchi.messaging.rules.mail.replies import Fate

SERVER = {"host": "127.0.0.1", "encryption": "none", "user": "", "password": "", "ca": "", "connections": 8}


def main(database: str, journals: str, port: str) -> None:
    rows = sqlite3.connect(database, isolation_level=None)
    rows.execute("PRAGMA synchronous=OFF")  # processes are killed here, not machines
    mark(rows, recover_outcomes(Path(journals)))
    rows.execute("UPDATE mail SET status = 'waiting' WHERE status = 'sending'")
    fleet = Fleet({**SERVER, "port": int(port)}, root=Path(journals), name="worker.example.jp")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while claimed := claim(rows):
        pending = []
        for outcome in fleet.send(deque(mail(number) for number in claimed)):
            pending.append(outcome)
            if len(pending) >= 50:
                mark(rows, pending)
                pending = []
        mark(rows, pending)
    sys.stdout.write("done\n")
    sys.stdout.flush()
    fleet.abandon()


def claim(rows: sqlite3.Connection) -> list[int]:
    found = [row[0] for row in rows.execute("SELECT id FROM mail WHERE status = 'waiting' ORDER BY id LIMIT 400")]
    rows.execute("BEGIN IMMEDIATE")
    rows.executemany("UPDATE mail SET status = 'sending' WHERE id = ?", [(number,) for number in found])
    rows.execute("COMMIT")
    return found


def mail(number: int) -> Mail:
    text = f"Message-ID: <{number}@example.jp>\r\nSubject: test\r\n\r\n{'x' * 400}\r\n".encode()
    return Mail(number, "b-1-1-x@example.jp", f"p{number}@example.jp", lambda: text)


def mark(rows: sqlite3.Connection, outcomes: Iterable[tuple[int, Any]]) -> None:
    told = [("sent" if verdict.fate is Fate.SENT else "waiting", number) for number, verdict in outcomes]
    rows.execute("BEGIN IMMEDIATE")
    rows.executemany("UPDATE mail SET status = ? WHERE id = ? AND status = 'sending'", told)
    rows.execute("COMMIT")


if __name__ == "__main__":
    main(*sys.argv[1:])
