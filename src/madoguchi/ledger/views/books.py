"""Staff pages of the books: trial balance, statements, entries, the till, the settings."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import account_of, permission_required

from .. import services
from ..errors import LedgerError
from ..forms import ReasonForm, SettingsForm, TillForm
from ..models import BookAccount, CashClose, EntryLine, JournalEntry
from ..permissions import book_policy
from ..rules import chart
from ..selectors import booked_years, statement, trial_balance
from .receivables import tabs

PER_PAGE = 100


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    known = booked_years()
    return next((year for year in known if str(year) == asked), fiscal.fiscal_year(clock.today()))


@require_safe
@permission_required(book_policy, "view")
def books(request: HttpRequest) -> HttpResponse:
    """Show the trial balance of a fiscal year (``?year=``)."""
    context = {
        "balance": trial_balance(_year(request)),
        "years": booked_years(),
        "tabs": tabs(request, "books"),
    }
    return render(request, "ledger/staff/books.html", context)


@require_safe
@permission_required(book_policy, "view")
def account(request: HttpRequest, code: str) -> HttpResponse:
    """Show the statement of an account in a fiscal year."""
    shown, year = get_object_or_404(BookAccount, code=code), _year(request)
    balance = next(row for row in trial_balance(year).rows if row.account == shown)
    page = Paginator(statement(shown, year), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "account_shown": shown,
        "row": balance,
        "page": page,
        "year": year,
        "years": booked_years(),
        "tabs": tabs(request, "books"),
    }
    return render(request, "ledger/staff/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(book_policy, "view")
def entry(request: HttpRequest, pk: str) -> HttpResponse:
    """Show an entry with its lines; one that belongs to no receivable can be undone by its opposite."""
    shown = get_object_or_404(JournalEntry.objects.select_related("actor", "receivable", "reverses"), pk=pk)
    actor = account_of(request)
    may_reverse = book_policy.allows(actor, "reverse") and shown.receivable_id is None
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and actor is not None:
        try:
            reversal = services.reverse_entry(entry=shown, reason=form.cleaned_data["reason"], actor=actor)
        except LedgerError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("反対仕訳で訂正しました。"))
            return redirect("ledger:entry", pk=reversal.pk)
    undone = JournalEntry.objects.filter(reverses=shown).first()
    context = {
        "entry": shown,
        "lines": shown.lines.select_related("account", "holder"),
        "undone": undone,
        "form": form if may_reverse and undone is None and shown.kind != "reversed" else None,
        "tabs": tabs(request, "books"),
    }
    return render(request, "ledger/staff/entry.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(book_policy, "close_till")
def till(request: HttpRequest) -> HttpResponse:
    """Show one's own till, and close it: count, compare, hand in."""
    actor = account_of(request)
    assert actor is not None  # noqa: S101 - the decorator let somebody in
    balance = services.till_balance(actor)
    form = TillForm(request.POST or None, initial={"expected": balance})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            close = services.close_till(counted=form.counted, expected=data["expected"], note=data["note"], actor=actor)
        except LedgerError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("窓口の現金を締めました（%(sum)s円）。") % {"sum": f"{close.counted:,}"})
            return redirect("ledger:till")
    context = {
        "balance": balance,
        "form": form,
        "lines": EntryLine.objects.filter(account__key=chart.CASH, holder=actor, booked_on=clock.today())
        .select_related("entry", "entry__receivable")
        .order_by("-pk")[:200],
        "closes": CashClose.objects.select_related("cashier")[:30],
        "tabs": tabs(request, "till"),
    }
    return render(request, "ledger/staff/till.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(book_policy, "configure")
def settings(request: HttpRequest) -> HttpResponse:
    """Change the limits of the books."""
    actor, now = account_of(request), services.ledger_settings()
    initial = {
        "refund_limit": now.refund_limit,
        "session_minutes": now.session_minutes,
        "ask_after_minutes": now.ask_after_minutes,
    }
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and actor is not None:
        services.change_settings(actor=actor, **form.cleaned_data)
        messages.success(request, _("設定を変えました。"))
        return redirect("ledger:settings")
    return render(request, "ledger/staff/settings.html", {"form": form, "tabs": tabs(request, "settings")})
