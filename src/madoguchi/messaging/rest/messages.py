"""Messages of programs: drafts written once, submitted, followed. A person approves what is sent."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from ninja import Query, Router
from ninja.errors import HttpError
from ninja.responses import Status

from madoguchi.trust.api import MachineToken, Unit

from ..enums import MessageKind, MessageStatus
from ..errors import ContentError
from ..models import Message, Topic
from ..plugins.scopes import READ, WRITE
from ..rules.audience import parse_rule
from ..schema.messages import (
    BroadcastIn,
    BroadcastList,
    BroadcastOut,
    BroadcastProblem,
    CountIn,
    CountOut,
    DeliveriesOut,
    SubmissionIn,
)
from ..selectors.audience import describe_audience
from ..selectors.messages import (
    check_message,
    clicks_of,
    deliveries_by,
    plan_of,
    progress_of,
    unreached_of,
)
from ..selectors.messages.deliveries import DeliveryRow
from ..services.messages import cancel_message, create_by_machine, submit_message
from .common import REFUSALS, IdempotencyKey, Limit, MachineAuth, MessageKey, Offset, told

router = Router(tags=["messages"])
writing, reading = MachineAuth(WRITE.key), MachineAuth(READ.key)
StatusFilter = Annotated[str, Query(pattern=r"^[a-z]*$", max_length=12, description="状態")]


def _token(request: HttpRequest) -> MachineToken:
    token: MachineToken = request.auth  # type: ignore[attr-defined]
    return token


@router.post(
    "/",
    auth=writing,
    response={frozenset({200, 201}): BroadcastOut, REFUSALS: BroadcastProblem},
    summary=N_("お知らせの下書きを作る"),
)
def create(request: HttpRequest, response: HttpResponse, body: BroadcastIn, idempotency_key: IdempotencyKey) -> Any:
    """Write a draft; answers 201, or 200 with the same message where the key was sent before."""
    asked = body.model_dump(mode="json")
    fields = {name: asked[name] for name in ("contents", "audience", "channels", "fallback_minutes")}
    with told():
        message, is_repeated = create_by_machine(
            actor=_token(request).account,
            key=idempotency_key,
            asked=asked,
            **fields,
            send_at=body.send_at,
            expires_at=body.expires_at,
            topic=_topic(body.topic),
            unit=_unit(body.unit),
        )
    if is_repeated:
        response["Idempotent-Replayed"] = "true"
    return Status(200 if is_repeated else 201, _detail(message))


def _topic(code: str) -> Topic | None:
    found = Topic.objects.filter(code=code, retired_at__isnull=True).first() if code else None
    if code and found is None:
        text = _("この分野はありません。コードを確かめてください。")
        raise ContentError(text, [("topic", text)])
    return found


def _unit(pk: int | None) -> Unit | None:
    found = Unit.objects.filter(pk=pk).first() if pk is not None else None
    if pk is not None and found is None:
        text = _("この組織はありません。番号を確かめてください。")
        raise ContentError(text, [("unit", text)])
    return found


@router.get("/", auth=reading, response={200: BroadcastList, REFUSALS: BroadcastProblem}, summary=N_("お知らせの一覧"))
def messages(request: HttpRequest, status: StatusFilter = "", limit: Limit = 100, offset: Offset = 0) -> Any:
    """List the messages to many, newest first; notices about one person's matter are not among them."""
    rows = Message.objects.filter(kind=MessageKind.BROADCAST).select_related("topic")
    if status and status not in MessageStatus.values:
        known = ", ".join(MessageStatus)
        raise HttpError(422, _("status には %(known)s のどれかを入れてください。") % {"known": known})
    if status:
        rows = rows.filter(status=status)
    return {"count": rows.count(), "items": [_summary(row) for row in rows[offset : offset + limit]]}


@router.post(
    "/audience/count",
    auth=reading,
    response={200: CountOut, REFUSALS: BroadcastProblem},
    summary=N_("対象の人数を数える"),
)
def count(request: HttpRequest, body: CountIn) -> Any:
    """Count the people of a rule and say in words who they are; a small group is not counted exactly."""
    with told():
        plan = plan_of(body.audience)
        words = describe_audience(parse_rule(body.audience))
    found = plan.count
    return {
        "people": None if found.is_small else found.people,
        "total": plan.total,
        "description": words,
        "by_channel": {} if found.is_small else found.by_channel,
        "by_language": {} if found.is_small else found.by_language,
        "unreachable": 0 if found.is_small else found.unreachable,
        "excluded": {} if found.is_small else found.excluded,
        "is_small": found.is_small,
        "needed_approvals": plan.needed_approvals,
    }


