"""One export: how far it has come, its file, what was lost, what became of its applications."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.trust.api import permission_required

from ...enums import ExportGrade, ExportItemState
from ...errors import ExportError
from ...models import CoreExport
from ...permissions import export_policy
from ...selectors.exporting import corrected_since
from ...services.exporting import Reconciliation, reconcile
from .common import PER_PAGE, actor_of, export_of

MOST_BYTES = 5 * 1024 * 1024


@permission_required(export_policy, "open")
@never_cache
@require_safe
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """Show an export with its applications."""
    return _shown(request, export_of(request, reference))


def _shown(
    request: HttpRequest, export: CoreExport, *, problem: str = "", outcome: Reconciliation | None = None
) -> HttpResponse:
    state = request.GET.get("state", "")
    items = export.items.select_related("application", "reported_by")
    if state in ExportItemState.values:
        items = items.filter(state=state)
    elif state == "losses":
        items = items.exclude(losses=[])
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    newer = set(corrected_since(export.items.all()).values_list("pk", flat=True))
    context = {
        "export": export,
        "page": page,
        "state": state,
        "states": [("", _("すべて")), *ExportItemState.choices, ("losses", _("字が変わったもの"))],
        "lines": [(item, item.pk in newer) for item in page.object_list],
        "counts": {key: export.items.filter(state=key).count() for key in ExportItemState.values},
        "losses": export.items.exclude(losses=[]).count(),
        "is_screen": export.grade == ExportGrade.SCREEN,
        "is_robot": export.grade == ExportGrade.ROBOT,
        "problem": problem,
        "outcome": outcome,
    }
    return render(request, "procedures/exports/show.html", context, status=422 if problem else 200)


@permission_required(export_policy, "open")
@never_cache
@require_POST
def results(request: HttpRequest, reference: str) -> HttpResponse:
    """Take in a robot's report and show it beside what the robot was given."""
    export = export_of(request, reference)
    file = request.FILES.get("file")
    try:
        if file is None or (file.size or 0) > MOST_BYTES:
            raise ExportError(_("5MBまでの結果のファイル（CSV）を選んでください。"))
        outcome = reconcile(export=export, content=file.read(), actor=actor_of(request))
    except ExportError as error:
        return _shown(request, export, problem=str(error))
    return _shown(request, export, outcome=outcome)
