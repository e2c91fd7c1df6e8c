"""The page behind "stop these messages" in every mail; a POST alone stops at once (RFC 8058), a look never does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..errors import MessagingError
from ..rules.tokens import TokenError
from ..selectors.reading import topic_name
from ..services.stopping import Stoppable, find_stoppable, stop_everything, stop_topic, undo_stop


# Mail programs post without a cookie and without our token: the signed address says whose messages it is about.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Show what will stop; stop it, or take that back."""
    try:
        found = find_stoppable(token)
    except TokenError:
        return render(request, "messaging/stop.html", _context(request, token, None), status=404)
    problem = ""
    if request.method == "POST":
        try:
            _obey(request.POST.get("what", ""), found)
        except MessagingError as error:
            problem = str(error)
        found = find_stoppable(token)
    context = {**_context(request, token, found), "problem": problem}
    return render(request, "messaging/stop.html", context, status=409 if problem else 200)


def _obey(what: str, found: Stoppable) -> None:
    """Do what a button says; a post without one is a mail program's, and stops what the mail was about."""
    if what == "undo":
        undo_stop(stoppable=found)
    elif what == "everything":
        stop_everything(stoppable=found)
    else:
        stop_topic(stoppable=found)


def _context(request: HttpRequest, token: str, found: Stoppable | None) -> dict[str, object]:
    language = str(getattr(request, "LANGUAGE_CODE", "ja"))
    topic = topic_name(found.topic, language) if found is not None and found.topic is not None else ""
    crumbs = [
        {"label": _("トップ"), "url": "/"},
        {"label": _("お知らせの設定"), "url": reverse("preferences:index")},
        {"label": _("お知らせを止める"), "url": ""},
    ]
    return {"found": found, "topic": topic, "token": token, "breadcrumbs": crumbs}
