"""Hearing of topics by mail without an account, and managing it by a link."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.trust.api import account_of

from ...enums import EndpointStatus
from ...forms.preferences import AddressForm
from ...models import Recipient
from ...registry import channels
from ...rules.tokens import TokenError
from ...selectors.preferences import masked, topics_offered
from ...services.guests import ask_as_guest, guest_of, join_guest
from ...services.recipients import recipient_of
from .frame import crumbs, language_of, let_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest(request: HttpRequest) -> HttpResponse:
    """Ask for an address and topics; what is answered is the same whether the address is known or not."""
    topics = topics_offered(None, language_of(request))
    codes = [code for code in request.POST.getlist("topics") if any(topic["code"] == code for topic in topics)]
    form = AddressForm("email", request.POST or None)
    found = channels.find("email")
    is_ready = found is not None and found.is_ready()
    problem = ""
    if request.method == "POST" and is_ready:
        problem = "" if codes else _("知りたい分野を1つ以上選んでください。")
        if form.is_valid() and not problem:
            ask_as_guest(
                address=form.cleaned_data["address"],
                codes=codes,
                language=language_of(request),
                asked_from=request.META.get("REMOTE_ADDR", ""),
            )
            return redirect("preferences:guest_sent")
    context = {
        "breadcrumbs": crumbs(_("メールだけで受け取る")),
        "form": form,
        "topics": topics,
        "chosen": codes,
        "problem": problem,
        "is_ready": is_ready,
    }
    is_wrong = bool(problem or form.errors)
    return render(request, "messaging/preferences/guest.html", context, status=422 if is_wrong else 200)


@require_safe
def guest_sent(request: HttpRequest) -> HttpResponse:
    """Say what happens next."""
    return render(request, "messaging/preferences/guest_sent.html", {"breadcrumbs": crumbs(_("メールを送りました"))})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest_manage(request: HttpRequest, token: str) -> HttpResponse:
    """
    Let the holder of a link manage what they get; somebody signed in is asked whether to make it theirs.

    It is asked with the address in sight: a stranger's link must not bring a stranger's address into one's account.
    """
    try:
        found = guest_of(token)
    except (TokenError, Recipient.DoesNotExist):
        problem = _("このリンクは期限が切れたか、すでに終了しています。もう一度メールアドレスを入力してください。")
        context = {"problem": problem, "breadcrumbs": crumbs()}
        return render(request, "messaging/preferences/refused.html", context, status=410)
    account = account_of(request)
    if found.account_id is not None or found.resident_id is not None:
        return redirect("preferences:index")
    if account is None:
        let_in(request, found)
        return redirect("preferences:index")
    if request.method != "POST":
        active = found.endpoints.filter(status=EndpointStatus.ACTIVE)
        context = {"addresses": [masked(one) for one in active], "breadcrumbs": crumbs(_("設定をまとめる"))}
        return render(request, "messaging/preferences/join.html", context)
    join_guest(kept=recipient_of(account=account), guest=found, actor=account)
    messages.success(request, _("メールだけで受け取っていた設定を、このアカウントにまとめました。"))
    return redirect("preferences:index")
