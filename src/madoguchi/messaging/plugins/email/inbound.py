"""
A listener for mails that come back (SMTP or LMTP), on loopback beside the city's own mail server.

Addresses that are not signed return paths are refused at RCPT. A mail is answered for when what it says is committed: reports
that arrive together are settled together, so that a hundred thousand of them are no more than a few hundred transactions.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope
from django.db import close_old_connections

from ...rules.mail.reports import Report, read_report
from ...rules.mail.verp import read_return_path
from ...services.bounces import Taken, take_reports, verp_keys

MOST_TOGETHER = 500
TOGETHER_SECONDS = 0.1
LARGEST = 20 * 1024 * 1024
COMPLAINTS = ("abuse", "complaints", "fbl")
"""Local parts that complaints may be sent to; whose mail it was about stands inside."""
_Waiting = tuple[Report, "asyncio.Future[None]"]


class Intake:
    """Takes reports from connections and settles them together in a thread of its own."""

    def __init__(self) -> None:
        self.taken = Taken()
        self.keys = verp_keys()
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(maxsize=10 * MOST_TOGETHER)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bounces")

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        """Refuse what is not one of our return paths."""
        local = address.partition("@")[0].lower()
        if local not in COMPLAINTS and read_return_path(address, keys=self.keys) is None:
            return "550 5.1.1 not a return path of ours"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        """Answer when the report is settled."""
        content = envelope.content or b""
        data = content if isinstance(content, bytes) else content.encode()
        report = read_report(data, recipients=envelope.rcpt_tos, keys=self.keys)
        settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._queue.put((report, settled))
        try:
            await settled
        except Exception:  # the database is away: the server tries again
            return "451 4.3.0 try again later"
        return "250 2.0.0 taken"

    async def run(self) -> None:
        """Settle what waits, for ever."""
        while True:
            batch = [await self._queue.get()]
            await asyncio.sleep(TOGETHER_SECONDS)
            while len(batch) < MOST_TOGETHER and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            try:
                taken = await asyncio.get_running_loop().run_in_executor(
                    self._thread, _settle, [one for one, _ in batch]
                )
            except Exception as error:
                for _, settled in batch:
                    settled.set_exception(error)
            else:
                self.taken += taken
                for _, settled in batch:
                    settled.set_result(None)


def _settle(reports: list[Report]) -> Taken:
    close_old_connections()
    return take_reports(reports=reports)


def listen_for_bounces(host: str, port: int, *, is_lmtp: bool, say: Callable[[str], object]) -> None:
    """Listen until told to end; raises ``OSError`` where the port is taken."""
    asyncio.run(_listen(host, port, is_lmtp, say))


async def _listen(host: str, port: int, is_lmtp: bool, say: Callable[[str], object]) -> None:
    intake, ended, loop = Intake(), asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    protocol = LMTP if is_lmtp else SMTP
    server = await loop.create_server(
        lambda: protocol(intake, data_size_limit=LARGEST, enable_SMTPUTF8=True, loop=loop), host, port
    )
    say(f"{'lmtp' if is_lmtp else 'smtp'}://{host}:{server.sockets[0].getsockname()[1]}")
    settling = asyncio.create_task(intake.run())
    await ended.wait()
    server.close()
    settling.cancel()
    say(f"{intake.taken.hard} / {intake.taken.soft} / {intake.taken.complaints} / {intake.taken.ignored}")
