"""Refusing what a provider brought back: a short way to raise the reason codes of this plugin."""

from __future__ import annotations

import re
from typing import NoReturn

from ...errors import IdentityRefusedError

# The detail goes to the log and may come from anybody's address line.
_UNSAFE = re.compile(r"[^A-Za-z0-9 _.:/\-]")


def refuse(reason: str, detail: str = "") -> NoReturn:
    """Raise ``IdentityRefusedError``; the service adds the words for people."""
    raise IdentityRefusedError(reason, detail=_UNSAFE.sub("?", detail)[:200])
