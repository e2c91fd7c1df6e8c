"""The log of telegrams: what came, what it led to here, and why not."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from madoguchi.kit import ids
from madoguchi.trust.api import permission_required

from ...enums import TelegramOutcome, WarningLevel
from ...models import Alert, Telegram
from ...permissions import alert_policy
from ...selectors.telegrams import search_telegrams
from .common import actor_of, trail

PER_PAGE = 25
STATUSES = {"normal": _lazy("通常"), "drill": _lazy("訓練"), "test": _lazy("試験")}
INFO_TYPES = {
    "issued": _lazy("発表"),
    "corrected": _lazy("訂正"),
    "delayed": _lazy("遅延"),
    "cancelled": _lazy("取消"),
}
WHAT = {
    "issue": _lazy("自動で発表しました"),
    "update": _lazy("更新しました"),
    "cancel": _lazy("解除しました"),
    "draft": _lazy("下書きを作りました"),
    "none": _lazy("何もしませんでした"),
}
CHANGES = {
    "new": _lazy("発表"),
    "raised": _lazy("引き上げ"),
    "lowered": _lazy("切り替え"),
    "continued": _lazy("継続"),
    "lifted": _lazy("解除"),
    "none": _lazy("なし"),
}
TONES = {"acted": "bad", "drafted": "caution", "nothing": "idle", "refused": "idle"}
LEVELS = {
    WarningLevel.EMERGENCY: _lazy("特別警報級"),
    WarningLevel.WARNING: _lazy("警報級"),
    WarningLevel.ADVISORY: _lazy("注意報級"),
    WarningLevel.NONE: _lazy("警報などなし"),
}


@require_safe
@permission_required(alert_policy, "list")
def log(request: HttpRequest) -> HttpResponse:
    """List telegrams with search."""
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "outcome", "level", "status")}
    found = search_telegrams(
        text=asked["q"],
        outcome=asked["outcome"] if asked["outcome"] in TelegramOutcome.values else "",
        level=asked["level"] if asked["level"] in WarningLevel.values else "",
        status=asked["status"] if asked["status"] in STATUSES else "",
    )
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "filtered": any(asked.values()),
        "outcomes": TelegramOutcome.choices,
        "levels": list(LEVELS.items()),
        "statuses": STATUSES,
        "tones": TONES,
        "level_names": LEVELS,
        "breadcrumbs": trail(_("気象庁の電文")),
        "may": alert_policy.actions_for(actor_of(request)),
    }
    return render(request, "messaging/telegrams/list.html", context)


@require_safe
@permission_required(alert_policy, "view")
def one(request: HttpRequest, key: str) -> HttpResponse:
    """Show a telegram: what it says for the municipality, and what was done, by which rule."""
    telegram = _get(key)
    keys = [action["alert"] for action in telegram.actions if action.get("alert")]
    context = {
        "telegram": telegram,
        "known": set(Alert.objects.filter(key__in=keys).values_list("key", flat=True)),
        "statuses": STATUSES,
        "info_types": INFO_TYPES,
        "changes": CHANGES,
        "what": WHAT,
        "level_names": LEVELS,
        "tones": TONES,
        "breadcrumbs": trail(
            telegram.head_title or telegram.title, (_("気象庁の電文"), reverse("emergency:telegrams"))
        ),
    }
    return render(request, "messaging/telegrams/one.html", context)


@require_safe
@permission_required(alert_policy, "view")
def raw(request: HttpRequest, key: str) -> HttpResponse:
    """Give the telegram as it came."""
    telegram = _get(key)
    is_xml = telegram.source != "satellite"
    response = HttpResponse(telegram.data, content_type="application/xml" if is_xml else "application/octet-stream")
    name = f"{telegram.kind or 'telegram'}-{telegram.key}.{'xml' if is_xml else 'bin'}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _get(key: str) -> Telegram:
    found = Telegram.objects.filter(key=key).first() if ids.is_ulid(key) else None
    if found is None:
        raise Http404("telegram")
    return found
