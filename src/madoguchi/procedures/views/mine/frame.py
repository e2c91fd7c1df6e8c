"""What the pages of one's own matters have in common."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from madoguchi.trust.api import RefusedError, account_of, is_staff, record_refusal

from ...models import Application
from ...selectors.timeline import waited_for
from ...services.applying import access_application, holds_application
from ..applying.frame import language_of, proxy_name, responsible
from ..applying.keys import secrets_of

PURPOSE = "わたしの手続"


def open_application(request: HttpRequest, number: str) -> Application | HttpResponse:
    """
    Return the application of an address, or the sign-in for somebody unknown.

    Raises ``Http404`` where there is none, and for residents who may not see it (recorded); staff read why.
    """
    actor = account_of(request)
    try:
        return access_application(
            actor=actor,
            number=number,
            purpose=PURPOSE,
            secret=secrets_of(request),
            address=request.META.get("REMOTE_ADDR") or None,
        )
    except Application.DoesNotExist:
        raise Http404(number) from None
    except RefusedError as error:
        if actor is None:
            return redirect_to_login(request.get_full_path())
        if is_staff(actor, None):
            raise
        record_refusal(error=error, actor=actor)
        raise Http404(number) from None


def crumbs(request: HttpRequest, *steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return the way from the top to a page of one's own matters."""
    own = [(_("わたしの手続"), reverse("mine:index"))] if account_of(request) is not None else []
    return [{"label": label, "url": url} for label, url in [(_("トップ"), "/"), *own, *steps]]


def matter_context(request: HttpRequest, application: Application, here: str = "", **more: Any) -> dict[str, Any]:
    """Return the context every page of a matter has."""
    definition, language = application.version.definition, language_of(request)
    name = definition.name.in_language(language)
    answers_for = responsible(request, definition, application.procedure, application.number)
    own = (name, reverse("mine:matter", args=[application.number]))
    return {
        "application": application,
        "definition": definition,
        "name": name,
        "language_code": language,
        "on_behalf": proxy_name(application),
        "may_act": holds_application(application=application, actor=account_of(request), secret=secrets_of(request)),
        "waited": waited_for(application, answers_for["section"]),
        "responsible": answers_for,
        "breadcrumbs": crumbs(request, own, *([(here, "")] if here else [])),
        **more,
    }
