"""
Answering a survey: a code where one is needed, the steps, a look at everything, thanks.

Answers stay in the browser's session until they are sent and are taken out of it then: nothing ties them to a person or an
account. The key that is made at the beginning lets a sheet come in once, however often the button is pressed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit import clock, ids

from ...errors import IncompleteError, SurveyError
from ...models import Survey, SurveyAnswer
from ...rules.definition import Step
from ...rules.forms import (
    Problem,
    change_rows,
    check_step,
    clean,
    defaults,
    describe,
    form_context,
    parse_step,
    row_action,
    visible_fields,
    visible_steps,
)
from ...services.surveys import answer_survey, open_invitation
from .public import frame, language_of, public_survey, takes_answers

KEPT = "surveys"
MOST = 5
"""Surveys one browser can be in the middle of."""


def _state(request: HttpRequest, survey: Survey) -> dict[str, Any] | None:
    found = request.session.get(KEPT, {}).get(survey.code)
    return found if isinstance(found, dict) else None


def _keep(request: HttpRequest, survey: Survey, state: dict[str, Any] | None) -> None:
    kept = {code: value for code, value in request.session.get(KEPT, {}).items() if code != survey.code}
    if state is not None:
        kept = {**dict(list(kept.items())[-(MOST - 1) :]), survey.code: state}
    request.session[KEPT] = kept


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Say what a survey is about; take the code where one is needed, and begin."""
    survey = public_survey(code)
    problem, typed = "", request.POST.get("code", "").strip()[:60]
    if request.method == "POST" and takes_answers(survey, clock.today()):
        try:
            return _begin(request, survey, typed)
        except SurveyError as error:
            problem = str(error)
    definition = survey.definition
    context = frame(request, survey) | {
        "problem": problem,
        "typed": typed,
        "minutes": definition.minutes_to_apply,
        "begun": bool((_state(request, survey) or {}).get("answers")),
        "total": sum(1 for field in definition.form.fields() if field.asks),
    }
    return render(request, "procedures/surveys/start.html", context, status=422 if problem else 200)


def _begin(request: HttpRequest, survey: Survey, code: str) -> HttpResponse:
    if not survey.is_open_to_all:
        open_invitation(survey=survey, code=code)
    elif code:
        code = ""
    state = _state(request, survey)
    if state is None or state.get("code") != code:
        state = {"key": ids.new_id(), "code": code, "answers": defaults(survey.definition)}
    _keep(request, survey, state)
    return redirect(_step_path(survey, _steps(survey, state)[0]))


@never_cache
@require_safe
def invited(request: HttpRequest, code: str, invitation: str) -> HttpResponse:
    """Begin with the code of a letter (the address in its QR code)."""
    survey = public_survey(code)
    if not takes_answers(survey, clock.today()):
        return redirect("survey:start", code)
    try:
        return _begin(request, survey, invitation)
    except SurveyError as error:
        messages.error(request, str(error))
        return redirect("survey:start", code)


def _steps(survey: Survey, state: Mapping[str, Any]) -> list[Step]:
    return visible_steps(survey.definition, state["answers"], clock.today()) or list(survey.definition.form.steps[:1])


def _step_path(survey: Survey, step: Step) -> str:
    return reverse("survey:step", args=[survey.code, step.code])


