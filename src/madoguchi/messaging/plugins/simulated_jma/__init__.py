"""A feed of the Meteorological Agency that does not exist: it serves what it is given, and issues old telegrams again."""

from .server import serve

__all__ = ["serve"]
