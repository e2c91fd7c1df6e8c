"""Replies of SMTP servers (RFC 5321, enhanced codes RFC 3463): read from a stream, and what they mean for a mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})\b")
LONGEST_LINE = 2048
BUSY_SECONDS, REFUSED_FOR_NOW_SECONDS = 60, 600


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: the code and its text, lines joined by spaces."""

    code: int
    text: str

    @property
    def is_good(self) -> bool:
        """True for 2xx and 3xx."""
        return 200 <= self.code < 400


class BadReplyError(ValueError):
    """What came is no SMTP."""


class ReplyReader:
    """Puts the bytes of a connection together to replies."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[str] = []

    def feed(self, data: bytes) -> list[Reply]:
        """Take bytes as they came; return the replies that are complete. Raises ``BadReplyError``."""
        found = []
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_LINE or len(self._lines) > 500:
            raise BadReplyError("a reply without end")
        for line in lines:
            reply, goes_on = _read_line(line)
            if goes_on:
                self._lines.append(reply.text)
            elif self._lines:
                found.append(Reply(reply.code, " ".join([*self._lines, reply.text])[:400]))
                self._lines = []
            else:
                found.append(reply)
        return found


@lru_cache(maxsize=256)
def _read_line(line: bytes) -> tuple[Reply, bool]:
    """Return what a line says, and whether another one belongs to it; a server says most of its lines again and again."""
    code, mark = line[:3], line[3:4]
    if not code.isdigit() or mark not in (b" ", b"-", b"", b"\r"):
        raise BadReplyError("a line without a code")
    return Reply(int(code), line[4:].decode("utf-8", "replace").strip()[:400]), mark == b"-"


class Fate(StrEnum):
    """What became of a mail."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reply says of a mail; ``retry_seconds`` where it is to be tried again."""

    fate: Fate
    text: str
    retry_seconds: int = 0


def judge_recipient(reply: Reply) -> Verdict:
    """Return what a refused RCPT says: of the address where the code says so, else of the mail or the moment."""
    if reply.code < 500:
        return Verdict(Fate.LATER, _said(reply), BUSY_SECONDS if reply.code == 421 else REFUSED_FOR_NOW_SECONDS)
    match = _ENHANCED.search(reply.text)
    if match is not None:
        is_address = match[2] == "1" or (match[2] == "2" and match[3] in {"0", "1"})
        return Verdict(Fate.BOUNCED if is_address else Fate.REFUSED, _said(reply))
    return Verdict(Fate.BOUNCED if reply.code in {550, 551, 553} else Fate.REFUSED, _said(reply))


def judge_mail(reply: Reply) -> Verdict:
    """Return what a refused MAIL or DATA says of the mail; nothing of the address."""
    if reply.code < 500:
        return Verdict(Fate.LATER, _said(reply), BUSY_SECONDS)
    return Verdict(Fate.REFUSED, _said(reply))


def judge_end(reply: Reply) -> Verdict:
    """Return what the reply to the final dot says: the mail is theirs now, or not."""
    if 200 <= reply.code < 300:
        return Verdict(Fate.SENT, reply.text)
    match = _ENHANCED.search(reply.text)
    if reply.code >= 500 and match is not None and match[2] == "1":
        return Verdict(Fate.BOUNCED, _said(reply))
    return judge_mail(reply)


def _said(reply: Reply) -> str:
    return f"{reply.code} {reply.text}"[:200]