@router.get(
    "/{key}", auth=reading, response={200: BroadcastOut, REFUSALS: BroadcastProblem}, summary=N_("お知らせの内容と状態")
)
def message(request: HttpRequest, key: MessageKey) -> Any:
    """Return a message with what is to be said of it and who decided what."""
    return _detail(_find(key))


@router.post(
    "/{key}/submission",
    auth=writing,
    response={200: BroadcastOut, REFUSALS: BroadcastProblem},
    summary=N_("承認を求める"),
)
def submission(request: HttpRequest, key: MessageKey, body: SubmissionIn) -> Any:
    """Ask for the approval of a message this program wrote; it goes nowhere before a person has approved it."""
    found = _own(request, key)
    with told():
        done = submit_message(
            message=found,
            actor=_token(request).account,
            seen_revision=body.revision,
            confirmed_count=body.confirm_count,
        )
    return _detail(done)


@router.post(
    "/{key}/cancellation",
    auth=writing,
    response={200: BroadcastOut, REFUSALS: BroadcastProblem},
    summary=N_("お知らせを取り消す"),
)
def cancellation(request: HttpRequest, key: MessageKey) -> Any:
    """Stop a message this program wrote; what is on its way already cannot be called back."""
    found = _own(request, key)
    with told():
        cancel_message(message=found, actor=_token(request).account)
    return _detail(_own(request, key))


@router.get(
    "/{key}/deliveries",
    auth=reading,
    response={200: DeliveriesOut, REFUSALS: BroadcastProblem},
    summary=N_("配信の結果"),
)
def deliveries(request: HttpRequest, key: MessageKey) -> Any:
    """Return what became of a message by way, language and reason; people are counted, never named."""
    found = _find(key)
    progress = progress_of(found)
    return {
        "status": found.status,
        "people": progress.people,
        "reached": progress.reached,
        "waiting": progress.waiting,
        "unreached": progress.unreached,
        "opened": progress.opened,
        "channels": [_row(row) for row in deliveries_by(found, "channel")],
        "languages": [_row(row) for row in deliveries_by(found, "language")],
        "reasons": [{"people": row.people, "why": row.why, "next": row.next} for row in unreached_of(found)],
        "links": [
            {"address": row.address, "clicks": row.total, "by_channel": row.by_channel} for row in clicks_of(found)
        ],
    }


def _row(row: DeliveryRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "total": row.total,
        "reached": row.reached,
        "opened": row.opened,
        "by_status": row.by_status,
    }


def _find(key: str) -> Message:
    found = Message.objects.filter(key=key.upper(), kind=MessageKind.BROADCAST).select_related("topic").first()
    if found is None:
        raise HttpError(404, _("このお知らせはありません。キーを確かめてください。"))
    return found


def _own(request: HttpRequest, key: str) -> Message:
    """Return a message this program wrote: it may act on no other."""
    found = _find(key)
    if found.author_id != _token(request).account_id:
        raise HttpError(404, _("このお知らせはありません。キーを確かめてください。"))
    return found


def _summary(found: Message) -> dict[str, Any]:
    return {
        "key": found.key,
        "status": found.status,
        "subject": str(found),
        "topic": found.topic.code if found.topic is not None else "",
        "unit": found.unit_id,
        "created_at": found.created_at,
        "send_at": found.send_at,
        "planned_count": found.planned_count,
        "revision": found.revision,
    }


def _detail(found: Message) -> dict[str, Any]:
    return {
        **_summary(found),
        "contents": found.contents,
        "audience": found.audience,
        "channels": found.channels,
        "expires_at": found.expires_at,
        "fallback_minutes": found.fallback_minutes,
        "checks": [
            {"field": one.field, "code": one.code, "message": one.text, "is_error": one.is_error}
            for one in check_message(found)
        ],
        "approvals": [
            {"decision": one.decision, "revision": one.revision, "at": one.at, "note": one.note}
            for one in found.approvals.all()
        ],
        "url": reverse("messages:record", args=[found.key]),
    }
