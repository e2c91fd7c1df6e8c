"""Pages on which a person checks, corrects and publishes what a reader made of a document."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.trust.api import permission_required

from ..errors import DocumentError, PlanError
from ..forms.drafts import CorrectionForm, PlacementForm, UploadForm
from ..models import PlanDraft
from ..permissions import plan_policy
from ..rules.corrections import value_at
from ..selectors import drafts as selectors
from ..services.correcting import correct_draft, discard_draft, ignore_row, place_row
from ..services.importing import import_data_file, import_document, refuse_import
from ..services.publishing import publish_draft
from .actors import actor_of

SHEETS_PER_PAGE = 8


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Return the breadcrumb of a draft page."""
    trail = [
        (_("計画の進行管理"), reverse("steering:overview")),
        (_("計画書の取り込み"), reverse("steering:drafts")),
        *more,
    ]
    return [{"label": label, "url": url} for label, url in trail]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(plan_policy, "import")
def draft_list(request: HttpRequest) -> HttpResponse:
    """List the drafts and take a new document."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        response = _take(request, form)
        if response is not None:
            return response
    page = Paginator(selectors.drafts(), 20).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "status_word": selectors.status_word, "breadcrumbs": crumbs()[:2]}
    return render(request, "plan/drafts/list.html", context, status=422 if form.errors else 200)


def _take(request: HttpRequest, form: UploadForm) -> HttpResponse | None:
    """Read the uploaded file into a draft; None after adding the error to the form."""
    file = form.cleaned_data["file"]
    data = file.read()
    try:
        if file.name.lower().endswith(".json"):
            draft = import_data_file(name=file.name, data=data, actor=actor_of(request))
        else:
            reader = form.cleaned_data["reader"]
            draft = import_document(name=file.name, data=data, actor=actor_of(request), reader=reader)
    except DocumentError as error:
        refuse_import(name=file.name, data=data, actor=actor_of(request))
        form.add_error("file", str(error))
        return None
    messages.success(request, _("計画書を読み取りました。内容を確かめて公開してください。"))
    return redirect("steering:draft", draft.pk)


def _draft(pk: int) -> PlanDraft:
    return get_object_or_404(PlanDraft.objects.all(), pk=pk)


@require_safe
@permission_required(plan_policy, "correct")
def draft_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show source and extracted values side by side, and what could not be placed."""
    draft = _draft(pk)
    everything = selectors.sheets(draft)
    word = request.GET.get("q", "").strip()
    found = [sheet for sheet in everything if word in sheet.title] if word else everything
    page = Paginator(found, SHEETS_PER_PAGE).get_page(request.GET.get("page"))
    pairs = [(sheet, selectors.source_lines(draft, sheet.first_line, sheet.last_line)) for sheet in page.object_list]
    context = {
        "draft": draft,
        "coverage": selectors.coverage(draft),
        "page": page,
        "pairs": pairs,
        "word": word,
        "spoken": selectors.spoken,
        "status_word": selectors.status_word,
        "breadcrumbs": crumbs((draft.name, "")),
    }
    return render(request, "plan/drafts/draft.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(plan_policy, "correct")
def correct_value(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct one value of a draft, its source line in view."""
    draft = _draft(pk)
    path = request.POST.get("path") or request.GET.get("path", "")
    value = next((item for sheet in selectors.sheets(draft) for item in sheet.values if item.path == path), None)
    if value is None:
        raise Http404
    initial = {"path": path, "version": draft.version, "text": value.text}
    form = CorrectionForm(request.POST or None, initial=initial, choices=selectors.choices(path))
    if request.method == "POST" and form.is_valid():
        try:
            correct_draft(draft=draft, actor=actor_of(request), **form.cleaned_data)
        except PlanError as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, _("訂正しました。"))
            return _back(draft, path)
    line = value.line or 1
    context = {
        "draft": draft,
        "form": form,
        "value": value,
        "source": selectors.source_lines(draft, max(1, line - 1), line + 1),
        "first_line": max(1, line - 1),
        "breadcrumbs": crumbs((draft.name, reverse("steering:draft", args=[pk])), (_("値の訂正"), "")),
    }
    return render(request, "plan/drafts/correct.html", context, status=422 if form.errors else 200)


def _back(draft: PlanDraft, path: str) -> HttpResponseRedirect:
    """Return to the page of the list that shows the sheet of a path."""
    paths = [sheet.path for sheet in selectors.sheets(draft)]
    owner = max((item for item in paths if f"{path}/".startswith(f"{item}/")), key=len, default="")
    number = paths.index(owner) // SHEETS_PER_PAGE + 1 if owner in paths else 1
    anchor = owner.replace("/", "-")
    return HttpResponseRedirect(f"{reverse('steering:draft', args=[draft.pk])}?page={number}#{anchor}")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(plan_policy, "correct")
def place(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Give an unplaced row its place, or set it aside with a reason."""
    draft = _draft(pk)
    row = next((item for item in selectors.coverage(draft)["unplaced"] if item["line"] == line), None)
    if row is None:
        messages.info(request, _("この行の置き場所は、すでに決まっています。"))
        return redirect("steering:draft", pk)
    form = PlacementForm(
        request.POST or None, initial={"line": line, "version": draft.version}, parts=selectors.parts(draft)
    )
    if request.method == "POST" and form.is_valid():
        try:
            _place(draft, form.cleaned_data, request)
        except PlanError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(line)s行目の置き場所を決めました。") % {"line": line})
            return redirect("steering:draft", pk)
    context = {
        "draft": draft,
        "form": form,
        "row": row,
        "source": selectors.source_lines(draft, max(1, line - 2), line + 2),
        "first_line": max(1, line - 2),
        "breadcrumbs": crumbs((draft.name, reverse("steering:draft", args=[pk])), (_("置き場所を決める"), "")),
    }
    return render(request, "plan/drafts/place.html", context, status=422 if form.errors else 200)


def _place(draft: PlanDraft, data: dict[str, Any], request: HttpRequest) -> None:
    common = {"draft": draft, "line": data["line"], "version": data["version"], "actor": actor_of(request)}
    if data["role"] == "ignore":
        ignore_row(reason=data["reason"], **common)
        return
    place_row(
        part=data["part"],
        role=data["role"],
        label=data["label"],
        fiscal_year=data["fiscal_year"],
        text=data["text"],
        **common,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(plan_policy, "publish")
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once, then make the draft the plan that the city is steered by."""
    draft = _draft(pk)
    error = ""
    if request.method == "POST":
        try:
            plans = publish_draft(draft=draft, actor=actor_of(request))
        except PlanError as refusal:
            error = str(refusal)
        else:
            messages.success(request, _("「%(title)s」を公開しました。") % {"title": plans[-1].title})
            return redirect("plan:plan", plans[-1].code)
    context = {
        "draft": draft,
        "coverage": selectors.coverage(draft),
        "error": error,
        "breadcrumbs": crumbs((draft.name, reverse("steering:draft", args=[pk])), (_("公開の確認"), "")),
    }
    return render(request, "plan/drafts/publish.html", context, status=409 if error else 200)


@require_POST
@permission_required(plan_policy, "correct")
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    try:
        discard_draft(draft=_draft(pk), actor=actor_of(request))
    except PlanError as error:
        messages.error(request, str(error))
        return redirect("steering:draft", pk)
    messages.success(request, _("読み取り結果を破棄しました。公開済みの計画は変わりません。"))
    return redirect("steering:drafts")


@require_safe
@permission_required(plan_policy, "correct")
def corrections(request: HttpRequest, pk: int) -> HttpResponse:
    """List the corrections of a draft: what, before, after, why, when."""
    draft = _draft(pk)
    rows = [{**item, "now": value_at(draft.content, item["path"])} for item in reversed(draft.corrections)]
    context = {
        "draft": draft,
        "rows": rows,
        "breadcrumbs": crumbs((draft.name, reverse("steering:draft", args=[pk])), (_("訂正の履歴"), "")),
    }
    return render(request, "plan/drafts/corrections.html", context)
