"""What an edit of a definition may be refused for."""

from __future__ import annotations


def N_(text: str) -> str:
    """Mark a text for translation; this room's rules know no Django."""
    return text


class EditError(ValueError):
    """An edit that cannot be made: ``message`` is a msgid filled with ``params``, ``path`` the place it is about."""

    def __init__(self, message: str, path: str = "", **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.path = path
        self.params = params


class ClashError(ValueError):
    """Somebody else changed the same place meanwhile; ``clashes`` say where, and what each of the two wrote."""

    def __init__(self, clashes: list[Clash]) -> None:
        super().__init__(", ".join(clash.path for clash in clashes))
        self.clashes = clashes


class Clash:
    """One place that two people changed: its path today, and both values (``MISSING`` when it was taken away)."""

    __slots__ = ("mine", "path", "theirs")

    def __init__(self, path: str, mine: object, theirs: object) -> None:
        self.path = path
        self.mine = mine
        self.theirs = theirs


class Missing:
    """The value of a place that is not there."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()
