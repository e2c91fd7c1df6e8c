"""What a player asks for: its shell, manifest, state, files; and what it reports. All of it for the paired device alone."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kit import clock
from madoguchi.trust.api import open_file

from ...models import Screen, SignageAsset
from ...selectors.signage import manifest_of, state_of
from ...services.signage import note_heartbeat, record_plays, screen_of_device
from .common import YEAR, device_only, keep_secret, player_version, screen_facts, secret_of, site_of

LARGEST_REPORT = 256 * 1024
LONGEST_KEY = 40


@never_cache
@require_safe
def player(request: HttpRequest, number: str) -> HttpResponseBase:
    """Show the player to the device of a screen; others learn how to become one."""
    screen, is_device = screen_of_device(number=number, secret=secret_of(request))
    if screen is None:
        raise Http404(number)
    if not is_device:
        return render(request, "messaging/signage/not_paired.html", {"number": screen.number}, status=403)
    response = render(request, "messaging/signage/player.html", screen_facts(screen))
    keep_secret(response, secret_of(request))
    return response


@require_safe
@device_only
def manifest(request: HttpRequest, screen: Screen) -> HttpResponseBase:
    """Give everything the screen needs to play by itself."""
    found = manifest_of(screen, site_of(request))
    return JsonResponse(
        {**found.document, "version": found.version, "order": list(found.order)},
        headers={"Cache-Control": "no-store", **_time()},
    )


@require_safe
@device_only
def state(request: HttpRequest, screen: Screen) -> HttpResponseBase:
    """Tell which manifest holds and which alerts are live; 304 while nothing has changed."""
    document = json.dumps(state_of(screen, site_of(request), player_version()), ensure_ascii=False, sort_keys=True)
    tag = f'"{_digest(document)}"'
    headers = {"ETag": tag, "Cache-Control": "no-store", **_time()}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(document, content_type="application/json", headers=headers)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _time() -> dict[str, str]:
    """Say what time it is here, in milliseconds since 1970: devices have clocks of their own."""
    return {"X-Madoguchi-Time": str(int(clock.now().timestamp() * 1000))}


@require_safe
@device_only
def asset(request: HttpRequest, screen: Screen, pk: int, digest: str) -> HttpResponseBase:
    """Give a file of a playlist; its address changes with what it holds, so it may be kept for ever."""
    found = SignageAsset.objects.select_related("stored").filter(pk=pk, removed_at__isnull=True).first()
    if found is None or not found.stored.digest.startswith(digest):
        raise Http404(pk)
    try:
        content = open_file(found.stored)
    except FileNotFoundError:
        raise Http404(pk) from None
    response = FileResponse(content, content_type=found.stored.media_type)
    response["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    return response


@require_POST
@device_only
def heartbeat(request: HttpRequest, screen: Screen) -> HttpResponseBase:
    """Take what a player says of itself."""
    report = _document(request)
    if not isinstance(report, dict):
        return JsonResponse({"error": "not_read"}, status=400)
    note_heartbeat(screen=screen, report=report)
    return JsonResponse({}, headers=_time())


@require_POST
@device_only
def plays(request: HttpRequest, screen: Screen) -> HttpResponseBase:
    """Take a report of what was shown; the same one again is answered alike and not counted."""
    report = _document(request)
    key = report.get("key") if isinstance(report, dict) else None
    entries = report.get("entries") if isinstance(report, dict) else None
    if not isinstance(key, str) or not 8 <= len(key) <= LONGEST_KEY or not isinstance(entries, list):
        return JsonResponse({"error": "not_read"}, status=400)
    return JsonResponse({"counted": record_plays(screen=screen, key=key, entries=entries)})


def _document(request: HttpRequest) -> Any:
    """Return the JSON of a request, None when there is none or too much of it."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_REPORT:
            return None
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None


@require_safe
def service_worker(request: HttpRequest) -> HttpResponseBase:
    """Give the service worker, which may look after everything under ``/signage/``."""
    path = finders.find("build/signage-sw.js")
    if not isinstance(path, str):
        raise Http404
    with open(path, "rb") as file:
        response = HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
