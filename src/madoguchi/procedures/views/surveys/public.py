"""Residents' pages that only show: what is open, what a survey is about, its results."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madoguchi.kit import clock

from ...enums import SurveyKind, SurveyStatus
from ...models import Survey
from ...selectors.survey_results import response_of, results_of
from ...selectors.survey_tables import margin_words, shown_results

PER_PAGE = 20


def language_of(request: HttpRequest) -> str:
    """Return the language the page speaks."""
    return str(getattr(request, "LANGUAGE_CODE", "ja"))


def public_survey(code: str) -> Survey:
    """Return a survey residents may know of; raises ``Http404``."""
    rows = Survey.objects.exclude(status=SurveyStatus.DRAFT).select_related("unit", "municipality")
    found = rows.filter(code=code).first()
    if found is None:
        raise Http404(_("このアンケートは見つかりません。"))
    return found


def takes_answers(survey: Survey, today: date) -> bool:
    """Tell whether answers are taken on a day."""
    begun = survey.opens_on is None or survey.opens_on <= today
    return survey.status == SurveyStatus.OPEN and begun and (survey.closes_on is None or today <= survey.closes_on)


def frame(request: HttpRequest, survey: Survey, here: str = "") -> dict[str, Any]:
    """Return what every page of a survey needs: its name in the reader's language, the way back, who answers for it."""
    language, city = language_of(request), survey.municipality
    name = survey.definition.name.in_language(language)
    trail = [
        {"label": _("トップ"), "url": "/"},
        {"label": _("アンケート・意見公募"), "url": reverse("survey:index")},
        {"label": name, "url": reverse("survey:start", args=[survey.code])},
    ]
    unit = survey.unit
    return {
        "survey": survey,
        "language_code": language,
        "name": name,
        "about": survey.definition.summary.in_language(language),
        "is_comment": survey.kind == SurveyKind.COMMENT,
        "takes_answers": takes_answers(survey, clock.today()),
        "breadcrumbs": [*trail, {"label": here, "url": ""}] if here else trail,
        "responsible": {
            "section": unit.name if unit is not None else city.name,
            "phone": (unit.phone if unit is not None else "") or city.phone,
            "hours": city.office_hours,
        },
    }


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List what takes answers now, and the results that are published."""
    language, today = language_of(request), clock.today()
    word = request.GET.get("q", "").strip()[:80]
    rows = Survey.objects.exclude(status=SurveyStatus.DRAFT).filter(Q(opens_on__lte=today) | Q(opens_on__isnull=True))
    for part in word.split()[:5]:
        rows = rows.filter(Q(name__icontains=part) | Q(summary__icontains=part))
    now = [_entry(survey, language) for survey in rows.order_by("closes_on", "pk") if takes_answers(survey, today)]
    past = rows.filter(Q(status__in=[SurveyStatus.CLOSED, SurveyStatus.PUBLISHED]) | Q(closes_on__lt=today))
    found = Paginator(past.order_by("-closes_on", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "open_ones": now,
        "page": found,
        "past": [_entry(survey, language) for survey in found.object_list],
        "word": word,
        "breadcrumbs": [{"label": _("トップ"), "url": "/"}, {"label": _("アンケート・意見公募"), "url": ""}],
    }
    return render(request, "procedures/surveys/public_index.html", context)


def _entry(survey: Survey, language: str) -> dict[str, Any]:
    return {
        "survey": survey,
        "name": survey.definition.name.in_language(language),
        "summary": survey.definition.summary.in_language(language),
        "is_comment": survey.kind == SurveyKind.COMMENT,
        "is_published": survey.status == SurveyStatus.PUBLISHED,
    }


@require_safe
def results(request: HttpRequest, code: str) -> HttpResponse:
    """Show the published results: of a survey tables with charts, of a public comment gists with the city's answers."""
    survey = public_survey(code)
    if survey.status != SurveyStatus.PUBLISHED:
        raise Http404(_("結果は、まだ公開されていません。"))
    context: dict[str, Any] = frame(request, survey, _("結果"))
    context["response"] = response_of(survey)
    if survey.kind == SurveyKind.COMMENT:
        context["replies"] = list(survey.replies.all())
        return render(request, "procedures/surveys/public_replies.html", context)
    context["shown"] = shown_results(survey, language=language_of(request))
    context["margin"] = margin_words(survey, results_of(survey))
    return render(request, "procedures/surveys/public_results.html", context)
