"""Rounds: the list, opening one, the dashboard, the steps from stage to stage, many projects at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import permission_required

from ...enums import EvaluationStatus, RoundStatus
from ...errors import PlanError
from ...forms.reviews import OpenForm, StepForm
from ...models import Plan, ReviewRound
from ...permissions import plan_policy, review_policy
from ...rules.review_flow import ROUND_STEPS, RoundStep
from ...selectors import review_rounds as selectors
from ...selectors.frozen import verify_frozen
from ...selectors.review_words import in_words
from ...selectors.scoring import allowed_marks, newest_rules
from ...services import reviews as services
from ...services.scoring import install_rules
from ..actors import actor_of
from ..framing import chosen, find_plan, page_of
from .common import Attempt, comparison, find_round, frame, round_name, round_step

UNDO = "review_undo"
BULK: dict[str, tuple[Any, Any]] = {
    "score": (services.score_as_computed, services.undo_scores),
    "decide": (services.decide_as_scored, services.undo_decisions),
}


@require_safe
@permission_required(plan_policy, "view_internal")
def round_list(request: HttpRequest) -> HttpResponse:
    """List the rounds of all plans, and the plans for which one can be opened."""
    page = page_of(selectors.rounds(), request)
    context = frame(
        request,
        "reviews",
        page=page,
        cards=selectors.round_cards(page.object_list),
        plans=list(Plan.objects.order_by("-start_fiscal_year", "code")),
        round_name=round_name,
    )
    return render(request, "plan/reviews/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(review_policy, "open")
def open_page(request: HttpRequest, code: str) -> HttpResponse:
    """Open a round of a plan."""
    plan = find_plan(code)
    install_rules()
    form = OpenForm(request.POST or None, plan=plan, rules=newest_rules(), initial=_suggested(request, plan))
    attempt = Attempt(form)
    ready = request.method == "POST" and form.is_valid()
    if ready and attempt.run(services.open_round, plan=plan, actor=actor_of(request), **form.cleaned_data):
        messages.success(request, _("評価を開始しました。担当課の自己評価を待ちます。"))
        return redirect("steering:review", attempt.result.pk)
    step = (_("評価を開始する"), "")
    context = frame(request, "reviews", (plan.title, ""), step, plan=plan, form=form)
    return render(request, "plan/reviews/open.html", context, status=attempt.status)


def _suggested(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    """Suggest the city's own rule and the first year of the plan that has no yearly round yet."""
    key = request.municipality.key  # type: ignore[attr-defined]  # set by the municipality middleware
    rules = newest_rules()
    rule = next((item for item in rules if item.key == key), rules[0] if rules else None)
    taken = set(ReviewRound.objects.filter(plan=plan, period="full_year").values_list("fiscal_year", flat=True))
    year = next((year for year in plan.fiscal_years if year not in taken), plan.end_fiscal_year)
    return {"rule": rule, "fiscal_year": year}


@require_safe
@permission_required(plan_policy, "view_internal")
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where every project of a round stands, who is late, and the next step."""
    review = find_round(pk)
    actor = actor_of(request)
    rows, filters = _filtered(request, review)
    context = frame(
        request,
        "reviews",
        round_step(review),
        review=review,
        name=round_name(review),
        card=selectors.round_cards([review])[0],
        stages=_stages(review),
        steps=[step for step in ROUND_STEPS if step.start == review.status],
        rows=rows,
        filters=filters,
        reminders=selectors.reminders(review),
        is_overdue=selectors.is_overdue(review),
        bulk=_bulk_of(review, actor),
        undo=_undo_of(request, review),
        current_mark=selectors.current_mark,
    )
    return render(request, "plan/reviews/round.html", context)


def _filtered(request: HttpRequest, review: ReviewRound) -> tuple[list[Any], dict[str, Any]]:
    marks = list(dict.fromkeys(["○", "△", "×", *allowed_marks(rule=review.scoring_rule)]))
    units = selectors.units_of_round(review)
    value = {
        "status": chosen(request, "status", ["late", *EvaluationStatus.values]),
        "unit": chosen(request, "unit", [pk for pk, _name in units]),
        "mark": chosen(request, "mark", marks),
        "mine": chosen(request, "mine", ["1"]),
    }
    rows = selectors.filtered(
        selectors.evaluations(review),
        status=value["status"],
        unit=value["unit"],
        mark=value["mark"],
        actor=actor_of(request) if value["mine"] else None,
    )
    statuses = [(str(key), in_words(str(label))) for key, label in EvaluationStatus.choices]
    options = {
        "status": [("", _("どの状態でも")), *statuses],
        "unit": [("", _("どの課でも")), *units],
        "mark": [("", _("どれでも")), *((mark, mark) for mark in marks)],
        "mine": [("", _("すべての事業")), ("1", _("私が担当する事業"))],
    }
    return rows, {"value": value, "options": options, "is_active": any(value.values())}


def _stages(review: ReviewRound) -> list[dict[str, Any]]:
    now = selectors.STAGES.index(RoundStatus(review.status))
    notes = {RoundStatus.SELF_EVALUATION: review.self_evaluation_due, RoundStatus.COUNCIL: review.council_date}
    return [
        {
            "label": stage.label,
            "state": "done"
            if place < now or review.status == RoundStatus.CLOSED
            else "todo"
            if place > now
            else "current",
            "date": notes.get(stage),
        }
        for place, stage in enumerate(selectors.STAGES)
    ]


def _bulk_of(review: ReviewRound, actor: Any) -> str:
    """Return which step the actor may take for many projects at once, or an empty text."""
    if review.status == RoundStatus.SECRETARIAT and review_policy.allows(actor, "score"):
        return "score"
    if review.status == RoundStatus.COUNCIL and review_policy.allows(actor, "decide"):
        return "decide"
    return ""


def _undo_of(request: HttpRequest, review: ReviewRound) -> dict[str, Any] | None:
    kept = request.session.get(UNDO)
    return kept if kept and kept["review"] == review.pk else None


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(plan_policy, "view_internal")
def step_page(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Ask once, then bring a round to the next stage, back, or to its end."""
    review = find_round(pk)
    review_policy.require(actor_of(request), "close" if action == "close" else "advance", review)
    step = next((item for item in ROUND_STEPS if (item.action, item.start) == (action, review.status)), None)
    form = StepForm(request.POST or None, initial={"status": review.status})
    attempt = Attempt(form)
    if request.method == "POST" and form.is_valid():
        if attempt.run(_service(action), review=review, actor=actor_of(request), **_step_fields(action, form)):
            messages.success(
                request,
                _("「%(stage)s」の段階になりました。") % {"stage": in_words(attempt.result.get_status_display())},
            )
            return redirect("steering:frozen" if action == "close" else "steering:review", pk)
        review = find_round(pk)
        attempt.renew(status=review.status)
    elif step is None:
        raise Http404
    return render(
        request, "plan/reviews/step.html", _step_context(request, review, action, step, attempt), status=attempt.status
    )


