"""Asking the applicant to correct fields, and taking the request back."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.kit import clock, era
from madoguchi.kit.deadlines import business_days_after
from madoguchi.trust.api import account_of, login_required

from ...errors import ProceduresError
from ...models import Application, Correction
from ...rules.forms import describe
from ...services.casework import cancel_correction, request_correction
from .finding import application_of

USUAL_DAYS = 10


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, number: str) -> HttpResponse:
    """Choose the fields to correct, say for each what is wrong, and set a day."""
    application = application_of(request, number)
    problem, day = "", business_days_after(clock.today(), USUAL_DAYS)
    if request.method == "POST":
        try:
            _ask(request, application, _day(request.POST.get("due_on", "")))
        except ProceduresError as error:
            problem = str(error)
        else:
            messages.success(request, _("補正をお願いしました。申請した人の画面に表示されます。"))
            return redirect(record_path(application))
    context = {
        "application": application,
        "sections": describe(application.version.definition, application.answers, "ja"),
        "chosen": request.POST.getlist("field"),
        "typed": request.POST,
        "due_on": request.POST.get("due_on") or day.isoformat(),
        "problem": problem,
        "back": record_path(application),
    }
    return render(request, "procedures/office/correction.html", context, status=422 if problem else 200)


def _day(text: str) -> date:
    parsed = era.parse_date(text)
    if parsed is None or parsed.precision != era.Precision.DAY:
        raise ProceduresError(_("期限の日付を読み取れません。2026-12-10 や 令和8年12月10日 のように入力してください。"))
    return parsed.date


def _ask(request: HttpRequest, application: Application, due_on: date) -> None:
    fields = request.POST.getlist("field")
    actor = account_of(request)
    if actor is None:
        raise ProceduresError(_("サインインしてください。"))
    request_correction(
        application=application,
        fields=fields,
        message=request.POST.get("message", ""),
        due_on=due_on,
        actor=actor,
        notes={code: request.POST.get(f"note.{code}", "") for code in fields},
    )


@login_required
@require_POST
def cancel(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a request back."""
    application = application_of(request, number)
    found = Correction.objects.filter(application=application, pk=pk).first()
    actor = account_of(request)
    if found is not None and actor is not None:
        try:
            cancel_correction(correction=found, actor=actor)
        except ProceduresError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("補正のお願いを取り消しました。"))
    return redirect(record_path(application))


def record_path(application: Application) -> str:
    """Return the address of the case of an application, or of the work list while it has none."""
    if application.case is None:
        return reverse("work:list")
    return reverse("work:record", args=[application.case.number])
