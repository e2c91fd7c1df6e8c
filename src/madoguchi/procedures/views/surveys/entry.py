"""Typing in paper sheets, fast: digits choose options, a second person checks a share, sheets are judged void."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...enums import AnswerMode
from ...errors import IncompleteError, SurveyError
from ...models import SheetCheck, Survey, SurveyAnswer
from ...rules.definition import FormField
from ...rules.forms import Problem, describe, normalise, shown_value
from ...rules.survey import Mistyped, keyed_options, read_keys, write_keys
from ...services.surveys import check_sheet, enter_sheet, restore_sheet, settle_sheet, sheets_to_check, void_sheet
from .common import actor_of, back_to, number_of, page, staff_page

LAST, PER_PAGE = 8, 50


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the entry screen: what may be typed, what was, and what is wrong with it."""

    field: FormField
    options: list[tuple[str, str]]
    typed: str = ""
    problem: str = ""

    @property
    def is_short(self) -> bool:
        """True where one digit says it all, so that the next question can follow at once."""
        return 0 < len(self.options) <= 9 and self.field.component != "choices"


def lines_of(survey: Survey, typed: Mapping[str, str], problems: Mapping[str, str]) -> list[Line]:
    """Return the questions of a sheet in their order."""
    return [
        Line(field, keyed_options(field), typed.get(field.code, ""), problems.get(field.code, ""))
        for field in survey.definition.form.fields()
        if field.asks
    ]


