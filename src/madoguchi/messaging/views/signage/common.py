"""What the pages of screens have in common: the device's cookie, who may ask, the player's version."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from ...models import Screen
from ...services.signage import screen_of_device

COOKIE = "madoguchi_screen"
CHECKED = 10
"""Seconds after which the player's files are looked at again."""
YEAR = 365 * 24 * 3600
PLAYER_FILES = ("build/signage.js", "build/signage.css", "build/signage-sw.js")
View = Callable[..., HttpResponseBase]


def site_of(request: HttpRequest) -> str:
    """Return the beginning of every address of the city, without a stroke at its end."""
    return request.build_absolute_uri("/").rstrip("/")


def secret_of(request: HttpRequest) -> str:
    """Return the secret a device brought, empty for none."""
    return request.COOKIES.get(COOKIE, "")[:100]


def keep_secret(response: HttpResponseBase, secret: str) -> None:
    """Have the device keep its secret; scripts and other sites never see it."""
    response.set_cookie(
        COOKIE, secret, max_age=YEAR, path="/signage/", secure=settings.HTTPS, httponly=True, samesite="Strict"
    )


def is_own(request: HttpRequest) -> bool:
    """Tell whether a request comes from a page of this site: what replaces the CSRF token for a player without a session."""
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


def device_only(view: View) -> View:
    """
    Let only the device of a screen into a view, which gets the screen; no session, no CSRF token.

    404 where the city has no such screen; 403 without its secret, which tells a player to show a code again.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, number: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        screen, is_device = screen_of_device(number=number, secret=secret_of(request))
        if screen is None:
            return _refused("no_screen", 404)
        if not is_device or not is_own(request):
            return _refused("not_paired", 403)
        return view(request, screen, *args, **kwargs)

    return guarded


def _refused(reason: str, status: int) -> JsonResponse:
    response = JsonResponse({"error": reason}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def player_version() -> str:
    """Return the digest of the player's files: a player of another version loads itself anew."""
    return _version_in(int(time.monotonic()) // CHECKED)


@lru_cache(maxsize=2)
def _version_in(_round: int) -> str:
    paths = [Path(found) for name in PLAYER_FILES if isinstance(found := finders.find(name), str)]
    return _digest(tuple((str(path), path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=8)
def _digest(files: tuple[tuple[str, int], ...]) -> str:
    digest = hashlib.sha256()
    for path, _changed in files:
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:12]


def screen_facts(screen: Screen) -> dict[str, Any]:
    """Return what the shell of a player needs to know of its screen."""
    return {"screen": screen, "player": player_version()}
