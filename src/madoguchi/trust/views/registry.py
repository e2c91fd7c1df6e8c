"""Pages of the registrar: bringing residents in line with the core system's file (住民記録の取り込み)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit import names

from ..enums import DoubtDecision, ImportStatus
from ..errors import TrustError
from ..models import Account, RegistryDoubt, RegistryImport, Resident
from ..permissions import account_of, permission_required, resident_policy
from ..rules.resident_layout import COLUMNS, LayoutError, RegistryRow
from ..services import registry_imports as importing
from ..services.accesses import log_access
from ..services.registry_link import Comparison, Difference

PER_PAGE = 50
PURPOSE = "住民記録の取り込み"
FIELDS = {
    "name": gettext_lazy("氏名"),
    "name_kana": gettext_lazy("フリガナ"),
    "birth_date": gettext_lazy("生年月日"),
    "sex": gettext_lazy("性別"),
    "household": gettext_lazy("世帯番号"),
    "relationship": gettext_lazy("続柄"),
    "postal_code": gettext_lazy("郵便番号"),
    "address": gettext_lazy("住所"),
    "ended_on": gettext_lazy("消除日"),
}
PARTS = {
    "new": gettext_lazy("新しい方"),
    "changed": gettext_lazy("変わる方"),
    "ended": gettext_lazy("消除の方"),
    "doubtful": gettext_lazy("確かめる方"),
    "refused": gettext_lazy("読み取れない行"),
    "remarks": gettext_lazy("お知らせ"),
    "losses": gettext_lazy("字が変わる方"),
}


@permission_required(resident_policy, "import")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Take in a file, and list the earlier ones."""
    problem = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise TrustError(_("ファイルを選んでください。"))
            limit = importing.PURPOSE.max_bytes
            made = importing.receive_file(
                content=file.read(limit + 1), name=file.name or "residents.csv", actor=_actor(request)
            )
        except (LayoutError, TrustError) as error:
            problem = str(error)
        else:
            return redirect("organisation:registry_import", reference=made.reference)
    found = RegistryImport.objects.select_related("uploaded_by", "applied_by")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "problem": problem,
        "page": page,
        "columns": [(str(FIELDS.get(key, headings[0])), headings) for key, headings in COLUMNS.items()],
        "waiting": _waiting().count(),
    }
    return render(request, "trust/registry/index.html", context, status=422 if problem else 200)


def _waiting() -> Any:
    return RegistryDoubt.objects.filter(decision=DoubtDecision.WAITING)


@permission_required(resident_policy, "import")
@never_cache
@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what a file would change, part by part, or how far it has come."""
    source = get_object_or_404(RegistryImport.objects.select_related("stored", "applied_by"), reference=reference)
    context: dict[str, Any] = {"source": source, "steps": _steps(source), "waiting": _waiting().count()}
    if source.status in (ImportStatus.LOOKED_AT, ImportStatus.FAILED) and source.stored is not None:
        comparison = importing.comparison_of(source=source, actor=_actor(request))
        part = request.GET.get("part", "")
        part = part if part in PARTS else _first_part(comparison)
        lines = _lines(comparison, part)
        page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
        context |= {
            "comparison": comparison,
            "counts": importing.counts_of(comparison),
            "fingerprint": importing.fingerprint_of(source, comparison=comparison),
            "part": part,
            "parts": _tabs(source, importing.counts_of(comparison), part),
            "page": page,
            "shown": [_line(part, line) for line in page.object_list],
            "recognised": [(heading, FIELDS.get(key, heading)) for key, heading in comparison.file.columns.items()],
            "is_long": len(comparison.new) + len(comparison.changed) + len(comparison.ended) > importing.AT_ONCE,
        }
    return render(request, "trust/registry/show.html", context)


def _steps(source: RegistryImport) -> int:
    return sum(source.counts.get(key, 0) for key in ("new", "changed", "ended"))


def _first_part(comparison: Comparison) -> str:
    filled = {"refused": comparison.file.problems, "doubtful": comparison.doubtful, "changed": comparison.changed}
    return next((part for part, lines in filled.items() if lines), "new")


def _tabs(source: RegistryImport, counts: dict[str, int], part: str) -> list[dict[str, Any]]:
    base = reverse("organisation:registry_import", args=[source.reference])
    return [
        {"label": str(label), "url": f"{base}?part={key}#lines", "current": key == part, "count": counts[key]}
        for key, label in PARTS.items()
    ]


def _lines(comparison: Comparison, part: str) -> list[Any]:
    if part == "remarks":
        return [row for row in comparison.file.rows if importing.remarks_of(row)]
    if part == "losses":
        return [row for row in comparison.file.rows if importing.losses_of(row)]
    if part == "refused":
        return list(comparison.file.problems)
    return list(
        {"new": comparison.new, "changed": comparison.changed, "ended": comparison.ended}.get(part, comparison.doubtful)
    )


def _line(part: str, line: Any) -> dict[str, Any]:
    if part == "refused":
        return {"line": line.line, "column": line.column, "message": line.message}
    if isinstance(line, RegistryRow):
        return _person(line)
    if isinstance(line, Difference):
        fields = [
            {"label": str(FIELDS[name]), "before": shown(name, here), "after": shown(name, there)}
            for name, (here, there) in line.fields.items()
        ]
        return {**_person(line.row), "fields": fields}
    return {**_person(line.row), "alike": len(line.resident_ids)}


def _person(row: RegistryRow) -> dict[str, Any]:
    form = names.print_form(str(row.values.get("name", "")), "x0208")
    return {
        "line": row.line,
        "number": row.registry_number,
        "name": row.values.get("name", ""),
        "birth_date": row.values.get("birth_date"),
        "address": row.values.get("address", ""),
        "remarks": importing.remarks_of(row),
        "printed": form.text,
        "losses": [(loss.original, loss.printed) for loss in form.losses],
    }


def shown(name: str, value: Any) -> str:
    """Return a value of a resident in words."""
    if name == "sex":
        return {"male": _("男"), "female": _("女")}.get(value, "")
    return "" if value is None else str(value)


@permission_required(resident_policy, "import")
@never_cache
@require_POST
def apply(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once more, then do what was shown."""
    source = get_object_or_404(RegistryImport.objects.select_related("stored"), reference=reference)
    fingerprint = request.POST.get("fingerprint", "")
    if request.POST.get("sure") != "yes":
        context = {"source": source, "fingerprint": fingerprint, "steps": _steps(source)}
        return render(request, "trust/registry/confirm.html", context)
    try:
        done = importing.start_import(source=source, fingerprint=fingerprint, actor=_actor(request))
    except TrustError as error:
        messages.error(request, str(error))
    else:
        if done.is_running:
            messages.info(request, _("取り込みを始めました。進み具合はこの画面に出ます。閉じてもかまいません。"))
        else:
            messages.success(request, _("取り込みました。"))
    return redirect("organisation:registry_import", reference=reference)


