"""Errors of the trust room. Each message says what was refused and what to do next, in the user's language."""

from __future__ import annotations


class TrustError(Exception):
    """Base of the room's errors; ``str(error)`` may be shown to a user."""


class UnscopedQueryError(TrustError):
    """A query on an owned model ran outside a municipality scope: a fault of the program, never of the user."""


class RefusedError(TrustError):
    """The actor may not do this; nothing was changed."""


class UnknownMunicipalityError(TrustError):
    """No municipality of this installation has this key or host name."""
