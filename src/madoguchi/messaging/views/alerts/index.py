"""The first page in an emergency: what is live, what waits for a decision, what came in, how the screens are."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madoguchi.trust.api import municipality_in_scope, permission_required

from ...enums import AlertState
from ...models import Alert, Telegram
from ...permissions import alert_policy, recipient_policy
from ...rules.alert_texts import stage_label
from ...selectors.alert_banners import look_of, where_of
from ...selectors.alert_reports import checks_of, recent_alerts, report_of
from ...selectors.alerts import live_alerts
from ...selectors.signage.screens import all_screens, health_of
from .common import actor_of

PER_PAGE = 20


@require_safe
@permission_required(alert_policy, "list")
def index(request: HttpRequest) -> HttpResponse:
    """Show what is live now, drafts to be decided, the last telegrams, screens, and what was."""
    actor = actor_of(request)
    past = recent_alerts().exclude(state__in=(AlertState.DRAFT, AlertState.ISSUED))
    query = request.GET.get("q", "").strip()[:80]
    if query:
        past = past.filter(contents__ja__headline__icontains=query) | past.filter(event_name__icontains=query)
    context = {
        "live": [_shown(alert) for alert in live_alerts()],
        "drafts": list(recent_alerts().filter(state=AlertState.DRAFT)[:20]),
        "telegrams": list(Telegram.objects.defer("raw").order_by("-id")[:5]),
        "screens": _screens(),
        "past": Paginator(past, PER_PAGE).get_page(request.GET.get("page")),
        "q": query,
        "may": alert_policy.actions_for(actor),
        "may_people": recipient_policy.actions_for(actor),
    }
    return render(request, "messaging/alerts/index.html", context)


def _shown(alert: Alert) -> dict[str, Any]:
    reach = report_of(alert)
    return {
        "alert": alert,
        "look": look_of(alert),
        "stage": stage_label(alert.event_code, alert.evacuation_level),
        "where": where_of(alert, "ja", municipality_in_scope().name),
        "reach": reach,
        "checks": checks_of(alert),
    }


def _screens() -> list[tuple[str, int]]:
    """Return how many screens are in which state."""
    counted: dict[str, int] = {}
    for screen in all_screens()[:500]:
        state = str(health_of(screen).words)
        counted[state] = counted.get(state, 0) + 1
    return sorted(counted.items()) or [(_("画面はまだ登録されていません"), 0)]
