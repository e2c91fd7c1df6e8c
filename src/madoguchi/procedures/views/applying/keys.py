"""What a browser holds: one secret of its own, and the codes that were entered or given in it."""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE = "madoguchi_keys"
AGE = 60 * 24 * 3600
MOST = 24
_PLAIN = re.compile(r"[0-9A-Za-z_-]{16,64}")


def secrets_of(request: HttpRequest) -> list[str]:
    """Return the secrets a browser shows: its own first, then the codes of drafts and applications."""
    parts = request.COOKIES.get(COOKIE, "").split(".")
    return [part for part in parts if _PLAIN.fullmatch(part)][:MOST]


def browser_secret(request: HttpRequest) -> str:
    """Return the browser's own secret, a new one where it has none yet: ``remember`` must follow with the response."""
    held = getattr(request, "_browser_secret", None) or next(iter(secrets_of(request)), "")
    made = held or secrets.token_urlsafe(24)
    request._browser_secret = made  # type: ignore[attr-defined]  # so that one request makes one
    return str(made)


def remember(request: HttpRequest, response: HttpResponseBase, *codes: str) -> None:
    """Let the browser keep its secret and these codes; the oldest codes go where there are too many."""
    own = browser_secret(request)
    others = [code for code in [*secrets_of(request)[1:], *codes] if code != own]
    kept = list(dict.fromkeys(reversed(others)))[: MOST - 1]
    response.set_cookie(
        COOKIE,
        ".".join([own, *reversed(kept)]),
        max_age=AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
