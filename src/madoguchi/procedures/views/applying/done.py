"""The receipt: the number, what happens next and when, what to pay, how to follow it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from madoguchi.ledger.api import pay_path

from ...enums import ApplicationStatus
from ...models import Draft
from ...selectors.applying import unpaid
from ...selectors.timeline import coming
from .frame import crumbs, language_of, proxy_name, responsible, sent_here
from .keys import remember
from .later import qr_of

PAY_PAGE_SECONDS = "4"
"""The page for paying is made by a job; the receipt looks again by itself, also without JavaScript."""


@never_cache
@require_safe
def done(request: HttpRequest, key: str) -> HttpResponse:
    """Show the receipt of an application to who sent it."""
    application = sent_here(request, key)
    if application is None:
        raise Http404
    definition, language = application.version.definition, language_of(request)
    follow = ""
    if application.account_id is None:
        follow = request.build_absolute_uri(reverse("mine:follow", args=[application.number, application.follow_code]))
    receivable = next(iter(unpaid(application)), None)
    is_waiting_for_fee = bool(application.fee) and application.status == ApplicationStatus.RECEIVED
    context = {
        "application": application,
        "definition": definition,
        "name": definition.name.in_language(language),
        "on_behalf": proxy_name(application),
        "coming": coming(application, language),
        "receivable": receivable,
        "pay_path": pay_path(receivable) if receivable is not None else "",
        "fee_soon": is_waiting_for_fee and receivable is None and definition.payment.value == "before",
        "follow": follow,
        "follow_code": application.follow_code if follow else "",
        "qr": qr_of(follow) if follow else "",
        "others": _others(application.bundle, application.account_id),
        "breadcrumbs": crumbs(definition, _("受付"), language),
        "responsible": responsible(request, definition, application.procedure, application.number),
    }
    response = render(request, "procedures/applying/done.html", context)
    if context["fee_soon"]:
        response["Refresh"] = PAY_PAGE_SECONDS
    if follow:
        remember(request, response, application.follow_code)
    return response


def _others(bundle: str, account: int | None) -> list[Draft]:
    """Return what was begun together with this application and is not sent yet."""
    if not bundle:
        return []
    found = Draft.objects.filter(bundle=bundle, account=account).select_related("version")
    return list(found.order_by("pk")[:10])
