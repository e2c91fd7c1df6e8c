"""What needs attention this month: what has to be done, who must do it, by when, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import Unit

from ..enums import OrderStatus, RoundStatus
from ..models import ImprovementOrder, Indicator, Plan, PlanDraft, ProjectUnit, PushToken, ReviewRound
from ..rules.lint import Severity, check_plan
from ..rules.progress import Status
from ..rules.staleness import Freshness
from . import review_rounds
from .actuals import waiting_for_approval
from .lint import facts_of
from .loading import with_values
from .staleness import judge_indicator, owner_name
from .tree import PlanTree, is_over, plan_tree

KINDS = ("overdue", "approval", "behind", "submission", "order", "draft", "finding")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """
    One thing to do: ``who`` must act by ``due``; ``place`` is the view and its arguments where it is done.

    ``is_late`` where the day is over. ``names`` are examples of what it is about, ``count`` how many there are.
    """

    kind: str
    title: str
    who: str
    due: date | None
    is_late: bool
    place: tuple[str, tuple[object, ...]]
    names: tuple[str, ...] = ()
    count: int = 1


def attention(plan: Plan | None = None, *, tree: PlanTree | None = None) -> list[Task]:
    """
    Return what needs attention in the municipality in scope (or in one plan): late things first, then by day.

    ``tree`` is the plan as a tree where a page has read it already.
    """
    plans = [plan] if plan else list(Plan.objects.all())
    trees = {tree.plan.pk: tree} if tree else {}
    tasks = [*_orders(plan), *_approvals(plan), *_submissions(plan), *_drafts()]
    for one in plans:
        indicators = _indicators(one)
        tasks += _overdue(indicators)
        if not is_over(one):
            tasks += _behind(trees.get(one.pk) or plan_tree(one))
            tasks += _findings(one, indicators)
    return sorted(tasks, key=_urgency)


def _indicators(plan: Plan) -> list[Indicator]:
    """Return the indicators of a plan with all that the judgements here ask for."""
    tokens = PushToken.objects.filter(revoked_at__isnull=True, expires_at__gt=clock.now())
    found = with_values(Indicator.objects.filter(plan=plan)).prefetch_related(Prefetch("push_tokens", tokens))
    return list(found.order_by("order", "id"))


def _urgency(task: Task) -> tuple[bool, date, int, int]:
    return not task.is_late, task.due or date.max, KINDS.index(task.kind), -task.count


def counts(tasks: Iterable[Task]) -> dict[str, int]:
    """Return how many things of each kind there are."""
    found = dict.fromkeys(KINDS, 0)
    for task in tasks:
        found[task.kind] += task.count
    return found


def _overdue(indicators: list[Indicator]) -> Iterator[Task]:
    """One task for each owner and due day: thirty missing values of a section are one errand."""
    groups: dict[tuple[str, date | None, Freshness], list[Indicator]] = {}
    for item in indicators:
        judgement = judge_indicator(item)
        if judgement.freshness.is_stale:
            groups.setdefault((owner_name(item), judgement.due, judgement.freshness), []).append(item)
    for (owner, due, freshness), items in groups.items():
        alone = len(items) == 1
        yield Task(
            kind="overdue",
            title=_stale_title(freshness),
            who=owner or _nobody(),
            due=due,
            is_late=due is not None and due < clock.today(),
            place=("steering:actual_enter", (items[0].pk,)) if alone else ("steering:actuals", ()),
            names=tuple(item.label for item in items[:3]),
            count=len(items),
        )


def _nobody() -> str:
    return _("決まっていません（計画の事務局が決めます）")


def _stale_title(freshness: Freshness) -> str:
    return {
        Freshness.OVERDUE: _("実績が期限までに入力されていません"),
        Freshness.NEVER: _("実績が一度も入力されていません"),
        Freshness.OLD: _("実績が古くなっています"),
        Freshness.SILENT: _("自動計測の値が届いていません"),
    }.get(freshness, _("実績を確かめてください"))


APPROVAL_DAYS = 14


def _approvals(plan: Plan | None) -> Iterator[Task]:
    waiting = waiting_for_approval()
    for actual in waiting.filter(indicator__plan=plan) if plan else waiting:
        due = clock.local(actual.entered_at).date() + timedelta(days=APPROVAL_DAYS)
        yield Task(
            kind="approval",
            title=_("実績が承認を待っています"),
            who=_("計画の事務局（入力した人以外）"),
            due=due,
            is_late=due < clock.today(),
            place=("steering:actual", (actual.pk,)),
            names=(f"{actual.indicator.label}（{actual.fiscal_year}年度）",),
        )


def _behind(tree: PlanTree) -> Iterator[Task]:
    """Only of a plan that still runs: a finished one can no longer catch up."""
    due = _next_review(tree.plan)
    leads = lead_units(tree.plan)
    for node in tree.indicators:
        if node.status is Status.BEHIND:
            owner = node.indicator.owner_unit or leads.get(node.indicator.project_id or 0)
            yield Task(
                kind="behind",
                title=_("目標に届いていません"),
                who=str(owner) if owner else _nobody(),
                due=due,
                is_late=False,
                place=("steering:indicator_actuals", (node.indicator.pk,)),
                names=(node.indicator.label,),
            )


def lead_units(plan: Plan | None) -> dict[int, Unit]:
    """Return the lead unit (主管課) of every project that has one, of one plan or of all."""
    found = ProjectUnit.objects.filter(is_lead=True).select_related("unit")
    return {share.project_id: share.unit for share in (found.filter(project__plan=plan) if plan else found)}


def _next_review(plan: Plan) -> date | None:
    """Return the day by which sections explain themselves in the round that is open, or None."""
    review = _open_rounds(plan).order_by("self_evaluation_due").first()
    return review.self_evaluation_due if review else None


def _open_rounds(plan: Plan | None) -> QuerySet[ReviewRound]:
    found = ReviewRound.objects.exclude(status=RoundStatus.CLOSED).select_related("plan")
    return found.filter(plan=plan) if plan else found


def _submissions(plan: Plan | None) -> Iterator[Task]:
    for review in _open_rounds(plan):
        for reminder in review_rounds.reminders(review):
            yield Task(
                kind="submission",
                title=_("自己評価が提出されていません"),
                who=_unit_and_chiefs(reminder),
                due=review.self_evaluation_due,
                is_late=reminder.days_late > 0,
                place=("steering:review", (review.pk,)),
                names=tuple(project.title for project in reminder.projects[:3]),
                count=len(reminder.projects),
            )


def _unit_and_chiefs(reminder: review_rounds.Reminder) -> str:
    if reminder.unit is None:
        return _("担当課が決まっていません（計画の事務局が決めます）")
    chiefs = "、".join(str(chief) for chief in reminder.chiefs)
    return f"{reminder.unit}（{chiefs}）" if chiefs else str(reminder.unit)


def _orders(plan: Plan | None) -> Iterator[Task]:
    found = ImprovementOrder.objects.filter(~Q(status=OrderStatus.ACCEPTED)).select_related("project")
    leads = lead_units(plan)
    for order in found.filter(project__plan=plan) if plan else found:
        waits = order.status == OrderStatus.OPEN
        lead = leads.get(order.project_id)
        yield Task(
            kind="order",
            title=_("改善指示への対応を待っています") if waits else _("改善指示への回答を確かめてください"),
            who=(str(lead) if lead else "、".join(order.project.sections)) if waits else _("調整会議"),
            due=order.due_date,
            is_late=waits and order.due_date < clock.today(),
            place=("steering:order", (order.pk,)),
            names=(order.project.title,),
        )


def _drafts() -> Iterator[Task]:
    for draft in PlanDraft.objects.filter(status="open").defer("document"):
        yield Task(
            kind="draft",
            title=_("読み取った計画書が公開を待っています"),
            who=_("計画の事務局"),
            due=None,
            is_late=False,
            place=("steering:draft", (draft.pk,)),
            names=(draft.name,),
        )


def _findings(plan: Plan, indicators: list[Indicator]) -> Iterator[Task]:
    """Only of a plan that still runs, and only faults that keep an indicator from being measured at all."""
    found = check_plan(plan.fiscal_years, (), [facts_of(item) for item in indicators])
    errors = [item for item in found if item.severity is Severity.ERROR]
    if errors:
        yield Task(
            kind="finding",
            title=_("指標の点検で、直さないと測れないものが見つかりました"),
            who=_("計画の事務局"),
            due=fiscal.end_of(fiscal.fiscal_year(clock.today())),
            is_late=False,
            place=("steering:lint", ()),
            names=tuple(dict.fromkeys(item.title for item in errors))[:3],
            count=len(errors),
        )
