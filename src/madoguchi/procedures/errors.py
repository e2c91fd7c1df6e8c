"""Errors of the procedures room. Each message says what was refused and what to do next, in the user's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class ProceduresError(Exception):
    """Base of the room's errors; ``str(error)`` may be shown to a user."""


class DraftMissingError(ProceduresError):
    """There is no such draft for this person: it does not exist, was sent, has expired, or belongs to somebody else."""


class StaleDraftError(ProceduresError):
    """The step was saved in another window meanwhile; ``answers`` are those saved there, ``revision`` the present one."""

    def __init__(self, message: str, *, answers: dict[str, Any], revision: int) -> None:
        super().__init__(message)
        self.answers = answers
        self.revision = revision


class IncompleteError(ProceduresError):
    """What was answered cannot be taken yet; ``problems`` say where and why. Nothing was changed."""

    def __init__(self, message: str, problems: Sequence[Any]) -> None:
        super().__init__(message)
        self.problems = problems


class AssuranceError(ProceduresError):
    """It is not known surely enough who applies; ``needed`` is the level the procedure asks for."""

    def __init__(self, message: str, *, needed: str) -> None:
        super().__init__(message)
        self.needed = needed


class ProxyError(ProceduresError):
    """The right to act for the other person is missing, has ended or does not cover this procedure."""


class ClosedApplicationError(ProceduresError):
    """The application was decided or withdrawn already: nothing was changed."""


class StaleError(ProceduresError):
    """Somebody saved the draft of a definition meanwhile; ``revision`` is the present one. Nothing was changed."""

    def __init__(self, message: str, *, revision: int) -> None:
        super().__init__(message)
        self.revision = revision


class FixedVersionError(ProceduresError):
    """The version is published or past: it never changes again."""


class CodeTakenError(ProceduresError):
    """A procedure of this code is there already."""


class UnfitError(ProceduresError):
    """A definition cannot be published yet; ``findings`` and ``results`` (of its tests) say why. Nothing was changed."""

    def __init__(self, message: str, *, findings: Sequence[Any] = (), results: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.findings = findings
        self.results = results


class SurveyError(ProceduresError):
    """A survey cannot be changed, answered or published this way; nothing was changed."""


class StaleSurveyError(SurveyError):
    """Somebody saved the survey first."""


class RepeatedKeyError(ProceduresError):
    """An Idempotency-Key was used before, with something else."""


class FieldsError(ProceduresError):
    """Answers sent by a program have to be put right; ``errors`` are dicts of field, code and reason."""

    def __init__(self, message: str, errors: Sequence[dict[str, str]]) -> None:
        super().__init__(message)
        self.errors = list(errors)


class ExportError(ProceduresError):
    """Applications cannot be handed on this way; nothing was changed."""
