"""Registering that one needs help in a disaster (要配慮者の登録)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ...forms.preferences import NeedsForm
from ...selectors.preferences import needs_of
from ...services.needs import end_need, register_need
from .frame import Visitor, crumbs, known_visitor


@require_http_methods(["GET", "HEAD", "POST"])
@known_visitor
def needs(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show what is registered, take in what is needed, end what is no longer needed."""
    known = needs_of(visitor.recipient)
    note = next((need.note for need in known.values() if need.note), "")
    form = NeedsForm(request.POST or None, initial={"codes": list(known), "note": note, "has_agreed": bool(known)})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["codes"]
        for code in wanted:
            register_need(recipient=visitor.recipient, code=code, note=form.cleaned_data["note"], actor=visitor.account)
        for code, need in known.items():
            if code not in wanted:
                end_need(need=need, actor=visitor.account)
        done = _("登録しました。市の担当が、内容を確かめるためにご連絡することがあります。")
        messages.success(request, done if wanted else _("登録を終えました。伝えていた内容は消しました。"))
        return redirect("preferences:index")
    context = {"breadcrumbs": crumbs(_("災害のときの助け")), "form": form, "known": list(known.values())}
    page = "messaging/preferences/needs.html"
    return render(request, page, context, status=422 if form.errors else 200)
