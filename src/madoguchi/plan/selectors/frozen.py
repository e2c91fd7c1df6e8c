"""The figures of a review round as they are frozen, and whether the tables still say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q

from madoguchi.kit.hashing import digest, digest_bytes

from ..enums import ActualStatus, RoundPeriod
from ..models import Actual, Evaluation, Indicator, ReviewRound, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure that was frozen as ``frozen`` and that the tables give as ``now``; ``place`` says which, for people."""

    place: str
    frozen: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Whether a closed round is what it was when it was closed."""

    digest: str
    recomputed: str
    differences: tuple[Difference, ...]

    @property
    def is_whole(self) -> bool:
        """True when the frozen figures have the digest they were given and the tables agree with them."""
        return self.digest == self.recomputed and not self.differences


def collect_figures(*, review: ReviewRound, actual_ids: Iterable[int] | None = None) -> dict[str, Any]:
    """
    Return every figure and mark of a round as JSON without floats: numbers are texts of their digits.

    ``actual_ids`` asks for these rows of actual values instead of those that count today.
    """
    evaluations = list(
        Evaluation.objects.filter(round=review).select_related("project").prefetch_related("orders").order_by("id")
    )
    indicators = _indicators(review, [item.project_id for item in evaluations], actual_ids)
    by_project: dict[int | None, list[Indicator]] = {}
    for indicator in indicators:
        by_project.setdefault(indicator.project_id, []).append(indicator)
    return {
        "plan": review.plan.code,
        "fiscal_year": review.fiscal_year,
        "period": review.period,
        "rule": _rule(review),
        "projects": [_evaluation(item, by_project.get(item.project_id, [])) for item in evaluations],
        "indicators": [_indicator(item) for item in by_project.get(None, [])],
    }


def _indicators(review: ReviewRound, project_ids: list[int], actual_ids: Iterable[int] | None) -> list[Indicator]:
    actuals = Actual.objects.filter(fiscal_year=review.fiscal_year)
    if actual_ids is None:
        actuals = actuals.filter(status=ActualStatus.APPROVED, replaced_by__isnull=True)
    else:
        actuals = actuals.filter(pk__in=list(actual_ids))
    places = Q(project__in=project_ids) | Q(project__isnull=True)
    return list(
        Indicator.objects.filter(places, plan=review.plan)
        .order_by("order", "id")
        .prefetch_related(
            Prefetch("targets", Target.objects.filter(fiscal_year=review.fiscal_year), to_attr="frozen_targets"),
            Prefetch("actuals", actuals.order_by("id"), to_attr="frozen_actuals"),
        )
    )


def _rule(review: ReviewRound) -> dict[str, Any]:
    rule = review.scoring_rule
    return {"key": rule.key, "version": rule.version, "digest": digest_bytes(rule.xml.encode())}


def _evaluation(evaluation: Evaluation, indicators: list[Indicator]) -> dict[str, Any]:
    return {
        "id": evaluation.pk,
        "project": {"id": evaluation.project_id, "code": evaluation.project.code, "title": evaluation.project.title},
        "progress": evaluation.progress,
        "reason": evaluation.reason,
        "computed": evaluation.computed,
        "score": evaluation.score,
        "score_comment": evaluation.score_comment,
        "decision": evaluation.decision,
        "decision_comment": evaluation.decision_comment,
        "submitted_at": _moment(evaluation.submitted_at),
        "scored_at": _moment(evaluation.scored_at),
        "decided_at": _moment(evaluation.decided_at),
        "orders": [
            {"id": order.pk, "text": order.text, "due_date": order.due_date.isoformat()}
            for order in evaluation.orders.order_by("id")
        ],
        "indicators": [_indicator(indicator) for indicator in indicators],
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    targets: list[Target] = indicator.frozen_targets  # type: ignore[attr-defined]  # put there by the prefetch above
    actuals: list[Actual] = indicator.frozen_actuals  # type: ignore[attr-defined]  # put there by the prefetch above
    return {
        "id": indicator.pk,
        "label": indicator.label,
        "unit": indicator.unit,
        "baseline": {"value": number_text(indicator.baseline_value), "text": indicator.baseline_text},
        "targets": [{"id": row.pk, "value": number_text(row.value), "text": row.text} for row in targets],
        "actuals": [
            {"id": row.pk, "value": number_text(row.value), "text": row.text, "as_of": _day(row.as_of)}
            for row in actuals
        ],
    }


def number_text(value: float | None) -> str | None:
    """Return the digits of a stored number, the shortest that give it back; None stays None."""
    if value is None:
        return None
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def verify_frozen(review: ReviewRound) -> Verification:
    """
    Compute the digest of a closed round again and hold its figures and marks against the tables.

    A round over a half year compares the very rows of actual values it saw, since later ones may follow; names and
    targets that were re-planned afterwards are covered by the digest alone.
    """
    is_half = review.period == RoundPeriod.FIRST_HALF
    rows = [actual["id"] for actual in _actuals_in(review.frozen)] if is_half else None
    before = dict(_figures(review.frozen, with_targets=not is_half))
    now = dict(_figures(collect_figures(review=review, actual_ids=rows), with_targets=not is_half))
    differences = tuple(
        Difference(place=place, frozen=before.get(place, "なし"), now=now.get(place, "なし"))
        for place in dict.fromkeys([*before, *now])
        if before.get(place) != now.get(place)
    )
    return Verification(digest=review.digest, recomputed=digest(review.frozen), differences=differences)


def _actuals_in(frozen: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for indicator in _all_indicators(frozen):
        yield from indicator["actuals"]


def _all_indicators(frozen: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for project in frozen.get("projects", []):
        yield from project["indicators"]
    yield from frozen.get("indicators", [])


MARKS = {
    "progress": "自己評価",
    "reason": "自己評価の理由",
    "score": "事務局の評価",
    "score_comment": "事務局の意見",
    "decision": "調整会議の評価",
    "decision_comment": "調整会議の意見",
}


def _figures(frozen: dict[str, Any], *, with_targets: bool) -> Iterator[tuple[str, str]]:
    """Yield every figure and mark with the place it stands at; ids keep equal titles apart."""
    rule = frozen.get("rule", {})
    yield "採点規則", f"{rule.get('key')} 第{rule.get('version')}版 {rule.get('digest')}"
    for project in frozen.get("projects", []):
        place = f"事業 {project['project']['code']}（{project['project']['id']}）"
        yield from ((f"{place} {name}", project[key]) for key, name in MARKS.items())
        yield f"{place} 自動採点", str(project["computed"].get("mark"))
        yield from ((f"{place} 改善指示（{o['id']}）", f"{o['text']} {o['due_date']}") for o in project["orders"])
    for indicator in _all_indicators(frozen):
        place = f"指標（{indicator['id']}）"
        if with_targets:
            yield from ((f"{place} 目標値（{row['id']}）", _shown(row)) for row in indicator["targets"])
        yield from ((f"{place} 実績（{row['id']}）", _shown(row)) for row in indicator["actuals"])


def _shown(row: dict[str, Any]) -> str:
    return f"{row['value'] if row['value'] is not None else '－'} {row['text']}".strip()
