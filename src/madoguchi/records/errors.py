"""Errors of the records room. Each message says what was refused and what to do next, in the user's language."""

from __future__ import annotations

from collections.abc import Sequence


class RecordsError(Exception):
    """Base of the room's errors; ``str(error)`` may be shown to a user."""


class TemplateError(RecordsError):
    """A template cannot be used: unknown, does not compile, or its content does not fit."""


class ContentError(TemplateError):
    """The content does not fit the template; ``problems`` names each place."""

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.problems = list(problems)


class MissingGlyphsError(RecordsError):
    """No font here has a character of the document; ``characters`` lists them."""

    def __init__(self, message: str, characters: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.characters = list(characters)


class TypesettingError(RecordsError):
    """A document could not be typeset; the message is for an operator."""


class FontsMissingError(TypesettingError):
    """The fonts are not there: the front end has not been built."""


class SealError(RecordsError):
    """A document cannot be sealed with what is configured, and trying again will not help."""


class SealUnavailableError(SealError):
    """A service the seal needs (time stamps, certificate status) does not answer; trying again later may help."""


class DocumentStateError(RecordsError):
    """The document does not stand where this can be done."""


class UnreadablePdfError(RecordsError):
    """What was handed in is no PDF that can be checked; the message says why."""


class TooManyAttemptsError(RecordsError):
    """Somebody guesses at numbers; ``seconds`` says when to try again."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds
