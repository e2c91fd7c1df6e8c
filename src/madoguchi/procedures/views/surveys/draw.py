"""Drawing the sample, and what goes to the printer: a list with codes, or letters. Personal data: every look is logged."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from madoguchi.kit import clock, csvio
from madoguchi.trust.api import account_of
from madoguchi.trust.enums import AccessAction

from ...enums import SurveyStatus
from ...errors import SurveyError
from ...models import Survey
from ...permissions import survey_policy
from ...services.surveys import Letter, Plan, access_invitations, draw_survey, plan_draw
from .common import actor_of, number_of, page, staff_page

USUAL = 1000
PER_PAGE = 50
"""Letters on one printed page of the browser: more would make it slow."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("view_internal")
def draw(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Show how a sample would be shared among the age bands, and draw it."""
    asked = request.POST if request.method == "POST" else request.GET
    seed = asked.get("seed", "").strip()[:80]
    size, problem = number_of(asked.get("size", ""), USUAL), ""
    if request.method == "POST":
        try:
            drawn = draw_survey(survey=survey, size=size, seed=seed, actor=actor_of(request))
        except SurveyError as error:
            problem = str(error)
        else:
            messages.success(request, _("%(count)s人を抽出しました。") % {"count": f"{drawn:,}"})
            return redirect("surveys:draw", survey.code)
    may_draw = survey_policy.allows(account_of(request), "draw", survey)
    is_draft = survey.status == SurveyStatus.DRAFT
    plan = plan_draw(survey=survey, size=size, actor=actor_of(request)) if may_draw and is_draft else None
    context = {
        "plan": plan,
        "plan_rows": _plan_rows(plan),
        "size": size,
        "seed": seed or clock.today().isoformat(),
        "problem": problem,
        "may_draw": may_draw,
        "drawn": survey.invitations.count(),
        "drawn_rows": _drawn_rows(survey),
        "has_letters": survey.status in {SurveyStatus.DRAFT, SurveyStatus.OPEN} and survey.drawn_at is not None,
    }
    return page(request, survey, "draw", _("標本"), 422 if problem else 200, **context)


def band_words(band: str) -> str:
    """Return an age band in words: 16～19歳, 80歳以上."""
    low, _dash, high = band.partition("-")
    if not low:
        return _("%(age)s歳以下") % {"age": high}
    if not high:
        return _("%(age)s歳以上") % {"age": low}
    return _("%(low)s～%(high)s歳") % {"low": low, "high": high}


def _plan_rows(plan: Plan | None) -> list[list[str]]:
    if plan is None:
        return []
    return [
        [band_words(band), f"{part.population:,}", f"{part.size:,}", _share(part.size, part.population)]
        for band, part in plan.strata.items()
    ]


def _share(part: int, whole: int) -> str:
    return f"{part / whole * 100:.1f}%" if whole else "－"


def _drawn_rows(survey: Survey) -> list[list[str]]:
    strata = list(survey.invitations.order_by().values_list("stratum", flat=True))
    return [
        [band_words(band), f"{number:,}", f"{strata.count(band):,}", _share(strata.count(band), number)]
        for band, number in survey.population.items()
    ]


@never_cache
@require_safe
@staff_page("draw")
def invitations(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Give the list for the printer: numbers, names, addresses, codes, addresses for the code."""
    try:
        rows = access_invitations(survey=survey, actor=actor_of(request), action=AccessAction.EXPORT)
    except SurveyError as error:
        messages.error(request, str(error))
        return redirect("surveys:draw", survey.code)
    heads = [_("番号"), _("郵便番号"), _("住所"), _("氏名"), _("回答コード"), _("回答のアドレス")]
    cells = (
        [row.number, row.postal_code, row.address, row.name, row.code, _address(request, survey, row)] for row in rows
    )
    response = HttpResponse(csvio.write_csv(heads, cells), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{survey.code}-invitations.csv"'
    return response


def _address(request: HttpRequest, survey: Survey, letter: Letter) -> str:
    return request.build_absolute_uri(reverse("survey:invited", args=[survey.code, letter.code]))


@never_cache
@require_safe
@staff_page("draw")
def letters(request: HttpRequest, survey: Survey) -> HttpResponseBase:
    """Show the letters from a number on, one sheet each, to be printed."""
    total = survey.invitations.count()
    first = max(1, number_of(request.GET.get("from", ""), 1))
    last = min(first + PER_PAGE - 1, total)
    try:
        rows = access_invitations(
            survey=survey, actor=actor_of(request), action=AccessAction.PRINT, first=first, last=last
        )
    except SurveyError as error:
        messages.error(request, str(error))
        return redirect("surveys:draw", survey.code)
    context: dict[str, Any] = {
        "survey": survey,
        "letters": [(row, qr_code(_address(request, survey, row))) for row in rows],
        "first": first,
        "last": last,
        "total": total,
        "next": last + 1 if last < total else None,
        "start": request.build_absolute_uri(reverse("survey:start", args=[survey.code])),
    }
    return render(request, "procedures/surveys/letters.html", context)


def qr_code(address: str) -> Markup:
    """Return the QR code of an address as SVG."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=3, border=4, svgclass=None, lineclass=None, omitsize=True
    )
    return Markup(drawn)  # noqa: S704 - made of squares by the library, the text itself is not in it
