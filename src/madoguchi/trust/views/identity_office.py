"""Pages of staff: who waits to be matched with the registry, and delegations that rest on a paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..enums import DelegationKind, DelegationStatus, MatchStatus
from ..errors import DelegationError, FileRefusedError, IdentityRefusedError
from ..forms import ConfirmationForm, MatchForm, RegistrationForm
from ..models import Account, Delegation, IdentityMatch, Resident
from ..permissions import account_of, delegation_policy, identity_policy, permission_required
from ..rules.identity import MATCHED_KEYS
from ..selectors.identity import candidates_for, registry_attributes
from ..services import delegations as delegating
from ..services import identity as services
from ..services.accesses import log_access
from .attributes import label_of, words_of

PER_PAGE = 30
PURPOSE = "本人確認の照合"


@permission_required(delegation_policy, "view_all")
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the first list one may see."""
    return redirect(f"identity_office:{_pages(request)[0][0]}")


def _pages(request: HttpRequest) -> list[tuple[str, str]]:
    """The lists one may see, as the tabs on every page."""
    actor = account_of(request)
    found = [("matches", _("住民との照合"))] if identity_policy.allows(actor, "view_matches") else []
    return [*found, ("delegations", _("代理"))]


def _render(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"trust/identity/{name}.html", {"pages": _pages(request), **context})


