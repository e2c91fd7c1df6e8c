"""Pages of one's own: by what one was identified, what the city knows, who looked at it, what one agreed to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from madoguchi.kit import clock

from ..errors import IdentityRefusedError
from ..models import AccessRecord, Account, Resident
from ..permissions import account_of, login_required
from ..registry import identity_providers
from ..selectors.identity import (
    LABELS,
    KnownAttribute,
    consents_of,
    identity_of,
    links_of,
    match_of,
    offered_providers,
    resident_of,
    start_path,
)
from ..services import identity as services
from ..services.identity.information import access_own_information, download_own_information
from .attributes import label_of, words_of

PER_PAGE = 30


@login_required
@never_cache
@require_safe
def identity(request: HttpRequest) -> HttpResponse:
    """Show by which providers one is known, how strong this session is, and how the match with the registry stands."""
    account = _resident(request)
    linked = {link.provider: link for link in links_of(account)}
    ways = [
        {"label": _(provider.label), "url": start_path(provider.key, request.path)}
        for provider in offered_providers()
        if provider.key not in linked
    ]
    links = [
        {
            "pk": link.pk,
            "label": _provider_label(link.provider),
            "linked_at": link.linked_at,
            "last_used_at": link.last_used_at,
            "renew": start_path(link.provider, request.path) if link.provider in identity_providers else "",
        }
        for link in linked.values()
    ]
    context = {"links": links, "ways": ways, "identity": identity_of(request), "match": match_of(account)}
    return render(request, "trust/identity/mine.html", context)


@login_required
@require_POST
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a provider off one's account."""
    account = _resident(request)
    try:
        if not services.unlink(account=account, link_id=pk, actor=account):
            raise Http404
    except IdentityRefusedError as error:
        messages.error(request, "".join(services.words_of(error.reason)))
    else:
        messages.success(request, _("結び付けを外しました。この方法ではサインインできなくなりました。"))
    return redirect("me:identity")


@login_required
@never_cache
@require_safe
def information(request: HttpRequest) -> HttpResponse:
    """Show what the city knows of oneself, from where, who looked at it when, and what one agreed to."""
    account = _resident(request)
    known = access_own_information(account=account, address=request.META.get("REMOTE_ADDR") or None)
    page = Paginator(_accesses(account), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "known": [_row(known[key]) for key in sorted(known, key=_place)],
        "page": page,
        "accesses": [_access(record, account) for record in page.object_list],
        "consents": [_consent(consent) for consent in consents_of(account)[:50]],
        "resident": resident_of(account),
    }
    return render(request, "trust/identity/information.html", context)


@login_required
@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """Hand out all of that as one JSON file."""
    account = _resident(request)
    known = download_own_information(account=account, address=request.META.get("REMOTE_ADDR") or None)
    body = {
        "made_at": clock.now().isoformat(),
        "attributes": [
            {
                "key": attribute.key,
                "label": label_of(attribute.key),
                "value": attribute.value,
                "source": attribute.source,
                "source_label": attribute.source_label,
                "as_of": attribute.as_of.isoformat(),
                "assurance": str(attribute.assurance),
            }
            for attribute in known.values()
        ],
        "accesses": [
            _access(record, account) | {"at": record.at.isoformat()} for record in _accesses(account)[:10_000]
        ],
        "consents": [
            {
                "procedure": consent.procedure,
                "keys": consent.keys,
                "given_at": consent.given_at.isoformat(),
                "withdrawn_at": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
            }
            for consent in consents_of(account)
        ],
    }
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="my-information.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a consent back."""
    if not services.withdraw_consent(account=_resident(request), consent_id=pk):
        raise Http404
    messages.success(request, _("同意を取り消しました。次からは、自動では入力されません。"))
    return redirect("me:information")


def _resident(request: HttpRequest) -> Account:
    account = account_of(request)
    if account is None or not account.is_resident:
        raise Http404(_("住民のアカウントの画面です。"))
    return account


def _provider_label(key: str) -> str:
    provider = identity_providers.find(key)
    return _(provider.label) if provider else key


def _place(key: str) -> int:
    return list(LABELS).index(key) if key in LABELS else len(LABELS)


def _row(attribute: KnownAttribute) -> dict[str, Any]:
    return {
        "label": label_of(attribute.key),
        "value": words_of(attribute.value),
        "source": attribute.source_label,
        "as_of": attribute.as_of,
    }


def _accesses(account: Account) -> Any:
    """The looks at one's record of the registry and at one's account."""
    about = Q(subject_type=Account._meta.label_lower, subject_id=str(account.pk))
    resident = resident_of(account)
    if resident is not None:
        about |= Q(subject_type=Resident._meta.label_lower, subject_id=str(resident.pk))
    return AccessRecord.objects.filter(about).select_related("actor").order_by("-id")


def _access(record: AccessRecord, account: Account) -> dict[str, Any]:
    return {
        "at": record.at,
        "who": _who(record.actor, account),
        "action": record.get_action_display(),
        "purpose": record.purpose,
    }


def _who(actor: Account | None, account: Account) -> str:
    if actor is None:
        return _("仕組みによる処理")
    if actor.pk == account.pk:
        return _("ご本人")
    if not actor.is_staff_member:
        return _("%(name)s（代理など）") % {"name": actor.name}
    # Whom to ask is the section; a name on a list helps nobody.
    duty = actor.duties.select_related("unit").order_by("-from_date").first()
    return duty.unit.name if duty is not None and duty.unit is not None else _("市の職員")


def _consent(consent: Any) -> dict[str, Any]:
    return {
        "pk": consent.pk,
        "procedure": consent.procedure_name or consent.procedure,
        "keys": "、".join(label_of(key) for key in consent.keys),
        "given_at": consent.given_at,
        "withdrawn_at": consent.withdrawn_at,
    }
