"""All connections of this process to the server, the journal they share, and the reading process beside them."""

from __future__ import annotations

import itertools
import logging
import math
import select
import socket
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ...rules.mail.replies import BadReplyError, Fate, ReplyReader, Verdict, judge_end
from .companion import Companion, CompanionLostError
from .connection import Connection, ConnectionFailedError, Mail
from .journal import Journal, clear_away
from .opening import Opened, OpeningError, open_connection

logger = logging.getLogger(__name__)

MAILS_PER_CONNECTION = 8
IDLE_SECONDS = 25.0
DOWN_SECONDS = 20.0
"""After it could not be reached, the server is left alone for so long."""
LIMITED_SECONDS, LATENESS_SECONDS = 60.0, 0.25
RETRY_SECONDS, UNCERTAIN_SECONDS = 60, 300
MOST_TRIES, MOST_READERS, MOST_BARREN = 3, 3, 5
SETTLE_SECONDS = 20.0
Decided = tuple[int, Verdict]


class Fleet:
    """
    Sends batches of mails over up to ``server["connections"]`` connections, which are kept between batches.

    One batch at a time, from one thread.
    """

    def __init__(self, server: dict[str, Any], *, root: Path, name: str) -> None:
        self.server, self.root, self.name = server, root, name
        self.journal: Journal | None = None
        self.companion: Companion | None = None
        self.connections: dict[int, Connection] = {}
        self.mails: deque[Mail] = deque()
        self.down_until = 0.0
        self.fault = ""
        self.left: Path | None = None
        self._numbers = itertools.count(1)
        self._poll = select.epoll()
        self._watched: dict[int, Connection] = {}
        self._decided: list[Decided] = []
        self._readers = 0
        self._barren = 0
        self._limit, self._limited_until = 0, 0.0
        self._looked_at = 0.0

    def send(self, mails: deque[Mail]) -> Iterator[Decided]:
        """Send a batch; yield what became of each mail as soon as it is known. Not finishing it leaves the rest to recovery."""
        is_done = False
        try:
            yield from self._send(mails)
            is_done = True
        finally:
            if not is_done:
                self.abandon()

    def _send(self, mails: deque[Mail]) -> Iterator[Decided]:
        self.mails, self._readers, self._barren = mails, 0, 0
        if time.monotonic() < self.down_until:
            yield from self._put_off(self.fault)
            return
        try:
            self._prepare()
        except OSError as error:
            logger.warning("the journal of mails cannot be written: %s", error)
            yield from self._put_off(f"journal: {error.strerror or error}")
            return
        while self.mails or any(not one.is_idle for one in self.connections.values()):
            if not self._man():
                self.down_until = time.monotonic() + DOWN_SECONDS
                yield from self._take_decided()
                yield from self._put_off(self.fault)
                return
            self._feed()
            self._wait()
            yield from self._take_decided()
        yield from self._take_decided()

    def _take_decided(self) -> list[Decided]:
        decided, self._decided = self._decided, []
        return decided

    def _put_off(self, why: str) -> Iterator[Decided]:
        while self.mails:
            yield self.mails.popleft().delivery, Verdict(Fate.LATER, why, RETRY_SECONDS)

    def _prepare(self) -> None:
        """Begin the batch in the journal, and let go of connections that the server has closed or soon will."""
        if self.journal is None:
            clear_away(self.root)
            self.journal = Journal(self.root)
        if self.companion is None:
            self.companion = Companion(self.journal)
            self._poll.register(self.companion.fileno(), select.EPOLLIN)
        self._hear(0.0)
        for one in list(self.connections.values()):
            if not one.is_idle or time.monotonic() - one.moved_at > IDLE_SECONDS:
                self._let_go(one)
        if self.journal.begin_batch():
            for one in self.connections.values():
                one.restart_count()

    def _man(self) -> bool:
        """See to it that there are as many connections as the mails are worth; tell whether there is any."""
        if time.monotonic() > self._limited_until:
            self._limit = self.server["connections"]
        wanted = min(self._limit, math.ceil(len(self.mails) / MAILS_PER_CONNECTION))
        missing = wanted - len(self.connections)
        if missing > 0 and self._barren < MOST_BARREN:
            self._open(missing)
        return bool(self.connections)

    def _open(self, missing: int) -> None:
        # The first one tells whether the server is there; the others are then opened together.
        first = 0 if self.connections else self._open_one()
        if not self.connections or missing - first <= 0:
            return
        with ThreadPoolExecutor(max_workers=missing) as pool:
            opened = [one for one in pool.map(lambda _: self._try_open(), range(missing - first)) if one is not None]
        for number, one in opened:
            self._adopt(number, one)
        if len(opened) < missing - first:
            # It takes no more from us at a time: what there is must do for a while.
            self._limit, self._limited_until = max(1, len(self.connections)), time.monotonic() + LIMITED_SECONDS

    def _open_one(self) -> int:
        found = self._try_open()
        if found is None:
            return 0
        self._adopt(*found)
        return 1

    def _try_open(self) -> tuple[int, Opened] | None:
        number = next(self._numbers)

        def encrypt(link: socket.socket) -> socket.socket:
            if self.companion is None:
                raise OpeningError("the reading process is gone")
            return self.companion.encrypt(number, link, host=self.server["host"], ca=self.server["ca"])

        try:
            return number, open_connection(self.server, name=self.name, encrypt=encrypt)
        except (OpeningError, CompanionLostError) as error:
            self.fault = str(error) or "the reading process is gone"
            return None

    def _adopt(self, number: int, opened: Opened) -> None:
        one = Connection(number, opened)
        try:
            if not opened.is_encrypted and self.companion is not None:
                self.companion.share(number, opened.link)
        except CompanionLostError:
            one.drop()
            self._replace_reader()
            return
        self.connections[number] = one
        if opened.is_encrypted:
            self._watched[one.link.fileno()] = one
            self._poll.register(one.link.fileno(), select.EPOLLIN)

    def _feed(self) -> None:
        """Give every connection that can take one a mail; those accepted go out, once they are in the journal."""
        accepted = [one for one in self.connections.values() if one.is_accepted]
        if accepted and self.journal is not None:
            mails = [(one, one.negotiating) for one in accepted]
            self.journal.commit([(one.number, one.next_place(), mail.delivery) for one, mail in mails if mail])
            for one in accepted:
                one.commit()
        for one in list(self.connections.values()):
            if one.negotiating is None and self.mails and (one.committed is None or one.pipelines):
                self._offer(one)
            if one.out:
                self._write(one)

    def _offer(self, one: Connection) -> None:
        while self.mails:
            mail = self.mails.popleft()
            mail.data = mail.data or mail.write()
            refusal = one.refusal(mail)
            if refusal is None:
                one.offer(mail)
                return
            self._decided.append((mail.delivery, refusal))

    def _write(self, one: Connection) -> None:
        try:
            is_all = one.write()
        except ConnectionFailedError as error:
            self._fail(one, str(error))
            return
        file = one.link.fileno()
        if not is_all and not one.is_encrypted and file not in self._watched:
            self._watched[file] = one
            self._poll.register(file, select.EPOLLOUT)
        elif one.is_encrypted:
            self._poll.modify(file, select.EPOLLIN | (0 if is_all else select.EPOLLOUT))
        elif is_all and file in self._watched:
            del self._watched[file]
            self._poll.unregister(file)

    def _wait(self) -> None:
        self._hear(LATENESS_SECONDS)
        now = time.monotonic()
        if now < self._looked_at + LATENESS_SECONDS:
            return
        self._looked_at = now
        for one in [one for one in self.connections.values() if one.is_late(now)]:
            self._fail(one, "the server does not answer")

    def _hear(self, seconds: float) -> None:
        """Take what came, from the reading process and from encrypted connections."""
        if self._decided:
            seconds = 0.0
        companion = self.companion
        for file, event in self._poll.poll(seconds):
            if companion is not None and file == companion.fileno():
                self._hear_companion(companion)
            elif (one := self._watched.get(file)) is not None:
                if event & select.EPOLLOUT:
                    self._write(one)
                if one.is_encrypted and event & ~select.EPOLLOUT and one.number in self.connections:
                    self._hear_encrypted(one)

    def _hear_companion(self, companion: Companion) -> None:
        try:
            records = companion.receive()
        except CompanionLostError:
            self._replace_reader()
            return
        for number, _, data in records:
            one = self.connections.get(number)
            if one is None:
                continue
            if data:
                self._take(one, data)
            else:
                self._fail(one, "the server closed the connection")

    def _hear_encrypted(self, one: Connection) -> None:
        try:
            data = one.read()
        except ConnectionFailedError as error:
            self._fail(one, str(error))
            return
        if data:
            self._take(one, data)

    def _take(self, one: Connection, data: bytes) -> None:
        try:
            for mail, verdict in one.take(data):
                self._decided.append((mail.delivery, verdict))
                if verdict.fate is Fate.SENT:
                    self._barren = 0
        except ConnectionFailedError as error:
            self._fail(one, str(error))

    def _fail(self, one: Connection, why: str) -> None:
        """Give a connection up: what was not committed goes by another one, what was is uncertain (RFC 1047)."""
        if one.number not in self.connections:
            return
        self.fault = why
        self._barren += one.sent_count == 0
        if one.committed is not None:
            self._decided.append((one.committed.delivery, Verdict(Fate.LATER, why, UNCERTAIN_SECONDS)))
        self._give_back(one.negotiating, why, is_barren=one.sent_count == 0)
        self._let_go(one)

    def _give_back(self, mail: Mail | None, why: str, *, is_barren: bool = True) -> None:
        if mail is None:
            return
        mail.tries += is_barren
        mail.mail_reply = mail.recipient_reply = None
        if mail.tries < MOST_TRIES:
            self.mails.appendleft(mail)
        else:
            self._decided.append((mail.delivery, Verdict(Fate.LATER, why, RETRY_SECONDS)))

    def _let_go(self, one: Connection) -> None:
        self.connections.pop(one.number, None)
        if self._watched.pop(one.link.fileno(), None) is not None:
            self._poll.unregister(one.link.fileno())
        if one.is_idle:
            one.leave()
        else:
            one.drop()
        if self.companion is not None:
            self.companion.forget(one.number)

    def _replace_reader(self) -> None:
        """The reading process was killed: settle what it had in hand, and go on with another one and new connections."""
        lost, self.companion = self.companion, None
        if lost is not None:
            self._poll.unregister(lost.fileno())
            lost.close()
        for one in list(self.connections.values()):
            if one.committed is not None:
                self._settle(one)
            self._give_back(one.negotiating, "the reading process was lost")
            self._let_go(one)
        self._readers += 1
        if self._readers >= MOST_READERS or self.journal is None:
            self._barren, self.fault = MOST_BARREN, "the reading process was lost"
            return
        self.companion = Companion(self.journal)
        self._poll.register(self.companion.fileno(), select.EPOLLIN)

    def _settle(self, one: Connection) -> None:
        """Find the reply to a committed mail: in the journal, where it was written before it was taken, else on the line."""
        mail, journal = one.committed, self.journal
        if mail is None or journal is None:
            return
        answered = _replies(journal.answers_of(one.number))
        verdict = answered[one.place] if one.place < len(answered) else None
        if verdict is None and not one.is_encrypted and one.awaits_end():
            verdict = _read_verdict(one, journal)
        self._decided.append((mail.delivery, verdict or Verdict(Fate.LATER, "the answer was lost", UNCERTAIN_SECONDS)))

    def abandon(self) -> None:
        """Leave everything as it is to the reading process and to recovery."""
        if self.companion is not None:
            self._poll.unregister(self.companion.fileno())
            self.companion.close()
        for file in self._watched:
            self._poll.unregister(file)
        for one in self.connections.values():
            one.drop()
        if self.journal is not None:
            self.left = self.journal.folder
            self.journal.leave()
        self.journal = self.companion = None
        self.connections, self._watched, self._decided = {}, {}, []


def _replies(data: bytes) -> list[Verdict]:
    try:
        return [judge_end(reply) for reply in ReplyReader().feed(data)]
    except BadReplyError:
        return []


def _read_verdict(one: Connection, journal: Journal) -> Verdict | None:
    """Read the next reply of a connection nobody else reads any more."""
    reader, until = ReplyReader(), time.monotonic() + SETTLE_SECONDS
    one.link.setblocking(True)
    while (left := until - time.monotonic()) > 0:
        one.link.settimeout(left)
        try:
            data = one.link.recv(65_536)
        except OSError:
            return None
        if not data:
            return None
        journal.note_answer(one.number, data)
        replies = reader.feed(data)
        if replies:
            return judge_end(replies[0])
    return None
