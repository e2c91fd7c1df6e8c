"""Actual values pushed by outside systems: tokens of one indicator each, and what is done with what they send."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from madoguchi.kit import clock, hashing, ids
from madoguchi.trust.api import Account, Event, current_municipality, record_event

from .. import events
from ..enums import ActualSource, ActualStatus, BindingKind
from ..errors import FrozenPeriodError, PlanError
from ..models import Actual, Indicator, PushReceipt, PushToken
from ..permissions import indicator_policy
from ..rules.actual_values import Doubt, ValueRefusedError
from ..rules.units import same_unit
from .actuals import DoubtError, Entry, accept, append_entry, check_entry

PREFIX = "mdg_"
MAX_DAYS = 400
PER_MINUTE = 60
_UNKNOWN = "送信トークンが正しくありません。計画の事務局に、新しいトークンの発行を依頼してください。"


class PushRefusedError(PlanError):
    """What was sent is not taken; ``status`` is the HTTP status and ``code`` a stable name of the reason."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Keep status and code apart from the message."""
        super().__init__(message)
        self.status, self.code = status, code


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What an outside system sends: the value in ``unit`` (or the state of a milestone as ``text``) and its day."""

    fiscal_year: int
    value: float | None = None
    unit: str = ""
    text: str = ""
    as_of: date | None = None
    note: str = ""

    def digest(self) -> str:
        """Return the SHA-256 of the content, to tell a repetition from another value under the same key."""
        value = None if self.value is None else repr(float(self.value))
        as_of = self.as_of.isoformat() if self.as_of else None
        return hashing.digest([self.fiscal_year, value, self.unit, self.text, as_of, self.note])


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a push; ``is_repeated`` where the same key had been answered before."""

    body: dict[str, Any]
    is_repeated: bool = False


