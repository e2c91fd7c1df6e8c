"""Background jobs of the messaging room."""

from . import alerts, line, recipients, sending, signage, telegrams

__all__ = ["alerts", "line", "recipients", "sending", "signage", "telegrams"]
