"""Deadlines for calendar programs: of one matter as a file, of all as a private feed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kit import clock
from madoguchi.trust.api import Account, account_of, login_required

from ...models import Draft
from ...plugins.calendar import MEDIA_TYPE, CalendarDay, calendar_of
from ...selectors.applying import applications_of, drafts_of, narrowed
from ...selectors.timeline import Deadline, deadlines_of
from ...services.applying import calendar_feed, feed_of, renew_calendar
from ..applying.frame import language_of
from .frame import crumbs, open_application

MOST_MATTERS = 200


@never_cache
@require_safe
@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the private address of one's feed and what stands in it."""
    account = _me(request)
    feed = calendar_feed(account)
    address = request.build_absolute_uri(reverse("mine:calendar_feed", args=[feed.token]))
    context = {
        "feed": feed,
        "address": address,
        "webcal": address.replace("https://", "webcal://").replace("http://", "webcal://"),
        "days": sorted(_days(request, account), key=lambda item: item.day),
        "breadcrumbs": crumbs(request, (_("カレンダー"), "")),
    }
    return render(request, "procedures/mine/calendar.html", context)


@never_cache
@require_POST
@login_required
def renew(request: HttpRequest) -> HttpResponse:
    """Give the feed a new address."""
    renew_calendar(actor=_me(request))
    messages.success(request, _("新しいアドレスにしました。前のアドレスは、もう使えません。"))
    return redirect("mine:calendar")


@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return the feed of a token to whoever knows it."""
    found = feed_of(token)
    if found is None or not found.account.is_active:
        raise Http404
    with translation.override(found.account.language or "ja"):
        return _answer(request, _days(request, found.account), "madoguchi.ics")


@never_cache
@require_safe
def matter_calendar(request: HttpRequest, number: str) -> HttpResponse:
    """Return the days of one matter."""
    application = open_application(request, number)
    if isinstance(application, HttpResponse):
        return application
    days = [_day(request, deadline) for deadline in deadlines_of(application)]
    return _answer(request, days, f"{application.number}.ics", is_download=True)


def _me(request: HttpRequest) -> Account:
    account = account_of(request)
    if account is None:  # the decorator has seen to it
        raise Http404
    return account


def _days(request: HttpRequest, account: Account) -> list[CalendarDay]:
    alive = narrowed(applications_of(account), closed=False)[:MOST_MATTERS]
    found = [_day(request, deadline) for application in alive for deadline in deadlines_of(application)]
    return found + [_draft_day(request, draft) for draft in drafts_of(account)[:50]]


def _day(request: HttpRequest, deadline: Deadline) -> CalendarDay:
    application = deadline.application
    name = application.version.definition.name.in_language(language_of(request))
    words = {
        "correction": _("補正の期限：%(name)s"),
        "payment": _("お支払いの期限：%(name)s"),
        "result": _("結果の予定日：%(name)s"),
    }
    return CalendarDay(
        key=deadline.key,
        day=deadline.day,
        title=words[deadline.kind] % {"name": name},
        text=_("受付番号 %(number)s") % {"number": application.number},
        url=request.build_absolute_uri(reverse("mine:matter", args=[application.number])),
        changed_at=deadline.changed_at,
        is_duty=deadline.kind != "result",
    )


def _draft_day(request: HttpRequest, draft: Draft) -> CalendarDay:
    name = draft.version.definition.name.in_language(language_of(request))
    return CalendarDay(
        key=f"draft-{draft.key}",
        day=clock.local(draft.expires_at).date(),
        title=_("入力途中の申請の保存期限：%(name)s") % {"name": name},
        text=_("この日を過ぎると、入力した内容は消えます。"),
        url=request.build_absolute_uri(reverse("procedures:draft", args=[draft.key])),
        changed_at=draft.saved_at,
        is_duty=True,
    )


def _answer(request: HttpRequest, days: list[CalendarDay], name: str, *, is_download: bool = False) -> HttpResponse:
    municipality = request.municipality  # type: ignore[attr-defined]  # by middleware
    title = _("%(city)sの手続") % {"city": municipality.name}
    content = calendar_of(days, name=title, host=request.get_host().split(":")[0], language=language_of(request))
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'{"attachment" if is_download else "inline"}; filename="{name}"'
    return response
