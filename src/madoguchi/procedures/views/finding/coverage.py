"""For staff: how far each life event gets online, and which procedures end in 「窓口へ」."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.trust.api import permission_required

from ...permissions import checklist_policy
from ...rules.finder.events import event_label
from ...selectors.finding import catalogue, coverage
from .common import say


@require_safe
@permission_required(checklist_policy, "coverage")
def show(request: HttpRequest) -> HttpResponse:
    """Show for every life event how many of its procedures can be applied for online."""
    found = catalogue()
    context = {
        "rows": coverage(found),
        "total": len(found.offers),
        "online": sum(offer.is_online for offer in found.offers.values()),
        "say": say,
        "event_words": lambda code: say(event_label(code)),
    }
    return render(request, "procedures/finding/coverage.html", context)
