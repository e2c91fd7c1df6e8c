"""Reads for the pages of the review cycle: rounds, who is late, what waits for whom, the conversation of a project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Unit, current_duties, staff_with_role
from madoguchi.trust.enums import Role

from ..enums import EvaluationStatus, OrderStatus, RoundStatus
from ..models import ChangeRecord, Evaluation, ImprovementOrder, Plan, Project, ProjectUnit, ReviewRound
from ..permissions import review_policy
from ..rules.revision import shown
from .review_words import in_words
from .reviews import newest_period

STAGES = (RoundStatus.SELF_EVALUATION, RoundStatus.SECRETARIAT, RoundStatus.COUNCIL, RoundStatus.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCard:
    """A round in the list: how many projects stand where, and how many are late."""

    review: ReviewRound
    counts: dict[str, int]
    late: int
    open_orders: int

    @property
    def total(self) -> int:
        """Return how many projects the round looks at."""
        return sum(self.counts.values())

    @property
    def decided(self) -> int:
        """Return how many have the council's decision."""
        return self.counts[EvaluationStatus.DECIDED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A section that has not submitted: its projects, its chiefs, and how many days it is late (0: in time)."""

    unit: Unit | None
    projects: tuple[Project, ...]
    chiefs: tuple[Account, ...]
    days_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One turn of the conversation about an evaluation."""

    title: str
    at: Any
    actor: Account | None
    text: str
    mark: str = ""


def rounds(plan: Plan | None = None) -> QuerySet[ReviewRound]:
    """Return the rounds of the municipality, the newest first."""
    found = ReviewRound.objects.select_related("plan", "scoring_rule", "opened_by")
    found = found.filter(plan=plan) if plan is not None else found
    return found.order_by("-fiscal_year", newest_period(prefix=""), "-id")


def round_cards(found: Iterable[ReviewRound]) -> list[RoundCard]:
    """Return rounds with their counts, in two queries however many there are."""
    reviews = list(found)
    statuses = Evaluation.objects.filter(round__in=reviews).order_by().values("round_id", "status")
    counts: dict[int, dict[str, int]] = {}
    for row in statuses.annotate(number=Count("id")):
        counts.setdefault(row["round_id"], {})[row["status"]] = row["number"]
    orders = ImprovementOrder.objects.filter(evaluation__round__in=reviews).exclude(status=OrderStatus.ACCEPTED)
    open_orders = dict(
        orders.order_by()
        .values_list("evaluation__round_id")
        .annotate(number=Count("id"))
        .values_list("evaluation__round_id", "number")
    )
    return [_card(review, counts.get(review.pk, {}), open_orders.get(review.pk, 0)) for review in reviews]


def _card(review: ReviewRound, found: dict[str, int], open_orders: int) -> RoundCard:
    counts = {status: found.get(status, 0) for status in EvaluationStatus.values}
    late = counts[EvaluationStatus.WAITING] if is_overdue(review) else 0
    return RoundCard(review=review, counts=counts, late=late, open_orders=open_orders)


def is_overdue(review: ReviewRound, today: date | None = None) -> bool:
    """Tell whether the day by which sections had to submit is over while the round is not."""
    return review.status != RoundStatus.CLOSED and review.self_evaluation_due < (today or clock.today())


def evaluations(review: ReviewRound) -> QuerySet[Evaluation]:
    """Return the evaluations of a round with what a list shows."""
    responsible = Prefetch("project__responsibilities", ProjectUnit.objects.select_related("unit"))
    return (
        Evaluation.objects.filter(round=review)
        .select_related("project", "project__goal", "project__measure", "submitted_by", "round")
        .annotate(
            order_count=Count("orders"), open_order_count=Count("orders", ~Q(orders__status=OrderStatus.ACCEPTED))
        )
        .prefetch_related(responsible)
        .order_by("project__order", "id")
    )


def filtered(
    found: QuerySet[Evaluation], *, status: str = "", unit: str = "", mark: str = "", actor: Account | None = None
) -> list[Evaluation]:
    """Return the evaluations that pass the filters; ``mark`` is that of the furthest stage, ``actor`` asks for their own."""
    if status == "late":
        found = found.filter(status=EvaluationStatus.WAITING)
    elif status:
        found = found.filter(status=status)
    rows = [item for item in found if not unit or unit in {str(share.unit_id) for share in _shares(item)}]
    rows = [item for item in rows if not mark or current_mark(item) == mark]
    own = None if actor is None else own_units(actor)
    return rows if own is None else [item for item in rows if own & {share.unit_id for share in _shares(item)}]


def _shares(evaluation: Evaluation) -> list[ProjectUnit]:
    return list(evaluation.project.responsibilities.all())


def current_mark(evaluation: Evaluation) -> str:
    """Return the mark of the furthest stage that has one: council, secretariat, section."""
    return evaluation.decision or evaluation.score or evaluation.progress


def own_units(actor: Account) -> set[int] | None:
    """Return the units for whose projects the actor answers; None for somebody who answers for all."""
    if review_policy.allows(actor, "evaluate", None):
        return None
    duties = current_duties(actor).filter(role__in=(Role.SECTION_STAFF, Role.SECTION_CHIEF))
    return set(duties.values_list("unit_id", flat=True))


def units_of_round(review: ReviewRound) -> list[tuple[str, str]]:
    """Return the sections of a round as pairs of id and name, for a filter."""
    projects = Evaluation.objects.filter(round=review).values("project_id")
    found = Unit.objects.filter(pk__in=ProjectUnit.objects.filter(project__in=projects).values("unit_id"))
    return [(str(unit.pk), unit.name) for unit in found.order_by("name")]


def reminders(review: ReviewRound) -> list[Reminder]:
    """Return the sections that have not submitted, those with most projects first; lead sections answer."""
    if review.status not in (RoundStatus.SELF_EVALUATION, RoundStatus.SECRETARIAT):
        return []
    late = max(0, (clock.today() - review.self_evaluation_due).days)
    waiting: dict[int | None, list[Project]] = {}
    units: dict[int | None, Unit | None] = {}
    for item in evaluations(review).filter(status=EvaluationStatus.WAITING):
        share = next(iter(_shares(item)), None)
        waiting.setdefault(share.unit_id if share else None, []).append(item.project)
        units[share.unit_id if share else None] = share.unit if share else None
    found = [
        Reminder(unit=units[key], projects=tuple(projects), chiefs=_chiefs(units[key]), days_late=late)
        for key, projects in waiting.items()
    ]
    return sorted(found, key=lambda item: -len(item.projects))


def _chiefs(unit: Unit | None) -> tuple[Account, ...]:
    return () if unit is None else tuple(staff_with_role(Role.SECTION_CHIEF, unit))


def conversation(evaluation: Evaluation) -> list[Said]:
    """Return who said what about a project in a round, from the first self-evaluation to the last accepted order."""
    own = Q(subject_type="evaluation", subject_id=evaluation.pk)
    orders = Q(subject_type="improvementorder", subject_id__in=evaluation.orders.values("pk"))
    planned = Q(order__evaluation=evaluation) & ~Q(subject_type="improvementorder")
    records = ChangeRecord.objects.filter(own | orders | planned).select_related("actor").order_by("at", "id")
    return [_said(record) for record in records]


def _said(record: ChangeRecord) -> Said:
    if record.subject_type == "evaluation":
        return _said_of_evaluation(record)
    if record.subject_type == "improvementorder":
        return Said(title=in_words(record.field), at=record.at, actor=record.actor, text=_order_text(record))
    return Said(title=in_words("計画の見直し"), at=record.at, actor=record.actor, text=record.reason)


def _said_of_evaluation(record: ChangeRecord) -> Said:
    after = record.after if isinstance(record.after, dict) else {}
    title, text = in_words(record.field), str(after.get("意見") or record.reason)
    return Said(title=title, at=record.at, actor=record.actor, text=text, mark=str(after.get("評価") or ""))


def _order_text(record: ChangeRecord) -> str:
    if record.field == "対応":
        return shown(record.after)
    if record.field == "改善指示" and isinstance(record.after, dict):
        return str(record.after.get("指示", ""))
    return record.reason


def orders(*, status: str = "", actor: Account | None = None) -> list[ImprovementOrder]:
    """Return improvement orders, open and overdue first; ``actor`` asks for those of projects they answer for."""
    found = ImprovementOrder.objects.select_related(
        "project", "evaluation__round", "evaluation__round__plan", "ordered_by", "answered_by"
    )
    found = found.filter(status=status) if status else found
    own = None if actor is None else own_units(actor)
    if own is not None:
        found = found.filter(project__in=ProjectUnit.objects.filter(unit__in=own).values("project_id"))
    return sorted(found.order_by("due_date", "id"), key=lambda row: list(OrderStatus.values).index(row.status))


def order_is_late(order: ImprovementOrder) -> bool:
    """Tell whether an order still waits for its section after its day."""
    return order.status == OrderStatus.OPEN and order.due_date < clock.today()


def neighbours(review: ReviewRound, evaluation: Evaluation) -> tuple[Evaluation | None, Evaluation | None]:
    """Return the evaluations before and after one in the order of the plan."""
    ids = list(evaluations(review).values_list("pk", flat=True))
    place = ids.index(evaluation.pk)
    found = Evaluation.objects.select_related("project").in_bulk(ids[max(0, place - 1) : place + 2])
    before = found.get(ids[place - 1]) if place else None
    after = found.get(ids[place + 1]) if place + 1 < len(ids) else None
    return before, after
