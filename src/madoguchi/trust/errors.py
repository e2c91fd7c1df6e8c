"""Errors of the trust room. Each message says what was refused and what to do next, in the user's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied


class TrustError(Exception):
    """Base of the room's errors; ``str(error)`` may be shown to a user."""


class UnscopedQueryError(TrustError):
    """A query on an owned model ran outside a municipality scope: a fault of the program, never of the user."""


class RefusedError(TrustError, PermissionDenied):
    """
    The actor may not do this; nothing was changed.

    A ``PermissionDenied``, so that a view need not catch it: the visitor sees the 403 page with this message, and the
    site's middleware writes the event ``trust.permission.refused`` from ``action``, ``actor`` and ``subject``.
    """

    def __init__(self, message: str = "", *, action: str = "", actor: Any = None, subject: Any = None) -> None:
        super().__init__(message)
        self.action = action
        self.actor = actor
        self.subject = subject


class UnknownMunicipalityError(TrustError):
    """No municipality of this installation has this key or host name."""


class SignInLockedError(TrustError):
    """Too many sign-ins failed; the next one is let through at ``until`` (aware)."""

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class InvitationError(TrustError):
    """The one-time link is unknown, was used, withdrawn, or has expired."""


class OrganisationError(TrustError):
    """A change of the organisation contradicts itself, such as a unit that ends before it begins."""


class WorkerLostError(TrustError):
    """The worker died while it ran a job, more than once."""


class FileRefusedError(TrustError):
    """A file cannot be taken: its size, its type, or because it is not what its name says."""


class OperationError(TrustError):
    """A backup or a restore could not be done; nothing was changed."""


class IdentityRefusedError(TrustError):
    """
    What an identity provider or a browser brought back cannot be accepted; nothing was changed.

    ``reason`` is a code for the log (``wrong_issuer``); the message says what happened and what to do. ``detail`` is for the
    operator's log and holds nothing about a person.
    """

    def __init__(self, reason: str, message: str = "", *, detail: str = "") -> None:
        super().__init__(message or reason)
        self.reason = reason
        self.detail = detail


class DelegationError(TrustError):
    """A delegation cannot be made or accepted as asked: a code that does not work, dates that contradict each other."""
