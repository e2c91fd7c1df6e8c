"""People in need: the call list of an alert, and the register; every look is written down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from madoguchi.trust.api import log_access, permission_required

from ...enums import CallOutcome, NeedCode
from ...errors import MessagingError
from ...forms.alerts import OutcomeForm
from ...models import Need, Recipient, SafetyCheck
from ...permissions import recipient_policy
from ...selectors.alert_reports import checks_of
from ...selectors.safety import call_list, call_rows, name_of, needs_register
from ...services import alerts
from ...services.needs import confirm_need, end_need
from .common import actor_of, frame, get_alert, trail

PER_PAGE = 25
STATES = ("open", "needs_help", "no_answer", "known")


@require_safe
@permission_required(recipient_policy, "call")
def calls(request: HttpRequest, key: str) -> HttpResponse:
    """Show the people in need of an alert: whom to call, whom a colleague is calling, who is known to be safe."""
    alert, actor = get_alert(key), actor_of(request)
    if alert.issued_at is None:
        raise Http404("not issued")
    state = request.GET.get("state", "")
    checks = call_list(alert, state=state)
    page = Paginator(checks, PER_PAGE).get_page(request.GET.get("page"))
    rows = call_rows(checks.filter(pk__in=[check.pk for check in page.object_list]))
    _note(request, (row.check.recipient for row in rows), _("緊急時の電話の名簿"))
    context = {
        **frame(alert, _("配慮が必要な方への電話"), (str(alert), reverse("emergency:alert", args=[key]))),
        "page": page,
        "rows": rows,
        "state": state if state in STATES else "",
        "numbers": checks_of(alert),
        "outcomes": CallOutcome.choices,
        "actor": actor,
        "claim_minutes": int(alerts.CLAIM_LASTS.total_seconds() // 60),
        "fresh": {row.check.pk: alerts.is_fresh(row.check) for row in rows},
    }
    return render(request, "messaging/alerts/calls.html", context)


def _note(request: HttpRequest, people: Iterable[Recipient], purpose: str) -> None:
    actor, address = actor_of(request), request.META.get("REMOTE_ADDR") or None
    for recipient in people:
        log_access(actor=actor, subject=recipient, purpose=purpose, address=address)


@require_POST
@permission_required(recipient_policy, "call")
def call(request: HttpRequest, key: str, pk: int, action: str) -> HttpResponse:
    """Take a call, give it back, or write what came of it."""
    alert, actor = get_alert(key), actor_of(request)
    check = get_object_or_404(
        SafetyCheck.objects.select_related("recipient"), pk=pk, alert_id=alert.origin_id or alert.pk, is_in_need=True
    )
    try:
        _act(request, check, action, actor)
    except MessagingError as error:
        messages.error(request, str(error))
    back = reverse("emergency:calls", args=[key])
    state = request.POST.get("state", "")
    return redirect(f"{back}{f'?state={state}' if state in STATES else ''}#check-{pk}")


def _act(request: HttpRequest, check: SafetyCheck, action: str, actor: Any) -> None:
    if action == "claim":
        alerts.claim_call(check=check, actor=actor)
    elif action == "release":
        alerts.release_call(check=check, actor=actor)
    elif action == "outcome":
        form = OutcomeForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("電話の結果を選んでください。"))
            return
        alerts.record_call(check=check, actor=actor, **form.cleaned_data)
        messages.success(request, _("電話の結果を書きました。"))
    else:
        raise Http404(action)


@require_safe
@permission_required(recipient_policy, "view")
def register(request: HttpRequest) -> HttpResponse:
    """Show who has registered a need: to be confirmed with them, or ended."""
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "state", "code")}
    page = Paginator(needs_register(**asked), PER_PAGE).get_page(request.GET.get("page"))
    _note(request, {need.recipient_id: need.recipient for need in page}.values(), _("配慮が必要な方の名簿"))
    context = {
        "page": page,
        "rows": [(need, name_of(need.recipient)) for need in page],
        "asked": asked,
        "filtered": any(asked.values()),
        "codes": NeedCode.choices,
        "states": [("unconfirmed", _("確認していない")), ("confirmed", _("確認した"))],
        "may": recipient_policy.actions_for(actor_of(request)),
        "waiting": needs_register(state="unconfirmed").count(),
        "breadcrumbs": trail(_("配慮が必要な方の名簿")),
    }
    return render(request, "messaging/alerts/register.html", context)


@require_POST
@permission_required(recipient_policy, "confirm_need")
def need(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Confirm or end a registered need."""
    found = get_object_or_404(Need.objects.select_related("recipient"), pk=pk)
    if action == "confirm":
        confirm_need(need=found, actor=actor_of(request))
        messages.success(request, _("確認したことを書きました。"))
    elif action == "end":
        end_need(need=found, actor=actor_of(request))
        messages.success(request, _("登録を終えました。"))
    else:
        raise Http404(action)
    return redirect("emergency:register")
