"""How an indicator gets its values (実績の取り方), and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import Account, Unit, record_event
from madoguchi.trust.enums import AccountKind

from .. import events
from ..enums import BindingKind
from ..errors import PlanError, StaleError
from ..models import Indicator
from ..permissions import indicator_policy
from ..rules.expression import MeterExpression, parse_meter_expression
from ..rules.units import Unit as MeasureUnit
from ..rules.units import convert
from ..selectors.evidence import PERIODS, Measured, meter_facts, period_of, read
from .changes import record_change
from .measuring import measure_indicator


class RemarkError(PlanError):
    """The units fit, but a person should confirm that the same thing is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """
    How values are to be got: ``kind`` of BindingKind.

    For a meter its ``expression`` and ``period`` ("" for what fits the indicator's kind); for a push whether the sender is
    ``trusted``, so that its values count without approval. ``confirmed`` says that a person looked at the remark on units.
    """

    kind: BindingKind
    expression: str = ""
    period: str = ""
    trusted: bool = False
    source_text: str = ""
    confirmed: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return what is kept of it."""
        match self.kind:
            case BindingKind.METER:
                kept: dict[str, Any] = {"expression": self.expression.strip()}
                return kept | ({"period": self.period} if self.period else {})
            case BindingKind.PUSH:
                return {"trusted": self.trusted}
        return {}


@transaction.atomic
def bind_indicator(*, indicator: Indicator, binding: Binding, reason: str, version: int, actor: Account) -> Indicator:
    """
    Change how an indicator gets its values; a meter is read at once.

    Raises ``RefusedError`` without the duty, ``StaleError`` when somebody changed the indicator first, ``ExpressionError`` and
    ``UnitMismatchError`` for an expression that cannot be used, ``RemarkError`` for units a person must confirm, and
    ``PlanError`` without a reason.
    """
    indicator_policy.require(actor, "bind", indicator)
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    _require_version(indicator, binding, version)
    if not reason.strip():
        raise PlanError("変更する理由を入力してください。")
    if binding.kind == BindingKind.METER:
        _check_meter(indicator, binding)
    before = describe(indicator)
    indicator.binding_kind, indicator.binding = binding.kind, binding.as_json()
    indicator.source_text = binding.source_text.strip()[:200]
    indicator.version += 1
    indicator.save(update_fields=["binding_kind", "binding", "source_text", "version"])
    record_change(
        plan=indicator.plan,
        subject=indicator,
        field="実績の取り方",
        before=before,
        after=describe(indicator),
        reason=reason.strip(),
        actor=actor,
    )
    record_event(kind=events.INDICATOR_BOUND, subject=indicator, actor=actor, data={"binding": str(binding.kind)})
    if binding.kind == BindingKind.METER:
        measure_indicator(indicator=indicator, fiscal_year=fiscal.fiscal_year(clock.today()))
    return indicator


def _require_version(indicator: Indicator, binding: Binding, version: int) -> None:
    if indicator.version == version:
        return
    theirs = {"binding": describe(indicator)}
    raise StaleError(yours={"binding": _words(binding.kind, binding.as_json(), binding.source_text)}, theirs=theirs)


def _check_meter(indicator: Indicator, binding: Binding) -> None:
    if binding.period and binding.period not in PERIODS:
        raise PlanError("集計する期間を選んでください。")
    remark = _convert(indicator, parse_meter_expression(binding.expression, meter_facts()))
    if remark and not binding.confirmed:
        raise RemarkError(remark)


def _convert(indicator: Indicator, expression: MeterExpression) -> str:
    """Return the remark on the units; raises ``UnitMismatchError`` where the result is no value of the indicator."""
    return convert(expression.unit, MeasureUnit.parse(indicator.unit)).remark


def describe(indicator: Indicator) -> str:
    """Return how an indicator gets its values, in words for the history."""
    return _words(BindingKind(indicator.binding_kind), indicator.binding, indicator.source_text)


def _words(kind: BindingKind, binding: dict[str, Any], source_text: str) -> str:
    match kind:
        case BindingKind.METER:
            return f"自動計測: {binding.get('expression', '')}"
        case BindingKind.PUSH:
            return "外部システムからの送信" + ("（承認を省く）" if binding.get("trusted") else "")
    return f"手入力（出典: {source_text}）" if source_text else "手入力"


def preview_binding(
    *, indicator: Indicator, expression: str, period: str = "", fiscal_year: int | None = None
) -> Measured:
    """
    Compute what an expression would show for a fiscal year (the running one by default), changing nothing.

    Raises ``ExpressionError`` and ``UnitMismatchError``.
    """
    parsed = parse_meter_expression(expression, meter_facts())
    _convert(indicator, parsed)
    year = fiscal.fiscal_year(clock.today()) if fiscal_year is None else fiscal_year
    chosen = period if period in PERIODS else ""
    return read(parsed, indicator, period_of(indicator, year, chosen=chosen))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """Who answers for an indicator, and by the end of which month after the year the value is due."""

    unit: Unit | None = None
    person: Account | None = None
    due_month: int = 5


@transaction.atomic
def assign_owner(*, indicator: Indicator, ownership: Ownership, reason: str, version: int, actor: Account) -> Indicator:
    """
    Say who answers for an indicator; raises ``RefusedError``, ``StaleError``, and ``PlanError`` for what cannot be.
    """
    indicator_policy.require(actor, "assign", indicator)
    indicator = Indicator.objects.select_for_update().get(pk=indicator.pk)
    after = _owner_words(ownership)
    before = _owner_words(Ownership(unit=indicator.owner_unit, person=indicator.owner, due_month=indicator.due_month))
    if indicator.version != version:
        raise StaleError(yours={"owner": after}, theirs={"owner": before})
    _check_owner(ownership, reason)
    indicator.owner_unit, indicator.owner = ownership.unit, ownership.person
    indicator.due_month = ownership.due_month
    indicator.version += 1
    indicator.save(update_fields=["owner_unit", "owner", "due_month", "version"])
    record_change(
        plan=indicator.plan,
        subject=indicator,
        field="担当",
        before=before,
        after=after,
        reason=reason.strip(),
        actor=actor,
    )
    record_event(kind=events.INDICATOR_ASSIGNED, subject=indicator, actor=actor)
    return indicator


def _check_owner(ownership: Ownership, reason: str) -> None:
    if not reason.strip():
        raise PlanError("変更する理由を入力してください。")
    if not 1 <= ownership.due_month <= 12:
        raise PlanError("期限の月は1から12までです。")
    person = ownership.person
    if person is not None and (person.kind != AccountKind.STAFF or not person.is_active):
        raise PlanError("担当者には、利用中の職員を選んでください。")


def _owner_words(ownership: Ownership) -> str:
    names = [str(found) for found in (ownership.unit, ownership.person) if found is not None]
    return f"{'・'.join(names) or 'なし'}（期限 {ownership.due_month}月末）"
