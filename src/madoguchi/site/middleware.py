"""What stands around every request: health, municipality by host name, language, sessions bound to a municipality."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, QueryDict, RawPostDataException
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation

from madoguchi.site.maintenance import paused_until
from madoguchi.site.views.errors import bad_request, bare, not_found
from madoguchi.trust.api import Municipality, acting_for, find_municipality_by_host, first_municipality

Handler = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """Answer ``/healthz`` (the process lives) and ``/readyz`` (the database answers) for any host."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the two probes, pass everything else on."""
        if request.path == "/healthz":
            return HttpResponse("ok", content_type="text/plain")
        if request.path == "/readyz":
            return self._ready()
        return self.get_response(request)

    def _ready(self) -> HttpResponse:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM trust_municipality")
        except DatabaseError:
            return HttpResponse("database", status=503, content_type="text/plain")
        return HttpResponse("ok", content_type="text/plain")


class PublicCompressionMiddleware(GZipMiddleware):
    """
    Compress what visitors without a session read.

    A page that answers to a session holds secrets beside what an address may put there (names, messages), whose size
    would tell on them (BREACH); it stays as it is, and so does every answer that sets a cookie.
    """

    TYPES = ("text/", "application/json", "image/svg+xml")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Leave alone what belongs to a session, sets a cookie or is compressed already (PDF, fonts)."""
        kind = response.headers.get("Content-Type", "")
        if settings.SESSION_COOKIE_NAME in request.COOKIES or response.cookies or not kind.startswith(self.TYPES):
            return response
        return super().process_response(request, response)


class TextMiddleware:
    """
    Refuse a page's parameters and form values with the character of number zero (NUL) in them.

    Nobody types it, PostgreSQL cannot keep it, and what SQLite kept could not be moved there. The interfaces under ``/api/``
    describe their texts themselves.
    """

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on: what was typed is known once its view is."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer 404 to such an address and 400 to such a form, before a view sees it."""
        if request.path.startswith("/api/"):
            return None
        if "\0" in request.path or _has_nul(request.GET):
            return not_found(request)
        return bad_request(request) if _has_nul(request.POST) else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 400 to a form that was sent to a view that takes a document (JSON, XML): it has been read as a form already."""
        return bad_request(request) if isinstance(error, RawPostDataException) else None


def _has_nul(values: QueryDict) -> bool:
    return any("\0" in text for name, texts in values.lists() for text in (name, *texts))


class MaintenanceMiddleware:
    """Answer every page with 503 while the operator has paused the installation; probes still answer."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on unless the installation is paused."""
        paused, until = paused_until()
        if not paused or request.path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        response = HttpResponse(bare("errors/503.html", until=until), status=503)
        response["Retry-After"] = "600"
        return response


class _HostTable:
    """Host name → municipality, remembered for a few seconds so that a page does not pay for it each time."""

    SECONDS = 5.0

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Municipality | None]] = {}

    def find(self, host: str) -> Municipality | None:
        now = time.monotonic()
        found = self._known.get(host)
        if found is None or now - found[0] > self.SECONDS:
            found = (now, self._ask(host))
            if len(self._known) > 1000:
                self._known.clear()
            self._known[host] = found
        return found[1]

    def clear(self) -> None:
        self._known.clear()

    def _ask(self, host: str) -> Municipality | None:
        if host == "localhost" or _is_address(host):
            return first_municipality()
        return find_municipality_by_host(host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


host_table = _HostTable()


class MunicipalityMiddleware:
    """Find the municipality of the host name and answer the request inside its scope; 404 for a host nobody owns."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Enter the scope around the rest of the request."""
        host = (
            request.get_host().rsplit(":", 1)[0].lower() if not request.get_host().endswith("]") else request.get_host()
        )
        municipality = host_table.find(host)
        if municipality is None:
            return HttpResponseNotFound(
                "このアドレスの自治体は登録されていません。 No municipality answers on this address.\n",
                content_type="text/plain; charset=utf-8",
            )
        request.municipality = municipality  # type: ignore[attr-defined]
        with acting_for(municipality), _reading_at_once(request) as is_one_transaction:
            response = self.get_response(request)
            if is_one_transaction and response.status_code >= 500:
                # Django has turned the exception into a page by now, so that nothing else would roll back.
                transaction.set_rollback(True)
            return response


@contextmanager
def _reading_at_once(request: HttpRequest) -> Iterator[bool]:
    """
    Read a page in one transaction on PostgreSQL, where otherwise each query opens its own to carry the municipality.

    A request that changes something is left to the transactions of the services it calls. Yields whether there is one.
    """
    if connection.vendor == "postgresql" and request.method in {"GET", "HEAD"}:
        with transaction.atomic():
            yield True
    else:
        yield False


class LanguageMiddleware:
    """Speak the language of ``?lang=`` (kept in a cookie), the cookie, or Japanese; never guess from the browser."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the language for the request and say it in the response."""
        known = dict(settings.LANGUAGES)
        asked = request.GET.get("lang")
        kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = next((code for code in (asked, kept) if code in known), settings.LANGUAGE_CODE)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", "ja" if language == "ja-easy" else language)
        if asked in known and asked != kept:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                asked,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                samesite="Lax",
                httponly=True,
            )
        return response


class SessionBindingMiddleware:
    """A signed-in session works only on the hosts of the municipality it was opened in."""

    KEY = "municipality"

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End a session that was carried to another municipality; bind a new one."""
        if request.user.is_authenticated:
            here = request.municipality.pk  # type: ignore[attr-defined]
            if request.user.municipality_id != here or request.session.get(self.KEY, here) != here:
                logout(request)
            elif self.KEY not in request.session:
                request.session[self.KEY] = here
        return self.get_response(request)
