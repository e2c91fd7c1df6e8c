"""Errors of the records room. Each message says what was refused and what to do next, in the user's language."""


class RecordsError(Exception):
    """Base of the room's errors; ``str(error)`` may be shown to a user."""
