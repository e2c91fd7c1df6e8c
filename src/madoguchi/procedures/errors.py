"""Errors of the procedures room. Each message says what was refused and what to do next, in the user's language."""


class ProceduresError(Exception):
    """Base of the room's errors; ``str(error)`` may be shown to a user."""
