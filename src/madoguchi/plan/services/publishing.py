"""Publishing a checked draft: it becomes the plan that the city is steered by."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction

from madoguchi.kit import clock
from madoguchi.trust.api import Account, current_municipality, record_event

from .. import events
from ..enums import ActualSource, ActualStatus, DraftStatus, PlanStatus
from ..errors import PlanError
from ..models import Action, Actual, Goal, Indicator, Measure, Plan, PlanDraft, Project, Relation, Target
from ..permissions import plan_policy
from ..rules.concepts import concept_of
from ..rules.draft import DraftAction, DraftIndicator, DraftPlan, DraftProject, YearValue
from ..rules.draft import Relation as DraftRelation
from ..rules.soundness import faults
from .comparison import publish_figures
from .importing import MOST_FAULTS, read_result


@transaction.atomic
def publish_draft(*, draft: PlanDraft, actor: Account | None, system: bool = False) -> list[Plan]:
    """
    Turn a draft into published plans of its municipality, previous plans first.

    ``system`` is for the command line, where no person signs. Raises ``PlanError`` when the draft is not open, when
    rows are still unplaced, or when a plan of the same code is there already; ``RefusedError`` without the duty.
    """
    if not system:
        plan_policy.require(actor, "publish")
    draft = PlanDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.status != DraftStatus.OPEN:
        raise PlanError("この読み取り結果は、すでに公開または破棄されています。")
    result = read_result(draft)
    if result.unplaced:
        lines = "、".join(str(item.line) for item in result.unplaced[:10])
        raise PlanError(f"置き場所の決まっていない行が残っています（{lines}行目）。先に訂正してください。")
    _refuse_faults(result.plans)
    _refuse_duplicates(result.plans)
    plans = [Publisher(item, actor).publish() for item in sorted(result.plans, key=lambda plan: plan.start_fiscal_year)]
    draft.status = DraftStatus.PUBLISHED
    draft.published_at = clock.now()
    draft.save(update_fields=["status", "published_at"])
    return plans


def _refuse_faults(plans: tuple[DraftPlan, ...]) -> None:
    found = list(islice(faults(plans), MOST_FAULTS))
    if found:
        raise PlanError("先に訂正してください。" + " ".join(found))


def _refuse_duplicates(plans: tuple[DraftPlan, ...]) -> None:
    for plan in plans:
        if Plan.objects.filter(code=plan.code).exists():
            raise PlanError(f"計画「{plan.title}」（{plan.code}）は、すでに公開されています。")


@dataclass
class Place:
    """Where in the plan a part hangs."""

    goal: Goal
    measure: Measure | None = None
    project: Project | None = None

    def narrowest(self) -> dict[str, Any]:
        """Return the one part that a relation belongs to."""
        if self.project is not None:
            return {"project": self.project}
        return {"goal": self.goal} if self.measure is None else {"measure": self.measure}


class Publisher:
    """Writes one draft plan into the tables."""

    def __init__(self, draft: DraftPlan, actor: Account | None) -> None:
        """Keep the draft and who publishes it."""
        self.draft = draft
        self.actor = actor
        self.now = clock.now()
        self.municipality = current_municipality()
        self.count = 0

    def publish(self) -> Plan:
        """Write everything and return the plan."""
        self.plan = self._plan()
        self._relations(self.draft.relations, None)
        for goal in self.draft.goals:
            self._goal(goal)
        publish_figures(plan=self.plan)
        quantity = Project.objects.filter(plan=self.plan).count()
        record_event(kind=events.PLAN_PUBLISHED, subject=self.plan, actor=self.actor, quantity=quantity)
        return self.plan

    def _plan(self) -> Plan:
        return Plan.objects.create(
            municipality=self.municipality,
            code=self.draft.code,
            title=self.draft.title,
            start_fiscal_year=self.draft.start_fiscal_year,
            end_fiscal_year=self.draft.end_fiscal_year,
            philosophy=self.draft.philosophy,
            status=PlanStatus.FINISHED if self.draft.is_previous else PlanStatus.ACTIVE,
            predecessor=Plan.objects.filter(code=self.draft.predecessor or "-").first(),
            reported=[
                {"label": item.label, "text": item.text, "value": item.value, "line": item.line}
                for item in self.draft.reported
            ],
            source_line=self.draft.line,
            published_at=self.now,
        )

    def _common(self, part: Any) -> dict[str, Any]:
        self.count += 1
        return {
            "municipality": self.municipality,
            "plan": self.plan,
            "code": part.code,
            "title": part.title,
            "summary": part.summary,
            "order": self.count,
            "source_line": part.line,
        }

    def _goal(self, draft: Any) -> None:
        goal = Goal.objects.create(**self._common(draft))
        place = Place(goal=goal)
        self._relations(draft.relations, place)
        self._indicators(draft.indicators, place)
        for measure in draft.measures:
            self._measure(measure, goal)
        for project in draft.projects:
            self._project(project, place)

    def _measure(self, draft: Any, goal: Goal) -> None:
        measure = Measure.objects.create(goal=goal, **self._common(draft))
        place = Place(goal=goal, measure=measure)
        self._relations(draft.relations, place)
        self._indicators(draft.indicators, place)
        for project in draft.projects:
            self._project(project, place)

    def _project(self, draft: DraftProject, place: Place) -> None:
        project = Project.objects.create(
            goal=place.goal,
            measure=place.measure,
            sections=list(draft.sections),
            portfolio_class=draft.portfolio_class,
            is_priority=draft.is_priority,
            is_new=draft.is_new,
            progress=draft.progress,
            effects=draft.effects,
            overall_target=draft.overall_target,
            **self._common(draft),
        )
        inside = Place(place.goal, place.measure, project)
        self._relations(draft.relations, inside)
        self._actions(draft.actions, project)
        self._indicators(draft.indicators, inside)

    def _actions(self, actions: tuple[DraftAction, ...], project: Project) -> None:
        Action.objects.bulk_create(
            Action(
                municipality=self.municipality,
                project=project,
                label=action.label,
                words=[
                    {"fiscal_year": word.fiscal_year, "text": word.text, "continued": word.continued, "line": word.line}
                    for word in action.words
                ],
                order=order,
                source_line=action.line,
            )
            for order, action in enumerate(actions)
        )

    def _relations(self, relations: tuple[DraftRelation, ...], place: Place | None) -> None:
        owner = {} if place is None else place.narrowest()
        for relation in relations:
            Relation.objects.create(
                municipality=self.municipality,
                plan=self.plan,
                **owner,
                kind=relation.kind,
                target=relation.target[:300],
                predecessor=self._predecessor(relation),
                source_line=relation.line,
            )

    def _predecessor(self, relation: DraftRelation) -> Project | None:
        if relation.kind != "predecessor" or self.plan.predecessor_id is None:
            return None
        return Project.objects.filter(plan_id=self.plan.predecessor_id, title=relation.target).first()

    def _indicators(self, indicators: tuple[DraftIndicator, ...], place: Place) -> None:
        for draft in indicators:
            indicator = self._indicator(draft, place)
            Target.objects.bulk_create(self._target(indicator, item) for item in draft.targets)
            Actual.objects.bulk_create(self._actual(indicator, item) for item in draft.actuals)

    def _indicator(self, draft: DraftIndicator, place: Place) -> Indicator:
        self.count += 1
        base = draft.baseline
        return Indicator.objects.create(
            municipality=self.municipality,
            plan=self.plan,
            goal=place.goal,
            measure=place.measure,
            project=place.project,
            label=draft.label,
            level=draft.level,
            unit=draft.unit,
            type=draft.type,
            kind=draft.kind,
            direction=draft.direction,
            baseline_fiscal_year=base.fiscal_year if base else None,
            baseline_value=base.value if base else None,
            baseline_text=base.text if base else "",
            baseline_as_of=base.as_of if base else "",
            baseline_line=base.line if base else None,
            evaluation=draft.evaluation,
            note=draft.note,
            opinion=draft.opinion,
            concept=concept_of(draft.label, draft.unit, place.project.title if place.project else ""),
            order=self.count,
            source_line=draft.line,
        )

    def _target(self, indicator: Indicator, item: YearValue) -> Target:
        return Target(
            municipality=self.municipality,
            indicator=indicator,
            fiscal_year=self.draft.end_fiscal_year if item.fiscal_year is None else item.fiscal_year,
            value=item.value,
            text=item.text,
            comparison=item.comparison,
            out_of=item.out_of,
            basis=item.basis,
            source_line=item.line,
        )

    def _actual(self, indicator: Indicator, item: YearValue) -> Actual:
        return Actual(
            municipality=self.municipality,
            indicator=indicator,
            fiscal_year=self.draft.end_fiscal_year if item.fiscal_year is None else item.fiscal_year,
            value=item.value,
            text=item.text,
            status=ActualStatus.APPROVED,
            source=ActualSource.DOCUMENT,
            entered_by=self.actor,
            entered_at=self.now,
            approved_at=self.now,
            source_line=item.line,
        )
