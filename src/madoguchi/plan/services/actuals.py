"""Actual values (実績): entering, approving, returning and correcting them; what was once entered is never overwritten."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import Account, current_municipality, record_event
from madoguchi.trust.errors import RefusedError

from .. import events
from ..enums import ActualSource, ActualStatus, RoundStatus
from ..errors import FrozenPeriodError, PlanError, StaleError
from ..models import Actual, Indicator, ReviewRound
from ..permissions import indicator_policy
from ..rules.actual_values import Doubt, check_period, check_value, state_value, written
from ..selectors.actuals import current_actual, is_metered, newest_entry, value_facts
from .comparison import publish_figures
from .refusals import recording_refusals
from .reviews.freezing import require_open_period

UNDO_MINUTES = 30


class DoubtError(Exception):
    """The value looks like a slip: a person must confirm the ``doubts`` before it is taken."""

    def __init__(self, doubts: list[Doubt]) -> None:
        """Keep what is doubted."""
        super().__init__(", ".join(doubts))
        self.doubts = doubts


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """
    What is entered for a fiscal year.

    ``value`` in the indicator's unit, or ``text`` for the state of a milestone; ``evidence`` is the id of a stored file, and
    ``no_evidence_reason`` says why there is none. ``confirmed`` are the doubts a person has looked at. ``seen`` is the id of
    the newest value of the year that the person saw (0 for none, None to skip the check).
    """

    value: float | None = None
    text: str = ""
    as_of: date | None = None
    note: str = ""
    evidence: str = ""
    no_evidence_reason: str = ""
    confirmed: frozenset[Doubt] = frozenset()
    seen: int | None = None
    source: ActualSource = ActualSource.MANUAL


@recording_refusals(events.ACTUAL_REFUSED, subject="indicator")
def enter_actual(*, indicator: Indicator, fiscal_year: int, entry: Entry, actor: Account) -> Actual:
    """
    Enter a value; it waits for the approval of somebody else and takes the place of one that still waits.

    Raises ``RefusedError`` without the duty, ``ValueRefusedError`` (with the field), ``FrozenPeriodError`` (with date and
    digest of the closing), ``StaleError`` when somebody entered another value first, ``PlanError`` where evidence or a
    reason is missing, and ``DoubtError`` for a value that looks like a slip and was not confirmed.
    """
    return _enter(indicator, fiscal_year, entry, actor)


def _enter(indicator: Indicator, fiscal_year: int, entry: Entry, actor: Account) -> Actual:
    indicator_policy.require(actor, "enter_actual", indicator)
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    check_entry(indicator=indicator, fiscal_year=fiscal_year, entry=entry)
    _require_reasons(indicator, fiscal_year, entry)
    _require_seen(indicator, fiscal_year, entry)
    return append_entry(indicator=indicator, fiscal_year=fiscal_year, entry=entry, actor=actor)


def check_entry(*, indicator: Indicator, fiscal_year: int, entry: Entry) -> None:
    """Judge the value, the year and the day of an entry; raises like ``enter_actual``, changes nothing."""
    check_period(fiscal_year, entry.as_of, years_of(indicator), clock.today())
    if is_metered(indicator) and fiscal_year == fiscal.fiscal_year(clock.today()):
        raise PlanError(
            "この指標の今年度の実績は自動計測です。入力するには、先に実績の取り方を手入力に変えてください（計画の事務局）。"
        )
    _require_open(indicator, fiscal_year, entry.as_of)
    doubts = set(check_value(value_facts(indicator, fiscal_year), entry.value, entry.text)) - entry.confirmed
    if doubts:
        raise DoubtError(sorted(doubts))


def years_of(indicator: Indicator) -> range:
    """Return the fiscal years in which an indicator is measured: those of its plan, up to its retirement."""
    last = indicator.plan.end_fiscal_year
    if indicator.retired_from is not None:
        last = max(min(last, indicator.retired_from - 1), indicator.plan.start_fiscal_year)
    return range(indicator.plan.start_fiscal_year, last + 1)


def _require_open(indicator: Indicator, fiscal_year: int, as_of: date | None) -> None:
    """Refuse a frozen period, saying when it was closed and under which digest."""
    try:
        require_open_period(plan=indicator.plan, fiscal_year=fiscal_year, as_of=as_of)
    except FrozenPeriodError as error:
        closed = ReviewRound.objects.filter(
            plan=indicator.plan, fiscal_year=fiscal_year, status=RoundStatus.CLOSED, closed_at__isnull=False
        )
        review = closed.order_by("-closed_at").first()
        if review is None or review.closed_at is None:
            raise
        day = clock.local(review.closed_at).date()
        raise FrozenPeriodError(
            f"{error}（確定日 {day.year}年{day.month}月{day.day}日、ダイジェスト {review.digest[:16]}…）"
        ) from error


def _require_reasons(indicator: Indicator, fiscal_year: int, entry: Entry) -> None:
    if entry.source != ActualSource.MANUAL:
        return
    if not entry.evidence and not entry.no_evidence_reason.strip():
        raise PlanError("根拠資料を付けるか、付けられない理由を入力してください。")
    if current_actual(indicator, fiscal_year) is not None and not entry.note.strip():
        raise PlanError("この年度には承認済みの実績があります。訂正する理由を「説明」に入力してください。")


def _require_seen(indicator: Indicator, fiscal_year: int, entry: Entry) -> None:
    newest = newest_entry(indicator, fiscal_year)
    if entry.seen is None or entry.seen == (newest.pk if newest else 0):
        return
    theirs = {} if newest is None else {"value": newest.text, "as_of": str(newest.as_of or ""), "note": newest.note}
    yours = {"value": _text_of(indicator, entry), "as_of": str(entry.as_of or ""), "note": entry.note}
    raise StaleError(
        "ほかの人が先に実績を入力しました。内容を見比べて、必要なときだけもう一度入力してください。",
        yours=yours,
        theirs=theirs,
    )


def _withdraw_waiting(indicator: Indicator, fiscal_year: int) -> None:
    waiting = Actual.objects.filter(indicator=indicator, fiscal_year=fiscal_year, status=ActualStatus.SUBMITTED)
    waiting.update(status=ActualStatus.RETURNED, returned_reason="新しい入力に差し替えられました。")


def _text_of(indicator: Indicator, entry: Entry) -> str:
    return (entry.text or written(entry.value, indicator.unit))[:300]


def append_entry(*, indicator: Indicator, fiscal_year: int, entry: Entry, actor: Account | None) -> Actual:
    """Write a value that waits for approval, in place of the one that waits; the caller has judged it and holds the lock."""
    _withdraw_waiting(indicator, fiscal_year)
    reason = entry.no_evidence_reason.strip()
    note = "\n".join(
        part for part in (entry.note.strip(), f"根拠資料を付けない理由: {reason}" if reason else "") if part
    )
    value = entry.value
    if value is None:
        value = state_value(value_facts(indicator, fiscal_year), entry.text)
    actual = Actual.objects.create(
        municipality=current_municipality(),
        indicator=indicator,
        fiscal_year=fiscal_year,
        as_of=entry.as_of,
        value=value,
        text=_text_of(indicator, entry),
        status=ActualStatus.SUBMITTED,
        source=entry.source,
        evidence=entry.evidence,
        note=note,
        entered_by=actor,
        entered_at=clock.now(),
    )
    _note(events.ACTUAL_ENTERED, actual, actor)
    return actual


def _note(kind: Any, actual: Actual, actor: Account | None) -> None:
    """Write the event of a value: its number as quantity where it can be kept exactly, never words people wrote."""
    quantity = None if actual.value is None else Decimal(repr(float(actual.value))).quantize(Decimal("0.0001"))
    keeps = quantity is not None and len(quantity.normalize().as_tuple().digits) <= 15
    data = {"actual": actual.pk, "fiscal_year": actual.fiscal_year, "source": actual.source}
    record_event(kind=kind, subject=actual.indicator, actor=actor, quantity=quantity if keeps else None, data=data)


@recording_refusals(events.ACTUAL_REFUSED, subject="indicator")
def correct_actual(*, indicator: Indicator, actual: Actual, entry: Entry, actor: Account) -> Actual:
    """
    Enter a corrected value beside an approved one; once approved it replaces that one. ``entry.note`` is the reason.

    Raises like ``enter_actual``, and ``PlanError`` when the value is not the approved value of its year any more.
    """
    current = current_actual(indicator, actual.fiscal_year)
    if current is None or current.pk != actual.pk:
        raise PlanError("訂正できるのは、今の承認済みの実績だけです。履歴の最新の値を開いてください。")
    return _enter(indicator, actual.fiscal_year, entry, actor)


def approve_actual(*, actual: Actual, actor: Account) -> Actual:
    """
    Approve a waiting value: from now on it counts and is published; it replaces the approved value of its year.

    Raises ``RefusedError`` without the duty, ``PlanError`` for one's own entry, for a value that does not wait any more
    and for a frozen period.
    """
    return _approve(indicator=actual.indicator, actual=actual, actor=actor)


@recording_refusals(events.ACTUAL_REFUSED, subject="indicator")
def _approve(*, indicator: Indicator, actual: Actual, actor: Account) -> Actual:
    indicator_policy.require(actor, "approve_actual", indicator)
    actual = _locked(actual)
    if actual.entered_by_id == actor.pk:
        raise PlanError("ご自分が入力した実績は承認できません。ほかの担当者に承認を依頼してください。")
    _require_open(actual.indicator, actual.fiscal_year, actual.as_of)
    accept(actual=actual, actor=actor)
    return actual


def accept(*, actual: Actual, actor: Account | None) -> None:
    """Let a waiting value count from now on, without asking whether the actor may: meters and trusted tokens do so too."""
    actual.replaces = current_actual(actual.indicator, actual.fiscal_year)
    actual.status = ActualStatus.APPROVED
    actual.approved_by, actual.approved_at = actor, clock.now()
    actual.save(update_fields=["replaces", "status", "approved_by", "approved_at"])
    _note(events.ACTUAL_APPROVED, actual, actor)
    publish_figures(plan=actual.indicator.plan)


def _locked(actual: Actual) -> Actual:
    """Return the value with its indicator locked, so that two approvals of one year follow each other."""
    indicator = Indicator.objects.select_for_update().get(pk=actual.indicator_id)
    found = Actual.objects.select_for_update().get(pk=actual.pk)
    if found.status != ActualStatus.SUBMITTED:
        raise PlanError(f"この実績は、すでに「{found.get_status_display()}」です。最新の一覧を開いてください。")
    found.indicator = indicator
    return found


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What came of approving several values at once: the approved ones, and the others with the reason."""

    approved: list[Actual]
    refused: list[tuple[Actual, str]]