@permission_required(identity_policy, "view_matches")
@never_cache
@require_safe
def matches(request: HttpRequest) -> HttpResponse:
    """List the people whose match waits, or those decided or unknown."""
    status = request.GET.get("status", MatchStatus.WAITING)
    if status not in MatchStatus.values:
        status = MatchStatus.WAITING
    text = request.GET.get("q", "").strip()
    found = IdentityMatch.objects.filter(status=status).select_related("account", "resident")
    if text:
        found = found.filter(account__name__icontains=text)
    page = Paginator(found.order_by("created_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "status": status,
        "statuses": MatchStatus.choices,
        "text": text,
        "rows": [
            {"match": match, "mismatches": "、".join(_mismatch(key) for key in match.mismatches)}
            for match in page.object_list
        ],
    }
    return _render(request, "matches", context)


@permission_required(identity_policy, "view_matches")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def match(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was received beside the people of the registry who may be meant, and decide."""
    actor = _staff(request)
    found = get_object_or_404(IdentityMatch.objects.select_related("account", "resident"), pk=pk)
    residents = _candidates(found)
    for resident in residents:
        log_access(actor=actor, subject=resident, purpose=PURPOSE, address=request.META.get("REMOTE_ADDR") or None)
    options = [(str(resident.pk), f"{resident.name}（{resident.reference}）") for resident in residents]
    form = MatchForm(request.POST or None, residents=options)
    if request.method == "POST" and form.is_valid():
        chosen = next((one for one in residents if str(one.pk) == form.cleaned_data["resident"]), None)
        try:
            services.decide_match(match=found, actor=actor, resident=chosen, reason=form.cleaned_data["reason"])
        except IdentityRefusedError as error:
            form.add_error(
                "resident", _("この方には別のアカウントが結び付いています。%(what)s") % {"what": error.reason}
            )
        else:
            messages.success(request, _("判断を記録しました。"))
            return redirect("identity_office:matches")
    context = {
        "match": found,
        "form": form,
        "columns": [_("受け取った内容"), *(resident.reference[-6:] for resident in residents)],
        "comparison": _comparison(found, residents),
    }
    return _render(request, "match", context)


def _candidates(found: IdentityMatch) -> list[Resident]:
    residents = candidates_for(found.claims)
    if found.resident is not None and found.resident not in residents:
        residents.insert(0, found.resident)
    return residents[:20]


def _comparison(found: IdentityMatch, residents: list[Resident]) -> list[dict[str, Any]]:
    """Each fact as received, and as the registry holds it of each person, with whether they agree."""
    known = [
        (registry_attributes(resident, MATCHED_KEYS), services.differences_from(resident=resident, claims=found.claims))
        for resident in residents
    ]
    return [
        {
            "label": label_of(key),
            "received": words_of(found.claims.get(key, "")),
            "known": [
                {"text": words_of(facts.get(key, "")), "agrees": key not in differing} for facts, differing in known
            ],
        }
        for key in MATCHED_KEYS
    ]


def _mismatch(key: str) -> str:
    special = {"account": _("別のアカウントに結び付いています"), "person.several": _("同じ内容の方が複数います")}
    return special.get(key) or label_of(key)


@permission_required(delegation_policy, "view_all")
@never_cache
@require_safe
def delegations(request: HttpRequest) -> HttpResponse:
    """List delegations, those that wait for a look at their paper first."""
    status = request.GET.get("status", DelegationStatus.WAITING)
    if status not in DelegationStatus.values:
        status = DelegationStatus.WAITING
    found = Delegation.objects.filter(status=status).select_related("principal", "resident", "delegate")
    text = request.GET.get("q", "").strip()
    if text:
        found = found.filter(reference__istartswith=text)
    page = Paginator(found.order_by("pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "status": status, "statuses": DelegationStatus.choices, "text": text}
    return _render(request, "office_delegations", context)


@permission_required(delegation_policy, "view_all")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegation(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one delegation with its paper, and accept or refuse it."""
    actor = _staff(request)
    found = get_object_or_404(Delegation, reference=reference)
    log_access(
        actor=actor,
        subject=found.resident or found.principal or found,
        purpose="代理の確認",
        address=request.META.get("REMOTE_ADDR") or None,
    )
    form = ConfirmationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            delegating.confirm_delegation(
                delegation=found,
                actor=actor,
                accept=request.POST.get("answer") == "yes",
                note=form.cleaned_data["note"],
            )
        except DelegationError as error:
            form.add_error("note", str(error))
        else:
            messages.success(request, _("判断を記録しました。"))
            return redirect("identity_office:delegations")
    context = {"delegation": found, "form": form}
    return _render(request, "office_delegation", context)


@permission_required(delegation_policy, "register")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register at the counter that somebody acts for a person of the registry; shows the code for the delegate, once."""
    form = RegistrationForm(request.POST or None, request.FILES or None)
    code = None
    if request.method == "POST" and form.is_valid():
        code = _registered(_staff(request), form)
    return _render(request, "register", {"form": form, "code": code})


def _registered(actor: Account, form: RegistrationForm) -> str | None:
    cleaned = form.cleaned_data
    resident = Resident.objects.filter(reference=cleaned["resident"].strip().upper()).first()
    if resident is None:
        form.add_error("resident", _("この整理番号の住民はいません。打ち間違いがないかご確認ください。"))
        return None
    file = cleaned.get("proof")
    try:
        _made, code = delegating.register_delegation(
            actor=actor,
            resident=resident,
            kind=DelegationKind(cleaned["kind"]),
            valid_from=cleaned["valid_from"],
            valid_until=cleaned["valid_until"],
            procedures=cleaned.get("procedures") or [],
            proof=(file, file.name) if file else None,
            note=cleaned["note"],
        )
    except DelegationError as error:
        form.add_error("valid_until", str(error))
    except FileRefusedError as error:
        form.add_error("proof", str(error))
    else:
        return code
    return None


@permission_required(delegation_policy, "view_all")
@require_POST
def revoke(request: HttpRequest, reference: str) -> HttpResponse:
    """End a delegation at the counter, at once."""
    found = get_object_or_404(Delegation, reference=reference)
    delegating.revoke_delegation(delegation=found, actor=_staff(request))
    messages.success(request, _("代理を取り消しました。"))
    return redirect("identity_office:delegations")


def _staff(request: HttpRequest) -> Account:
    account = account_of(request)
    if account is None:  # the decorator has seen to it
        raise RuntimeError("nobody is signed in")
    return account