def _step_context(
    request: HttpRequest, review: ReviewRound, action: str, step: RoundStep | None, attempt: Attempt
) -> dict[str, Any]:
    titles = {"advance": _("次の段階へ進む"), "return": _("前の段階へ戻す"), "close": _("評価を確定する")}
    return frame(
        request,
        "reviews",
        round_step(review),
        (titles[action], ""),
        review=review,
        name=round_name(review),
        action=action,
        title=titles[action],
        step=step,
        target=RoundStatus(step.end).label if step else "",
        card=selectors.round_cards([review])[0],
        form=attempt.form,
        stale=comparison(attempt),
    )


def _service(action: str) -> Any:
    return {
        "advance": services.advance_round,
        "return": services.return_round,
        "close": services.close_round,
    }[action]


def _step_fields(action: str, form: StepForm) -> dict[str, Any]:
    fields = dict(form.cleaned_data)
    return {"status": fields["status"]} if action == "close" else fields


@require_POST
@permission_required(plan_policy, "view_internal")
def bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the same step for the chosen projects, or take it back."""
    review = find_round(pk)
    step = request.POST.get("step", "")
    if step not in BULK:
        raise Http404
    service, back = BULK[step]
    kept = request.session.pop(UNDO, None)
    undoing = "undo" in request.POST
    versions = _kept_versions(kept, pk, step) if undoing else _chosen_versions(request)
    try:
        result = (back if undoing else service)(review=review, versions=versions, actor=actor_of(request))
    except PlanError as error:
        messages.error(request, str(error))
        return redirect("steering:review", pk)
    if undoing:
        messages.success(request, _("%(count)s件を元に戻しました。") % {"count": result})
    else:
        request.session[UNDO] = {"review": pk, "step": step, "versions": {str(key): v for key, v in result.items()}}
        messages.success(request, _("%(count)s件の評価を記録しました。") % {"count": len(result)})
    return redirect("steering:review", pk)


def _kept_versions(kept: dict[str, Any] | None, pk: int, step: str) -> dict[int, int]:
    if not kept or (kept["review"], kept["step"]) != (pk, step):
        return {}
    return {int(key): version for key, version in kept["versions"].items()}


def _chosen_versions(request: HttpRequest) -> dict[int, int]:
    """Return the chosen evaluations with the versions the page showed; what is no number is left out."""
    pairs = (
        (plain_integer(key), plain_integer(request.POST.get(f"version-{key}", "")))
        for key in request.POST.getlist("row")
    )
    return {key: version for key, version in pairs if key is not None and version is not None}


@require_safe
@permission_required(plan_policy, "view_internal")
def frozen_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the frozen figures of a closed round with their digest, and hold them against the tables on request."""
    review = find_round(pk)
    if review.status != RoundStatus.CLOSED:
        messages.info(request, _("この評価はまだ確定していません。"))
        return redirect("steering:review", pk)
    verification = verify_frozen(review) if "verify" in request.GET else None
    context = frame(
        request,
        "reviews",
        round_step(review),
        (_("確定した内容"), reverse("steering:frozen", args=[pk])),
        review=review,
        name=round_name(review),
        verification=verification,
    )
    return render(request, "plan/reviews/frozen.html", context)
