"""Where a survey stands: response by day and mode, envelopes that came back, moving it on, its settings."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...enums import SurveyKind, SurveyStatus
from ...errors import SurveyError
from ...forms.surveys import SettingsForm
from ...models import Survey
from ...selectors.survey_results import response_of
from ...selectors.survey_tables import day_chart
from ...services.surveys import (
    close_survey,
    mark_undeliverable,
    open_survey,
    save_survey,
    sheets_to_check,
    withdraw_results,
)
from .common import actor_of, back_to, number_of, page, staff_page

MOST_NUMBERS = 500
_RANGE = re.compile(r"(\d{1,6})(?:[-~～–](\d{1,6}))?")


@require_safe
@staff_page("view_internal")
def survey(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Show where a survey stands and what is to be done next."""
    chart, columns, rows = day_chart(survey)
    address = reverse("survey:start", args=[survey.code])
    return page(
        request,
        survey,
        "survey",
        "",
        response=response_of(survey),
        chart=chart,
        day_columns=columns,
        day_rows=rows,
        waiting_checks=len(sheets_to_check(survey)) if survey.check_share else 0,
        todo=_todo(survey),
        address=request.build_absolute_uri(address),
    )


def _todo(survey: Survey) -> list[tuple[str, str, bool]]:
    """Return what is needed before a draft can take answers: words, address, whether it is done."""
    if survey.status != SurveyStatus.DRAFT:
        return []
    code = survey.code
    asked = any(field.asks for field in survey.definition.form.fields())
    found = [
        (_("質問を作る"), reverse("surveys:questions", args=[code]), asked),
        (_("期間を決める"), reverse("surveys:settings", args=[code]), survey.closes_on is not None),
    ]
    if not survey.is_open_to_all:
        found.append((_("標本を抽出する"), reverse("surveys:draw", args=[code]), survey.drawn_at is not None))
    if survey.kind == SurveyKind.COMMENT:
        found.append(
            (_("案と資料のアドレスを入れる"), reverse("surveys:settings", args=[code]), bool(survey.materials))
        )
    return found


@require_POST
@staff_page("view_internal")
def move(request: HttpRequest, survey: Survey, to: str) -> HttpResponseBase:
    """Open or close a survey, or take its results back; the services ask for the permission."""
    moves = {
        "open": (open_survey, _("受付を始めました。")),
        "close": (close_survey, _("締め切りました。送り先の名簿との結び付きを消しました。")),
        "withdraw": (withdraw_results, _("結果の公開を取りやめました。")),
    }
    if to not in moves:
        raise Http404(to)
    doing, said = moves[to]

    def run() -> str:
        doing(survey=survey, actor=actor_of(request))
        return said

    return back_to(request, "survey", survey, run)


@require_POST
@staff_page("enter")
def returned(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Note envelopes that came back, several at once: 12, 15-18."""
    numbers, wrong = read_numbers(request.POST.get("numbers", ""))
    if wrong or not numbers:
        messages.error(request, _("番号を読み取れません。「12, 15-18」のように入力してください。"))
        return redirect("surveys:survey", survey.code)
    done, problems = 0, []
    for number in numbers:
        try:
            mark_undeliverable(survey=survey, number=number, actor=actor_of(request))
            done += 1
        except SurveyError as error:
            problems.append(str(error))
    if done:
        messages.success(request, _("%(count)s件の戻りを記録しました。") % {"count": done})
    for problem in problems[:5]:
        messages.warning(request, problem)
    return redirect("surveys:survey", survey.code)


def read_numbers(text: str) -> tuple[list[int], bool]:
    """Return the numbers of a list such as "12, 15-18", and whether something in it is none."""
    found: list[int] = []
    for part in re.split(r"[\s,、]+", text.strip()):
        match = _RANGE.fullmatch(part)
        if part and match is None:
            return found, True
        if match is not None:
            first, last = int(match[1]), int(match[2] or match[1])
            found += range(first, min(last, first + MOST_NUMBERS) + 1)
    return list(dict.fromkeys(found))[:MOST_NUMBERS], False


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("edit")
def settings(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Change period, people, weights, what is told beforehand."""
    form = SettingsForm(request.POST if request.method == "POST" else None, survey=survey)
    typed = [{"title": item["title"], "url": item["url"]} for item in survey.materials]
    problem = ""
    if request.method == "POST":
        typed, problem = _materials(request)
        if form.is_valid() and not problem:
            try:
                save_survey(
                    survey=survey,
                    seen_revision=number_of(request.POST.get("revision", "")),
                    actor=actor_of(request),
                    **_changed(survey, form),
                    materials=typed,
                )
            except SurveyError as error:
                problem = str(error)
            else:
                messages.success(request, _("設定を保存しました。"))
                return redirect("surveys:survey", survey.code)
    status = 422 if form.errors or problem else 200
    revision = request.POST.get("revision", survey.revision)
    rows = [*typed, *({"title": "", "url": ""} for _blank in range(2))]
    return page(
        request, survey, "settings", _("設定"), status, form=form, problem=problem, materials=rows, revision=revision
    )


def _changed(survey: Survey, form: SettingsForm) -> dict[str, object]:
    """Return only what differs: questions are fixed once answers are taken, and writing them again would be a change."""
    document = survey.document
    found = form.changes(document)
    if found["document"] == {**document} or survey.status != SurveyStatus.DRAFT:
        found.pop("document")
    return {name: value for name, value in found.items() if name == "document" or getattr(survey, name) != value}


def _materials(request: HttpRequest) -> tuple[list[dict[str, str]], str]:
    pairs = zip(request.POST.getlist("material_title"), request.POST.getlist("material_url"), strict=False)
    found = [{"title": title.strip()[:120], "url": url.strip()[:300]} for title, url in pairs]
    found = [item for item in found if item["title"] or item["url"]]
    if any(not item["title"] or not re.match(r"(https?://|/)[^\s]+$", item["url"]) for item in found):
        return found, _("資料には、名前と、https:// で始まるアドレスの両方を入れてください。")
    return found, ""
