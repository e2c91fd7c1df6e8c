"""A request to correct: only the fields asked for, each with what it said before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from madoguchi.kit import clock
from madoguchi.trust.api import FileRefusedError, account_of

from ...errors import ClosedApplicationError, IncompleteError, ProceduresError
from ...models import Application, Correction
from ...rules.definition import Component, FormField, Step, Text
from ...rules.forms import Problem, change_rows, file_inputs, form_context, parse_step, row_action, shown_value
from ...services.applying import answer_correction, attach_file, believed, keep_correction, known_files
from ..applying.frame import language_of, posted
from ..applying.keys import secrets_of
from ..applying.paths import at_path, put_at
from .frame import matter_context, open_application


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Show what has to be corrected, or take the corrected answers."""
    application = open_application(request, number)
    if isinstance(application, HttpResponse):
        return application
    found = Correction.objects.filter(application=application, pk=pk).first()
    if found is None:
        raise Http404
    if found.answered_at is not None or found.withdrawn_at is not None:
        messages.info(request, _("この補正のお願いは、すでに終わっています。"))
        return redirect("mine:matter", application.number)
    step = _asked(application, found)
    if request.method == "POST":
        return _take(request, application, found, step)
    return _show(request, application, found, step, [])


def _asked(application: Application, found: Correction) -> Step:
    """Return the fields asked for as one page."""
    fields = [field for field in application.version.definition.form.fields() if field.code in found.fields]
    return Step(code="correction", title=Text(ja="補正"), fields=fields)


def _take(request: HttpRequest, application: Application, found: Correction, step: Step) -> HttpResponse:
    data, actor, secrets = posted(request.POST), account_of(request), secrets_of(request)
    answers = believed(
        fields=step.fields, answers=parse_step(step, data, language_of(request)), known=known_files(application)
    )
    action = row_action(data)
    current = _current(application, found) | answers
    if action is not None:
        answers = {code: value for code, value in change_rows(step, current, action).items() if code in found.fields}
    problems = _take_files(request, application, step, current, answers)
    try:
        found = keep_correction(correction=found, answers=answers, actor=actor, secret=secrets)
        if action is not None or problems:
            return _show(request, application, found, step, problems, finding=action.path if action else "")
        whole = {code: _current(application, found).get(code) for code in found.fields}
        answer_correction(correction=found, answers=whole, actor=actor, secret=secrets)
    except IncompleteError as error:
        return _show(request, application, found, step, list(error.problems))
    except ClosedApplicationError as error:
        messages.warning(request, str(error))
        return redirect("mine:matter", application.number)
    except ProceduresError as error:
        return _show(request, application, found, step, [], refused=str(error))
    messages.success(request, _("直した内容を送りました。担当が確かめます。"))
    return redirect("mine:matter", application.number)


def _current(application: Application, found: Correction) -> dict[str, Any]:
    return {**application.answers, **found.after}


def _take_files(
    request: HttpRequest, application: Application, step: Step, current: Mapping[str, Any], answers: dict[str, Any]
) -> list[Problem]:
    problems = []
    for path, field, name in file_inputs(step, current):
        for file in request.FILES.getlist(name):
            is_list = field.component is Component.FILE
            present = at_path({**current, **answers}, path) or []
            try:
                taken = attach_file(
                    subject=application,
                    field=field,
                    file=file,
                    actor=account_of(request),
                    path=path,
                    count=len(present) if is_list else 0,
                )
            except FileRefusedError as error:
                problems.append(Problem(path, "file", "", {}, field.label, Text(ja=str(error))))
            else:
                put_at(answers, current, path, [*present, taken] if is_list else {"file": taken["file"]})
    return problems


def _show(
    request: HttpRequest,
    application: Application,
    found: Correction,
    step: Step,
    problems: list[Problem],
    *,
    finding: str = "",
    refused: str = "",
) -> HttpResponse:
    language = language_of(request)
    current = _current(application, found)
    context = matter_context(
        request,
        application,
        _("補正"),
        correction=found,
        fields=[
            (field, found.notes.get(field.code, ""), _before(field, application, language)) for field in step.fields
        ],
        answers=current,
        form=form_context(application.version.definition, current, clock.today(), finding=finding),
        problems=problems,
        refused=refused,
    )
    is_wrong = bool(problems or refused)
    return render(request, "procedures/mine/correction.html", context, status=422 if is_wrong else 200)


def _before(field: FormField, application: Application, language: str) -> str:
    value = application.answers.get(field.code)
    if field.component in {Component.GROUP, Component.HOUSEHOLD}:
        return _("%(count)s件") % {"count": len(value or [])}
    return shown_value(field, value, language)
