"""The yearly report (年次報告書) of a plan: figures, results of the review, and what changed, for one fiscal year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from django.db.models import Prefetch

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import seal_of

from ...enums import EvaluationStatus, RoundStatus
from ...events import ROUND_CLOSED
from ...models import Evaluation, Goal, ImprovementOrder, Indicator, Plan, ReviewRound
from ...rules.progress import Progress, Reason, Status, count, level_of, share_achieved, target_for
from ...rules.results import Check, GoalResult
from ...rules.revision import field_label
from ...rules.revision import shown as written
from ..frozen import number_text
from ..project import public_changes
from ..results import has_results, plan_results
from ..scoring import series_of
from .parts import Item, baseline_of, indicators_of, newest, plan_head, progress_of, project_line, shown


def report_years(plan: Plan) -> list[int]:
    """Return the fiscal years a report can be asked for: those of the plan that have begun."""
    return [year for year in plan.fiscal_years if fiscal.start_of(year) <= clock.today()]


def report_data(plan: Plan, *, fiscal_year: int) -> Item:
    """Return everything the report of a fiscal year prints."""
    live = [item for item in indicators_of(plan) if item.retired_from is None or fiscal_year < item.retired_from]
    rows = [_row(item, fiscal_year) for item in live]
    goals = list(Goal.objects.filter(plan=plan).order_by("order", "id"))
    rounds = _rounds(plan, fiscal_year)
    return {
        **plan_head(plan),
        "fiscal_year": fiscal_year,
        "goals": [{"id": goal.pk, "code": goal.code, "title": goal.title} for goal in goals],
        "rows": rows,
        "summary": _summary(rows),
        "by_goal": [{"goal": goal.pk, **_summary([r for r in rows if r["goal"] == goal.pk])} for goal in goals],
        "marks": _marks(plan) if fiscal_year == plan.end_fiscal_year else None,
        "series": [chart for item in live if (chart := _series(item, fiscal_year))],
        "rounds": [_round(item) for item in rounds if item.status == RoundStatus.CLOSED],
        "is_open": any(item.status != RoundStatus.CLOSED for item in rounds),
        "changes": _changes(plan, fiscal_year),
    }


def _row(indicator: Indicator, year: int) -> Item:
    """Return an indicator with target, actual, rate and status of one year; only what was measured in it counts."""
    measured = {item.fiscal_year: item for item in newest(indicator.actuals.all())}
    actual = measured.get(year)
    progress = progress_of(indicator, fiscal_year=year) if actual else _unmeasured(indicator, year)
    target = progress.target
    latest = max((known for known in measured if known < year), default=None)
    return {
        "id": indicator.pk,
        "goal": indicator.goal_id,
        "label": indicator.label,
        "level": indicator.level,
        "unit": indicator.unit,
        "owner": indicator.project.code if indicator.project else "",
        "owner_title": str(indicator.project or indicator.measure or indicator.goal),
        "baseline": baseline_of(indicator),
        "target": shown(target.text, target.value, indicator.unit) if target else "",
        "target_year": target.fiscal_year if target else None,
        "actual": shown(actual.text, actual.value, indicator.unit) if actual else "",
        "measured_on": actual.as_of.isoformat() if actual and actual.as_of else "",
        "source": actual.source if actual else "",
        "latest": {"year": latest, "text": _text_of(indicator, latest)} if actual is None and latest else None,
        "rate": _rate(progress),
        "status": str(progress.status),
        "evaluation": indicator.evaluation if actual else "",
        "opinion": indicator.opinion if actual else "",
        "line": indicator.source_line,
    }


def _text_of(indicator: Indicator, year: int) -> str:
    actual = next(item for item in reversed(list(indicator.actuals.all())) if item.fiscal_year == year)
    return shown(actual.text, actual.value, indicator.unit)


def _unmeasured(indicator: Indicator, year: int) -> Progress:
    target = target_for(series_of(indicator, fiscal_year=year), year)
    if target is None:
        return Progress(status=Status.NO_TARGET, reason=Reason.NO_TARGET)
    return Progress(status=Status.NOT_MEASURED, reason=Reason.NO_ACTUAL, target=target)


def _rate(progress: Progress) -> str:
    return "" if progress.rate is None else f"{round(progress.rate):d}"


def _summary(rows: Sequence[Item]) -> Item:
    statuses = [Status(row["status"]) for row in rows]
    counts = count(statuses)
    share = share_achieved(statuses)
    return {
        "indicators": len(rows),
        "with_target": len(rows) - counts[Status.NO_TARGET],
        "measured": sum(bool(row["actual"]) for row in rows),
        "judged": counts[Status.ACHIEVED] + counts[Status.ON_TRACK] + counts[Status.BEHIND],
        "share": "" if share is None else str(int(share)),
        "states": {str(status): number for status, number in counts.items()},
    }


def _marks(plan: Plan) -> Item | None:
    """Return what the document's own marks add up to, and whether that is what it reports; None without marks."""
    if not has_results(plan):
        return None
    results = plan_results(plan)
    return {
        "goals": [{"goal": goal.pk, **_result(result)} for goal, result in results.goals],
        "whole": _result(results.whole),
        "checks": [_check(check) for check in results.checks],
        "projects": [{**project_line(p), "goal": p.goal_id, "progress": p.progress} for p in results.projects],
    }


