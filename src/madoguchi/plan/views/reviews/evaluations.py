"""The evaluation sheet: facts, the conversation, and the one action the present user can take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from madoguchi.trust.api import Account, permission_required

from ...enums import EvaluationStatus, OrderStatus, RoundStatus
from ...forms.reviews import MarkForm, OrderForm, ReasonForm, SubmitForm
from ...models import Evaluation, Indicator
from ...permissions import plan_policy, review_policy
from ...rules.review_flow import evaluation_step
from ...selectors import review_rounds as selectors
from ...selectors.scoring import allowed_marks, computed_marks, indicators_of
from ...services import reviews as services
from ..actors import actor_of
from .common import Attempt, comparison, find_evaluation, frame, round_name, round_step


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the sheet: who may take it (an action of the policy) and what is said afterwards."""

    permission: str
    said: str


def steps() -> dict[str, Step]:
    """Return the steps by name, in the language of the reader."""
    return {
        "submit": Step(permission="evaluate", said=_("自己評価を提出しました。段階が変わるまでは、出し直せます。")),
        "return": Step(permission="score", said=_("担当課へ差し戻しました。")),
        "score": Step(permission="score", said=_("事務局の評価を記録しました。")),
        "decide": Step(permission="decide", said=_("調整会議の評価を記録しました。")),
        "order": Step(permission="order", said=_("改善指示を出しました。")),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(plan_policy, "view_internal")
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an evaluation and take the step that is posted."""
    evaluation = find_evaluation(pk)
    attempt = None
    if request.method == "POST":
        attempt = post_step(request, evaluation)
        if attempt.done:
            return redirect("steering:evaluation", pk)
        evaluation = find_evaluation(pk)
        attempt.renew(version=evaluation.version)
    context = sheet_context(request, evaluation, attempt)
    return render(request, "plan/reviews/evaluation.html", context, status=attempt.status if attempt else 200)


def post_step(request: HttpRequest, evaluation: Evaluation) -> Attempt:
    """Take the step a form asks for; the attempt holds the form with its errors where it did not work."""
    name = request.POST.get("step", "")
    step = steps().get(name)
    if step is None:
        raise Http404
    form = form_for(name, evaluation, request.POST)
    attempt = Attempt(form)
    if form.is_valid():
        fields = _renamed(name, form.cleaned_data)
        if attempt.run(_SERVICES[name], evaluation=evaluation, actor=actor_of(request), **fields):
            messages.success(request, step.said)
    else:
        # A form that is not valid must not tell more to a person without the duty than a valid one.
        review_policy.require(actor_of(request), step.permission, evaluation.project)
        attempt.status = 422
    return attempt


_SERVICES: dict[str, Any] = {
    "submit": services.submit_evaluation,
    "return": services.return_evaluation,
    "score": services.score_evaluation,
    "decide": services.decide_evaluation,
    "order": services.order_improvement,
}


def _renamed(name: str, data: dict[str, Any]) -> dict[str, Any]:
    fields = dict(data)
    if name in {"score", "decide"}:
        fields["score" if name == "score" else "decision"] = fields.pop("mark")
    return fields


def form_for(name: str, evaluation: Evaluation, data: Any = None) -> Form:
    """Return the form of a step, filled with what is stored or suggested."""
    initial: dict[str, Any] = {"version": evaluation.version}
    options: dict[str, Any] = {"prefix": name, "auto_id": "id_%s"}
    if name == "submit":
        initial |= {"progress": evaluation.progress, "reason": evaluation.reason}
        return SubmitForm(data, initial=initial, **options)
    if name == "return":
        return ReasonForm(data, initial=initial, **options)
    if name == "order":
        return OrderForm(data, initial=initial, **options)
    marks = allowed_marks(rule=evaluation.round.scoring_rule)
    computed = str(evaluation.computed.get("mark") or "")
    if name == "score":
        initial["comment"] = evaluation.score_comment
        suggested = evaluation.score or (computed if computed in marks and computed != "−" else evaluation.progress)
    else:
        initial["comment"] = evaluation.decision_comment
        suggested = evaluation.decision or evaluation.score
    return MarkForm(data, initial=initial, marks=marks, suggested=suggested, **options)


def available(evaluation: Evaluation, actor: Account) -> list[str]:
    """Return the steps the actor can take now, the main one first."""
    stage, status = evaluation.round.status, evaluation.status
    found = [
        name
        for name in ("decide", "score", "submit", "return")
        if evaluation_step(name, stage, status) is not None
        and review_policy.allows(actor, steps()[name].permission, evaluation.project)
    ]
    ordering = stage == RoundStatus.COUNCIL and status == EvaluationStatus.DECIDED
    if ordering and review_policy.allows(actor, "order", evaluation.project):
        found.append("order")
    return found


def waits_for(evaluation: Evaluation) -> str:
    """Return who acts next, for those who cannot."""
    if evaluation.round.status == RoundStatus.CLOSED:
        return _("この評価は確定しています。変更はできません。")
    if evaluation.status == EvaluationStatus.WAITING:
        return _("担当課の自己評価を待っています。")
    return {
        RoundStatus.SELF_EVALUATION.value: _("自己評価の期間が終わると、事務局が確認します。"),
        RoundStatus.SECRETARIAT.value: _("事務局の確認を待っています。"),
        RoundStatus.COUNCIL.value: _("調整会議の決定を待っています。"),
    }[evaluation.round.status]


def sheet_context(request: HttpRequest, evaluation: Evaluation, attempt: Attempt | None) -> dict[str, Any]:
    """Return everything the sheet shows."""
    actor, review = actor_of(request), evaluation.round
    names = available(evaluation, actor)
    forms = {name: form_for(name, evaluation) for name in names}
    if attempt is not None and attempt.form.prefix:
        forms[attempt.form.prefix] = attempt.form
    before, after = selectors.neighbours(review, evaluation)
    orders = list(evaluation.orders.select_related("ordered_by"))
    return frame(
        request,
        "reviews",
        round_step(review),
        (evaluation.project.title, reverse("steering:evaluation", args=[evaluation.pk])),
        evaluation=evaluation,
        review=review,
        name=round_name(review),
        **facts(evaluation),
        conversation=selectors.conversation(evaluation),
        orders=orders,
        answerable=[item.pk for item in orders if item.status == OrderStatus.OPEN and _may_answer(actor, evaluation)],
        acceptable=[
            item.pk for item in orders if item.status == OrderStatus.ANSWERED and _may_accept(actor, evaluation)
        ],
        forms=forms,
        failed=attempt.form if attempt is not None and not attempt.done else None,
        stale=comparison(attempt),
        waits_for=waits_for(evaluation),
        can_revise=review_policy.allows(actor, "evaluate", evaluation.project),
        before=before,
        after=after,
    )


def _may_answer(actor: Account, evaluation: Evaluation) -> bool:
    return review_policy.allows(actor, "answer", evaluation.project)


def _may_accept(actor: Account, evaluation: Evaluation) -> bool:
    return review_policy.allows(actor, "accept", evaluation.project)


def facts(evaluation: Evaluation, indicators: Sequence[Indicator] | None = None) -> dict[str, Any]:
    """Return the facts of the project in the year of the round: schedule, figures, and what the rule makes of them."""
    review = evaluation.round
    year = review.fiscal_year
    if indicators is None:
        indicators = indicators_of(evaluation.project, year)
    kept = evaluation.computed if review.status == RoundStatus.CLOSED else {}
    computed = kept or computed_marks(evaluation=evaluation, indicators=indicators)
    marks = {row["id"]: row for row in computed.get("indicators", [])}
    return {
        "computed": computed,
        "words": [
            (action.label, word["text"])
            for action in evaluation.project.actions.all()
            for word in action.words
            if word["fiscal_year"] == year
        ],
        "figures": [
            {
                "indicator": indicator,
                "target": next((row.text for row in indicator.targets.all() if row.fiscal_year == year), ""),
                "actual": next((row for row in reversed(indicator.actuals.all()) if row.fiscal_year == year), None),
                "score": marks.get(indicator.pk, {}),
            }
            for indicator in indicators
        ],
    }
