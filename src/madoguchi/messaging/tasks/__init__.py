"""Background jobs of the messaging room."""

from . import recipients, sending

__all__ = ["recipients", "sending"]
