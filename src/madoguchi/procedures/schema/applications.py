"""Shapes of applications sent and followed by programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema

from .common import Code, Language, PlainText


class ApplicationIn(Schema):
    """
    An application on behalf of a person the sending system has spoken to.

    ``assurance`` says how surely that system knows the person; above ``account`` it takes a token that may vouch.
    """

    procedure: Annotated[Code, Field(min_length=1)]
    answers: dict[str, Any]
    language: Language = "ja"
    assurance: Literal["none", "account", "authenticated"] = "account"
    received_at: datetime | None = None


class ReceivableOut(Schema):
    """A fee: yen, where it stands, the page on which it is paid, the last day."""

    amount: int
    status: str
    url: str
    due_on: date | None


class DocumentOut(Schema):
    """A document that was issued: number and code verify it at ``verify_url``."""

    number: str
    title: str
    kind: str
    status: str
    verify_url: str


class CorrectionOut(Schema):
    """A request to correct fields; open while it is neither answered nor withdrawn."""

    id: int
    fields: list[str]
    notes: dict[str, str]
    message: str
    due_on: date | None
    is_open: bool


class ApplicationSummary(Schema):
    """An application in a list."""

    number: str
    procedure: str
    status: str
    channel: str
    submitted_at: datetime
    due_on: date | None
    decided_at: datetime | None
    decision: str


class ApplicationList(Schema):
    """A page of applications."""

    count: int
    items: list[ApplicationSummary]


class ApplicationOut(ApplicationSummary):
    """An application: what was answered, what is owed, asked and issued."""

    version: int
    language: str
    answers: dict[str, Any]
    fees: list[ReceivableOut]
    corrections: list[CorrectionOut]
    documents: list[DocumentOut]


class CorrectionIn(Schema):
    """New answers to the fields of a correction; others are left alone."""

    answers: dict[str, Any]


class MessageIn(Schema):
    """A message to the section in charge."""

    text: Annotated[PlainText, Field(min_length=1, max_length=4000)]


class MessageOut(Schema):
    """A message of the conversation."""

    side: str
    text: str
    sent_at: datetime


class WithdrawalIn(Schema):
    """Why an application is withdrawn; may be empty."""

    reason: Annotated[PlainText, Field(max_length=1000)] = ""
