"""``/now/``: what is live, answered before anything else is done, because every open page asks for it."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from madoguchi.messaging.api import now_document

from .middleware import host_table

PATH = "/now/"


class NowMiddleware:
    """
    Answer ``/now/`` without session, language or account: a document in memory, at most a second old, with an entity tag.

    ``?drills=1`` (pages of staff and screens) tells of drills too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the one address, pass everything else on."""
        if request.path != PATH or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        try:
            return self._answer(request)
        except DatabaseError:
            response = HttpResponse(status=503)
            response["Retry-After"] = "10"
            return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().lower()
        municipality = host_table.find(host if host.endswith("]") else host.rsplit(":", 1)[0])
        if municipality is None:
            return HttpResponse(status=404)
        body, tag = now_document(municipality, drills=request.META.get("QUERY_STRING") == "drills=1")
        if request.headers.get("If-None-Match") == tag:
            response: HttpResponse = HttpResponseNotModified()
        else:
            response = HttpResponse(body, content_type="application/json")
        response["ETag"] = tag
        # A proxy in front may hold it for a moment, so that a crowd is one request.
        response["Cache-Control"] = "public, max-age=1"
        response["X-Content-Type-Options"] = "nosniff"
        return response
