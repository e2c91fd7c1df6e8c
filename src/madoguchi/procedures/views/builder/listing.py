"""The list of procedures, and every way a new one begins."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import Unit, permission_required

from ...enums import VersionStatus
from ...errors import ProceduresError
from ...forms.builder import words
from ...forms.builder.options import options_of
from ...forms.builder.starting import StartForm, starting_document
from ...models import Procedure, ProcedureVersion, SharedTemplate
from ...permissions import procedure_policy
from ...rules.definition import LARGEST_FILE, DefinitionError
from ...selectors.definitions import shared_templates
from ...services.definitions import create_procedure, import_definition, use_template
from .common import CODE, crumbs
from .editing import actor_of
from .editor import findings_of

PER_PAGE = 20
STATES: dict[str, Q] = {
    "published": Q(published__isnull=False, is_retired=False),
    "draft": Q(versions__status=VersionStatus.DRAFT),
    "retired": Q(is_retired=True),
}


@require_safe
@permission_required(procedure_policy, "edit")
def index(request: HttpRequest) -> HttpResponseBase:
    """List the procedures with where they stand, what is wrong with their drafts and how often they are used."""
    word, state = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
    category, unit = request.GET.get("category", ""), request.GET.get("unit", "")
    page = Paginator(_procedures(word, state, category, unit), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(procedure) for procedure in page.object_list],
        "word": word,
        "state": state,
        "category": category,
        "unit": unit,
        "categories": [("", _("すべて")), *options_of("categories", {})[1:]],
        "units": [("", _("すべて")), *((str(item.pk), item.name) for item in Unit.objects.order_by("pk"))],
        "states": [
            ("", _("すべて")), ("draft", _("下書きがある")), ("published", _("公開中")), ("retired", _("受付終了")),
        ],
        "is_filtered": bool(word or state or category or unit),
        "breadcrumbs": crumbs()[:1],
    }  # fmt: skip
    return render(request, "procedures/builder/index.html", context)


def _procedures(word: str, state: str, category: str, unit: str) -> QuerySet[Procedure]:
    newest = ProcedureVersion.objects.filter(procedure=OuterRef("pk")).order_by("-number")
    rows = Procedure.objects.annotate(
        newest_name=Subquery(newest.values("name")[:1]),
        newest_category=Subquery(newest.values("category")[:1]),
        edited_at=Subquery(newest.values("edited_at")[:1]),
    )
    for part in word.split()[:5]:
        rows = rows.filter(Q(newest_name__icontains=part) | Q(code__icontains=part))
    if state in STATES:
        rows = rows.filter(STATES[state])
    if category:
        rows = rows.filter(newest_category=category)
    if (chosen := plain_integer(unit)) is not None:
        rows = rows.filter(unit_id=chosen)
    drafts = ProcedureVersion.objects.filter(status=VersionStatus.DRAFT)
    return (
        rows.annotate(sent=Count("applications", distinct=True))
        .select_related("published", "unit")
        .prefetch_related(Prefetch("versions", queryset=drafts, to_attr="drafts"))
        .order_by("-edited_at", "code")
    )


def _row(procedure: Any) -> dict[str, Any]:
    """Return a procedure as the list shows it; problems are counted for drafts only."""
    draft = procedure.drafts[0] if procedure.drafts else None
    findings = findings_of(draft) if draft is not None else []
    return {
        "procedure": procedure,
        "draft": draft,
        "name": procedure.newest_name or procedure.code,
        "errors": sum(1 for item in findings if item.severity == "error"),
        "sent": procedure.sent,
        "edited_at": procedure.edited_at,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(procedure_policy, "edit")
def create(request: HttpRequest) -> HttpResponseBase:
    """Begin a procedure from nothing."""
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        document = starting_document(form.cleaned_data)
        try:
            version = create_procedure(
                code=document["code"], document=document, actor=actor_of(request), unit=form.cleaned_data["unit"]
            )
        except ProceduresError as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, _("下書きを作りました。公開するまで、住民の画面には出ません。"))
            return redirect("builder:section", version.procedure.code, "form")
    context = {"form": form, "breadcrumbs": crumbs((_("新しくつくる"), "")), "way": "scratch"}
    return render(request, "procedures/builder/new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(procedure_policy, "edit")
def library(request: HttpRequest) -> HttpResponseBase:
    """Choose a template of the library, and begin with it."""
    error = ""
    if request.method == "POST":
        error = _take_template(request)
        if not error:
            messages.success(request, _("ひな形から下書きを作りました。担当と窓口を書いてから公開してください。"))
            return redirect("builder:section", _code(request), "basics")
    word, category = request.GET.get("q", "").strip()[:80], request.GET.get("category", "")
    page = Paginator(shared_templates(word, category), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "word": word,
        "category": category,
        "categories": [("", _("すべて")), *options_of("categories", {})[1:]],
        "taken": set(Procedure.objects.values_list("code", flat=True)),
        "error": error,
        "chosen": request.POST.get("template", ""),
        "typed_code": _code(request),
        "breadcrumbs": crumbs((_("新しくつくる"), reverse("builder:new")), (_("ひな形から"), "")),
        "way": "library",
    }
    return render(request, "procedures/builder/library.html", context, status=422 if error else 200)


def _code(request: HttpRequest) -> str:
    return request.POST.get("code", "").strip()


def _take_template(request: HttpRequest) -> str:
    """Make a procedure from the chosen template; returns what is wrong."""
    chosen = request.POST.get("template", "")
    template = SharedTemplate.objects.filter(pk=plain_integer(chosen) or 0).first()
    if template is None:
        return _("このひな形は、もう共有されていません。")
    try:
        use_template(template=template, actor=actor_of(request), code=_code(request))
    except ProceduresError as error:
        return str(error)
    except DefinitionError:
        return _("コードは、英小文字で始まる60字以内の英小文字・数字・「_」「-」で書いてください。")
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(procedure_policy, "edit")
def take_file(request: HttpRequest) -> HttpResponseBase:
    """Begin with a file written by "export"; a file that is no definition is answered with place and reason."""
    faults: list[dict[str, str]] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            faults = [{"place": "", "message": _("ファイルを選んでください。")}]
        elif (file.size or 0) > LARGEST_FILE:
            faults = [{"place": "", "message": _("ファイルが大きすぎます（4MBまで）。")}]
        else:
            try:
                version = import_definition(data=file.read(), actor=actor_of(request))
            except DefinitionError as error:
                faults = [
                    {
                        "place": words.place_words({}, fault.path),
                        "message": words.fault_words(fault.message),
                        "path": fault.path,
                    }
                    for fault in error.faults[:30]
                ]
            except ProceduresError as error:
                faults = [{"place": "", "message": str(error), "path": ""}]
            else:
                messages.success(request, _("ファイルから下書きを作りました。"))
                return redirect("builder:section", version.procedure.code, "basics")
    context = {
        "faults": faults,
        "breadcrumbs": crumbs((_("新しくつくる"), reverse("builder:new")), (_("ファイルから"), "")),
        "way": "file",
    }
    return render(request, "procedures/builder/import.html", context, status=422 if faults else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(procedure_policy, "edit")
def copy(request: HttpRequest) -> HttpResponseBase:
    """Begin with a copy of a procedure of this municipality."""
    error, code, origin = "", _code(request), request.POST.get("from") or request.GET.get("from", "")
    if request.method == "POST":
        error = _copy(request, origin, code)
        if not error:
            messages.success(request, _("写しの下書きを作りました。名前から直してください。"))
            return redirect("builder:section", code, "basics")
    newest = ProcedureVersion.objects.filter(procedure=OuterRef("pk")).order_by("-number")
    rows = Procedure.objects.annotate(newest_name=Subquery(newest.values("name")[:1])).order_by("newest_name")
    context = {
        "procedures": [("", _("選んでください")), *((row.code, row.newest_name or row.code) for row in rows)],
        "origin": origin,
        "typed_code": code,
        "error": error,
        "breadcrumbs": crumbs((_("新しくつくる"), reverse("builder:new")), (_("写しから"), "")),
        "way": "copy",
    }
    return render(request, "procedures/builder/copy.html", context, status=422 if error else 200)


def _copy(request: HttpRequest, origin: str, code: str) -> str:
    version = (
        ProcedureVersion.objects.filter(procedure__code=origin).order_by("-number").first()
        if CODE.fullmatch(origin)
        else None
    )
    if version is None:
        return _("写すもとの手続を選んでください。")
    document = version.document
    name = {**document["name"], "ja": _("%(name)s（写し）") % {"name": document["name"].get("ja", "")}}
    try:
        create_procedure(
            code=code, document={**document, "name": name}, actor=actor_of(request), unit=version.procedure.unit
        )
    except ProceduresError as error:
        return str(error)
    except DefinitionError:
        return _("コードは、英小文字で始まる60字以内の英小文字・数字・「_」「-」で書いてください。")
    return ""
