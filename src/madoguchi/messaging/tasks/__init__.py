"""Background jobs of the messaging room."""

from . import alerts, line, recipients, sending, signage

__all__ = ["alerts", "line", "recipients", "sending", "signage"]