def _lost(request: HttpRequest, survey: Survey) -> HttpResponse:
    messages.info(request, _("回答の途中の内容が見つかりません。お手数ですが、もう一度はじめからお願いします。"))
    return redirect("survey:start", survey.code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """Show one page of questions, or keep what was answered and go on."""
    survey = public_survey(code)
    if _was_sent(request, survey):
        return redirect("survey:thanks", code)
    state = _state(request, survey)
    if state is None:
        return _lost(request, survey)
    steps = _steps(survey, state)
    current = next((item for item in steps if item.code == step), None)
    if current is None:
        return redirect(_step_path(survey, steps[0]))
    if request.method != "POST":
        return _show(request, survey, state, current)
    return _take(request, survey, state, current)


def _was_sent(request: HttpRequest, survey: Survey) -> bool:
    """Tell whether this form has been sent already: the button was pressed twice, or "back" after sending."""
    key = request.POST.get("key", "")
    return bool(key) and SurveyAnswer.objects.filter(survey=survey, key=key).exists()


def _take(request: HttpRequest, survey: Survey, state: dict[str, Any], current: Step) -> HttpResponse:
    data = {name: request.POST.getlist(name) for name in request.POST}
    definition, today = survey.definition, clock.today()
    answers = {**state["answers"], **parse_step(current, data, language_of(request))}
    action = row_action(data)
    if action is not None:
        answers |= change_rows(current, {field.code: answers.get(field.code) for field in current.fields}, action)
    state = {**state, "answers": answers}
    _keep(request, survey, state)
    if data.get("go", [""])[-1] == "back":
        return redirect(_beside(survey, state, current, -1))
    if action is not None:
        return _show(request, survey, state, current)
    problems = check_step(definition, current, answers, today)
    if problems:
        return _show(request, survey, state, current, problems)
    shown = {name.partition(".")[0] for name in data}
    if any(item.asks and item.code not in shown for item in visible_fields(definition, current, answers, today)):
        return _show(request, survey, state, current, has_more=True)
    steps = _steps(survey, state)
    if len(steps) == 1:
        return _send(request, survey, state)
    return redirect(_beside(survey, state, current, 1))


def _beside(survey: Survey, state: Mapping[str, Any], current: Step, way: int) -> str:
    steps = _steps(survey, state)
    place = next((index for index, item in enumerate(steps) if item.code == current.code), 0) + way
    if place < 0:
        return reverse("survey:start", args=[survey.code])
    return _step_path(survey, steps[place]) if place < len(steps) else reverse("survey:confirm", args=[survey.code])


def _show(
    request: HttpRequest,
    survey: Survey,
    state: Mapping[str, Any],
    current: Step,
    problems: Sequence[Problem] = (),
    *,
    has_more: bool = False,
) -> HttpResponse:
    language, steps, today = language_of(request), _steps(survey, state), clock.today()
    place = next((index for index, item in enumerate(steps) if item.code == current.code), 0)
    title = current.title.in_language(language)
    context = frame(request, survey, title) | {
        "step": current,
        "title": title,
        "lead": current.lead.in_language(language),
        "number": place + 1,
        "total": len(steps),
        "fields": visible_fields(survey.definition, current, dict(state["answers"]), today),
        "form": form_context(survey.definition, dict(state["answers"]), today),
        "answers": state["answers"],
        "key": state["key"],
        "problems": problems,
        "has_more": has_more,
    }
    return render(request, "procedures/surveys/step.html", context, status=422 if problems else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Show everything that was answered, or send it."""
    survey = public_survey(code)
    if _was_sent(request, survey):
        return redirect("survey:thanks", code)
    state = _state(request, survey)
    if state is None:
        return _lost(request, survey)
    if request.method == "POST":
        return _send(request, survey, state)
    kept = clean(survey.definition, dict(state["answers"]))
    context = frame(request, survey, _("回答の確認")) | {
        "sections": describe(survey.definition, kept, language_of(request)),
        "key": state["key"],
        "last": _step_path(survey, _steps(survey, state)[-1]),
    }
    return render(request, "procedures/surveys/confirm.html", context)


def _send(request: HttpRequest, survey: Survey, state: dict[str, Any]) -> HttpResponse:
    try:
        answer_survey(
            survey=survey,
            key=state["key"],
            answers=dict(state["answers"]),
            language=language_of(request),
            code=state["code"],
        )
    except IncompleteError as error:
        return _to_problem(request, survey, state, error.problems)
    except SurveyError as error:
        messages.error(request, str(error))
        return redirect("survey:start", survey.code)
    _keep(request, survey, None)
    return redirect("survey:thanks", survey.code)


def _to_problem(
    request: HttpRequest, survey: Survey, state: dict[str, Any], problems: Sequence[Problem]
) -> HttpResponse:
    """Show the first page on which something is to be put right."""
    wrong = problems[0].path.partition(".")[0]
    found = survey.definition.form.step_of(wrong) or _steps(survey, state)[0]
    here = {field.code for field in found.fields}
    return _show(request, survey, state, found, [item for item in problems if item.path.partition(".")[0] in here])


@require_safe
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """Thank for the answer, and say when the results come."""
    survey = public_survey(code)
    return render(request, "procedures/surveys/thanks.html", frame(request, survey, _("ありがとうございました")))


@require_POST
def discard(request: HttpRequest, code: str) -> HttpResponse:
    """Forget what was answered so far."""
    survey = public_survey(code)
    _keep(request, survey, None)
    messages.success(request, _("途中の回答を消しました。"))
    return redirect("survey:start", code)
