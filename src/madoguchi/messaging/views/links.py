"""Counted links of messages."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from madoguchi.kit import ids

from ..models import Link
from ..services.messages import follow_link

_MACHINES = re.compile(
    r"bot\b|crawl|spider|preview|slurp|facebookexternalhit|scanner|monitor|curl/|wget/|python-requests|headless",
    re.IGNORECASE,
)


@never_cache
@require_safe
def follow(request: HttpRequest, key: str) -> HttpResponse:
    """
    Lead on to the address of a message, and count it by day and way; nothing is kept of the person.

    It leads to the stored address alone. What looks ahead without a person (HEAD, prefetch, preview makers) is led on uncounted.
    """
    link = Link.objects.filter(key=key).first() if ids.is_ulid(key) else None
    if link is None:
        raise Http404("link")
    if not _looks_ahead(request):
        follow_link(link=link, channel=request.GET.get("c", "")[:10])
    response = HttpResponseRedirect(link.address)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _looks_ahead(request: HttpRequest) -> bool:
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    agent = request.headers.get("User-Agent", "")
    return request.method == "HEAD" or "prefetch" in purpose or _MACHINES.search(agent) is not None
