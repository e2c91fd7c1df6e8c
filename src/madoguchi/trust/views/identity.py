"""Going to an identity provider and coming back: sign-in, linking, confirming, signing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ..enums import IdentityPurpose, MatchStatus, SignatureStatus
from ..errors import IdentityRefusedError
from ..models import Account, DocumentSignature, IdentityAttempt, IdentityLink, municipality_in_scope
from ..permissions import account_of, login_required
from ..plugins.oidc import public_jwks
from ..registry import IdentityProvider, identity_providers
from ..rules.identity import Vouched
from ..selectors.identity import SESSION_KEY, match_of, offered_providers, start_path
from ..services import identity as services
from .attributes import rows_of

BROWSER, ATTEMPT = "identity_browser", "identity_attempt"

_STATUS = {"cancelled": 200, "provider_unavailable": 503}
"""Statuses of refusals that are not the fault of what was sent."""


@never_cache
@require_safe
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Send a visitor to a provider; who is signed in comes back with the session strengthened."""
    provider = _provider(key)
    account = account_of(request)
    try:
        begun = services.begin_attempt(
            provider=provider,
            account=account,
            browser_secret=_browser_secret(request),
            redirect_uri=_callback(request, provider),
            next_path=request.GET.get("next", ""),
            address=request.META.get("REMOTE_ADDR") or None,
            is_renewal=account is not None and _is_linked(account, provider),
        )
    except IdentityRefusedError as error:
        return _refused(request, error, provider)
    return HttpResponseRedirect(begun.address)


@never_cache
@require_safe
def callback(request: HttpRequest, key: str) -> HttpResponse:
    """Take in what the browser brought back from a provider, once."""
    provider = _provider(key)
    attempt = None
    try:
        answer = _answer(request)
        secret = str(request.session.get(BROWSER, ""))
        attempt = services.claim_attempt(provider=provider, state=answer.get("state", ""), browser_secret=secret)
        account = account_of(request)
        if (account.pk if account else None) != attempt.account_id:
            raise services.refused("other_browser")
        visit = services.visit_of(
            attempt=attempt,
            state=answer["state"],
            browser_secret=secret,
            redirect_uri=_callback(request, provider),
        )
        if attempt.signature is not None:
            digest = bytes.fromhex(attempt.signature.digest)
            vouched, signed = provider.finish_signature(visit, answer, digest)
            signature = services.keep_signature(attempt=attempt, vouched=vouched, signed=signed)
            return _signed(request, signature, vouched)
        settled = services.settle(attempt=attempt, vouched=provider.finish(visit, answer))
    except IdentityRefusedError as error:
        return _refused(request, error, provider, attempt)
    if settled.account is None:
        request.session[ATTEMPT] = attempt.pk
        return redirect("identity:received")
    return _go_on(request, settled.account, settled.vouched, attempt.next_path)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def received(request: HttpRequest) -> HttpResponse:
    """Show what was received, before anything is kept; then link it or register a new account with it."""
    known: dict[str, Any] = {
        "attempt_id": int(request.session.get(ATTEMPT, 0)),
        "browser_secret": str(request.session.get(BROWSER, "")),
    }
    try:
        attempt = services.find_received(**known)
        provider = _provider(attempt.provider)
        if request.method == "POST":
            return _decided(request, attempt, known)
        vouched = services.received_of(attempt)
    except IdentityRefusedError as error:
        return _refused(request, error, None)
    context = {
        "rows": rows_of(vouched.attributes),
        "provider_label": _(provider.label),
        "is_new": attempt.account_id is None,
        "is_strong": vouched.level != "account",
    }
    return render(request, "trust/identity/received.html", context)


