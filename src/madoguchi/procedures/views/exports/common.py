"""What the pages share: who asks, which export, which procedure."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from madoguchi.trust.api import Account, RefusedError, account_of

from ...models import CoreExport, Procedure
from ...permissions import export_policy

PER_PAGE = 50


def actor_of(request: HttpRequest) -> Account:
    """Return who is signed in; raises ``RefusedError``."""
    actor = account_of(request)
    if actor is None:
        raise RefusedError(export_policy.reason("open"), action="open")
    return actor


def export_of(request: HttpRequest, reference: str) -> CoreExport:
    """Return an export somebody may see; raises ``Http404`` or ``RefusedError``."""
    listed = CoreExport.objects.select_related("procedure__published", "procedure__unit", "stored", "created_by")
    found = get_object_or_404(listed, reference=reference)
    export_policy.require(account_of(request), "view", found)
    return found


def named(procedures: list[Procedure]) -> list[tuple[str, str]]:
    """Return (code, name) of procedures for a list to choose from."""
    return [
        (procedure.code, procedure.published.name if procedure.published else procedure.code)
        for procedure in procedures
    ]


def chosen(procedures: list[Procedure], code: str) -> Procedure | None:
    """Return the procedure of a code out of those somebody may hand on."""
    return next((procedure for procedure in procedures if procedure.code == code), None)


def typed(request: HttpRequest, *names: str, **defaults: Any) -> dict[str, Any]:
    """Return what was typed into fields, to show it again."""
    return {name: request.POST.get(name, request.GET.get(name, defaults.get(name, ""))) for name in names}
