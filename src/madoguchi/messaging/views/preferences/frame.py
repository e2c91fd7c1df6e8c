"""Whose preferences a page is about: the holder of the account, or a guest who came by the link in a mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from madoguchi.kit import clock
from madoguchi.trust.api import Account, account_of

from ...errors import MessagingError
from ...models import Recipient
from ...services.recipients import recipient_of

SESSION_KEY = "preferences_guest"
SESSION_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks: their recipient, and the account they signed in with (None for a guest)."""

    recipient: Recipient
    account: Account | None

    @property
    def is_guest(self) -> bool:
        """Tell whether somebody came by a link instead of signing in."""
        return self.account is None


View = Callable[..., HttpResponse]


def visitor_of(request: HttpRequest) -> Visitor | None:
    """Return whose preferences this request is about, None where nobody can be told."""
    account = account_of(request)
    if account is not None:
        return Visitor(recipient_of(account=account), account)
    kept = request.session.get(SESSION_KEY)
    if not kept or datetime.fromisoformat(kept["until"]) < clock.now():
        return None
    found = Recipient.objects.filter(key=kept["key"], ended_at__isnull=True, account__isnull=True).first()
    return None if found is None else Visitor(found, None)


def let_in(request: HttpRequest, recipient: Recipient) -> None:
    """Let this browser manage a guest's preferences for an hour."""
    until = clock.now() + timedelta(minutes=SESSION_MINUTES)
    request.session[SESSION_KEY] = {"key": recipient.key, "until": until.isoformat()}


def let_out(request: HttpRequest) -> None:
    """End what ``let_in`` began."""
    request.session.pop(SESSION_KEY, None)


def known_visitor(view: View) -> View:
    """Give a view the visitor; everybody else is led to the page with both ways in. What the room refuses becomes a word."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visitor = visitor_of(request)
        if visitor is None:
            messages.info(request, _("サインインするか、メールに届いたリンクを開いてください。"))
            return redirect("preferences:index")
        try:
            return view(request, visitor, *args, **kwargs)
        except MessagingError as error:
            messages.error(request, str(error))
            return redirect("preferences:index")

    return guarded


def crumbs(*steps: str) -> list[dict[str, str]]:
    """Return the way from the top to a page of preferences."""
    own = [{"label": _("お知らせの設定"), "url": reverse("preferences:index")}] if steps else []
    last = steps or (_("お知らせの設定"),)
    return [{"label": _("トップ"), "url": "/"}, *own, *({"label": label, "url": ""} for label in last)]


def language_of(request: HttpRequest) -> str:
    """Return the language the page speaks."""
    return str(getattr(request, "LANGUAGE_CODE", "ja"))
