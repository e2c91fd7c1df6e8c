"""Results for staff: tables and charts, cross tables chosen freely, open answers, files, publishing."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.trust.api import log_access
from madoguchi.trust.enums import AccessAction

from ...enums import SurveyStatus
from ...errors import SurveyError
from ...models import Survey
from ...selectors.survey_results import (
    MODE,
    answers_csv,
    crossed,
    open_questions,
    questions_of,
    response_of,
    results_of,
    written_answers,
)
from ...selectors.survey_tables import cross_rows, has_hidden, margin_words, shown_results, tables_csv
from ...services.surveys import publish_results
from .common import actor_of, page, staff_page

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("view_internal")
def results(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Show every question's result, or publish them with a summary."""
    problem = ""
    if request.method == "POST":
        try:
            publish_results(survey=survey, actor=actor_of(request), summary=request.POST.get("summary", "")[:8000])
        except SurveyError as error:
            problem = str(error)
        else:
            messages.success(request, _("結果を公開しました。"))
            return redirect("surveys:results", survey.code)
    context = {
        "response": response_of(survey),
        "shown": shown_results(survey),
        "margin": margin_words(survey, results_of(survey)),
        "written": [(field, len(written_answers(survey, field.code))) for field in open_questions(survey)],
        "can_publish": survey.status == SurveyStatus.CLOSED,
        "summary": request.POST.get("summary", survey.summary),
        "problem": problem,
    }
    return page(request, survey, "results", _("結果"), 422 if problem else 200, **context)


@require_safe
@staff_page("view_internal")
def cross(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Show a question by another one, or by how people answered; small cells are hidden."""
    questions = questions_of(survey)
    code, by = request.GET.get("question", ""), request.GET.get("by", MODE)
    is_weighted = request.GET.get("weighted") == "1"
    table = crossed(survey, code, by, weighted=is_weighted) if code and code != by else None
    columns, rows = cross_rows(table) if table is not None else ([], [])
    single = [(question.code, question.label) for question in questions if not question.several]
    return page(
        request,
        survey,
        "cross",
        _("クロス集計"),
        found=table,
        columns=columns,
        rows=rows,
        questions=[("", _("選んでください")), *((item.code, item.label) for item in questions)],
        groups=[(MODE, _("回答方法")), *single],
        code=code,
        by=by,
        is_weighted=is_weighted,
        has_weights=bool(survey.weight_by and survey.population),
        is_hidden=table is not None and has_hidden(table),
        is_same=bool(code) and code == by,
    )


@require_safe
@staff_page("view_internal")
def written(request: HttpRequest, survey: Survey, question: str) -> HttpResponseBase:
    """List what people wrote to an open question; somebody may have written a name, so the look is logged."""
    field = next((item for item in open_questions(survey) if item.code == question), None)
    if field is None:
        return redirect("surveys:results", survey.code)
    word = request.GET.get("q", "").strip()[:80]
    texts = [text for text in written_answers(survey, question) if word.lower() in text.lower()]
    found = Paginator(texts, PER_PAGE).get_page(request.GET.get("page"))
    log_access(actor=actor_of(request), subject=survey, purpose=_("アンケートの自由記述の確認"))
    return page(request, survey, "written", field.label.ja, field=field, page=found, word=word)


@require_safe
@staff_page("view_internal")
def answers_file(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Give the answer sheets as CSV; taking them away is logged."""
    log_access(actor=actor_of(request), subject=survey, purpose=_("アンケートの回答の集計"), action=AccessAction.EXPORT)
    return _csv(answers_csv(survey), f"{survey.code}-answers.csv")


@require_safe
@staff_page("view_internal")
def tables_file(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Give the tables as CSV."""
    return _csv(tables_csv(survey), f"{survey.code}-tables.csv")


def _csv(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
