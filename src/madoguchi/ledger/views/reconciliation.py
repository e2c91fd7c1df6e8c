"""Staff pages of the daily reconciliation and of what does not fit."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kit import clock
from madoguchi.trust.api import account_of, permission_required

from .. import services
from ..enums import Resolution
from ..errors import LedgerError
from ..forms import DayForm, ResolveForm
from ..models import Discrepancy, Settlement
from ..permissions import reconciliation_policy
from ..registry import payment_providers
from .receivables import tabs

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(reconciliation_policy, "view")
def index(request: HttpRequest) -> HttpResponse:
    """Show what does not fit, and the compared days; compare a day on request."""
    actor = account_of(request)
    form = DayForm(request.POST or None, initial={"day": clock.today() - timedelta(days=1)})
    if request.method == "POST" and form.is_valid():
        try:
            for provider, _item in payment_providers.items():
                services.compare_settlement(provider=provider, day=form.cleaned_data["day"], actor=actor)
        except LedgerError as error:
            form.add_error("day", str(error))
        else:
            messages.success(request, _("精算ファイルと帳簿を照合しました。"))
            return redirect("ledger:reconciliation")
    open_ones = Discrepancy.objects.filter(resolution="").select_related("receivable")
    context = {
        "waiting": Paginator(open_ones, PER_PAGE).get_page(request.GET.get("page")),
        "settled": Discrepancy.objects.exclude(resolution="").select_related("receivable", "resolved_by")[:20],
        "days": Settlement.objects.all()[:31],
        "form": form if reconciliation_policy.allows(actor, "run") and len(payment_providers) else None,
        "tabs": tabs(request, "reconciliation"),
    }
    return render(request, "ledger/staff/reconciliation.html", context)


@require_safe
@permission_required(reconciliation_policy, "view")
def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the report of one day: sums, fees, every line with its verdict."""
    shown = get_object_or_404(Settlement.objects.select_related("entry"), pk=pk)
    lines = shown.lines.select_related("session__receivable")
    context = {
        "settlement": shown,
        "net": shown.captured_amount - shown.refunded_amount - shown.fee,
        "page": Paginator(lines, 200).get_page(request.GET.get("page")),
        "discrepancies": shown.discrepancies.select_related("receivable"),
        "tabs": tabs(request, "reconciliation"),
    }
    return render(request, "ledger/staff/settlement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(reconciliation_policy, "view")
def discrepancy(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one thing that does not fit, and settle it."""
    shown = get_object_or_404(Discrepancy.objects.select_related("receivable", "session", "resolved_by"), pk=pk)
    actor = account_of(request)
    possible = services.possible_resolutions(shown) if reconciliation_policy.allows(actor, "resolve") else []
    form = ResolveForm(request.POST or None, possible=possible)
    if request.method == "POST" and form.is_valid() and actor is not None:
        data = form.cleaned_data
        try:
            services.resolve_discrepancy(
                discrepancy=shown, resolution=Resolution(data["resolution"]), note=data["note"], actor=actor
            )
        except LedgerError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("処理しました。"))
            return redirect("ledger:reconciliation")
    context = {
        "shown": shown,
        "reports": shown.session.reports.all() if shown.session else [],
        "form": form if possible else None,
        "tabs": tabs(request, "reconciliation"),
    }
    return render(request, "ledger/staff/discrepancy.html", context)
