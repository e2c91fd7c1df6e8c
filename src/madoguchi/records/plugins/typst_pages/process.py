"""One typesetting process that is kept for some documents, then replaced; stopped when it takes too long."""

from __future__ import annotations

import atexit
import json
import os
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, cast

from django.utils.translation import gettext as _

from ...errors import TemplateError, TypesettingError

PROGRAM = Path(__file__).with_name("program.py")
# The typesetter keeps what it has laid out for reuse, some megabytes for each document.
DOCUMENTS_PER_PROCESS = 150
LARGEST = 64 * 1024 * 1024
START_SECONDS = 30.0
# A proxy nobody listens on: a template that asks for a package from the network is told so at once.
NOWHERE = "http://127.0.0.1:9"


class TypstProcess:
    """A typesetting process with a folder of its own that holds the shared parts of the templates."""

    def __init__(self, *, fonts: Sequence[str], parts: Sequence[Path]) -> None:
        self.folder = tempfile.mkdtemp(prefix="madoguchi-typst-")
        for part in parts:
            shutil.copy(part, self.folder)
        self.fonts = tuple(fonts)
        self.done = 0
        proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), NOWHERE)
        # The program is ours; nothing of a user is in the command.
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", str(PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env={**os.environ, **proxies, "NO_PROXY": "", "no_proxy": ""},
        )
        try:
            self.families = frozenset(json.loads(self._ask({"fonts": list(fonts)}, START_SECONDS)))
        except BaseException:
            self.stop()
            raise

    def typeset(self, job: dict[str, Any], seconds: float) -> bytes:
        """Return the PDF of a job; raises ``TemplateError`` with the place, or ``TypesettingError`` when it takes too long."""
        self.done += 1
        return self._ask({**job, "root": self.folder}, seconds)

    @property
    def is_usable(self) -> bool:
        """Whether another document may be given to it."""
        return self.process.poll() is None and self.done < DOCUMENTS_PER_PROCESS

    def stop(self) -> None:
        """End the process and remove its folder."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _ask(self, job: dict[str, Any], seconds: float) -> bytes:
        ends = time.monotonic() + seconds
        try:
            stdin = cast("IO[bytes]", self.process.stdin)
            stdin.write(json.dumps(job, ensure_ascii=True).encode() + b"\n")
            stdin.flush()
            kind, length = struct.unpack(">BI", self._read(5, ends))
            if length > LARGEST:
                raise TypesettingError(_("文書が大きすぎます。内容を減らすか、分けて作成してください。"))
            content = self._read(length, ends)
        except BrokenPipeError as error:
            raise TypesettingError(
                _("組版の処理が途中で止まりました。内容を減らして、もう一度お試しください。")
            ) from error
        if kind:
            raise TemplateError(content.decode(errors="replace"))
        return content

    def _read(self, count: int, ends: float) -> bytes:
        stdout = cast("IO[bytes]", self.process.stdout)
        found = bytearray()
        while len(found) < count:
            ready, _w, _x = select.select([stdout], [], [], max(0.0, ends - time.monotonic()))
            if not ready:
                self.process.kill()
                raise TypesettingError(
                    _(
                        "文書の組版に時間がかかりすぎたため、止めました。ひな形の繰り返しや、内容の量を確かめてください。"
                    )
                )
            part = os.read(stdout.fileno(), count - len(found))
            if not part:
                raise TypesettingError(_("組版の処理が途中で止まりました。内容を減らして、もう一度お試しください。"))
            found += part
        return bytes(found)


class Bench:
    """The one process of this program; documents take turns."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: TypstProcess | None = None

    def typeset(self, job: dict[str, Any], *, fonts: Sequence[str], parts: Sequence[Path], seconds: float) -> bytes:
        """Return the PDF of a job, starting a process when there is none that can be used."""
        with self.lock:
            if self.process is not None and (not self.process.is_usable or self.process.fonts != tuple(fonts)):
                self.close()
            if self.process is None:
                self.process = TypstProcess(fonts=fonts, parts=parts)
            try:
                return self.process.typeset(job, seconds)
            except TypesettingError:
                self.close()
                raise

    def close(self) -> None:
        """Stop the process, if there is one."""
        if self.process is not None:
            self.process.stop()
            self.process = None


bench = Bench()


def _start_afresh() -> None:
    """A forked child must not talk through the pipes of its parent."""
    global bench
    bench = Bench()


os.register_at_fork(after_in_child=_start_afresh)


@atexit.register
def close_bench() -> None:
    """End the typesetting process with the program."""
    bench.close()
