"""Reads of actual values: what counts, what waits for whom, and the history of each indicator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Unit, units_of

from ..enums import ActualStatus, BindingKind
from ..models import Actual, Indicator, Plan, ProjectUnit, Target
from ..rules.actual_values import ValueFacts, stages_of
from ..rules.staleness import Freshness, Judgement
from .loading import with_values
from .staleness import judge_indicator


def approved_actuals() -> QuerySet[Actual]:
    """Return the values that count: approved and not replaced by a newer one."""
    return Actual.objects.filter(status=ActualStatus.APPROVED, replaced_by__isnull=True)


def current_actual(indicator: Indicator, fiscal_year: int) -> Actual | None:
    """Return the value of a fiscal year that counts, the newest where a document gave two, or None."""
    return approved_actuals().filter(indicator=indicator, fiscal_year=fiscal_year).order_by("-id").first()


def newest_entry(indicator: Indicator, fiscal_year: int) -> Actual | None:
    """Return the value entered last for a fiscal year, whatever its state."""
    return Actual.objects.filter(indicator=indicator, fiscal_year=fiscal_year).order_by("-id").first()


def waiting_entry(indicator: Indicator, fiscal_year: int) -> Actual | None:
    """Return the value of a fiscal year that waits for approval, or None."""
    waiting = Actual.objects.filter(indicator=indicator, fiscal_year=fiscal_year, status=ActualStatus.SUBMITTED)
    return waiting.order_by("-id").first()


def last_before(indicator: Indicator, fiscal_year: int) -> Actual | None:
    """Return the newest value that counts of an earlier fiscal year, or None."""
    earlier = approved_actuals().filter(indicator=indicator, fiscal_year__lt=fiscal_year)
    return earlier.order_by("-fiscal_year", "-id").first()


def value_facts(indicator: Indicator, fiscal_year: int) -> ValueFacts:
    """Return what values of an indicator are judged by."""
    targets = list(Target.objects.filter(indicator=indicator).values_list("value", "text"))
    last = last_before(indicator, fiscal_year)
    planned = [value for value, _text in targets if value is not None]
    if indicator.baseline_value is not None:
        planned.append(indicator.baseline_value)
    return ValueFacts(
        type=indicator.type,
        kind=indicator.kind,
        unit=indicator.unit,
        planned=planned,
        last=last.value if last else None,
        stages=stages_of([text for _value, text in targets]),
    )


def history(indicator: Indicator) -> QuerySet[Actual]:
    """Return every value ever entered for an indicator, the newest year and entry first."""
    found = Actual.objects.filter(indicator=indicator).select_related("entered_by", "approved_by", "replaced_by")
    return found.order_by("-fiscal_year", "-id")


def waiting_for_approval(actor: Account | None = None) -> QuerySet[Actual]:
    """Return the values that wait for approval, the oldest first; without those that ``actor`` entered."""
    found = Actual.objects.filter(status=ActualStatus.SUBMITTED).select_related(
        "indicator__plan", "indicator__project", "entered_by"
    )
    found = found if actor is None else found.exclude(entered_by=actor)
    return found.order_by("entered_at", "id")


def indicators_of(account: Account) -> Q:
    """Return the condition for indicators that an account answers for: as owner, or through its units."""
    units = list(units_of(account).values_list("pk", flat=True))
    mine = _units_answered_by(units)
    projects = ProjectUnit.objects.filter(unit_id__in=mine).values("project_id")
    return Q(owner=account) | Q(owner_unit_id__in=mine) | Q(project_id__in=projects)


def _units_answered_by(units: Sequence[int]) -> set[int]:
    """Return the units that people of these units act for: themselves, those below, and the predecessors of all."""
    found, fresh = set(units), set(units)
    while fresh:
        below = Unit.objects.filter(Q(parent_id__in=fresh) | Q(merged_into_id__in=fresh) | Q(successors__in=fresh))
        fresh = set(below.values_list("pk", flat=True)) - found
        found |= fresh
    return found


@dataclass(frozen=True, slots=True)
class WorkItem:
    """An indicator in the work list: the year to act on, how it stands, and what is known."""

    indicator: Indicator
    judgement: Judgement
    target: Target | None
    last: Actual | None
    waiting: Actual | None
    returned: Actual | None

    @property
    def fiscal_year(self) -> int:
        """The year a new value would be entered for."""
        year = self.judgement.fiscal_year
        return year if year is not None else self.indicator.plan.end_fiscal_year

    @property
    def urgency(self) -> tuple[int, int, int]:
        """Sort key: returned first, then the stale by days late, then what is due, then the rest."""
        order = [Freshness.OVERDUE, Freshness.NEVER, Freshness.OLD, Freshness.SILENT, Freshness.DUE]
        state = self.judgement.freshness
        rank = order.index(state) if state in order else len(order)
        if self.returned is not None:
            rank = -1
        return (rank if self.waiting is None else len(order) + 1, -self.judgement.days_late, self.indicator.order)


def work_list(
    account: Account, *, whose: str = "mine", state: str = "", plan: str = "", word: str = ""
) -> list[WorkItem]:
    """
    Return the indicators to enter values for, what waits for the reader first.

    ``whose``: "mine" or "all"; ``state``: "stale", "due", "returned", "waiting" or "" for every state; ``plan`` is a code, ``word``
    a part of the name.
    """
    found = with_values(Indicator.objects.all())
    if whose == "mine":
        found = found.filter(indicators_of(account))
    if plan:
        found = found.filter(plan__code=plan)
    if word:
        found = found.filter(Q(label__icontains=word) | Q(project__title__icontains=word))
    items = sorted((work_item(indicator) for indicator in found), key=lambda item: item.urgency)
    return [item for item in items if _is_in(item, state)]


def _is_in(item: WorkItem, state: str) -> bool:
    match state:
        case "stale":
            return item.judgement.freshness.is_stale and item.waiting is None
        case "due":
            return item.judgement.freshness is Freshness.DUE and item.waiting is None
        case "returned":
            return item.returned is not None
        case "waiting":
            return item.waiting is not None
    return True


def work_item(indicator: Indicator) -> WorkItem:
    """Return how an indicator (loaded by ``with_values``) stands."""
    actuals = list(indicator.actuals.all())
    judgement = judge_indicator(indicator, clock.today())
    year = judgement.fiscal_year if judgement.fiscal_year is not None else indicator.plan.end_fiscal_year
    of_year = [actual for actual in actuals if actual.fiscal_year == year]
    newest = of_year[-1] if of_year else None
    return WorkItem(
        indicator=indicator,
        judgement=judgement,
        target=next((target for target in indicator.targets.all() if target.fiscal_year == year), None),
        last=_last_counting(actuals),
        waiting=newest if newest and newest.status == ActualStatus.SUBMITTED else None,
        returned=newest if newest and newest.status == ActualStatus.RETURNED else None,
    )


def _last_counting(actuals: Iterable[Actual]) -> Actual | None:
    counting = [actual for actual in actuals if actual.status == ActualStatus.APPROVED]
    return max(counting, key=lambda actual: (actual.fiscal_year, actual.pk), default=None)


def plans_in_scope() -> list[Plan]:
    """Return the plans of the municipality in scope, the newest first."""
    return list(Plan.objects.order_by("-start_fiscal_year", "code"))


def counts(account: Account) -> dict[str, Any]:
    """Return how many of one's own indicators are stale, due, returned or waiting, for tabs and the overview."""
    items = work_list(account)
    return {state: sum(_is_in(item, state) for item in items) for state in ("stale", "due", "returned", "waiting")}


def is_metered(indicator: Indicator) -> bool:
    """Tell whether an indicator is measured by itself."""
    return indicator.binding_kind == BindingKind.METER and bool(indicator.binding.get("expression"))