def read_sheet(survey: Survey, typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the answers that were typed, and what is wrong by field."""
    answers: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in survey.definition.form.fields():
        if not field.asks:
            continue
        found = read_keys(field, typed.get(field.code, ""))
        if isinstance(found, Mistyped):
            problems[field.code] = _(found.message) % found.params if found.params else _(found.message)
        elif found is not None:
            answers[field.code] = found if keyed_options(field) else normalise(field, found)
    return answers, problems


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name[2:]: request.POST[name] for name in request.POST if name.startswith("a:")}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("enter")
def entry(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Type in one sheet; what is right is kept and the next one follows."""
    if request.method != "POST":
        return _entry_page(request, survey, next_sheet(survey), {}, {})
    typed, sheet = _typed(request), request.POST.get("sheet", "").strip()[:20]
    answers, problems = read_sheet(survey, typed)
    said = ""
    if not problems:
        try:
            code = request.POST.get("code", "")
            enter_sheet(survey=survey, sheet=sheet, answers=answers, actor=actor_of(request), code=code)
        except IncompleteError as error:
            problems = {problem.path.partition(".")[0]: _said(problem) for problem in error.problems}
            said = str(error)
        except SurveyError as error:
            said = str(error)
        else:
            messages.success(request, _("用紙%(sheet)sを入力しました。") % {"sheet": sheet})
            return redirect("surveys:entry", survey.code)
    return _entry_page(request, survey, sheet, typed, problems, said)


def _said(problem: Problem) -> str:
    own = problem.said.in_language("ja")
    return own or (_(problem.message) % problem.params if problem.params else _(problem.message))


def next_sheet(survey: Survey) -> str:
    """Return the number after the sheet that was typed last, in the same width; "1" for the first."""
    last = survey.answers.exclude(sheet="").order_by("-pk").values_list("sheet", flat=True).first()
    if last is None:
        return "1"
    return str(int(last) + 1).zfill(len(last)) if last.isascii() and last.isdigit() else ""


def _entry_page(
    request: HttpRequest,
    survey: Survey,
    sheet: str,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    said: str = "",
) -> HttpResponse:
    paper = survey.answers.filter(mode=AnswerMode.PAPER)
    return page(
        request,
        survey,
        "entry",
        _("用紙の入力"),
        422 if problems or said else 200,
        lines=lines_of(survey, typed, problems),
        sheet=sheet,
        code=request.POST.get("code", ""),
        with_codes=request.GET.get("codes") == "1" or bool(request.POST.get("code")),
        has_codes=survey.drawn_at is not None,
        problem=said,
        problems=problems,
        last=paper.select_related("entered_by").order_by("-pk")[:LAST],
        today_count=paper.filter(entered_by=actor_of(request)).count(),
        waiting=len(sheets_to_check(survey)) if survey.check_share else 0,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("enter")
def check(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Type a chosen sheet a second time; what differs is shown next."""
    waiting = sheets_to_check(survey, actor=actor_of(request))
    wanted = request.POST.get("sheet", "")
    answer = next((row for row in waiting if row.sheet == wanted), waiting[0] if waiting else None)
    typed = _typed(request) if request.method == "POST" else {}
    problems: dict[str, str] = {}
    if request.method == "POST" and answer is not None and answer.sheet == wanted:
        answers, problems = read_sheet(survey, typed)
        if not problems:
            try:
                made = check_sheet(answer=answer, answers=answers, actor=actor_of(request))
            except SurveyError as error:
                messages.error(request, str(error))
                return redirect("surveys:check", survey.code)
            if made.differing:
                return redirect("surveys:settle", survey.code, made.pk)
            messages.success(request, _("用紙%(sheet)sは、2回の入力が一致しました。") % {"sheet": answer.sheet})
            return redirect("surveys:check", survey.code)
    return page(
        request,
        survey,
        "check",
        _("二重入力"),
        422 if problems else 200,
        answer=answer,
        lines=lines_of(survey, typed, problems),
        problems=problems,
        waiting=len(waiting),
        unsettled=SheetCheck.objects.filter(answer__survey=survey, settled_at__isnull=True).select_related("answer"),
        done=SheetCheck.objects.filter(answer__survey=survey, settled_at__isnull=False).count(),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("enter")
def settle(request: HttpRequest, survey: Survey, pk: int) -> HttpResponseBase:
    """Show what two people typed differently, and take one of the two for each question."""
    found = SheetCheck.objects.filter(pk=pk, answer__survey=survey).select_related("answer", "entered_by").first()
    if found is None:
        raise Http404
    if request.method == "POST":
        second = {code for code in found.differing if request.POST.get(f"take:{code}") == "second"}

        def run() -> str:
            settle_sheet(check=found, second=second, actor=actor_of(request))
            return _("用紙%(sheet)sの違いを確かめました。") % {"sheet": found.answer.sheet}

        return back_to(request, "check", survey, run)
    return page(request, survey, "settle", _("入力の違い"), found=found, rows=_compared(survey, found))


def _compared(survey: Survey, check: SheetCheck) -> list[dict[str, Any]]:
    return [
        {
            "field": field,
            "first": _words(field, check.answer.answers.get(field.code)),
            "second": _words(field, check.answers.get(field.code)),
        }
        for field in survey.definition.form.fields()
        if field.code in check.differing
    ]


def _words(field: FormField, value: Any) -> str:
    if value is None:
        return _("（無回答）")
    keys = write_keys(field, value)
    shown = shown_value(field, value, "ja")
    return f"{keys}　{shown}" if keyed_options(field) else shown


@never_cache
@require_safe
@staff_page("enter")
def sheets(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """List the answer sheets, by number, mode and validity."""
    word, state = request.GET.get("q", "").strip()[:20], request.GET.get("state", "")
    rows = survey.answers.select_related("entered_by").order_by("-pk")
    if word:
        rows = rows.filter(sheet=word) | rows.filter(pk=number_of(word))
    if state in AnswerMode.values:
        rows = rows.filter(mode=state)
    elif state == "void":
        rows = rows.filter(is_void=True)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    states = [("", _("すべて")), *AnswerMode.choices, ("void", _("無効"))]
    return page(
        request, survey, "sheets", _("回答票"), page=found, word=word, state=state, states=states,
        is_filtered=bool(word or state),
    )  # fmt: skip


@never_cache
@require_safe
@staff_page("enter")
def sheet(request: HttpRequest, survey: Survey, pk: int) -> HttpResponseBase:
    """Show one answer sheet, and whether it counts."""
    answer = _answer(survey, pk)
    sections: Sequence[Any] = describe(survey.definition, answer.answers, "ja")
    return page(request, survey, "sheet", _("回答票"), answer=answer, sections=sections)


def _answer(survey: Survey, pk: int) -> SurveyAnswer:
    found = survey.answers.select_related("survey", "entered_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_POST
@staff_page("enter")
def judge(request: HttpRequest, survey: Survey, pk: int) -> HttpResponseBase:
    """Leave a sheet out of the count with the reason, or count it again."""
    answer = _answer(survey, pk)

    def run() -> str:
        if request.POST.get("do") == "restore":
            restore_sheet(answer=answer, actor=actor_of(request))
            return _("有効に戻しました。")
        void_sheet(answer=answer, reason=request.POST.get("reason", ""), actor=actor_of(request))
        return _("無効にしました。集計に含めません。")

    return back_to(request, "sheets", survey, run)
