"""The list of exports, and the page that begins one."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kit import era
from madoguchi.trust.api import account_of, permission_required

from ...enums import ExportGrade
from ...errors import ExportError
from ...models import CoreExport, CoreExportItem
from ...permissions import export_policy
from ...rules.exporting import ENCODINGS, PROFILES
from ...selectors.exporting import corrected_since, exportable_procedures, known_systems, visible_exports
from ...services.exporting import start_export
from .common import PER_PAGE, actor_of, chosen, named, typed

FIELDS = ("procedure", "system", "grade", "encoding", "profile", "since", "until", "again")


@permission_required(export_policy, "open")
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the exports one may see, those with work left first by name; say how many applications go once more."""
    actor = account_of(request)
    found = visible_exports(actor)
    text = request.GET.get("q", "").strip()
    grade = request.GET.get("grade", "")
    if text:
        found = found.filter(system__icontains=text)
    if grade in ExportGrade.values:
        found = found.filter(grade=grade)
    mine = exportable_procedures(actor)
    resend = corrected_since(CoreExportItem.objects.filter(application__procedure__in=mine))
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "text": text,
        "grade": grade,
        "grades": [("", _("すべて")), *ExportGrade.choices],
        "resend": list(resend.select_related("application__procedure__published").order_by("system", "pk")[:PER_PAGE]),
    }
    return render(request, "procedures/exports/index.html", context)


@permission_required(export_policy, "open")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose what to hand on, to which system, how."""
    actor = actor_of(request)
    procedures = exportable_procedures(actor)
    problem, field = "", "procedure"
    if request.method == "POST":
        try:
            export = _start(request)
        except ExportError as error:
            problem = str(error)
        else:
            return redirect(
                "exports:keying" if export.grade == ExportGrade.SCREEN else "exports:export", export.reference
            )
    context = {
        "procedures": [("", _("すべての手続（一括取込だけ）")), *named(procedures)],
        "systems": known_systems(),
        "grades": ExportGrade.choices,
        "encodings": list(ENCODINGS.items()),
        "profiles": list(PROFILES.items()),
        "typed": typed(request, *FIELDS, grade=ExportGrade.SCREEN, encoding="utf-8-sig", profile="mj"),
        "is_guarded": request.method != "POST" or "guard" in request.POST,
        "problem": problem,
        "field": field,
    }
    return render(request, "procedures/exports/new.html", context, status=422 if problem else 200)


def _start(request: HttpRequest) -> CoreExport:
    actor = actor_of(request)
    code = request.POST.get("procedure", "")
    procedure = chosen(exportable_procedures(actor), code)
    if code and procedure is None:
        raise ExportError(_("この手続の申請は書き出せません。一覧から選んでください。"))
    return start_export(
        actor=actor,
        procedure=procedure,
        system=request.POST.get("system", ""),
        grade=request.POST.get("grade", ""),
        encoding=request.POST.get("encoding", "utf-8-sig"),
        profile=request.POST.get("profile", "mj"),
        is_guarded="guard" in request.POST,
        since=_day(request.POST.get("since", "")),
        until=_day(request.POST.get("until", "")),
        again=request.POST.get("again") == "yes",
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    parsed = era.parse_date(text)
    if parsed is None or parsed.precision != era.Precision.DAY:
        raise ExportError(_("日付を読み取れません。2026-12-10 や 令和8年12月10日 のように入力してください。"))
    return parsed.date
