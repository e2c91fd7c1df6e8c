"""Background jobs of the messaging room."""

from . import alerts, recipients, sending

__all__ = ["alerts", "recipients", "sending"]
