"""Improvement orders: the list, and the page on which one is answered, accepted or sent back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.trust.api import permission_required

from ...enums import OrderStatus
from ...forms.reviews import AcceptForm, AnswerForm
from ...models import ImprovementOrder
from ...permissions import plan_policy, project_policy, review_policy
from ...selectors import review_rounds as selectors
from ...selectors.history import changes_of_order, history_rows
from ...selectors.review_words import in_words
from ...services import reviews as services
from ..actors import actor_of
from ..framing import chosen, page_of
from .common import Attempt, comparison, find_order, frame, round_name


@require_safe
@permission_required(plan_policy, "view_internal")
def order_list(request: HttpRequest) -> HttpResponse:
    """List improvement orders: what is open and late comes first."""
    status = chosen(request, "status", OrderStatus.values)
    mine = chosen(request, "mine", ["1"])
    rows = selectors.orders(status=status, actor=actor_of(request) if mine else None)
    context = frame(
        request,
        "orders",
        (_("改善指示"), reverse("steering:orders")),
        page=page_of(rows, request, per_page=50),
        status=status,
        mine=mine,
        statuses=[("", _("どれでも")), *((str(key), in_words(str(label))) for key, label in OrderStatus.choices)],
        is_late=selectors.order_is_late,
        round_name=round_name,
    )
    return render(request, "plan/reviews/orders.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(plan_policy, "view_internal")
def order_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an improvement order with its answer and the changes made for it; take the step that is posted."""
    order = find_order(pk)
    attempt = None
    if request.method == "POST":
        attempt = _post(request, order)
        if attempt.done:
            return redirect("steering:order", pk)
        order = find_order(pk)
        attempt.renew(status=order.status)
    context = _context(request, order, attempt)
    return render(request, "plan/reviews/order.html", context, status=attempt.status if attempt else 200)


def _post(request: HttpRequest, order: ImprovementOrder) -> Attempt:
    """Answer, accept or send back; which of them is the name of the button."""
    actor = actor_of(request)
    if "answer" in request.POST and "accept" not in request.POST and "send_back" not in request.POST:
        return _answer(request, order)
    form = AcceptForm(request.POST)
    attempt = Attempt(form)
    if not form.is_valid():
        attempt.status = 422
        return attempt
    status, comment = form.cleaned_data["status"], form.cleaned_data["comment"]
    if "accept" in request.POST:
        if attempt.run(services.accept_order, order=order, status=status, comment=comment, actor=actor):
            messages.success(request, _("対応を確認済みにしました。"))
    elif attempt.run(services.send_back_order, order=order, status=status, reason=comment, actor=actor):
        messages.success(request, _("担当課へ差し戻しました。"))
    return attempt


def _answer(request: HttpRequest, order: ImprovementOrder) -> Attempt:
    form = AnswerForm(request.POST)
    attempt = Attempt(form)
    if not form.is_valid():
        review_policy.require(actor_of(request), "answer", order.project)
        attempt.status = 422
    elif attempt.run(services.answer_order, order=order, actor=actor_of(request), **form.cleaned_data):
        messages.success(request, _("対応を提出しました。調整会議の確認を待ちます。"))
    return attempt


def _context(request: HttpRequest, order: ImprovementOrder, attempt: Attempt | None) -> dict[str, Any]:
    actor = actor_of(request)
    may_answer = order.status != OrderStatus.ACCEPTED and review_policy.allows(actor, "answer", order.project)
    may_accept = order.status == OrderStatus.ANSWERED and review_policy.allows(actor, "accept", order.project)
    initial = {"status": order.status, "answer": order.answer}
    failed = attempt.form if attempt is not None and not attempt.done else None
    return frame(
        request,
        "orders",
        (_("改善指示"), reverse("steering:orders")),
        (order.project.title, ""),
        order=order,
        name=round_name(order.evaluation.round),
        is_late=selectors.order_is_late(order),
        changes=history_rows(changes_of_order(order)),
        conversation=[said for said in selectors.conversation(order.evaluation) if said.at >= order.ordered_at],
        answer_form=_form(AnswerForm, failed, initial) if may_answer else None,
        accept_form=_form(AcceptForm, failed, initial) if may_accept else None,
        can_revise=may_answer and project_policy.allows(actor, "edit", order.project),
        failed=failed,
        stale=comparison(attempt),
    )


def _form(kind: type[Any], failed: Any, initial: dict[str, Any]) -> Any:
    return failed if isinstance(failed, kind) else kind(initial=initial)
