"""One connection to a mail server on which mails go out one after the other, pipelined where the server allows it."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ...rules.mail.replies import (
    BadReplyError,
    Fate,
    Reply,
    ReplyReader,
    Verdict,
    judge_end,
    judge_mail,
    judge_recipient,
)
from .opening import Opened

REPLY_SECONDS, END_SECONDS = 120.0, 300.0
"""How long a server may think about a command, and about a whole mail (RFC 5321, 4.5.3.2 asks for at least 5 and 10 minutes)."""


@dataclass(slots=True)
class Mail:
    """
    A mail on its way: its delivery and envelope.

    ``write`` makes its bytes (CRLF line ends, without the final dot) when its turn has come: a thousand mails with
    attachments would not fit into memory.
    """

    delivery: int
    sender: str
    recipient: str
    write: Callable[[], bytes]
    needs_utf8: bool = False
    data: bytes = b""
    tries: int = 0
    mail_reply: Reply | None = field(default=None, compare=False)
    recipient_reply: Reply | None = field(default=None, compare=False)


class ConnectionFailedError(Exception):
    """The server closed the connection, fell silent or said what is no SMTP."""


class Connection:
    """
    A connection that is open and idle at first. ``offer`` gives it a mail, ``commit`` sends one whose DATA was accepted.

    ``place`` counts the replies that came since the journal began. ``negotiating`` is the mail whose recipient is asked for,
    ``committed`` the one whose final dot is sent.
    """

    def __init__(self, number: int, opened: Opened) -> None:
        self.number, self.link = number, opened.link
        self.is_encrypted = opened.is_encrypted
        self.place = opened.replies
        extensions = opened.extensions
        self.pipelines = "PIPELINING" in extensions
        self.takes_utf8 = "SMTPUTF8" in extensions
        self.names_size = "SIZE" in extensions
        self.size = int(extensions["SIZE"]) if extensions.get("SIZE", "").isdecimal() else 0
        self.negotiating: Mail | None = None
        self.committed: Mail | None = None
        self.is_accepted = False
        self.is_leaving = False
        self.sent_count = 0
        self.out = bytearray()
        self.moved_at = time.monotonic()
        self._expected: deque[str] = deque()
        self._reader = ReplyReader()
        self._must_reset = False

    @property
    def is_idle(self) -> bool:
        """True when nothing is under way."""
        return self.negotiating is None and self.committed is None and not self._expected

    def restart_count(self) -> None:
        """Count replies from 0: the journal begins anew."""
        self.place = 0

    def refusal(self, mail: Mail) -> Verdict | None:
        """Return why this server cannot take a mail at all."""
        if mail.needs_utf8 and not self.takes_utf8:
            return Verdict(Fate.REFUSED, "the server does not take international addresses (SMTPUTF8)")
        if self.size and len(mail.data) > self.size:
            return Verdict(Fate.REFUSED, f"the mail is larger ({len(mail.data)}) than the server takes ({self.size})")
        return None

    def offer(self, mail: Mail) -> None:
        """Begin with a mail; with pipelining its commands go out together, else one after the other."""
        self.negotiating = mail
        if not self.pipelines:
            if self._must_reset:
                self._say("reset", "RSET")
            else:
                self._say("mail", self._mail_command(mail))
            return
        if self._must_reset:
            self._say("reset", "RSET")
        self._say("mail", self._mail_command(mail))
        self._say("recipient", f"RCPT TO:<{mail.recipient}>")
        self._say("data", "DATA")
        self._must_reset = False

    def _mail_command(self, mail: Mail) -> str:
        size = f" SIZE={len(mail.data)}" if self.names_size else ""
        return f"MAIL FROM:<{mail.sender}>{size}{' SMTPUTF8' if mail.needs_utf8 else ''}"

    def _say(self, kind: str, command: str) -> None:
        self._expected.append(kind)
        self.out += command.encode() + b"\r\n"

    def next_place(self) -> int:
        """Return at which place the reply to the final dot will come, if the dot goes out next."""
        return self.place + len(self._expected)

    def commit(self) -> None:
        """Send the accepted mail to its last dot. It must be in the journal by now."""
        mail = self.negotiating
        assert mail is not None  # noqa: S101 - whoever commits has seen is_accepted
        self.out += mail.data
        if b"\n." in mail.data:
            self.out[-len(mail.data) :] = mail.data.replace(b"\n.", b"\n..")
        self.out += b".\r\n"
        self.committed, self.negotiating, self.is_accepted = mail, None, False
        self._expected.append("end")

    def write(self) -> bool:
        """Send what is to be sent; returns whether all of it went."""
        try:
            while self.out:
                sent = self.link.send(self.out)
                self.moved_at = time.monotonic()
                if sent == len(self.out):
                    self.out = bytearray()
                else:
                    del self.out[:sent]
        except (BlockingIOError, InterruptedError):
            return False
        except OSError as error:
            raise ConnectionFailedError(error.strerror or str(error)) from error
        return True

    def read(self) -> bytes:
        """Return what came on an encrypted connection; plain ones are read by the reading process."""
        try:
            data = self.link.recv(65_536)
        except (BlockingIOError, InterruptedError):
            return b""
        except OSError as error:
            raise ConnectionFailedError(error.strerror or str(error)) from error
        if not data:
            raise ConnectionFailedError("the server closed the connection")
        return data

    def take(self, data: bytes) -> Iterator[tuple[Mail, Verdict]]:
        """Take what the server sent; yield the mails whose fate it decides."""
        self.moved_at = time.monotonic()
        try:
            replies = self._reader.feed(data)
        except BadReplyError as error:
            raise ConnectionFailedError(str(error)) from error
        for reply in replies:
            self.place += 1
            if not self._expected:
                raise ConnectionFailedError(f"{reply.code} {reply.text}"[:200])
            decided = self._hear(self._expected.popleft(), reply)
            if decided is not None:
                yield decided
            if reply.code == 421:
                raise ConnectionFailedError(f"{reply.code} {reply.text}"[:200])

    def _hear(self, kind: str, reply: Reply) -> tuple[Mail, Verdict] | None:
        if kind == "end":
            mail, self.committed = self.committed, None
            assert mail is not None  # noqa: S101 - set with the expectation
            verdict = judge_end(reply)
            self.sent_count += verdict.fate is Fate.SENT
            return mail, verdict
        if kind in {"reset", "nobody"} or self.negotiating is None:
            self._go_on(kind)
            return None
        if kind == "mail":
            self.negotiating.mail_reply = reply
        elif kind == "recipient":
            self.negotiating.recipient_reply = reply
        if kind == "data":
            return self._judge(self.negotiating, reply)
        return None if self.pipelines else self._step(self.negotiating, kind, reply)

    def _go_on(self, kind: str) -> None:
        if kind == "reset" and not self.pipelines and self.negotiating is not None:
            self._must_reset = False
            self._say("mail", self._mail_command(self.negotiating))

    def _step(self, mail: Mail, kind: str, reply: Reply) -> tuple[Mail, Verdict] | None:
        """Without pipelining: say the next command, or give the mail up."""
        if not reply.is_good:
            return self._judge(mail, reply)
        if kind == "mail":
            self._say("recipient", f"RCPT TO:<{mail.recipient}>")
        else:
            self._say("data", "DATA")
        return None

    def _judge(self, mail: Mail, reply: Reply) -> tuple[Mail, Verdict] | None:
        """Decide on a mail when DATA is answered, or without pipelining when something was refused."""
        asked, named = mail.mail_reply, mail.recipient_reply
        verdict = None
        if asked is not None and not asked.is_good:
            verdict = judge_mail(asked)
        elif named is not None and not named.is_good:
            verdict = judge_recipient(named)
        elif reply.code != 354:
            verdict = judge_mail(reply)
        if verdict is None:
            self.is_accepted = True
            return None
        if reply.code == 354:
            # The server wants a text although nobody is to get it.
            self.out += b".\r\n"
            self._expected.append("nobody")
        self.negotiating, self._must_reset = None, True
        return mail, verdict

    def is_late(self, now: float) -> bool:
        """Tell whether the server has been silent for too long."""
        if self.is_idle:
            return False
        return now - self.moved_at > (END_SECONDS if self.committed is not None else REPLY_SECONDS)

    def leave(self) -> None:
        """Say goodbye and close; nobody waits for the answer."""
        with contextlib.suppress(OSError):
            self.link.send(b"QUIT\r\n")
        self.link.close()

    def drop(self) -> None:
        """Close at once."""
        self.link.close()

    def awaits_end(self) -> bool:
        """Tell whether the next reply is the one to a final dot."""
        return bool(self._expected) and self._expected[0] == "end"
