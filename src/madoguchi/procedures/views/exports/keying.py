"""Keying by hand (画面転記): one application at a time, in the order of the other system's screen."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madoguchi.trust.api import permission_required

from ...enums import ExportGrade, ExportItemState
from ...errors import ExportError
from ...models import CoreExport
from ...permissions import export_policy
from ...selectors.exporting import next_to_key
from ...services.exporting import report_keyed, sheet_of
from .common import actor_of, export_of


@permission_required(export_policy, "open")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keying(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the next application to key, and note that it was keyed or could not be."""
    export = export_of(request, reference)
    if export.grade != ExportGrade.SCREEN:
        return redirect("exports:export", reference)
    problem = ""
    if request.method == "POST":
        problem, after = _reported(request, export)
        if not problem:
            return redirect(reverse("exports:keying", args=[reference]) + f"?after={after}")
    after_text = request.GET.get("after", "0")
    item = next_to_key(export, after=int(after_text) if after_text.isdecimal() and len(after_text) < 18 else 0)
    if item is None:
        if not problem:
            messages.success(request, _("すべての申請の転記が終わりました。"))
        return redirect("exports:export", reference)
    context = {
        "export": export,
        "item": item,
        "cells": sheet_of(item=item, actor=actor_of(request)),
        "left": export.items.filter(state=ExportItemState.WAITING).count(),
        "problem": problem,
    }
    return render(request, "procedures/exports/keying.html", context, status=422 if problem else 200)


def _reported(request: HttpRequest, export: CoreExport) -> tuple[str, int]:
    text = request.POST.get("item", "")
    item = get_object_or_404(export.items.all(), pk=int(text) if text.isdecimal() and len(text) < 18 else 0)
    action = request.POST.get("action", "")
    if action == "skip":
        return "", item.pk
    try:
        report_keyed(
            item=item, actor=actor_of(request), is_keyed=action == "keyed", message=request.POST.get("message", "")
        )
    except ExportError as error:
        return str(error), 0
    return "", item.pk
