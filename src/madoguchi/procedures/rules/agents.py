"""Telling programs that read pages by themselves from people, by how they name themselves (RFC 9110 § 10.1.5)."""

from __future__ import annotations

import re

_BROWSER = re.compile(r"(?:mozilla|opera)/", re.IGNORECASE)
# Cubot makes telephones.
_PROGRAM = re.compile(
    r"(?<!cu)bot(?![a-z])|crawl|spider|slurp|scrap|fetch|preview|monitor|uptime|headless|archiver|externalhit|lighthouse",
    re.IGNORECASE,
)


def is_program(agent: str) -> bool:
    """
    Tell whether a ``User-Agent`` is that of a program: a crawler, a monitor, a library; also where there is none.

    What does not begin as browsers do is none. A program that poses as a browser is taken for a person.
    """
    return _BROWSER.match(agent.strip()) is None or _PROGRAM.search(agent) is not None
