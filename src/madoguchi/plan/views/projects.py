"""Re-planning a project, and the history of a project and of a plan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import permission_required

from ..enums import OrderStatus, RoundPeriod, RoundStatus
from ..forms.revisions import RestoreForm, RevisionForm
from ..models import Action, ChangeRecord, ImprovementOrder, Indicator, Plan, Project, ReviewRound
from ..permissions import plan_policy, project_policy
from ..rules.tabular import rows_as_csv
from ..selectors.history import SUBJECTS, history_rows, history_table, plan_history, project_history
from ..selectors.review_words import in_words
from ..selectors.scoring import with_figures
from ..services.revisions import can_restore, project_of, restore_value, revise_project
from .actors import actor_of
from .framing import chosen, find_plan, found, optional_url, page_of
from .reviews.common import Attempt, comparison, frame


def find_project(pk: int) -> Project:
    """Return a project of the municipality; raises ``Http404``."""
    return get_object_or_404(Project.objects.select_related("plan", "goal", "measure"), pk=pk)


def open_years(plan: Plan) -> list[int]:
    """Return the fiscal years of a plan that no yearly round has frozen."""
    closed = ReviewRound.objects.filter(plan=plan, period=RoundPeriod.FULL_YEAR, status=RoundStatus.CLOSED)
    frozen = set(closed.values_list("fiscal_year", flat=True))
    return [year for year in plan.fiscal_years if year not in frozen]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(project_policy, "edit", subject=find_project)
def revise_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Revise a project: texts, schedule, targets, indicators, with a reason and maybe the order it answers."""
    project = find_project(pk)
    form = _form(request, project)
    attempt = Attempt(form)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("reason", "version", "order")}
        revision = form.revision()
        if attempt.run(revise_project, project=project, revision=revision, actor=actor_of(request), **fields):
            messages.success(request, _("%(count)s項目を見直しました。") % {"count": len(attempt.result)})
            order = fields["order"]
            return redirect("steering:order", order.pk) if order else redirect("steering:project_history", pk)
        project = find_project(pk)
        attempt.renew(version=project.version)
    context = _revise_context(request, project, form, attempt)
    return render(request, "plan/reviews/revise.html", context, status=attempt.status)


def _form(request: HttpRequest, project: Project) -> RevisionForm:
    orders = ImprovementOrder.objects.filter(project=project).exclude(status=OrderStatus.ACCEPTED)
    asked = plain_integer(request.GET.get("order", ""))
    return RevisionForm(
        request.POST or None,
        project=project,
        actions=list(Action.objects.filter(project=project)),
        indicators=list(with_figures(Indicator.objects.filter(project=project))),
        years=open_years(project.plan),
        orders=orders,
        may_change_sections=plan_policy.allows(actor_of(request), "edit", project.plan),
        initial={} if asked is None else {"order": asked},
    )


def _revise_context(request: HttpRequest, project: Project, form: RevisionForm, attempt: Attempt) -> dict[str, Any]:
    return frame(
        request,
        "",
        (project.title, optional_url("plan:project", project.plan.code, project.pk)),
        (_("見直し"), reverse("steering:project_revise", args=[project.pk])),
        project=project,
        form=form,
        stale=comparison(attempt),
        frozen=[year for year in project.plan.fiscal_years if year not in form.years],
        may_move=project_policy.allows(actor_of(request), "move", project),
    )


@require_safe
@permission_required(plan_policy, "view_internal")
def project_history_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who changed what in a project, when and why."""
    project = find_project(pk)
    page = page_of(project_history(project), request, per_page=50)
    context = frame(
        request,
        "",
        (project.title, optional_url("plan:project", project.plan.code, project.pk)),
        (_("変更の履歴"), reverse("steering:project_history", args=[pk])),
        project=project,
        plan=project.plan,
        page=page,
        rows=history_rows(page.object_list),
        can_restore=can_restore,
        may_edit=project_policy.allows(actor_of(request), "edit", project),
    )
    return render(request, "plan/reviews/history.html", context)


@require_safe
@permission_required(plan_policy, "view_internal")
def plan_history_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show the changes of a plan with filters; ``?format=csv`` gives all of them as a file."""
    plan = find_plan(code)
    kind = chosen(request, "kind", ["all", *SUBJECTS]) or "content"
    word = request.GET.get("q", "").strip()[:100]
    records = plan_history(plan, kind="" if kind == "all" else kind, word=word)
    if request.GET.get("format") == "csv":
        return _csv(history_table(records.iterator(chunk_size=500)), f"{plan.code}-history.csv")
    page = page_of(records, request, per_page=50)
    context = frame(
        request,
        "",
        (plan.title, optional_url("plan:plan", plan.code)),
        (_("変更の履歴"), reverse("steering:plan_history", args=[code])),
        project=None,
        plan=plan,
        page=page,
        rows=history_rows(page.object_list),
        kind=kind,
        word=word,
        kinds=[
            ("content", _("計画の内容")),
            ("all", _("すべて")),
            *((key, in_words(name)) for key, name in SUBJECTS.items()),
        ],
        can_restore=can_restore,
        may_edit=plan_policy.allows(actor_of(request), "edit", plan),
    )
    return render(request, "plan/reviews/history.html", context)


def _csv(rows: list[dict[str, Any]], name: str) -> HttpResponse:
    # The byte order mark lets spreadsheet programs see UTF-8.
    response = HttpResponse("\ufeff" + rows_as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(plan_policy, "view_internal")
def restore_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a reason, then give a field the value it had before a change."""
    record = get_object_or_404(ChangeRecord.objects.select_related("plan", "actor"), pk=pk)
    project = found(project_of(record=record))
    project_policy.require(actor_of(request), "edit", project)
    form = RestoreForm(request.POST or None, initial={"version": project.version})
    attempt = Attempt(form)
    if request.method == "POST" and form.is_valid():
        if attempt.run(restore_value, record=record, actor=actor_of(request), **form.cleaned_data):
            messages.success(request, _("前の値に戻しました。"))
            return redirect("steering:project_history", project.pk)
        project.refresh_from_db()
        attempt.renew(version=project.version)
    context = frame(
        request,
        "",
        (project.title, reverse("steering:project_history", args=[project.pk])),
        (_("前の値に戻す"), ""),
        project=project,
        row=history_rows([record])[0],
        form=form,
        possible=can_restore(record=record),
    )
    return render(request, "plan/reviews/restore.html", context, status=attempt.status)
