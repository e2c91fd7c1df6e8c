"""Approving values: one by one or several at once, with a way back for half an hour."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import permission_required

from ...enums import ActualStatus
from ...errors import PlanError
from ...forms.actuals import ReturnForm
from ...models import Actual
from ...permissions import indicator_policy
from ...selectors import actuals as selectors
from ...services.actuals import (
    approve_actual,
    approve_actuals,
    label_of,
    return_actual,
    undo_approvals,
)
from ..actors import actor_of
from ..framing import page_of
from .common import UNPROCESSABLE, find_actual, frame, indicator_of_actual, indicator_step

UNDO = "plan_approved"
MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(indicator_policy, "approve_actual")
def approvals(request: HttpRequest) -> HttpResponse:
    """List the values that wait for approval, and approve the chosen ones."""
    actor = actor_of(request)
    if request.method == "POST":
        _approve(request, _chosen(request))
        return redirect("steering:actual_approvals")
    waiting = selectors.waiting_for_approval().select_related("indicator__owner_unit")
    page = page_of(waiting, request, per_page=50)
    rows = [(actual, selectors.current_actual(actual.indicator, actual.fiscal_year)) for actual in page.object_list]
    context = frame(
        request, (_("承認待ち"), ""), tab="actual_approvals", page=page, rows=rows, me=actor,
        undo=_undoable(request),
    )  # fmt: skip
    return render(request, "plan/actuals/approvals.html", context)


def _chosen(request: HttpRequest) -> list[Actual]:
    ids = [pk for pk in map(plain_integer, request.POST.getlist("row")[:MOST]) if pk is not None]
    found = Actual.objects.filter(pk__in=ids).select_related("indicator__plan", "indicator__project")
    return list(found.order_by("entered_at", "id"))


def _approve(request: HttpRequest, actuals: list[Actual]) -> None:
    if not actuals:
        messages.warning(request, _("承認する実績を選んでください。"))
        return
    result = approve_actuals(actuals=actuals, actor=actor_of(request))
    if result.approved:
        request.session[UNDO] = [actual.pk for actual in result.approved]
        messages.success(request, _("%(n)s件の実績を承認しました。") % {"n": len(result.approved)})
    for actual, reason in result.refused:
        messages.error(request, f"{label_of(actual)}: {reason}")


def _undoable(request: HttpRequest) -> list[Actual]:
    found = Actual.objects.filter(pk__in=request.session.get(UNDO, []), status=ActualStatus.APPROVED)
    return list(found.select_related("indicator"))


@require_POST
@permission_required(indicator_policy, "approve_actual")
def undo(request: HttpRequest) -> HttpResponse:
    """Take back the approvals that were given last."""
    undone = undo_approvals(actuals=_undoable(request), actor=actor_of(request))
    request.session.pop(UNDO, None)
    if undone:
        messages.success(
            request, _("%(n)s件の承認を取り消しました。もう一度、承認待ちになっています。") % {"n": len(undone)}
        )
    else:
        messages.warning(request, _("取り消せる承認はありません。30分を過ぎたか、すでに変わっています。"))
    return redirect("steering:actual_approvals")


@require_safe
@permission_required(indicator_policy, "view")
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one value: what it says, on which evidence, who entered and approved it."""
    return _page(request, pk, ReturnForm())


def _page(request: HttpRequest, pk: int, form: ReturnForm, status: int = 200) -> HttpResponse:
    actual, actor = find_actual(pk), actor_of(request)
    current = selectors.current_actual(actual.indicator, actual.fiscal_year)
    waits = actual.status == ActualStatus.SUBMITTED
    may_judge = waits and indicator_policy.allows(actor, "approve_actual", actual.indicator)
    context = frame(
        request, indicator_step(actual.indicator), (_("実績"), ""),
        actual=actual, current=current, form=form, may_judge=may_judge, is_own=actual.entered_by_id == actor.pk,
    )  # fmt: skip
    return render(request, "plan/actuals/detail.html", context, status=status)


@require_POST
@permission_required(indicator_policy, "approve_actual", subject=indicator_of_actual)
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve one value."""
    try:
        actual = approve_actual(actual=find_actual(pk), actor=actor_of(request))
    except PlanError as error:
        messages.error(request, str(error))
        return redirect("steering:actual", pk)
    request.session[UNDO] = [actual.pk]
    messages.success(request, _("承認しました。公開の数値に反映されています。"))
    return redirect("steering:actual_approvals")


@require_POST
@permission_required(indicator_policy, "approve_actual", subject=indicator_of_actual)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one value back with the reason."""
    form = ReturnForm(request.POST)
    if form.is_valid():
        try:
            return_actual(actual=find_actual(pk), reason=form.cleaned_data["reason"], actor=actor_of(request))
        except PlanError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("差し戻しました。担当者の一覧に、理由とともに表示されます。"))
            return redirect("steering:actual_approvals")
    return _page(request, pk, form, UNPROCESSABLE)
