"""The simulated mail server as a process: mails become files one can open, and their number is told."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from .sink import Mood, Sink

MOODS: dict[str, Mood] = {
    "good": Mood(),
    "slow": Mood(reply_seconds=2.0),
    "421": Mood(says_421_after=3),
    "closes": Mood(closes_after=3),
    "dead": Mood(greets="421 4.3.2 out of service"),
    "hangs": Mood(is_silent=True),
}
TOLD_SECONDS = 2.0


class Folder:
    """Keeps the last mails as files ``<time>-<number>.eml``; only what it wrote itself does it delete."""

    def __init__(self, folder: Path, keep: int) -> None:
        self.folder, self.keep, self.count = folder, keep, 0
        self._files: deque[Path] = deque()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def take(self, sender: str, recipients: list[str], mail: bytes) -> None:
        """Write a mail with its envelope on top."""
        self.count += 1
        if self.keep == 0:
            return
        envelope = f"Return-Path: <{sender}>\r\n" + "".join(f"X-Envelope-To: <{one}>\r\n" for one in recipients)
        path = self.folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{self.count:06}.eml"
        path.write_bytes(envelope.encode() + mail)
        self._files.append(path)
        if len(self._files) > self.keep:
            self._files.popleft().unlink(missing_ok=True)


def serve_mail_simulator(port: int, *, folder: Path, keep: int, mood: str, say: Callable[[str], object]) -> None:
    """Listen on loopback until told to end; raises ``OSError`` where the port is taken."""
    asyncio.run(_serve(port, Folder(folder, keep), MOODS[mood], say))


async def _serve(port: int, folder: Folder, mood: Mood, say: Callable[[str], object]) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    sink = Sink(folder.take, mood)
    listening = await sink.start(port)
    say(f"smtp://127.0.0.1:{listening} → {folder.folder}")
    told = 0
    while not ended.is_set():
        try:
            await asyncio.wait_for(ended.wait(), TOLD_SECONDS)
        except TimeoutError:
            if folder.count != told:
                told = folder.count
                say(f"{told}")
    await sink.stop()
