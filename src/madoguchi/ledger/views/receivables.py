"""Staff pages of receivables: the list, one of them with its history, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.kit import clock, csvio
from madoguchi.trust.api import Account, account_of, municipality_in_scope, permission_required
from madoguchi.trust.enums import AccessAction

from .. import services
from ..enums import PaymentMethod, ReceivableStatus, RefundStatus, WaiverStatus
from ..errors import LedgerError
from ..forms import RaiseForm, ReasonForm, RefundForm
from ..models import Discrepancy, Receivable, Refund, Waiver
from ..permissions import book_policy, receivable_policy, reconciliation_policy
from ..selectors import (
    booked_years,
    pay_path,
    purposes,
    search_receivables,
    waiting_refunds,
    waiting_waivers,
)

PER_PAGE = 50
EXPORTED = (
    "納付番号",
    "内容",
    "使いみち",
    "納付する人",
    "金額",
    "状態",
    "支払方法",
    "納付済額",
    "返金額",
    "会計年度",
    "納期限",
    "調定日時",
    "納付日時",
)
ASKED = ("q", "state", "year", "purpose", "method")


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:100] for name in ASKED}


def _address(request: HttpRequest) -> str | None:
    return request.META.get("REMOTE_ADDR") or None


@require_safe
@permission_required(receivable_policy, "view")
def index(request: HttpRequest) -> HttpResponse:
    """Show the receivables that fit the filters, and what waits for somebody."""
    actor, asked = account_of(request), _asked(request)
    services.note_list_access(
        actor=actor, action=AccessAction.SEARCH, purpose=_("収納の一覧"), address=_address(request)
    )
    page = Paginator(search_receivables(asked, clock.today()), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "asked": asked,
        "filtered": any(asked.values()),
        "states": [
            ("waiting", _("未納のすべて")),
            ("overdue", _("納期限を過ぎたもの")),
            *((value, label) for value, label in ReceivableStatus.choices),
        ],
        "years": booked_years(),
        "purposes": purposes(),
        "methods": PaymentMethod.choices,
        "refunds": list(waiting_refunds()[:20]),
        "waivers": list(waiting_waivers()[:20]),
        "unmatched": Discrepancy.objects.filter(resolution="").count(),
        "may": receivable_policy.actions_for(actor),
        "tabs": tabs(request, "receivables"),
    }
    return render(request, "ledger/staff/index.html", context)


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """Return the pages of the room this person may open."""
    from django.urls import reverse

    actor = account_of(request)
    every = [
        ("receivables", _("納付"), "ledger:index", receivable_policy.allows(actor, "view")),
        ("till", _("窓口の現金"), "ledger:till", book_policy.allows(actor, "close_till")),
        ("reconciliation", _("照合"), "ledger:reconciliation", reconciliation_policy.allows(actor, "view")),
        ("books", _("帳簿"), "ledger:books", book_policy.allows(actor, "view")),
        ("settings", _("設定"), "ledger:settings", book_policy.allows(actor, "configure")),
    ]
    return [{"label": label, "url": reverse(name), "current": key == current} for key, label, name, may in every if may]


@require_safe
@permission_required(receivable_policy, "export")
def export(request: HttpRequest) -> HttpResponse:
    """Hand the list out as CSV (UTF-8 with BOM); the take-out is logged."""
    services.note_list_access(
        actor=account_of(request),
        action=AccessAction.EXPORT,
        purpose=_("収納の一覧の書出し"),
        address=_address(request),
    )
    rows = (_exported(row) for row in search_receivables(_asked(request), clock.today()).iterator(chunk_size=1000))
    response = HttpResponse(csvio.write_csv(EXPORTED, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="receivables-{clock.today()}.csv"'
    return response


def _exported(row: Receivable) -> list[object]:
    return [
        row.number,
        row.title,
        row.purpose,
        row.payer_name,
        row.amount,
        row.get_status_display(),
        row.get_method_display(),
        row.paid_amount,
        row.refunded_amount,
        row.fiscal_year,
        row.due_on or "",
        clock.local(row.raised_at).isoformat(timespec="minutes"),
        clock.local(row.paid_at).isoformat(timespec="minutes") if row.paid_at else "",
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(receivable_policy, "raise")
def add(request: HttpRequest) -> HttpResponse:
    """Raise a claim by hand; the payer gets a page to pay on without any software of ours."""
    form = RaiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        receivable = services.raise_receivable(
            subject=municipality_in_scope(), purpose="other", payer=None, actor=account_of(request), **form.cleaned_data
        )
        messages.success(request, _("納付を求めました。支払いページのアドレスを納付する人にお知らせください。"))
        return redirect("ledger:receivable", number=receivable.number)
    return render(request, "ledger/staff/add.html", {"form": form, "tabs": tabs(request, "receivables")})


def _found(request: HttpRequest, number: str) -> Receivable:
    try:
        return services.access_receivable(
            actor=account_of(request), number=number, purpose=_("収納の事務"), address=_address(request)
        )
    except Receivable.DoesNotExist:
        raise Http404("receivable") from None


@require_safe
@permission_required(receivable_policy, "view")
def record(request: HttpRequest, number: str) -> HttpResponse:
    """Show one receivable: facts, history with the entries of the books, what can be done."""
    receivable = _found(request, number)
    return _record(request, receivable)


def _record(request: HttpRequest, receivable: Receivable, bad: dict[str, Form] | None = None) -> HttpResponse:
    left = services.refundable(receivable)
    forms: dict[str, Form] = {
        "refund": RefundForm(largest=left, initial={"amount": left}, prefix="refund"),
        "waive": ReasonForm(prefix="waive"),
        "cancel": ReasonForm(prefix="cancel"),
        "write_off": ReasonForm(prefix="write_off"),
        **(bad or {}),
    }
    actor = account_of(request)
    context = {
        "receivable": receivable,
        "pay_url": request.build_absolute_uri(pay_path(receivable)),
        "entries": receivable.entries.prefetch_related("lines__account").select_related("actor"),
        "sessions": receivable.sessions.prefetch_related("reports"),
        "refunds": receivable.refunds.select_related("requested_by", "decided_by"),
        "waivers": receivable.waivers.select_related("requested_by", "decided_by"),
        "discrepancies": receivable.discrepancies.filter(resolution=""),
        "left": left,
        "limit": services.ledger_settings().refund_limit,
        "forms": forms,
        "opened": next(iter(bad), "") if bad else "",
        "may": receivable_policy.actions_for(actor, receivable),
        "actor": actor,
        "tabs": tabs(request, "receivables"),
    }
    return render(request, "ledger/staff/record.html", context, status=422 if bad else 200)


@require_POST
@permission_required(receivable_policy, "view")
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Do something with a receivable, and come back to it; what was typed is kept when it cannot be done."""
    receivable, actor = _found(request, number), account_of(request)
    form = _form_of(action, receivable, request)
    if form is not None and not form.is_valid():
        return _record(request, receivable, {action: form})
    try:
        message = _do(action, receivable, form.cleaned_data if form else {}, actor)
    except LedgerError as error:
        if form is None:
            messages.error(request, str(error))
            return redirect("ledger:receivable", number=number)
        form.add_error(None, str(error))
        return _record(request, receivable, {action: form})
    messages.success(request, message)
    return redirect("ledger:receivable", number=number)


