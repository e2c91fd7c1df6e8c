"""Pages of one's own delegations: who acts for me, for whom I act."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..enums import DelegationKind, DelegationStatus
from ..errors import DelegationError, FileRefusedError
from ..forms import CodeForm, DelegationForm, ProofForm
from ..models import Account, Delegation
from ..permissions import account_of, delegation_policy, login_required
from ..services import delegations as services

CODE = "delegation_code"


@login_required
@never_cache
@require_safe
def delegations(request: HttpRequest) -> HttpResponse:
    """List who acts for me and for whom I act."""
    account = _resident(request)
    own = _own(account).select_related("principal", "resident", "delegate")
    context = {
        "given": [one for one in own if not _is_held(one, account)],
        "held": [one for one in own if _is_held(one, account)],
        "code": request.session.pop(CODE, None),
    }
    return render(request, "trust/identity/delegations.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """Ask somebody to act for me; shows the code to hand over, once."""
    account = _resident(request)
    form = DelegationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            _made, code = services.offer_delegation(
                actor=account,
                kind=DelegationKind(cleaned["kind"]),
                valid_from=cleaned["valid_from"],
                valid_until=cleaned["valid_until"],
                procedures=cleaned.get("procedures") or [],
                note=cleaned["note"],
            )
        except DelegationError as error:
            form.add_error("valid_until", str(error))
        else:
            request.session[CODE] = code
            return redirect("me:delegations")
    return render(request, "trust/identity/offer.html", {"form": form})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Take on a delegation with its code, after a look at what it is."""
    account = _resident(request)
    form = CodeForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        try:
            found = services.find_offer(code=form.cleaned_data["code"])
            delegation_policy.require(account, "accept", found)
            if "agree" in request.POST:
                taken = services.accept_delegation(actor=account, code=form.cleaned_data["code"])
                return _taken(request, taken)
        except DelegationError as error:
            form.add_error("code", str(error))
    return render(request, "trust/identity/accept.html", {"form": form, "found": found})


def _taken(request: HttpRequest, taken: Delegation) -> HttpResponse:
    if taken.status == DelegationStatus.WAITING:
        messages.info(request, _("引き受けました。証明書類を出していただき、職員が確かめると有効になります。"))
    else:
        messages.success(
            request, _("%(name)sさんの手続を、代わりにできるようになりました。") % {"name": taken.principal_name}
        )
    return redirect("me:delegation", taken.reference)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegation(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one delegation; hand in the paper it waits for."""
    account = _resident(request)
    found = get_object_or_404(_own(account), reference=reference)
    form = ProofForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["proof"]
        try:
            services.add_proof(delegation=found, actor=account, content=file, name=file.name)
        except (DelegationError, FileRefusedError) as error:
            form.add_error("proof", str(error))
        else:
            messages.success(request, _("書類を受け取りました。職員が確かめます。"))
            return redirect("me:delegation", reference)
    context = {"delegation": found, "is_held": _is_held(found, account), "form": form}
    return render(request, "trust/identity/delegation.html", context)


@login_required
@require_POST
def revoke(request: HttpRequest, reference: str) -> HttpResponse:
    """End a delegation at once."""
    account = _resident(request)
    found = get_object_or_404(_own(account), reference=reference)
    services.revoke_delegation(delegation=found, actor=account)
    messages.success(request, _("代理を取り消しました。今から、この代理では何もできません。"))
    return redirect("me:delegations")


def _resident(request: HttpRequest) -> Account:
    account = account_of(request)
    if account is None or not account.is_resident:
        raise Http404(_("住民のアカウントの画面です。"))
    return account


def _own(account: Account) -> QuerySet[Delegation]:
    return Delegation.objects.filter(Q(principal=account) | Q(delegate=account) | Q(resident__account=account))


def _is_held(one: Delegation, account: Account) -> bool:
    return one.delegate_id == account.pk