def approve_actuals(*, actuals: Iterable[Actual], actor: Account) -> BulkResult:
    """Approve several values, each for itself: one that cannot be approved does not hold up the others."""
    result = BulkResult([], [])
    for actual in actuals:
        try:
            result.approved.append(approve_actual(actual=actual, actor=actor))
        except (PlanError, RefusedError) as error:
            result.refused.append((actual, str(error)))
    return result


def undo_approvals(*, actuals: Iterable[Actual], actor: Account) -> list[Actual]:
    """
    Take back one's own approvals of the last 30 minutes, as long as nothing builds on them; returns those taken back.

    Raises ``RefusedError`` without the duty.
    """
    undone = []
    for actual in actuals:
        indicator_policy.require(actor, "approve_actual", actual.indicator)
        with contextlib.suppress(PlanError), transaction.atomic():
            undone.append(_undo(actual, actor))
    return undone


def _undo(actual: Actual, actor: Account) -> Actual:
    Indicator.objects.select_for_update().get(pk=actual.indicator_id)
    actual = Actual.objects.select_related("indicator__plan").get(pk=actual.pk)
    fresh = actual.approved_at is not None and clock.now() - actual.approved_at <= timedelta(minutes=UNDO_MINUTES)
    is_own = actual.status == ActualStatus.APPROVED and actual.approved_by_id == actor.pk
    if not (fresh and is_own) or Actual.objects.filter(replaces=actual).exists():
        raise PlanError("この承認は、もう取り消せません。")
    _require_open(actual.indicator, actual.fiscal_year, actual.as_of)
    actual.replaces = None
    actual.status = ActualStatus.SUBMITTED
    actual.approved_by, actual.approved_at = None, None
    actual.save(update_fields=["replaces", "status", "approved_by", "approved_at"])
    _note(events.ACTUAL_UNAPPROVED, actual, actor)
    publish_figures(plan=actual.indicator.plan)
    return actual


def return_actual(*, actual: Actual, reason: str, actor: Account) -> Actual:
    """Send a waiting value back to who entered it, with the reason; raises like ``approve_actual``."""
    return _return(indicator=actual.indicator, actual=actual, reason=reason, actor=actor)


@recording_refusals(events.ACTUAL_REFUSED, subject="indicator")
def _return(*, indicator: Indicator, actual: Actual, reason: str, actor: Account) -> Actual:
    indicator_policy.require(actor, "approve_actual", indicator)
    actual = _locked(actual)
    if not reason.strip():
        raise PlanError("差し戻す理由を入力してください。")
    actual.status, actual.returned_reason = ActualStatus.RETURNED, reason.strip()
    actual.save(update_fields=["status", "returned_reason"])
    _note(events.ACTUAL_RETURNED, actual, actor)
    return actual


def label_of(actual: Actual) -> str:
    """Return what a message calls a value: indicator, fiscal year and figure."""
    return f"{actual.indicator.label}（{fiscal.label(actual.fiscal_year)}）{actual.text}"
