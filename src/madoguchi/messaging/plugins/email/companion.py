"""The reading process as its worker sees it: started, given connections, asked what came."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from . import reader
from .journal import Journal

SILENCE_SECONDS = float(os.environ.get("MADOGUCHI_MAIL_SILENCE", reader.SILENCE))
"""How long the reader waits for a silent server after its worker died, before it half-closes the connection."""
_PROGRAM = Path(reader.__file__).resolve()


class _Process(subprocess.Popen[bytes]):
    """A process that may outlive this one, and is meant to."""

    def __del__(self) -> None:
        """Do not warn that it is still running."""


_ending: list[_Process] = []
"""Readers that were told to finish, until they have."""


class CompanionLostError(Exception):
    """The reading process is gone."""


class Companion:
    """One reading process; its end of the control socket closes with this process, however that ends."""

    def __init__(self, journal: Journal) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        files = (theirs.fileno(), journal.answers, journal.lock)
        arguments = [*map(str, files), str(journal.folder / "sent"), str(SILENCE_SECONDS), str(SILENCE_SECONDS * 3)]
        # A group of its own: what is typed at the worker's terminal is not for the reader.
        self._process = _Process(
            [sys.executable, "-ISE", str(_PROGRAM), *arguments],
            pass_fds=files,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        self._control.setblocking(False)
        self._rest = b""

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def fileno(self) -> int:
        """Return the file to wait on for answers."""
        return self._control.fileno()

    def share(self, number: int, link: socket.socket) -> None:
        """Let it read a plain connection, which this process goes on writing to."""
        self._order(b"N", {"number": number}, [link.fileno()])

    def encrypt(self, number: int, link: socket.socket, *, host: str, ca: str) -> socket.socket:
        """Give it a connection to encrypt; returns a local socket that is used like the connection."""
        ours, theirs = socket.socketpair()
        with theirs, link:
            self._order(b"T", {"number": number, "host": host, "ca": ca}, [link.fileno(), theirs.fileno()])
        return ours

    def forget(self, number: int) -> None:
        """Let it close a connection."""
        try:
            self._order(b"C", {"number": number}, [])
        except CompanionLostError:
            return

    def _order(self, kind: bytes, told: dict[str, object], files: list[int]) -> None:
        try:
            socket.send_fds(self._control, [kind + b" " + json.dumps(told).encode()], files)
        except OSError as error:
            raise CompanionLostError from error

    def receive(self) -> list[tuple[int, int, bytes]]:
        """Return the records that came, none if nothing did; raise ``CompanionLostError`` when the process is gone."""
        try:
            data = self._control.recv(4 * reader.MOST)
        except (BlockingIOError, InterruptedError):
            return []
        except OSError as error:
            raise CompanionLostError from error
        if not data:
            raise CompanionLostError
        whole = self._rest + data
        records = list(reader.unpack(whole))
        used = sum(reader.RECORD.size + len(part) for _, _, part in records)
        self._rest = whole[used:]
        return records

    def close(self) -> None:
        """Let it finish by itself: it ends when all is answered, and whoever recovers the journal waits for its lock."""
        self._control.close()
        _ending.append(self._process)
        _ending[:] = [process for process in _ending if process.poll() is None]
