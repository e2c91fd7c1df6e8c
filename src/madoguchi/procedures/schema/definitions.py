"""Shapes of procedures, checks of answers, and the finder."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Field, Schema

from .common import Code, Language, Translated


class ProcedureSummary(Schema):
    """A procedure in a list."""

    code: str
    name: Translated
    summary: Translated
    category: str
    life_events: list[str]
    channels: list[str]
    assurance: str
    payment: str
    minutes_to_apply: int
    processing_days: int
    version: int
    url: str


class ProcedureList(Schema):
    """A page of procedures."""

    count: int
    items: list[ProcedureSummary]


class ProcedureOut(ProcedureSummary):
    """A procedure with its definition (``madoguchi.procedure/1``): who, when, documents, form, tables."""

    definition: dict[str, Any]


class CheckIn(Schema):
    """Answers to judge without sending them; the keys are the codes of the form's fields."""

    answers: dict[str, Any]


class FieldProblem(Schema):
    """What has to be put right and where (``kids.0.name``)."""

    path: str
    code: str
    message: str


class CheckOut(Schema):
    """What would come of the answers: problems, the fee in yen, eligibility, documents to attach, the last day."""

    valid: bool
    problems: list[FieldProblem]
    answers: dict[str, Any]
    fee: int
    eligible: str
    reason: str
    documents: list[str]
    deadline: date | None


class FinderAnswer(Schema):
    """An answer to a question of the finder, as a form sends it: one or several texts."""

    question: Code
    values: Annotated[list[Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")]], Field(max_length=20)]


class FinderIn(Schema):
    """A life event and what was answered so far."""

    life_event: Code = ""
    answers: Annotated[list[FinderAnswer], Field(default_factory=list, max_length=60)]
    language: Language = "ja"


class FinderOption(Schema):
    """One option of a question."""

    code: str
    label: str


class FinderQuestionOut(Schema):
    """The question worth asking next."""

    code: str
    kind: str
    text: str
    options: list[FinderOption]


class FinderResult(Schema):
    """What the finder says of a procedure: yes, maybe or no, and why."""

    code: str
    name: str
    answer: str
    reasons: list[str]


class FinderOut(Schema):
    """The judgement of every procedure of the life event, and the next question (None when nothing more splits)."""

    question: FinderQuestionOut | None
    results: list[FinderResult]