def _check(check: Check) -> Item:
    return {
        "label": check.label,
        "reported": check.reported_text,
        "computed": number_text(check.computed) or "",
        "agrees": check.agrees,
        "line": check.line,
    }


def _result(result: GoalResult) -> Item:
    return {
        "projects": result.projects,
        "as_planned": result.as_planned,
        "delayed": result.delayed,
        "stopped": result.stopped,
        "priority": result.priority,
        "outcomes_met": result.outcomes_met,
        "rate": "" if result.rate is None else str(result.rate),
    }


def _series(indicator: Indicator, until: int) -> Item | None:
    """Return the numbers of an indicator by year for a chart; None where there is nothing to compare."""
    series = series_of(indicator, fiscal_year=until)
    actuals = {
        item.fiscal_year: item.value
        for item in series.actuals
        if item.value is not None and (item.fiscal_year or 0) <= until
    }
    targets = {item.fiscal_year: level for item in series.targets if (level := level_of(series, item)) is not None}
    if not actuals or (len(actuals) < 2 and not targets):
        return None
    base = series.baseline
    return {
        "id": indicator.pk,
        "label": indicator.label,
        "unit": indicator.unit,
        "baseline": _point(base.fiscal_year, base.value) if base and base.value is not None else None,
        "points": [_bar(year, actuals, targets) for year in _span({*actuals, *targets})],
    }


def _span(years: set[int | None]) -> list[int]:
    return sorted(year for year in years if year is not None)


def _bar(year: int, actuals: dict[int | None, float], targets: dict[int | None, float]) -> Item:
    return {"year": year, "actual": number_text(actuals.get(year)), "target": number_text(targets.get(year))}


def _point(year: int | None, value: float) -> Item:
    return {"year": year, "actual": number_text(value)}


def _rounds(plan: Plan, fiscal_year: int) -> list[ReviewRound]:
    decided = Evaluation.objects.filter(status=EvaluationStatus.DECIDED).select_related("project")
    orders = Prefetch("orders", ImprovementOrder.objects.order_by("due_date", "id"))
    found = ReviewRound.objects.filter(plan=plan, fiscal_year=fiscal_year).select_related("scoring_rule")
    evaluations = Prefetch("evaluations", decided.prefetch_related(orders).order_by("project__order", "id"))
    return sorted(found.prefetch_related(evaluations), key=lambda item: item.opened_at)


def _round(review: ReviewRound) -> Item:
    return {
        "period": review.period,
        "rule": f"{review.scoring_rule.name} v{review.scoring_rule.version}",
        "closed": _day(review.closed_at),
        "digest": review.digest,
        "seal": _seal(review),
        "evaluations": [_evaluation(item) for item in review.evaluations.all()],
    }


def _seal(review: ReviewRound) -> Item | None:
    """Return the link of the event chain that holds the closing of a round, or None while it is not sealed."""
    mark = seal_of(key=ROUND_CLOSED.key, subject=review)
    return None if mark is None else {"number": mark.number, "hash": mark.hash}


def _evaluation(evaluation: Evaluation) -> Item:
    return {
        **project_line(evaluation.project),
        "progress": evaluation.progress,
        "score": evaluation.score,
        "decision": evaluation.decision,
        "comment": evaluation.decision_comment,
        "orders": [
            {"text": order.text, "due": order.due_date.isoformat(), "status": order.status, "answer": order.answer}
            for order in evaluation.orders.all()
        ],
    }


def _changes(plan: Plan, fiscal_year: int) -> list[Item]:
    records = public_changes(plan).filter(at__range=_moments(fiscal_year)).order_by("at", "id")
    return [
        {
            "day": _day(record.at),
            "subject": record.subject_title,
            "field": field_label(record.field),
            "before": written(record.before),
            "after": written(record.after),
            "reason": record.reason,
            "by_order": record.order_id is not None,
        }
        for record in records
    ]


def _moments(fiscal_year: int) -> tuple[datetime, datetime]:
    first = datetime.combine(fiscal.start_of(fiscal_year), time.min, clock.TOKYO)
    last = datetime.combine(fiscal.end_of(fiscal_year), time.max, clock.TOKYO)
    return first.astimezone(UTC), last.astimezone(UTC)


def _day(moment: datetime | None) -> str:
    return "" if moment is None else clock.local(moment).date().isoformat()
