"""The only door to the records room."""

from .errors import RecordsError

__all__ = ["RecordsError"]