def _form_of(action: str, receivable: Receivable, request: HttpRequest) -> Form | None:
    if action == "refund":
        return RefundForm(request.POST, largest=services.refundable(receivable), prefix=action)
    return ReasonForm(request.POST, prefix=action) if action in ("waive", "cancel", "write_off") else None


def _do(action: str, receivable: Receivable, data: dict[str, Any], actor: Account | None) -> str:
    deeds: dict[str, tuple[Callable[..., Any], str]] = {
        "cash": (services.take_cash, _("現金を受け取り、納付済みにしました。")),
        "refund": (services.refund_receivable, _("返金の手続を始めました。")),
        "waive": (services.waive_receivable, _("減免を申し出ました。別の人の承認を待ちます。")),
        "cancel": (services.cancel_receivable, _("納付の求めを取り消しました。")),
        "write_off": (services.write_off_receivable, _("不納欠損としました。")),
    }
    if action not in deeds:
        raise Http404("action")
    deed, message = deeds[action]
    deed(receivable=receivable, actor=actor, **data)
    return message


@require_POST
@permission_required(receivable_policy, "approve_refund")
def decide_refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, reject or try again a refund."""
    refund = get_object_or_404(Refund.objects.select_related("receivable"), pk=pk)
    actor, decision = account_of(request), request.POST.get("decision", "")

    def do() -> str:
        assert actor is not None  # noqa: S101 - the decorator let somebody in
        if refund.status == RefundStatus.FAILED and decision == "retry":
            services.retry_refund(refund=refund, actor=actor)
            return _("返金をもう一度依頼しました。")
        services.decide_refund(refund=refund, is_approved=decision == "approve", actor=actor)
        return _("返金を承認しました。") if decision == "approve" else _("返金を却下しました。")

    return _decided(request, refund.receivable, do)


@require_POST
@permission_required(receivable_policy, "approve_waiver")
def decide_waiver(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or reject a waiver."""
    waiver = get_object_or_404(Waiver.objects.select_related("receivable"), pk=pk, status=WaiverStatus.REQUESTED)
    actor, is_approved = account_of(request), request.POST.get("decision") == "approve"

    def do() -> str:
        assert actor is not None  # noqa: S101 - the decorator let somebody in
        services.decide_waiver(waiver=waiver, is_approved=is_approved, actor=actor)
        return _("減免を承認しました。") if is_approved else _("減免を却下しました。")

    return _decided(request, waiver.receivable, do)


def _decided(request: HttpRequest, receivable: Receivable, do: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, do())
    except LedgerError as error:
        messages.error(request, str(error))
    if receivable_policy.allows(account_of(request), "view"):
        return redirect("ledger:receivable", number=receivable.number)
    return redirect("ledger:approvals")


@require_safe
@permission_required(receivable_policy, "approve_refund")
def approvals(request: HttpRequest) -> HttpResponse:
    """Show what waits for a second person; for heads of sections, who do not see the rest."""
    context = {
        "refunds": list(waiting_refunds()[:200]),
        "waivers": list(waiting_waivers()[:200]),
        "actor": account_of(request),
        "tabs": tabs(request, "approvals"),
    }
    return render(request, "ledger/staff/approvals.html", context)
