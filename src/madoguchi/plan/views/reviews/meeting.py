"""The meeting of the council: project by project on a projector, and the pack for the paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.trust.api import permission_required

from ...models import Evaluation, ImprovementOrder, ReviewRound
from ...permissions import plan_policy
from ...selectors import review_rounds as selectors
from ...selectors.scoring import allowed_marks, indicators_by_project
from .common import find_evaluation, find_round, frame, round_name, round_step
from .evaluations import facts, post_step, sheet_context


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(plan_policy, "view_internal")
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one project after the other, large; the council decides here and goes on to the next."""
    review = find_round(pk)
    rows = list(selectors.evaluations(review))
    here = _place(request, rows)
    if here is None:
        return redirect("steering:review", pk)
    evaluation = find_evaluation(rows[here].pk)
    attempt = None
    if request.method == "POST":
        attempt = post_step(request, evaluation)
        if attempt.done:
            return redirect(_address(pk, _following(rows, here, request.POST.get("step", ""), attempt.result)))
        evaluation = find_evaluation(evaluation.pk)
        attempt.renew(version=evaluation.version)
    context = sheet_context(request, evaluation, attempt) | {
        "rows": rows,
        "here": here,
        "previous_url": _address(pk, rows[here - 1]) if here else "",
        "next_url": _address(pk, rows[here + 1]) if here + 1 < len(rows) else "",
        "breadcrumbs": frame(request, "reviews", round_step(review), (_("調整会議"), ""))["breadcrumbs"],
        "current_mark": selectors.current_mark,
    }
    return render(request, "plan/reviews/meeting.html", context, status=attempt.status if attempt else 200)


def _place(request: HttpRequest, rows: list[Evaluation]) -> int | None:
    """Return the place of the project asked for, else the first that is not decided, else the first."""
    asked = request.POST.get("at") or request.GET.get("at", "")
    found = [place for place, row in enumerate(rows) if str(row.pk) == asked]
    undecided = [place for place, row in enumerate(rows) if not row.decision]
    return next(iter([*found, *undecided, *range(len(rows))]), None)


def _following(rows: list[Evaluation], here: int, step: str, done: Evaluation | ImprovementOrder) -> Evaluation:
    """Go on to the next project, but stay where the mark just decided may ask for an order."""
    is_best = isinstance(done, Evaluation) and done.decision == allowed_marks(rule=done.round.scoring_rule)[0]
    goes_on = step == "order" or is_best
    return rows[here + 1] if goes_on and here + 1 < len(rows) else rows[here]


def _address(pk: int, evaluation: Evaluation) -> str:
    return f"{reverse('steering:meeting', args=[pk])}?at={evaluation.pk}"


@require_safe
@permission_required(plan_policy, "view_internal")
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the material of a meeting, made to be printed: every project with facts, opinions and room for the decision."""
    review = find_round(pk)
    context = frame(
        request,
        "reviews",
        round_step(review),
        (_("会議資料"), ""),
        review=review,
        name=round_name(review),
        card=selectors.round_cards([review])[0],
        sheets=_sheets(review),
    )
    return render(request, "plan/reviews/pack.html", context)


def _sheets(review: ReviewRound) -> list[dict[str, Any]]:
    found = selectors.evaluations(review).prefetch_related("orders", "project__actions")
    measured = indicators_by_project(review.plan, review.fiscal_year)
    return [
        {
            "evaluation": item,
            "orders": list(item.orders.all()),
            **facts(_with(item, review), measured.get(item.project_id, [])),
        }
        for item in found
    ]


def _with(evaluation: Evaluation, review: ReviewRound) -> Evaluation:
    """Give an evaluation the round that is loaded with plan and rule already."""
    evaluation.round = review
    return evaluation
