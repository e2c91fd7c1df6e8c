"""The list: what waits for me first, what I began, what I sent, what is over."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from madoguchi.trust.api import account_of, login_required

from ...selectors.applying import applications_of, drafts_of, narrowed, waiting_for
from ..applying.frame import language_of
from ..applying.keys import secrets_of
from .frame import crumbs

PER_PAGE = 10
MOST_WATCHED = 100


@never_cache
@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Show one's own matters; ``?show=archive`` those that are over, ``?q=`` searches all."""
    account = account_of(request)
    if account is None:  # the decorator has seen to it
        raise PermissionError
    text = request.GET.get("q", "").strip()
    archive = request.GET.get("show") == "archive"
    own = applications_of(account)
    found = narrowed(own, text=text, closed=None if text else archive)
    drafts = list(drafts_of(account, secrets_of(request))[:50])
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "text": text,
        "archive": archive,
        "counts": {"open": narrowed(own, closed=False).count(), "closed": narrowed(own, closed=True).count()},
        "drafts": drafts,
        "waiting": waiting_for(list(narrowed(own, closed=False)[:MOST_WATCHED])),
        "language_code": language_of(request),
        "breadcrumbs": crumbs(request),
    }
    return render(request, "procedures/mine/index.html", context)
