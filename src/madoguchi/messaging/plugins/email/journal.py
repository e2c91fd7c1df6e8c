"""
What a worker is about to commit to mail servers, beside what they answered: one folder for each process that sends.

``sent`` holds a line ``C connection place delivery`` for each mail, written before its last byte: the reply to it is the one at
``place`` of that connection. ``answers`` is written by the reading process. ``alive`` is locked by the worker, ``lock`` by both:
a folder whose ``lock`` can be had is complete.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import time
from pathlib import Path

from ...rules.mail.replies import BadReplyError, Fate, ReplyReader, Verdict, judge_end
from . import reader

LONG = 20_000
"""Mails after which a journal is begun anew; until then it also remembers those of batches before."""
LONGEST_WAIT = 120.0
KEPT_SECONDS = 24 * 3600
NOT_COMMITTED = Verdict(Fate.LATER, "", 1)


class Journal:
    """The journal of this process."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{int(time.time()):x}-{os.getpid()}-{secrets.token_hex(4)}"
        hidden = root / f".{name}"
        hidden.mkdir(mode=0o700)
        self.alive = _locked(hidden / "alive")
        self.lock = _locked(hidden / "lock")
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self.sent = os.open(hidden / "sent", flags, 0o600)
        self.answers = os.open(hidden / "answers", flags, 0o600)
        self.folder = root / name
        hidden.rename(self.folder)
        self.count = 0

    def begin_batch(self) -> bool:
        """Note that all before is marked; returns whether the journal is new, so that places are counted from 0 again."""
        is_new = self.count >= LONG
        if is_new:
            # In this order: without its line of intent an answer means nothing.
            os.ftruncate(self.sent, 0)
            os.ftruncate(self.answers, 0)
            self.count = 0
        os.write(self.sent, b"B\n")
        return is_new

    def commit(self, entries: list[tuple[int, int, int]]) -> None:
        """Write down (connection, place, delivery) of mails whose last bytes are sent next."""
        self.count += len(entries)
        os.write(self.sent, b"".join(b"C %d %d %d\n" % entry for entry in entries))

    def note_answer(self, connection: int, data: bytes) -> None:
        """Write down what was read without the reading process."""
        os.write(self.answers, reader.pack(connection, reader.DATA, data))

    def answers_of(self, connection: int) -> bytes:
        """Return all that is written down of a connection."""
        records = reader.unpack((self.folder / "answers").read_bytes())
        return b"".join(data for number, kind, data in records if number == connection and kind == reader.DATA)

    def leave(self) -> None:
        """Give it up to whoever recovers it."""
        for file in (self.alive, self.lock, self.sent, self.answers):
            os.close(file)


def _locked(path: Path) -> int:
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def read_outcomes(sent: bytes, answers: bytes) -> list[tuple[int, Verdict]]:
    """
    Return (delivery, verdict) in the order of sending, one for each delivery.

    A mail of the last batch without an answer was not committed: its connection ended before the server had all of it.
    """
    replies = _replies(answers)
    known: dict[int, Verdict] = {}
    batch: dict[int, Verdict] = {}
    for line in sent.split(b"\n")[:-1]:
        parts = line.split(b" ")
        if parts[0] == b"B":
            known.update((number, verdict) for number, verdict in batch.items() if verdict.fate is Fate.SENT)
            batch = {}
            continue
        connection, place, delivery = (int(part) for part in parts[1:4])
        answered = replies.get(connection, [])
        batch[delivery] = answered[place] if place < len(answered) else NOT_COMMITTED
    return list({**known, **batch}.items())


def _replies(answers: bytes) -> dict[int, list[Verdict]]:
    readers: dict[int, ReplyReader] = {}
    found: dict[int, list[Verdict]] = {}
    for connection, kind, data in reader.unpack(answers):
        if kind != reader.DATA:
            continue
        try:
            replies = readers.setdefault(connection, ReplyReader()).feed(data)
        except BadReplyError:
            continue
        found.setdefault(connection, []).extend(judge_end(reply) for reply in replies)
    return found


def recover_outcomes(root: Path, *, wait: float = LONGEST_WAIT) -> list[tuple[int, Verdict]]:
    """
    Return what the journals of processes that died know, one outcome for each delivery: that it was taken, else the last word.

    Readers that are still waiting for answers are waited for. Journals are kept: what is in them may be asked for again.
    """
    known: dict[int, Verdict] = {}
    for folder in _folders(root):
        if _is_locked(folder / "alive", until=0):
            continue
        for delivery, verdict in outcomes_of(folder, wait=wait):
            if delivery not in known or known[delivery].fate is not Fate.SENT:
                known[delivery] = verdict
    return list(known.items())


def outcomes_of(folder: Path, *, wait: float = LONGEST_WAIT) -> list[tuple[int, Verdict]]:
    """Return what one journal knows, once nobody reads for it any more."""
    if _is_locked(folder / "lock", until=time.monotonic() + wait):
        return []
    try:
        return read_outcomes((folder / "sent").read_bytes(), (folder / "answers").read_bytes())
    except OSError:  # cleared away by another process
        return []


def clear_away(root: Path) -> None:
    """Delete the journals that were seen without their process a day ago, when everything in them was settled long since."""
    own = f"-{os.getpid()}-"
    for folder in _folders(root):
        if own in folder.name or _is_locked(folder / "alive", until=0) or _is_locked(folder / "lock", until=0):
            continue
        mark = folder / "ended"
        if not mark.exists():
            mark.touch()
        elif time.time() - mark.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))


def _is_locked(path: Path, *, until: float) -> bool:
    """Tell whether somebody still holds a lock at a moment (``time.monotonic``); a missing one is not held."""
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() >= until:
                    return True
                time.sleep(0.05)
            else:
                return False
    finally:
        os.close(file)
