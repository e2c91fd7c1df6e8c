"""Applications of programs: sent once, followed, corrected, withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from ninja import Header, Path, Query, Router
from ninja.errors import HttpError
from ninja.responses import Status

from madoguchi.kit import ids
from madoguchi.ledger.api import pay_path, receivables_of
from madoguchi.records.api import documents_of, verify_url
from madoguchi.trust.api import MachineToken, log_access

from ..enums import ApplicationStatus, Side
from ..models import Application, Correction, Message
from ..registry import READ, SEND
from ..schema import (
    ApplicationIn,
    ApplicationList,
    ApplicationOut,
    CorrectionIn,
    MessageIn,
    MessageOut,
    Problem,
    WithdrawalIn,
)
from ..selectors.definitions import published_version
from ..services.applying import answer_correction, send_message, withdraw
from ..services.machine_sending import send_by_machine
from .common import REFUSALS, Limit, MachineAuth, Number, Offset, told

router = Router(tags=["applications"])
sending, reading = MachineAuth(SEND.key), MachineAuth(READ.key)
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="同じキーの申請は一度だけ受け付け、同じ応答を返します",
    ),
]
StatusFilter = Annotated[str, Query(pattern=r"^[a-z_]*$", max_length=20, description="状態")]
CodeFilter = Annotated[str, Query(pattern=r"^[a-z0-9_-]*$", max_length=60, description="手続のコード")]
CorrectionId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.post(
    "/", auth=sending, response={frozenset({200, 201}): ApplicationOut, REFUSALS: Problem}, summary=N_("申請を送る")
)
def send(request: HttpRequest, response: HttpResponse, body: ApplicationIn, idempotency_key: IdempotencyKey) -> Any:
    """Send an application; answers 201, or 200 with the same application where the key was sent before."""
    version = published_version(body.procedure)
    if version is None:
        raise HttpError(404, _("この手続は公開されていません。コードを確かめてください。"))
    with told():
        application, is_repeated = send_by_machine(
            token=_token(request),
            version=version,
            answers=body.answers,
            key=idempotency_key,
            language=body.language,
            assurance=body.assurance,
        )
    if is_repeated:
        response["Idempotent-Replayed"] = "true"
    return Status(200 if is_repeated else 201, _detail(request, application))


def _token(request: HttpRequest) -> MachineToken:
    token: MachineToken = request.auth  # type: ignore[attr-defined]
    return token


@router.get("/", auth=reading, response={200: ApplicationList, REFUSALS: Problem}, summary=N_("申請の一覧"))
def applications(
    request: HttpRequest,
    status: StatusFilter = "",
    procedure: CodeFilter = "",
    since: datetime | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Any:
    """List the applications of the municipality, newest first; the look is logged."""
    rows = Application.objects.select_related("procedure")
    if status:
        _require_status(status)
        rows = rows.filter(status=status)
    if procedure:
        rows = rows.filter(procedure__code=procedure)
    if since is not None:
        rows = rows.filter(submitted_at__gte=since)
    _log(request, "一覧", request.municipality)  # type: ignore[attr-defined]
    return {"count": rows.count(), "items": [_summary(one) for one in rows[offset : offset + limit]]}


def _require_status(status: str) -> None:
    if status not in ApplicationStatus.values:
        raise HttpError(
            422, _("status には %(known)s のどれかを入れてください。") % {"known": ", ".join(ApplicationStatus)}
        )


def _log(request: HttpRequest, what: str, subject: Any) -> None:
    token = _token(request)
    log_access(actor=token.account, subject=subject, purpose=f"機械連携「{token.name}」による{what}")


def _summary(application: Application) -> dict[str, Any]:
    return {
        "number": application.number,
        "procedure": application.procedure.code,
        "status": application.status,
        "channel": application.channel,
        "submitted_at": application.submitted_at,
        "due_on": application.due_on,
        "decided_at": application.decided_at,
        "decision": application.decision,
    }


@router.get("/{number}", auth=reading, response={200: ApplicationOut, REFUSALS: Problem}, summary=N_("申請の内容"))
def application(request: HttpRequest, number: Number) -> Any:
    """Return an application with what is owed, asked and issued; the look is logged."""
    found = _find(Application.objects.all(), number)
    _log(request, "閲覧", found)
    return _detail(request, found)


def _find(rows: QuerySet[Application], number: str) -> Application:
    canonical = ids.parse_case_number(number) or ""
    found = rows.select_related("procedure", "version", "case").filter(number=canonical).first()
    if found is None:
        raise HttpError(404, _("この受付番号の申請はありません。番号を確かめてください。"))
    return found


def _own(request: HttpRequest, number: str) -> Application:
    """Return an application this program sent: it may act on no other."""
    return _find(Application.objects.filter(account=_token(request).account), number)


def _detail(request: HttpRequest, application: Application) -> dict[str, Any]:
    receivables = receivables_of(application)
    return {
        **_summary(application),
        "version": application.version.number,
        "language": application.language,
        "answers": application.answers,
        "fees": [
            {
                "amount": one.amount,
                "status": one.status,
                "url": request.build_absolute_uri(pay_path(one)),
                "due_on": one.due_on,
            }
            for one in receivables
        ],
        "corrections": [_correction(one) for one in application.corrections.all()],
        "documents": [
            {
                "number": one.number,
                "title": one.title,
                "kind": one.kind,
                "status": one.status,
                "verify_url": verify_url(application.municipality, document=one),
            }
            for one in documents_of(application)
        ],
    }


def _correction(one: Correction) -> dict[str, Any]:
    return {
        "id": one.pk,
        "fields": one.fields,
        "notes": one.notes,
        "message": one.message,
        "due_on": one.due_on,
        "is_open": one.answered_at is None and one.withdrawn_at is None,
    }


@router.post(
    "/{number}/corrections/{correction_id}",
    auth=sending,
    response={200: ApplicationOut, REFUSALS: Problem},
    summary=N_("補正に答える"),
)
def correct(request: HttpRequest, number: Number, correction_id: CorrectionId, body: CorrectionIn) -> Any:
    """Answer a correction of an application this program sent."""
    found = _own(request, number)
    asked = found.corrections.filter(pk=correction_id).first()
    if asked is None:
        raise HttpError(404, _("この補正のお願いはありません。"))
    with told():
        answer_correction(correction=asked, answers=body.answers, actor=_token(request).account)
    return _detail(request, _own(request, number))


@router.post(
    "/{number}/withdrawal",
    auth=sending,
    response={200: ApplicationOut, REFUSALS: Problem},
    summary=N_("申請を取り下げる"),
)
def withdrawal(request: HttpRequest, number: Number, body: WithdrawalIn) -> Any:
    """Withdraw an application this program sent."""
    found = _own(request, number)
    with told():
        withdraw(application=found, actor=_token(request).account, reason=body.reason)
    return _detail(request, _own(request, number))


@router.get(
    "/{number}/messages", auth=reading, response={200: list[MessageOut], REFUSALS: Problem}, summary=N_("やりとり")
)
def messages(request: HttpRequest, number: Number) -> Any:
    """Return the conversation of an application; the look is logged."""
    found = _find(Application.objects.all(), number)
    _log(request, "やりとりの閲覧", found)
    return [_message(one) for one in found.messages.all()]


def _message(one: Message) -> dict[str, Any]:
    return {"side": one.side, "text": one.text, "sent_at": one.sent_at}


@router.post(
    "/{number}/messages", auth=sending, response={201: MessageOut, REFUSALS: Problem}, summary=N_("メッセージを送る")
)
def say(request: HttpRequest, number: Number, body: MessageIn) -> Any:
    """Write to the section in charge of an application this program sent."""
    found = _own(request, number)
    with told():
        made = send_message(
            application=found, side=Side.APPLICANT, text=body.text, files=(), actor=_token(request).account
        )
    return Status(201, _message(made))
