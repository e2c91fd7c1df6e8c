"""Pairing, as the browser that wants to be a screen sees it."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode

import segno
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kit import clock

from ...errors import StatusError
from ...models import PairingCode
from ...rules.signage.codes import spaced
from ...services.signage import find_waiting, offer_code
from .common import is_own, keep_secret, player_version, secret_of, site_of

LONGEST = 6


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Show the page on which a browser becomes a screen; the code itself is asked for by its script."""
    return render(request, "messaging/signage/start.html", {"player": player_version()})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponseBase:
    """``POST``: give this browser a code. ``GET``: tell whether it was typed, with the screen's address then."""
    if not is_own(request):
        return JsonResponse({"error": "not_own"}, status=403)
    secret = secret_of(request)
    if request.method == "GET":
        found = find_waiting(secret=secret)
        return JsonResponse(_said(found) if found else {"error": "expired"}, status=200 if found else 404)
    size = {name: _number(request.POST.get(name, "")) for name in ("width", "height")}
    try:
        found, secret = offer_code(secret=secret, address=request.META.get("REMOTE_ADDR") or None, **size)
    except StatusError as error:
        return JsonResponse({"error": "busy", "message": str(error)}, status=429)
    response = JsonResponse(_said(found))
    keep_secret(response, secret)
    return response


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST else None


def _said(found: PairingCode) -> dict[str, Any]:
    if found.screen is not None:
        return {"go": reverse("signage:player", args=[found.screen.number])}
    seconds = int((found.expires_at - clock.now()).total_seconds())
    return {"code": spaced(found.code), "seconds": max(0, seconds)}


@never_cache
@require_safe
def qr_code(request: HttpRequest) -> HttpResponseBase:
    """Draw the address at which staff type this browser's code."""
    found = find_waiting(secret=secret_of(request))
    if found is None or found.screen_id is not None:
        raise Http404
    address = f"{site_of(request)}{reverse('signage_office:pair')}?{urlencode({'code': found.code})}"
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=4, light="#fff", omitsize=True)
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")
