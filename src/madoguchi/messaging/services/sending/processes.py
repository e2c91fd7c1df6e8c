"""Which process claimed a delivery, and whether it still lives."""

from __future__ import annotations

import os
import socket
from pathlib import Path


def own_name() -> str:
    """Return the name of this process: host, number, and when it began, since numbers are used again."""
    return f"{_host()}:{os.getpid()}:{_began(os.getpid())}"


def is_dead(name: str) -> bool | None:
    """Tell whether the process that made a claim is gone; None for one on another machine, which cannot be seen from here."""
    host, _, rest = name.partition(":")
    number, _, began = rest.partition(":")
    if host != _host() or not number.isdecimal():
        return None
    return _began(int(number)) != began.partition("/")[0]


def _host() -> str:
    return socket.gethostname().replace(":", "-")[:24]


def _began(number: int) -> str:
    """Return the tick at which a process began (field 22 of its stat), "-" where there is none such."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
        state = stat.rpartition(")")[2].split()
        return "-" if state[0] in "ZX" else state[19]
    except OSError:
        return "" if _answers(number) and not Path("/proc/self/stat").exists() else "-"


def _answers(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
