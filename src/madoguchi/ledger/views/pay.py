"""What a payer sees: the page of a receivable, the way to the provider and back, the receipt."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.trust.api import enqueue_once

from ..enums import PaymentMethod, ReceivableStatus, RefundStatus, SessionStatus
from ..errors import NotPayableError, ProviderError
from ..models import Receivable
from ..registry import payment_providers, receivable_subjects
from ..services import start_payment

REFRESH_SECONDS = 5
REFRESHES = 24
# Who goes to a shop is not back within seconds; but somebody may have paid there already.
SHOP_REFRESHES = 6


def receivable_by_token(request: HttpRequest, token: str) -> Receivable:
    """Return the receivable of an address; 404 where there is none, or its subject does not let this visitor pay."""
    found = Receivable.objects.filter(token=token).first()
    subject = receivable_subjects.find(found.subject_type) if found else None
    if found is None or (subject is not None and not subject.may_pay(request, found)):
        raise Http404("receivable")
    return found


@never_cache
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be paid, until when, how, and how it stands."""
    receivable = receivable_by_token(request, token)
    return render(request, "ledger/pay/page.html", _context(receivable))


@never_cache
@require_safe
def back(request: HttpRequest, token: str) -> HttpResponse:
    """
    Receive a payer who comes back from the provider.

    That somebody comes back says nothing about money, so the page shows what the books know, and asks again by itself while
    the provider's word is on its way (``?n=`` counts how often).
    """
    receivable = receivable_by_token(request, token)
    asked = request.GET.get("n", "0")
    count = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 0
    context = _context(receivable)
    is_waiting = context["session"] is not None and receivable.is_payable
    if not is_waiting and receivable.status == ReceivableStatus.PAID:
        return redirect("pay:page", token=token)
    limit = SHOP_REFRESHES if context["is_shop"] else REFRESHES
    refresh = REFRESH_SECONDS if is_waiting and count < limit else 0
    context |= {"is_waiting": is_waiting, "refresh": refresh, "next_count": count + 1}
    response = render(request, "ledger/pay/back.html", context)
    if refresh:
        # Works without JavaScript; the page has a button that does the same for whoever stops it.
        response["Refresh"] = f"{refresh}; url={request.path}?n={count + 1}"
    return response


@require_POST
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Lead the payer to the provider's page; a second click or tab comes to the same one."""
    receivable = receivable_by_token(request, token)
    provider = _provider()
    if not provider:
        messages.error(request, _("いま、オンラインでのお支払いは利用できません。窓口でお支払いください。"))
        return redirect("pay:page", token=token)
    origin = f"{request.scheme}://{request.get_host()}"
    try:
        session = start_payment(
            receivable=receivable, provider=provider, origin=origin, language=get_language() or "ja"
        )
    except (NotPayableError, ProviderError) as error:
        messages.error(request, str(error))
        return redirect("pay:page", token=token)
    return HttpResponseRedirect(session.redirect_url)


@require_POST
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the provider now, in the background, and show the page again."""
    receivable = receivable_by_token(request, token)
    session = _live_session(receivable)
    if session is not None:
        enqueue_once("ledger.tasks.ask_session", session_id=session.pk)
    return redirect("pay:back", token=token)


@never_cache
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Show the receipt (領収書) for printing, once something was paid."""
    receivable = receivable_by_token(request, token)
    if receivable.status not in (ReceivableStatus.PAID, ReceivableStatus.REFUNDED):
        raise Http404("receipt")
    return render(request, "ledger/pay/receipt.html", _context(receivable))


def _provider() -> str:
    """Return the key of the contract payers are led to: the first one of the settings that is in force."""
    preferred = [entry["key"] for entry in settings.PAYMENT_PROVIDERS if entry["key"] in payment_providers]
    return next(iter([*preferred, *payment_providers.keys()]), "")


def _live_session(receivable: Receivable) -> Any:
    return receivable.sessions.filter(
        status__in=[SessionStatus.NEW, SessionStatus.CREATED, SessionStatus.AUTHORISED]
    ).first()


def _context(receivable: Receivable) -> dict[str, Any]:
    session = _live_session(receivable) if receivable.is_payable else None
    subject = receivable_subjects.find(receivable.subject_type)
    refunds = receivable.refunds.exclude(status__in=[RefundStatus.REJECTED, RefundStatus.REQUESTED])
    provider = _provider()
    methods = payment_providers.get(provider).methods if provider else ()
    return {
        "receivable": receivable,
        "session": session,
        "is_shop": session is not None and session.method == PaymentMethod.STORE,
        "is_held": receivable.is_payable
        and receivable.discrepancies.filter(resolution="", session__isnull=False).exists(),
        "refunds": list(refunds),
        "net": receivable.paid_amount - receivable.refunded_amount,
        "methods": [PaymentMethod(method).label for method in methods],
        "return_path": subject.return_path(receivable) if subject else "",
    }
