"""What is wrong with an answer, where, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..definition import Text


def N_(text: str) -> str:
    """Mark a text for translation; where it is shown it is translated."""
    return text


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One thing to put right.

    ``path`` is the place in the answers (``moved_on``, ``kids.0.name.family``), ``code`` is stable for machines, ``message`` a
    msgid with the named ``params``, ``label`` the label of the field. ``said`` is the definition's own sentence where it has
    one: it is shown in place of ``message``.
    """

    path: str
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    label: Text = field(default_factory=Text)
    said: Text = field(default_factory=Text)

    @property
    def field(self) -> str:
        """The code of the field of the form."""
        return self.path.split(".", 1)[0]


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem inside one answer: ``path`` is relative to it ("" for the whole)."""

    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""


def joined(*parts: str | int) -> str:
    """Return a path from its parts, leaving out empty ones."""
    return ".".join(str(part) for part in parts if part != "")
