"""Errors of the messaging room; messages are for the person who made the request."""

from __future__ import annotations

from typing import Any


class MessagingError(Exception):
    """A rule of the messaging room forbids what was asked for."""


class StatusError(MessagingError):
    """A message, alert or screen is not in a state in which this can be done."""


class AudienceError(MessagingError):
    """A rule of an audience cannot be read, or may not be sent to; the message says where (``path``) and what to do."""

    def __init__(self, message: str, *, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class ContentError(MessagingError):
    """A text cannot be sent as it is; ``problems`` lists what, field by field."""

    def __init__(self, message: str, problems: list[tuple[str, str]] | None = None) -> None:
        super().__init__(message)
        self.problems = problems or []


class StaleError(MessagingError):
    """Somebody else has changed it since it was opened."""


class AlreadyIssuedError(StatusError):
    """Of this event an alert is live already; ``alert`` is that one, to be updated instead."""

    def __init__(self, message: str, alert: Any) -> None:
        super().__init__(message)
        self.alert = alert


class ConfirmationError(MessagingError):
    """A message to very many was not confirmed by typing how many: ``people`` is the number to be typed."""

    def __init__(self, message: str, *, people: int) -> None:
        super().__init__(message)
        self.people = people


class RepeatedKeyError(MessagingError):
    """A program used the same key for something else before."""
