"""Entering values by CSV: template, preview of every row, confirmation."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.trust.api import StoredFile, open_file, permission_required, store_file
from madoguchi.trust.errors import FileRefusedError

from ...errors import PlanError
from ...forms.actuals import CsvForm, TemplateForm, doubt_words, keep, kept_file
from ...models import Indicator
from ...permissions import indicator_policy
from ...selectors import actuals as selectors
from ...selectors.loading import with_values
from ...services import actual_csv
from ..actors import actor_of
from .common import UNPROCESSABLE, frame
from .entering import PURPOSE

SHOWN = 300
STATES = {"new": "active", "change": "caution", "same": None, "empty": None, "error": "bad"}


def state_words(state: str) -> str:
    """Return what would happen with a row."""
    return {
        "new": _("新しく入力"),
        "change": _("訂正"),
        "same": _("変わりません"),
        "empty": _("空欄（何もしません）"),
        "error": _("直してください"),
    }[state]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(indicator_policy, "enter_actual")
def upload(request: HttpRequest) -> HttpResponse:
    """Offer the template and take a filled file; the next page shows what it would do."""
    form = CsvForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            stored = store_file(content=file.file, name=_csv_name(file.name), purpose=PURPOSE, actor=actor_of(request))
            return _preview(request, stored)
        except (FileRefusedError, PlanError) as error:
            form.add_error("file", str(error))
    template = TemplateForm(plans=selectors.plans_in_scope())
    context = frame(request, (_("CSVで入力"), ""), tab="actual_csv", form=form, template=template)
    return render(request, "plan/actuals/csv.html", context, status=UNPROCESSABLE if form.errors else 200)


def _csv_name(name: str) -> str:
    return name if name.lower().endswith((".csv", ".txt")) else f"{name}.csv"


def _preview(request: HttpRequest, stored: StoredFile, problem: str = "") -> HttpResponse:
    found = actual_csv.preview(content=_content(stored), actor=actor_of(request))
    rows = sorted(found.rows, key=lambda row: (row.state != "error", row.line))
    context = frame(
        request, (_("CSVで入力"), ""), tab="actual_csv", preview=found, rows=rows[:SHOWN], shown=SHOWN,
        stored=stored, kept=keep(stored), problem=problem, state_words=state_words, state_tones=STATES,
        doubt_words=doubt_words,
    )  # fmt: skip
    status = UNPROCESSABLE if found.errors or problem else 200
    return render(request, "plan/actuals/csv_preview.html", context, status=status)


def _content(stored: StoredFile) -> bytes:
    with open_file(stored) as file:
        return file.read()


@never_cache
@require_http_methods(["POST"])
@permission_required(indicator_policy, "enter_actual")
def confirm(request: HttpRequest) -> HttpResponse:
    """Enter every row of the file that was looked at, or none."""
    stored = kept_file(request.POST.get("kept", ""))
    if stored is None:
        messages.error(request, _("ファイルの保管期限（1日）が過ぎました。もう一度ファイルを選んでください。"))
        return redirect("steering:actual_csv")
    try:
        actuals = actual_csv.import_actuals(
            content=_content(stored),
            evidence=str(stored.pk),
            actor=actor_of(request),
            confirmed=request.POST.get("confirmed") == "on",
        )
    except PlanError as error:
        return _preview(request, stored, str(error))
    messages.success(request, _("%(n)s件の実績を入力しました。承認されると公開されます。") % {"n": len(actuals)})
    return redirect("steering:actuals")


@require_safe
@permission_required(indicator_policy, "enter_actual")
def download(request: HttpRequest) -> HttpResponse:
    """Hand out the template for a fiscal year: the indicators one may enter values for, what is known filled in."""
    form = TemplateForm(request.GET, plans=selectors.plans_in_scope())
    if not form.is_valid():
        messages.error(request, _("年度を選んでください。"))
        return redirect("steering:actual_csv")
    year = int(form.cleaned_data["fiscal_year"])
    found = with_values(Indicator.objects.filter(_of_plan(form.cleaned_data["plan"])))
    actor = actor_of(request)
    mine = [indicator for indicator in found if indicator_policy.allows(actor, "enter_actual", indicator)]
    content = actual_csv.template(indicators=mine, fiscal_years=[year])
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{actual_csv.today_name()}"'
    return response


def _of_plan(code: str) -> Q:
    return Q(plan__code=code) if code else Q()
