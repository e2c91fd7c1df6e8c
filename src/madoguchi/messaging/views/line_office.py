"""What staff see of the LINE channel: friends by day, who blocked it, errors, webhooks, the menu."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup

from madoguchi.kit.charts import Line, line_chart
from madoguchi.trust.api import Account, enqueue_once, login_required, permission_required
from madoguchi.trust.api import account_of as signed_in_account

from ..errors import MessagingError
from ..permissions import message_policy, topic_policy
from ..plugins.line.account import LineAccount, account_of
from ..plugins.line.client import client_of
from ..plugins.line.conversation import LANGUAGES
from ..plugins.line.richmenu import MENU_LANGUAGES, doors, picture_of
from ..selectors.line import count_friends, friends_by_day, last_errors, webhook_health
from ..selectors.settings import site_address

DAYS = 30
DRAWN_EVERY = 3
"""The chart has room for so many days; the table behind it has every one."""


def _require_viewer(actor: Account | None) -> None:
    """Let those in who approve messages, and those who keep the topics."""
    if not message_policy.allows(actor, "approve"):
        topic_policy.require(actor, "edit")


@never_cache
@require_safe
@login_required
def office(request: HttpRequest) -> HttpResponse:
    """Show how the channel is."""
    actor = signed_in_account(request)
    _require_viewer(actor)
    account, friends, series = account_of(), count_friends(), friends_by_day(DAYS)
    context: dict[str, Any] = {
        "line": account,
        "friends": friends,
        "health": webhook_health(),
        "errors": last_errors(),
        "may_publish": topic_policy.allows(actor, "edit"),
        "menus": [{"language": LANGUAGES[one], "code": one, "doors": _labels(one)} for one in MENU_LANGUAGES],
        "chart": _chart(series),
        "chart_rows": [[f"{day.month}/{day.day}", f"{count:,}"] for day, count in reversed(series)],
        "webhook_url": f"{site_address()}/line/webhook",
        "breadcrumbs": [{"label": _("お知らせ"), "url": reverse("messages:index")}, {"label": _("LINE"), "url": ""}],
    }
    return render(request, "messaging/line/office.html", context | _quota(account))


@never_cache
@require_safe
@login_required
def menu_picture(request: HttpRequest, language: str) -> HttpResponse:
    """Return the picture of the menu as it would be published."""
    _require_viewer(signed_in_account(request))
    if language not in MENU_LANGUAGES:
        raise Http404("language")
    try:
        with translation.override(language):
            picture = picture_of(doors())
    except MessagingError as error:
        raise Http404(str(error)) from error
    return HttpResponse(picture, content_type="image/png")


@never_cache
@require_POST
@permission_required(topic_policy, "edit")
def publish(request: HttpRequest) -> HttpResponse:
    """Publish the menus; a job does it, for it may take minutes with many friends."""
    actor = signed_in_account(request)
    if account_of() is None:
        messages.error(request, _("LINEの設定がないため、公開できません。管理者にご相談ください。"))
    else:
        enqueue_once("messaging.tasks.line.publish_menu", actor_id=actor.pk if actor else None)
        messages.success(request, _("メニューの公開を始めました。数分後に友だちの画面に表示されます。"))
    return redirect("line:office")


def _labels(language: str) -> list[str]:
    with translation.override(language):
        return [door.label for door in doors()]


def _chart(series: list[tuple[date, int]]) -> Markup | None:
    if not any(count for _day, count in series):
        return None
    drawn = series[::-DRAWN_EVERY][::-1]
    return line_chart(
        [f"{day.month}/{day.day}" for day, _count in drawn],
        [Line(name=_("友だち"), values=tuple(float(count) for _day, count in drawn))],
        key="line-friends",
        title=_("友だち数"),
        unit=_("人"),
        description=_("この%(days)s日の、日の終わりの友だち数") % {"days": DAYS},
    )


def _quota(account: LineAccount | None) -> dict[str, Any]:
    """Ask LINE how much of the month's messages is used; a LINE that does not answer is said so, the page stands."""
    if account is None:
        return {}
    try:
        limit, used = client_of(account).quota()
    except MessagingError as error:
        return {"quota_error": str(error)}
    return {"quota_limit": limit, "quota_used": used}
