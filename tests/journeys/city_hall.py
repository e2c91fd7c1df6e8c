"""A whole city hall for journeys: server, worker and simulators as processes, on a database of their own."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest

from madoguchi.site.configuration import SIMULATED
from tests.program import PROGRAM, environment, run

Found = TypeVar("Found")
CITY = "odawara"
SERVICES = ("payment", "authority", "identity")
"""The simulators the journeys of procedures need."""
PASSWORD = "madoguchi-mihon"
"""Printed by ``madoguchi demonstration accounts``."""
PATIENCE = 40.0
"""Seconds until something that must happen has not happened."""


def wait_for(question: Callable[[], Found], what: str, *, patience: float = PATIENCE) -> Found:
    """Ask until the answer is true; fails with ``what`` was waited for."""
    deadline = time.monotonic() + patience
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            pytest.fail(f"after {patience:.0f} seconds still no: {what} (last answer: {answer!r})")
        time.sleep(0.05)


class CityHall:
    """
    An installation that runs: ``address`` is the city's, ``folder`` its data, ``simulators`` the services outside.

    Its database is read from outside, as an auditor would; it is written to only to move its clock.
    """

    def __init__(self, folder: Path, port: int, simulator_port: int, services: Sequence[str] = SERVICES) -> None:
        self.folder = folder
        self.address = f"http://{CITY}.localhost:{port}"
        # The browser knows every name below localhost; this machine's resolver need not.
        self._server = f"http://127.0.0.1:{port}"
        self.simulators = {
            name: f"http://127.0.0.1:{simulator_port + place}"
            for place, name in enumerate(SIMULATED)
            if name in services
        }
        self.environment = {
            "MADOGUCHI_DEMONSTRATION": "1",
            "MADOGUCHI_SIMULATOR_PORT": str(simulator_port),
            "MADOGUCHI_PUBLIC_URL": f"http://{{host}}:{port}",
        }
        self._commands: dict[str, tuple[str, ...]] = {
            "server": ("serve", "--port", str(port)),
            "worker": ("worker",),
            **{
                name: ("simulator", name, "--port", str(urlsplit(address).port))
                for name, address in self.simulators.items()
            },
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._read: dict[Path, int] = {}

    def prepare(self) -> None:
        """Make the database and put one city of the demonstration into it."""
        for command in (("migrate",), ("demonstration", "load", "--municipality", CITY)):
            done = run(self.folder, *command, **self.environment)
            assert done.returncode == 0, done.stderr

    def start(self, *names: str) -> None:
        """Start processes by name, all of them when none is given, each with a log of its own."""
        for name in names or self._commands:
            with self._log(name).open("ab") as log:
                self._processes[name] = subprocess.Popen(
                    [PROGRAM, *self._commands[name]],
                    env=environment(self.folder, **self.environment),
                    stdout=log,
                    stderr=log,
                    # Of a group of its own: the server's workers end with it.
                    start_new_session=True,
                )

    def wait_until_ready(self) -> None:
        """Wait until the server is ready and every simulator listens."""
        wait_for(lambda: self._answers(f"{self._server}/readyz"), "the server", patience=90)
        for name, address in self.simulators.items():
            listens = _listens if name == "mail" else self._answers
            wait_for(lambda listens=listens, address=address: listens(address), f"the simulator {name}", patience=90)

    def send_signal(self, name: str, what: signal.Signals) -> None:
        """Signal a process and what it started; after a deadly one it is waited for."""
        process = self._processes[name]
        os.killpg(process.pid, what)
        if what in {signal.SIGKILL, signal.SIGTERM}:
            process.wait(timeout=20)

    def stop(self) -> None:
        """End everything that still runs."""
        for process in self._processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        for process in self._processes.values():
            process.wait(timeout=20)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read from the database."""
        return self._execute(f"file:{self._database}?mode=ro", statement, values)

    def value(self, statement: str, *values: Any) -> Any:
        """Read one value from the database; None when there is no such row."""
        found = self.rows(statement, *values)
        return found[0][0] if found else None

    def move_clock(self, statement: str, *values: Any) -> None:
        """Let a moment that the database remembers be longer ago."""
        self._execute(f"file:{self._database}", statement, values)

    def new_log_lines(self) -> str:
        """Return what the processes have said since this was asked last."""
        said = []
        for name in self._commands:
            path = self._log(name)
            text = path.read_bytes() if path.exists() else b""
            new = text[self._read.get(path, 0) :].decode(errors="replace").strip()
            self._read[path] = len(text)
            if new:
                said.append(f"--- {name}\n{new}")
        return "\n".join(said)

    @property
    def _database(self) -> Path:
        return self.folder / "madoguchi.sqlite3"

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    @staticmethod
    def _execute(address: str, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(address, uri=True, timeout=20)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    @staticmethod
    def _answers(address: str) -> bool:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return True
        except urllib.error.HTTPError as error:
            return error.code < 500
        except OSError:
            return False


@contextmanager
def running_city_hall(folder: Path, services: Sequence[str] = SERVICES) -> Iterator[CityHall]:
    """Prepare and start a city hall on free ports with simulators of these services, and end all of it afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    hall = CityHall(folder, *free_ports(), services)
    hall.prepare()
    try:
        hall.start()
        hall.wait_until_ready()
        yield hall
    except BaseException:
        sys.stdout.write(hall.new_log_lines())
        raise
    finally:
        hall.stop()


def free_ports() -> tuple[int, int]:
    """Return a free port for the server, and the first of as many free ones in a row as there are simulators."""
    while True:
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            if port < 65_500 and all(_is_free(port + place) for place in range(1, len(SIMULATED) + 1)):
                return port, port + 1


def _listens(address: str) -> bool:
    """Tell whether anything takes connections at an address; what speaks no HTTP cannot be asked more."""
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5):
            return True
    except OSError:
        return False


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
