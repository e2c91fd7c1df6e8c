"""Moves on the portfolio map: a form that works without JavaScript, and taking a move back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from madoguchi.trust.api import permission_required

from ..forms.reviews import MoveForm, ReasonForm
from ..models import PortfolioMove, Project
from ..permissions import project_policy
from ..selectors import words
from ..services.portfolio import move_project, undo_move
from .actors import actor_of
from .framing import find_plan, optional_url
from .reviews.common import Attempt, comparison, frame


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(project_policy, "move")
def move_page(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Move a project to another class or place, with a reason."""
    project = get_object_or_404(Project.objects.select_related("plan"), plan=find_plan(code), pk=pk)
    initial = {
        "version": project.version,
        "to_class": project.portfolio_class,
        "feasibility": project.feasibility,
        "new_value": project.new_value,
    }
    form = MoveForm(request.POST or None, initial=initial)
    attempt = Attempt(form)
    if request.method == "POST" and form.is_valid():
        if attempt.run(move_project, project=project, actor=actor_of(request), **form.cleaned_data):
            messages.success(request, _("「%(title)s」の区分を変えました。") % {"title": project.title})
            return redirect(reverse("steering:portfolio_move", args=[code, pk]))
        project.refresh_from_db()
        attempt.renew(version=project.version)
    context = frame(
        request,
        "",
        (project.plan.title, optional_url("steering:portfolio", code)),
        (_("区分を変える"), ""),
        project=project,
        form=form,
        stale=comparison(attempt),
        moves=list(PortfolioMove.objects.filter(project=project).select_related("moved_by")[:50]),
        words=words,
        map_url=optional_url("plan:portfolio", code),
    )
    return render(request, "plan/reviews/move.html", context, status=attempt.status)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(project_policy, "move")
def undo_page(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take the newest move of a project back by a new move, with a reason."""
    move = get_object_or_404(
        PortfolioMove.objects.select_related("project__plan"), project__plan=find_plan(code), pk=pk
    )
    form = ReasonForm(request.POST or None, initial={"version": move.project.version})
    form.fields["reason"].label = _("元に戻す理由")
    form.fields["reason"].help_text = ""
    attempt = Attempt(form)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt.run(undo_move, move=move, reason=reason, actor=actor_of(request)):
            messages.success(request, _("元の区分に戻しました。"))
            return redirect("steering:portfolio_move", code, move.project_id)
    steps = [
        (move.project.title, reverse("steering:portfolio_move", args=[code, move.project_id])),
        (_("元に戻す"), ""),
    ]
    context = frame(request, "", *steps, move=move, form=form, words=words)
    return render(request, "plan/reviews/move_undo.html", context, status=attempt.status)
