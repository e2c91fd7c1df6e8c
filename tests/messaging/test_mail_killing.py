"""Killed at any moment, the worker, or the process beside it, loses no mail and sends none twice: counted at the server."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.messaging.mail_server import Server, fates, fleet_for, mail_server, mails_to

WORKER = Path(__file__).parent / "mail_worker.py"
MAILS, KILLS = 1500, 5


def start(database: Path, journals: Path, server: Server) -> subprocess.Popen[str]:
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": f"{root / 'src'}:{root}", "MADOGUCHI_MAIL_SILENCE": "0.2"}
    arguments = [sys.executable, WORKER, database, journals, str(server.port)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)


def readers_of(worker: int) -> list[int]:
    """Return the processes a worker has started."""
    found = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
    return [int(number) for number in found]


@pytest.mark.parametrize("pause", [0.0, 0.02])
def test_every_mail_arrives_once_although_its_worker_is_killed_again_and_again(tmp_path: Path, pause: float) -> None:
    database, journals = tmp_path / "mails.sqlite3", tmp_path / "journals"
    count = MAILS if pause == 0 else MAILS // 2
    rows = sqlite3.connect(database, isolation_level=None)
    rows.execute("PRAGMA synchronous=OFF")
    rows.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, status TEXT)")
    rows.executemany("INSERT INTO mail VALUES (?, 'waiting')", [(number,) for number in range(count)])
    chance, killed = random.Random(7), 0
    with mail_server(reply_seconds=pause) as server:
        for _ in range(KILLS):
            with start(database, journals, server) as worker:
                assert worker.stdout is not None
                assert worker.stdout.readline() == "ready\n"
                before = len(server.mails)
                aim = before + chance.randrange(1, count // KILLS)
                while len(server.mails) < aim and worker.poll() is None:
                    time.sleep(0.001)
                killed += worker.poll() is None
                worker.kill()
        with start(database, journals, server) as worker:
            assert worker.wait(timeout=60) == 0
        received = server.received()
    assert killed == KILLS
    assert received == Counter({f"p{number}@example.jp": 1 for number in range(count)})
    assert rows.execute("SELECT status, count(*) FROM mail GROUP BY status").fetchall() == [("sent", count)]
    rows.close()


def test_the_worker_goes_on_when_the_process_beside_it_is_killed(tmp_path: Path) -> None:
    addresses = [f"p{number}@example.jp" for number in range(600)]
    decided = {}
    with mail_server(reply_seconds=0.005) as server, fleet_for(server, tmp_path) as fleet:
        for number, outcome in enumerate(fleet.send(mails_to(*addresses))):
            decided[outcome[0]] = outcome[1]
            if number in {100, 300} and fleet.companion is not None:
                os.kill(fleet.companion.pid, signal.SIGKILL)
        received = server.received()
    assert received == Counter(addresses)
    assert set(fates(decided.items()).values()) == {"sent"}


def test_a_reader_that_is_killed_every_time_stops_the_batch_and_nothing_is_lost(tmp_path: Path) -> None:
    addresses = [f"p{number}@example.jp" for number in range(300)]
    with mail_server(reply_seconds=0.005) as server, fleet_for(server, tmp_path) as fleet:
        decided = []
        for number, outcome in enumerate(fleet.send(mails_to(*addresses))):
            decided.append(outcome)
            if number % 40 == 20 and fleet.companion is not None:
                os.kill(fleet.companion.pid, signal.SIGKILL)
        received = server.received()
    found = fates(decided)
    assert len(found) == 300
    assert received == Counter(addresses[number] for number, fate in found.items() if fate == "sent")
    assert "later" in found.values()
