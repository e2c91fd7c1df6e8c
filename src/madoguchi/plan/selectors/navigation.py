"""The menu of the steering shell: what an account may open, with what waits for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from madoguchi.trust.api import account_of

from ..permissions import plan_policy

PREFIX = "/steering/"


def steering_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the entries of the steering shell for the account of a request; empty for those without a duty."""
    actor = account_of(request)
    if not plan_policy.allows(actor, "view_internal"):
        return []
    entries = [
        ("steering:overview", _("全体")),
        ("steering:attention", _("今月の対応")),
        ("steering:tree", _("計画の構成")),
        ("steering:actuals", _("実績")),
        ("steering:reviews", _("評価")),
        ("steering:orders", _("改善指示")),
        ("steering:compare", _("比較")),
    ]
    if plan_policy.allows(actor, "import"):
        entries.append(("steering:drafts", _("計画書の取り込み")))
    found = [(label, address) for name, label in entries if (address := _address(name))]
    current = max((address for _label, address in found if request.path.startswith(address)), key=len, default="")
    return [{"label": label, "url": address, "current": address == current} for label, address in found]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