def _decided(request: HttpRequest, attempt: IdentityAttempt, known: dict[str, Any]) -> HttpResponse:
    if request.POST.get("answer") != "yes":
        services.discard_received(**known)
        request.session.pop(ATTEMPT, None)
        messages.info(request, _("中止しました。受け取った内容は消しました。"))
        return redirect("me:identity" if account_of(request) else "account_login")
    settled = services.confirm_received(**known, actor=account_of(request))
    request.session.pop(ATTEMPT, None)
    if settled.account is None:
        raise Http404
    return _go_on(request, settled.account, settled.vouched, attempt.next_path)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def signature(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what is to be signed, and lead to the provider where it is signed."""
    account = account_of(request)
    asked = DocumentSignature.objects.filter(reference=reference, account=account).first()
    if asked is None or account is None:
        raise Http404(_("この署名の依頼はありません。"))
    if asked.status == SignatureStatus.SIGNED:
        return redirect(asked.next_path or "me:index")
    if request.method == "POST":
        return _sign(request, account, asked)
    here = reverse("identity:signature", args=[reference])
    ways = [
        {
            "key": provider.key,
            "label": _(provider.label),
            "first": "" if _is_linked(account, provider) else start_path(provider.key, here),
        }
        for provider in offered_providers(signs=True)
    ]
    return render(request, "trust/identity/signature.html", {"signature": asked, "ways": ways})


def _sign(request: HttpRequest, account: Account, asked: DocumentSignature) -> HttpResponse:
    provider = _provider(request.POST.get("provider", ""))
    try:
        services.announce_signature(signature=asked, provider=provider)
        begun = services.begin_attempt(
            provider=provider,
            account=account,
            browser_secret=_browser_secret(request),
            redirect_uri=_callback(request, provider),
            next_path=asked.next_path,
            address=request.META.get("REMOTE_ADDR") or None,
            signature=asked,
        )
    except IdentityRefusedError as error:
        return _refused(request, error, provider, is_signature=True)
    return HttpResponseRedirect(begun.address)


@require_safe
@cache_control(public=True, max_age=300)
def jwks(request: HttpRequest) -> JsonResponse:
    """Hand out the public keys with which providers check our assertions and encrypt for us."""
    return JsonResponse(public_jwks())


def _provider(key: str) -> IdentityProvider:
    found = identity_providers.find(key)
    if found is None or not found.is_offered_by(municipality_in_scope()):
        raise Http404(_("この本人確認の手段は使えません。"))
    return found


def _is_linked(account: Account, provider: IdentityProvider) -> bool:
    return IdentityLink.objects.filter(account=account, provider=provider.key).exists()


def _browser_secret(request: HttpRequest) -> str:
    if BROWSER not in request.session:
        request.session[BROWSER] = services.new_browser_secret()
    return str(request.session[BROWSER])


def _callback(request: HttpRequest, provider: IdentityProvider) -> str:
    return request.build_absolute_uri(reverse("identity:callback", args=[provider.key]))


def _answer(request: HttpRequest) -> Mapping[str, str]:
    """Return the parameters the browser brought; a parameter given twice is no answer of any provider."""
    if any(len(values) > 1 for _name, values in request.GET.lists()):
        raise services.refused("bad_answer", detail="repeated parameter")
    return request.GET.dict()


def _go_on(request: HttpRequest, account: Account, vouched: Vouched, next_path: str) -> HttpResponse:
    target = next_path or reverse("me:identity")
    _tell_match(request, account)
    if account_of(request) is not None:
        _strengthen(request, account, vouched)
        messages.success(request, _("本人確認ができました。"))
        return redirect(target)
    _strengthen(request, account, vouched)
    record_authentication(request, account, "identity", provider=vouched.provider)
    response: HttpResponse = perform_login(request, account, email_verification="none", redirect_url=target)
    return response


def _strengthen(request: HttpRequest, account: Account, vouched: Vouched) -> None:
    request.session[SESSION_KEY] = {
        "account": account.pk,
        "provider": vouched.provider,
        "acr": vouched.acr,
        "level": str(vouched.level),
        "audience": vouched.audience,
        "at": vouched.authenticated_at.isoformat(),
    }


def _tell_match(request: HttpRequest, account: Account) -> None:
    match = match_of(account)
    if match is not None and match.status == MatchStatus.WAITING:
        messages.info(
            request,
            _("受け取った内容と市の登録に違いがあるため、職員が確かめます。それまでも手続はできます。"),
        )


def _signed(request: HttpRequest, signature: DocumentSignature, vouched: Vouched) -> HttpResponse:
    _strengthen(request, signature.account, vouched)
    messages.success(request, _("電子署名を確かめました。"))
    return redirect(signature.next_path or "me:index")


def _refused(
    request: HttpRequest,
    error: IdentityRefusedError,
    provider: IdentityProvider | None,
    attempt: IdentityAttempt | None = None,
    *,
    is_signature: bool = False,
) -> HttpResponse:
    """Write the refusal and say what happened and what to do."""
    is_signature = is_signature or (attempt is not None and attempt.purpose == IdentityPurpose.SIGN)
    services.record_identity_refusal(
        error=error,
        provider=provider.key if provider else "",
        account=account_of(request),
        is_signature=is_signature,
    )
    happened, advice = services.words_of(error.reason)
    context = {
        "happened": happened,
        "advice": advice,
        "reason": error.reason,
        "is_signature": is_signature,
        "again": _again(attempt, provider),
    }
    return render(request, "trust/identity/refused.html", context, status=_STATUS.get(error.reason, 400))


def _again(attempt: IdentityAttempt | None, provider: IdentityProvider | None) -> str:
    if attempt is not None and attempt.signature is not None:
        return reverse("identity:signature", args=[attempt.signature.reference])
    if provider is None:
        return ""
    return start_path(provider.key, attempt.next_path if attempt is not None else "")