@transaction.atomic
def issue_token(*, indicator: Indicator, name: str, days: int, actor: Account) -> tuple[PushToken, str]:
    """
    Issue a token that may send values of one indicator for a number of days (up to 400).

    Returns the token's row and its secret, which is not kept and cannot be shown again. Raises ``RefusedError`` and
    ``PlanError``.
    """
    indicator_policy.require(actor, "issue_token", indicator)
    if not name.strip():
        raise PlanError("どのシステムのトークンか分かる名前を入力してください。")
    if not 1 <= days <= MAX_DAYS:
        raise PlanError(f"有効期間は1日から{MAX_DAYS}日までにしてください。")
    secret, now = PREFIX + secrets.token_urlsafe(32), clock.now()
    token = PushToken.objects.create(
        municipality=current_municipality(),
        indicator=indicator,
        name=name.strip()[:100],
        digest=digest_of(secret),
        created_by=actor,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    record_event(kind=events.TOKEN_ISSUED, subject=indicator, actor=actor, data={"token": token.pk, "days": days})
    return token, secret


@transaction.atomic
def revoke_token(*, token: PushToken, actor: Account) -> PushToken:
    """Make a token stop working at once; one that does not work any more stays as it is. Raises ``RefusedError``."""
    indicator_policy.require(actor, "issue_token", token.indicator)
    token = PushToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        record_event(kind=events.TOKEN_REVOKED, subject=token.indicator, actor=actor, data={"token": token.pk})
    return token


def digest_of(secret: str) -> str:
    """Return what is kept of a token's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_token(*, secret: str, indicator_id: int) -> PushToken:
    """Return the token that may send values of an indicator; raises ``PushRefusedError`` (401) saying what to do."""
    token = PushToken.objects.select_related("indicator__plan").filter(digest=digest_of(secret)).first()
    if token is None:
        raise PushRefusedError(401, "unknown_token", _UNKNOWN)
    if token.revoked_at is not None:
        raise PushRefusedError(401, "revoked_token", f"この送信トークンは失効しています。{_UNKNOWN}")
    if token.expires_at <= clock.now():
        day = clock.local(token.expires_at).date()
        raise PushRefusedError(401, "expired_token", f"この送信トークンの有効期限（{day}）は過ぎています。{_UNKNOWN}")
    if token.indicator_id != indicator_id:
        raise PushRefusedError(
            401, "foreign_token", "この送信トークンは、この指標には使えません。URLの指標番号を確かめてください。"
        )
    return token


def push_actual(*, token: PushToken, pushed: Pushed, key: str = "") -> Answer:
    """
    Take a value that a token sent; the same ``key`` again gives the same answer and writes nothing.

    A value counts at once where the indicator trusts its sender and nothing about the value is doubtful; otherwise it waits
    for approval. Raises ``PushRefusedError``: 409 for a frozen period or an indicator that takes no pushes, 422 for a wrong
    unit or value or a key used for something else, 429 for more than 60 a minute.
    """
    key = key or ids.new_id()
    try:
        with transaction.atomic():
            return _push(token, pushed, key)
    except IntegrityError:
        # Two sent the same key at the same moment: the other one was first, its answer is there now.
        with transaction.atomic():
            return _push(token, pushed, key)


def _push(token: PushToken, pushed: Pushed, key: str) -> Answer:
    indicator = Indicator.objects.select_for_update().get(pk=token.indicator_id)
    known = PushReceipt.objects.filter(token=token, key=key).first()
    if known is not None:
        return _repeat(known, pushed)
    _bound_rate(token)
    _require_binding(indicator)
    entry, doubts = _judge(indicator, pushed)
    actual = append_entry(indicator=indicator, fiscal_year=pushed.fiscal_year, entry=entry, actor=None)
    if indicator.binding.get("trusted") and not doubts:
        accept(actual=actual, actor=None)
    body = _body(actual, doubts)
    PushReceipt.objects.create(
        municipality=current_municipality(),
        token=token,
        key=key,
        body_digest=pushed.digest(),
        answer=body,
        actual=actual,
        at=clock.now(),
    )
    PushToken.objects.filter(pk=token.pk).update(last_used_at=clock.now())
    return Answer(body)


def _repeat(known: PushReceipt, pushed: Pushed) -> Answer:
    if known.body_digest != pushed.digest():
        raise PushRefusedError(
            422, "key_reused", "この Idempotency-Key は、ほかの内容の送信に使われています。新しいキーで送ってください。"
        )
    return Answer(known.answer, is_repeated=True)


def _bound_rate(token: PushToken) -> None:
    recent = PushReceipt.objects.filter(token=token, at__gt=clock.now() - timedelta(minutes=1)).count()
    if recent >= PER_MINUTE:
        raise PushRefusedError(
            429, "too_many", f"送信が多すぎます。1分あたり{PER_MINUTE}件までです。1分待ってから送ってください。"
        )


def _require_binding(indicator: Indicator) -> None:
    if indicator.binding_kind != BindingKind.PUSH:
        raise PushRefusedError(
            409,
            "not_bound",
            "この指標は、外部システムからの送信を受け付けていません。計画の事務局に、実績の取り方の変更を依頼してください。",
        )


def _judge(indicator: Indicator, pushed: Pushed) -> tuple[Entry, list[Doubt]]:
    """Return the entry and what is doubtful about it; raises ``PushRefusedError`` for what cannot be taken."""
    is_worded = indicator.type in {"milestone", "existence"}
    if not is_worded and not same_unit(pushed.unit, indicator.unit):
        expected = indicator.unit or "（空文字）"
        raise PushRefusedError(
            422, "wrong_unit", f"単位が違います。この指標の単位は「{expected}」です（送られた単位「{pushed.unit}」）。"
        )
    entry = _entry(pushed, frozenset())
    try:
        check_entry(indicator=indicator, fiscal_year=pushed.fiscal_year, entry=entry)
    except DoubtError as error:
        return _entry(pushed, frozenset(error.doubts)), error.doubts
    except FrozenPeriodError as error:
        raise PushRefusedError(409, "frozen", str(error)) from error
    except ValueRefusedError as error:
        raise PushRefusedError(422, f"wrong_{error.field}", str(error)) from error
    return entry, []


def _entry(pushed: Pushed, confirmed: frozenset[Doubt]) -> Entry:
    return Entry(
        value=pushed.value,
        text=pushed.text if pushed.value is None else "",
        as_of=pushed.as_of,
        note=pushed.note,
        confirmed=confirmed,
        source=ActualSource.PUSH,
    )


def _body(actual: Actual, doubts: list[Doubt]) -> dict[str, Any]:
    value = actual.value
    return {
        "id": actual.pk,
        "indicator": actual.indicator_id,
        "fiscal_year": actual.fiscal_year,
        "value": int(value) if value is not None and float(value).is_integer() else value,
        "unit": actual.indicator.unit,
        "text": actual.text,
        "as_of": actual.as_of.isoformat() if actual.as_of else None,
        "status": str(ActualStatus(actual.status)),
        "doubts": [str(doubt) for doubt in doubts],
    }


def note_refusal(*, error: PushRefusedError, indicator_id: int) -> None:
    """
    Write the event of a refused push, outside the transaction that was rolled back.

    The same reason for the same indicator is written once a minute at most, so that a broken or hostile sender cannot flood
    the log.
    """
    indicator = Indicator.objects.filter(pk=indicator_id).first()
    subject = indicator or current_municipality()
    recent = Event.objects.filter(
        key=events.PUSH_REFUSED.key,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        at__gt=clock.now() - timedelta(minutes=1),
        data__reason=error.code,
    )
    if not recent.exists():
        record_event(kind=events.PUSH_REFUSED, subject=subject, data={"reason": error.code, "status": error.status})
