"""The list of surveys, and every way a new one begins."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.trust.api import account_of, municipality_in_scope, permission_required

from ...enums import SurveyKind, SurveyStatus
from ...errors import SurveyError
from ...forms.surveys import StartForm
from ...models import Survey
from ...permissions import survey_policy
from ...rules.definition import LARGEST_FILE, DefinitionError, write_definition
from ...selectors.survey_results import response_of
from ...services.definitions import read_definition_file
from ...services.survey_samples import sample_surveys
from ...services.surveys import create_survey
from .common import TONES, actor_of

PER_PAGE = 20


@require_safe
@permission_required(survey_policy, "view_internal")
def index(request: HttpRequest) -> HttpResponseBase:
    """List the surveys with their state, period and response."""
    word, state, kind = (request.GET.get(name, "").strip()[:80] for name in ("q", "state", "kind"))
    found = Paginator(_surveys(word, state, kind), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": found,
        "rows": [_row(survey) for survey in found.object_list],
        "word": word,
        "state": state,
        "kind": kind,
        "states": [("", _("すべて")), *SurveyStatus.choices],
        "kinds": [("", _("すべて")), *SurveyKind.choices],
        "is_filtered": bool(word or state or kind),
        "may_edit": survey_policy.allows(account_of(request), "edit"),
        "breadcrumbs": [{"label": _("アンケート"), "url": ""}],
    }
    return render(request, "procedures/surveys/index.html", context)


def _surveys(word: str, state: str, kind: str) -> QuerySet[Survey]:
    rows = Survey.objects.select_related("unit")
    for part in word.split()[:5]:
        rows = rows.filter(Q(name__icontains=part) | Q(code__icontains=part))
    if state in SurveyStatus.values:
        rows = rows.filter(status=state)
    return rows.filter(kind=kind) if kind in SurveyKind.values else rows


def _row(survey: Survey) -> dict[str, Any]:
    return {"survey": survey, "response": response_of(survey), "tone": TONES[SurveyStatus(survey.status)]}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(survey_policy, "edit")
def new(request: HttpRequest) -> HttpResponseBase:
    """Begin a survey from nothing; the page leads to samples and files too."""
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = create_survey(
                code=data["code"],
                kind=data["kind"],
                document=form.document(),
                actor=actor_of(request),
                unit=data["unit"],
            )
        except SurveyError as error:
            form.add_error("code", str(error))
        else:
            return _begun(request, made)
    return _new_page(request, form=form, status=422 if form.errors else 200)


def _begun(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    messages.success(request, _("下書きを作りました。受付を始めるまで、住民の画面には出ません。"))
    return redirect("surveys:questions", survey.code)


def _new_page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponseBase:
    taken = set(Survey.objects.values_list("code", flat=True))
    samples = [
        {
            "code": document["code"],
            "name": document["name"]["ja"],
            "kind": kind.label,
            "taken": document["code"] in taken,
        }
        for kind, document in sample_surveys(municipality_in_scope())
    ]
    trail = [{"label": _("アンケート"), "url": reverse("surveys:index")}, {"label": _("新しく作る"), "url": ""}]
    shown = {"form": StartForm(), "samples": samples, "problem": "", "typed": {}, "kinds": SurveyKind.choices} | context
    return render(request, "procedures/surveys/new.html", {**shown, "breadcrumbs": trail}, status=status)


@require_http_methods(["POST"])
@permission_required(survey_policy, "edit")
def from_sample(request: HttpRequest) -> HttpResponseBase:
    """Begin with a sample, under a code of its own."""
    chosen, code = request.POST.get("sample", ""), request.POST.get("code", "").strip()
    found = {document["code"]: (kind, document) for kind, document in sample_surveys(municipality_in_scope())}
    if chosen not in found:
        return _new_page(request, problem=_("見本を選んでください。"), typed=request.POST, status=422)
    kind, document = found[chosen]
    return _begin(request, str(kind), {**document, "code": code or chosen})


@require_http_methods(["POST"])
@permission_required(survey_policy, "edit")
def take_file(request: HttpRequest) -> HttpResponseBase:
    """Begin with a definition file; one that is no definition is refused with place and reason."""
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > LARGEST_FILE:
        return _new_page(request, problem=_("4MBまでのファイルを選んでください。"), typed=request.POST, status=422)
    try:
        definition = read_definition_file(file.read())
    except DefinitionError as error:
        reason = "；".join(
            f"{fault.path}：{fault.message}" if fault.path else fault.message for fault in error.faults[:5]
        )
        problem = _("ファイルを読み取れません。%(reason)s") % {"reason": reason}
        return _new_page(request, problem=problem, typed=request.POST, status=422)
    kind = request.POST.get("kind", "")
    chosen = kind if kind in SurveyKind.values else str(SurveyKind.SURVEY)
    return _begin(request, chosen, write_definition(definition))


def _begin(request: HttpRequest, kind: str, document: dict[str, Any]) -> HttpResponseBase:
    try:
        made = create_survey(code=document["code"], kind=kind, document=document, actor=actor_of(request))
    except SurveyError as error:
        return _new_page(request, problem=str(error), typed=request.POST, status=422)
    return _begun(request, made)
