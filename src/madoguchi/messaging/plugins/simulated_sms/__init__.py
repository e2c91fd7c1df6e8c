"""A provider of short messages that does not exist: it takes them, shows them, and reports what became of them."""

from .server import serve

__all__ = ["serve"]
