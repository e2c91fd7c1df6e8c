"""A push service that does not exist: browsers subscribe to it, the city sends to it, and it opens what it was sent."""

from .server import serve

__all__ = ["serve"]
