"""Errors of the cases room. Each message says what was refused and what to do next, in the user's language."""


class CasesError(Exception):
    """Base of the room's errors; ``str(error)`` may be shown to a user."""