@permission_required(resident_policy, "import")
@never_cache
@require_safe
def doubts(request: HttpRequest) -> HttpResponse:
    """List the people somebody has to decide about."""
    found = _waiting().select_related("source")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    for doubt in page.object_list:
        log_access(actor=_actor(request), subject=doubt, purpose=PURPOSE)
    return render(request, "trust/registry/doubts.html", {"page": page})


@permission_required(resident_policy, "import")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def doubt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person of a file beside those who look alike, and decide."""
    found = get_object_or_404(RegistryDoubt.objects.select_related("source"), pk=pk)
    actor = _actor(request)
    residents = list(Resident.objects.filter(pk__in=found.resident_ids).order_by("pk"))
    problem = ""
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        if answer == "later":
            return redirect(_next_after(found))
        chosen = next((one for one in residents if answer == str(one.pk)), None)
        try:
            if chosen is None and answer != "another":
                raise TrustError(_("どの方か、または別の方かを選んでください。"))
            importing.decide_doubt(doubt=found, actor=actor, resident=chosen)
        except TrustError as error:
            problem = str(error)
        else:
            messages.success(request, _("判断を記録しました。"))
            return redirect(_next_after(found))
    for resident in residents:
        log_access(actor=actor, subject=resident, purpose=PURPOSE, address=request.META.get("REMOTE_ADDR") or None)
    context = {
        "doubt": found,
        "residents": residents,
        "problem": problem,
        "rows": _beside(found, residents),
        "is_open": found.decision == DoubtDecision.WAITING,
        "answer": request.POST.get("answer", ""),
    }
    return render(request, "trust/registry/doubt.html", context, status=422 if problem else 200)


def _next_after(found: RegistryDoubt) -> str:
    following = _waiting().filter(pk__gt=found.pk).first()
    if following is None:
        return reverse("organisation:registry_doubts")
    return reverse("organisation:registry_doubt", args=[following.pk])


def _beside(found: RegistryDoubt, residents: list[Resident]) -> list[dict[str, Any]]:
    values = importing.row_of(found).values
    return [
        {
            "label": str(label),
            "file": shown(name, values[name]),
            "here": [
                {
                    "text": shown(name, getattr(one, name)),
                    "agrees": (getattr(one, name) or None) == (values[name] or None),
                }
                for one in residents
            ],
        }
        for name, label in FIELDS.items()
        if name in values
    ]


def _actor(request: HttpRequest) -> Account:
    actor = account_of(request)
    if actor is None:
        raise AssertionError("the view lets only signed-in staff in")
    return actor
