"""What the pages of actual values have in common: breadcrumbs, tabs, words, finding."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from madoguchi.trust.api import account_of

from ...models import Actual, Indicator
from ...permissions import indicator_policy, plan_policy
from ...rules.staleness import Freshness, Judgement
from ...selectors.actuals import waiting_for_approval
from ...selectors.loading import with_values
from ...selectors.navigation import steering_navigation
from ..framing import optional_url

UNPROCESSABLE, CONFLICT = 422, 409
TONES = {
    Freshness.OVERDUE: "bad",
    Freshness.NEVER: "bad",
    Freshness.OLD: "caution",
    Freshness.SILENT: "bad",
    Freshness.DUE: "active",
    Freshness.FRESH: "good",
    Freshness.NOT_YET: "idle",
}


def frame(request: HttpRequest, *steps: tuple[str, str], tab: str = "", **more: Any) -> dict[str, Any]:
    """Return the context of a page: breadcrumbs from ``steps`` of (label, address), the menu and the tabs."""
    top = optional_url("steering:overview")
    first = [(_("計画の進行管理"), top)] if top else []
    trail = [*first, (_("実績"), reverse("steering:actuals")), *steps]
    return {
        "breadcrumbs": [{"label": label, "url": url} for label, url in trail],
        "navigation": _navigation(request),
        "tabs": tabs(request, tab),
        "freshness_words": freshness_words,
        "freshness_tones": TONES,
        **more,
    }


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu with its entry of actual values as the current one, whatever the address."""
    here = reverse("steering:actuals")
    return [{**entry, "current": entry["url"] == here} for entry in steering_navigation(request)]


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """Return the pages of actual values that an account may open, with what waits there."""
    actor = account_of(request)
    found: list[tuple[str, str, int | None]] = [("actuals", _("実績の入力"), None)]
    if indicator_policy.allows(actor, "approve_actual"):
        found.append(("actual_approvals", _("承認待ち"), waiting_for_approval(actor).count()))
    if indicator_policy.allows(actor, "enter_actual"):
        found.append(("actual_csv", _("CSVで入力"), None))
    if plan_policy.allows(actor, "view_internal"):
        found += [("owners", _("指標の担当"), None), ("lint", _("計画の点検"), None)]
    return [
        {"label": label, "url": reverse(f"steering:{name}"), "current": name == current, "count": count}
        for name, label, count in found
    ]


def find_indicator(pk: int) -> Indicator:
    """Return an indicator of the municipality with its values; raises ``Http404``."""
    found = with_values(Indicator.objects.filter(pk=pk)).first()
    if found is None:
        raise Http404
    return found


def find_actual(pk: int) -> Actual:
    """Return a value of the municipality; raises ``Http404``."""
    found = Actual.objects.select_related("indicator__plan", "indicator__project", "entered_by", "approved_by")
    actual = found.filter(pk=pk).first()
    if actual is None:
        raise Http404
    return actual


def indicator_of_actual(pk: int) -> Indicator:
    """Return the indicator of a value, for the question whether somebody may act on it; raises ``Http404``."""
    return find_actual(pk).indicator


def indicator_step(indicator: Indicator) -> tuple[str, str]:
    """Return the breadcrumb of an indicator."""
    return indicator.label, reverse("steering:indicator_actuals", args=[indicator.pk])


def freshness_words(judgement: Judgement) -> str:
    """Return how an indicator stands, in words."""
    if judgement.freshness is Freshness.OVERDUE:
        days = judgement.days_late
        return ngettext("期限を%(days)s日過ぎています", "期限を%(days)s日過ぎています", days) % {"days": days}
    return {
        Freshness.NEVER: _("実績が一度もありません"),
        Freshness.OLD: _("最後の実績から15か月を過ぎています"),
        Freshness.SILENT: _("計測が止まっています"),
        Freshness.DUE: _("入力の時期です"),
        Freshness.FRESH: _("そろっています"),
        Freshness.NOT_YET: _("まだ入力の時期ではありません"),
    }[judgement.freshness]
