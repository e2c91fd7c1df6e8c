"""Shapes of messages written and followed by programs."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime

from ..rules.content import SHORT_LIMIT

_EARLIEST, _LATEST = 2000, 2200


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except (UnicodeEncodeError, ValueError, RecursionError) as error:
        raise ValueError("文字として読めないものがあります") from error
    if "\\u0000" in text:
        raise ValueError("制御文字は使えません")
    return value


def _thinkable(value: datetime) -> datetime:
    if not _EARLIEST <= value.year <= _LATEST:
        raise ValueError(f"{_EARLIEST}年から{_LATEST}年までの日時を書いてください")
    return value


Moment = Annotated[AwareDatetime, AfterValidator(_thinkable)]
PlainText = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Rule = Annotated[dict[str, Any], AfterValidator(_storable), Field(description='対象の条件（例：{"town": ["栄町"]}）')]
ChannelCode = Annotated[str, Field(pattern=r"^(inbox|email|line|web_push|sms|post)$")]


class BroadcastProblem(Schema):
    """A refusal, after RFC 9457; ``errors`` names the fields."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] | None = None


class TextIn(Schema):
    """The texts of one language: plain text with placeholders such as ``{{name}}``; ``short`` goes by SMS and notifications."""

    subject: Annotated[PlainText, Field(max_length=200)] = ""
    body: Annotated[PlainText, Field(max_length=20_000)] = ""
    short: Annotated[PlainText, Field(max_length=SHORT_LIMIT)] = ""


class BroadcastIn(Schema):
    """A draft: it goes nowhere until a person has approved it."""

    contents: Annotated[dict[str, TextIn], Field(description="言語（ja、ja-easy、en など）ごとの文")]
    audience: Rule
    channels: Annotated[list[ChannelCode], Field(default_factory=list, max_length=10)]
    topic: Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_-]*$", description="分野のコード")] = ""
    unit: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    send_at: Moment | None = None
    expires_at: Moment | None = None
    fallback_minutes: Annotated[int, Field(ge=0, le=10_080)] = 0


class SubmissionIn(Schema):
    """Asking for approval; ``confirm_count`` is how many people, asked for where it is everybody or very many."""

    revision: Annotated[int, Field(ge=0, le=2**31 - 1)]
    confirm_count: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class RemarkOut(Schema):
    """A remark on a message; an error keeps it from being sent."""

    field: str
    code: str
    message: str
    is_error: bool


class MessageSummary(Schema):
    """A message in a list."""

    key: str
    status: str
    subject: str
    topic: str
    unit: int | None
    created_at: datetime
    send_at: datetime | None
    planned_count: int | None
    revision: int


class BroadcastList(Schema):
    """A page of messages."""

    count: int
    items: list[MessageSummary]


class ApprovalOut(Schema):
    """What a person decided, of which revision."""

    decision: str
    revision: int
    at: datetime
    note: str


class BroadcastOut(MessageSummary):
    """A message with its texts, what is to be said of it and who approved it when."""

    contents: dict[str, dict[str, str]]
    audience: dict[str, Any]
    channels: list[str]
    expires_at: datetime | None
    fallback_minutes: int
    checks: list[RemarkOut]
    approvals: list[ApprovalOut]
    url: str


class CountIn(Schema):
    """A rule to be counted."""

    audience: Rule


class CountOut(Schema):
    """How many people a rule means; ``people`` is null where they are so few that it would show who they are."""

    people: int | None
    total: int
    description: str
    by_channel: dict[str, int]
    by_language: dict[str, int]
    unreachable: int
    excluded: dict[str, int]
    is_small: bool
    needed_approvals: int


class DeliveryRowOut(Schema):
    """Deliveries of one way or language by state."""

    code: str
    total: int
    reached: int
    opened: int
    by_status: dict[str, int]


class UnreachedOut(Schema):
    """People not reached, for one reason, and what happens with them."""

    people: int
    why: str
    next: str


class LinkOut(Schema):
    """How often an address was followed, by way; nobody is kept."""

    address: str
    clicks: int
    by_channel: dict[str, int]


class DeliveriesOut(Schema):
    """What became of a message, in people and in deliveries."""

    status: str
    people: int
    reached: int
    waiting: int
    unreached: int
    opened: int
    channels: list[DeliveryRowOut]
    languages: list[DeliveryRowOut]
    reasons: list[UnreachedOut]
    links: list[LinkOut]
