"""Background jobs of the messaging room."""

from . import sending

__all__ = ["sending"]
