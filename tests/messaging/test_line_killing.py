"""Killed at any moment, the worker tells each of 10,000 friends once: counted at LINE."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from madoguchi.messaging.plugins.line.simulator.server import Simulator

from .line_city import SEED

FRIENDS, KILLS = 10_000, (2, 3, 7, 12)
"""After how many requests the worker is killed; the requests of a worker that lives are 20."""
WORKER = Path(__file__).parent / "line_worker.py"


@pytest.fixture
def database(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Path:
    """A file with the tables of the house and nothing in them."""
    path = tmp_path / "city.sqlite3"
    with django_db_blocker.unblock():
        if connection.vendor != "sqlite":
            pytest.skip(
                "the worker is killed over a file of its own, which SQLite alone can copy from the tests' database"
            )
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")
    return path


@contextmanager
def worker(database: Path, users: list[str], url: str, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    root = Path(__file__).resolve().parents[2]
    (tmp_path / "users.json").write_text(json.dumps(users))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "madoguchi.site.settings",
        "MADOGUCHI_DATABASE_URL": f"sqlite:///{database}",
        "MADOGUCHI_HOME": str(tmp_path),
        "PYTHONPATH": f"{root / 'src'}:{root}",
    }
    arguments = [sys.executable, WORKER, tmp_path / "users.json", url]
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def line_of(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def test_every_friend_is_told_once_although_the_worker_is_killed_again_and_again(
    database: Path, tmp_path: Path
) -> None:
    with Simulator(0, seed=SEED) as simulator:
        threading.Thread(target=simulator.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        bot = simulator.store.bot("odawara")
        friends = simulator.store.add_friends(bot, FRIENDS)
        for friend in friends:
            friend.is_following = True
        with worker(database, [friend.user for friend in friends], simulator.base_url, tmp_path) as process:
            line_of(process)
            assert line_of(process) == 0
            for aim in KILLS:
                process.stdin.write("go\n")
                process.stdin.flush()
                pid = line_of(process)
                while bot.requests < aim:
                    time.sleep(0.0005)
                os.kill(pid, signal.SIGKILL)
                assert line_of(process) == signal.SIGKILL
            process.stdin.write("go\n")
            process.stdin.flush()
            line_of(process)
            assert line_of(process) == 0
        counts = {len(friend.chat) for friend in friends}
        simulator.shutdown()
    with closing(sqlite3.connect(database)) as rows:
        states = rows.execute("SELECT status, count(*) FROM messaging_delivery GROUP BY status").fetchall()
    assert counts == {2}
    assert states == [("sent", FRIENDS)]
