"""What the pages of cases have in common."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from madoguchi.trust.api import Account, account_of

from ..permissions import workflow_policy

UNPROCESSABLE = 422


def actor_of(request: HttpRequest) -> Account:
    """Return who acts; the views are guarded, so there is somebody."""
    actor = account_of(request)
    if actor is None:
        raise PermissionDenied
    return actor


def frame(request: HttpRequest, *steps: tuple[str, str], **more: Any) -> dict[str, Any]:
    """Return the context every page of cases has: breadcrumbs and who asks."""
    first = [(_("トップ"), "/"), (_("案件"), reverse("work:list"))]
    crumbs = [{"label": label, "url": url} for label, url in [*first, *steps]]
    actor = actor_of(request)
    return {
        "breadcrumbs": crumbs,
        "me": actor,
        "may_see_workflows": workflow_policy.allows(actor, "view"),
        **more,
    }


def address_of(request: HttpRequest) -> str | None:
    """Return the address a request came from, for the access log."""
    return request.META.get("REMOTE_ADDR") or None
