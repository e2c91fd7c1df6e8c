"""Pages of somebody's own account: accepting an invitation, passkeys, details, sessions, activity."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import services
from ..errors import InvitationError
from ..events import event_types
from ..forms import MyDetailsForm, NewPasswordForm
from ..models import Account, Event
from ..permissions import account_of, login_required
from ..rules.devices import describe_device
from ..selectors import current_duties, demonstration_sign_ins, has_second_factor, needs_second_factor, sessions_of
from ..selectors.identity import offered_providers, start_path
from ..services.identity import safe_path

ACTIVITY_PER_PAGE = 50


class SignInView(LoginView):  # type: ignore[misc]
    """Sign in with login name and password, or with a passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add why the last session ended, and in a demonstration the sign-ins it offers."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["ended"] = self.request.session.pop("ended", "")
        target = safe_path(self.request.GET.get("next", ""))
        context["identity_ways"] = [
            {"label": _(provider.label), "url": start_path(provider.key, target)} for provider in offered_providers()
        ]
        context["demonstration_sign_ins"] = demonstration_sign_ins()
        context["demonstration_password"] = settings.DEMONSTRATION_PASSWORD
        return context


class AddPasskeyView(AddWebAuthnView):  # type: ignore[misc]
    """Registers a passkey that the device keeps and unlocks with a finger, face or PIN, so that it can sign in alone."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offer creation options that ask the device to keep the key and to verify its user."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["js_data"] = {"creation_options": webauthn.begin_registration(self.request.user, True)}
        return context


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of a one-time link set the password, and sign the holder in."""
    try:
        invitation = services.find_invitation(token=token)
        form = NewPasswordForm(request.POST or None, account=invitation.account)
        if request.method == "POST" and form.is_valid():
            account = services.accept_invitation(token=token, password=form.cleaned_data["password1"])
            return _first_sign_in(request, account)
    except InvitationError as error:
        return render(request, "trust/invitation_refused.html", {"reason": str(error)}, status=410)
    return render(request, "trust/invitation.html", {"form": form, "invitation": invitation})


def _first_sign_in(request: HttpRequest, account: Account) -> HttpResponse:
    messages.success(request, _("パスワードを設定しました。次からは、このパスワードでサインインしてください。"))
    response: HttpResponse = perform_login(
        request, account, email_verification="none", redirect_url=reverse("me:index")
    )
    return response


@require_safe
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Show one's own account: who one is here, which duties one holds, how one signs in."""
    account = _me(request)
    context = {
        "duties": current_duties(account).select_related("unit"),
        "passkeys": Authenticator.objects.filter(user_id=account.pk, type="webauthn").count(),
        "has_app": Authenticator.objects.filter(user_id=account.pk, type="totp").exists(),
        "has_second_factor": has_second_factor(account),
        "needs_second_factor": needs_second_factor(account),
        "session_count": len(sessions_of(account)),
        "events": [_line(event) for event in _own_events(account)[:5]],
    }
    return render(request, "trust/me.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def my_details(request: HttpRequest) -> HttpResponse:
    """Change one's own name, reading and language."""
    account = _me(request)
    initial = {"name": account.name, "name_kana": account.name_kana, "language": account.language}
    form = MyDetailsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_account(account=account, actor=account, fields=form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("変更しました。"))
            return _speaking(redirect("me:index"), account.language)
    return render(request, "trust/my_details.html", {"form": form})


@require_safe
@login_required
def my_sessions(request: HttpRequest) -> HttpResponse:
    """List the devices on which one is signed in."""
    current = request.session.session_key
    rows = [
        {
            "id": session.pk,
            "device": _device(session.user_agent),
            "address": session.ip,
            "since": session.created_at,
            "used": session.last_seen_at,
            "current": session.session_key == current,
        }
        for session in sessions_of(_me(request))
    ]
    return render(request, "trust/my_sessions.html", {"sessions": rows})


@require_POST
@login_required
def end_my_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one device out."""
    account = _me(request)
    if not services.end_session(account=account, session_id=pk, actor=account):
        raise Http404
    messages.success(request, _("その端末をサインアウトしました。"))
    return redirect("me:sessions")


@require_POST
@login_required
def end_my_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign all other devices out."""
    ended = services.end_other_sessions(account=_me(request), current_key=request.session.session_key)
    messages.success(request, _("ほかの%(n)s台の端末をサインアウトしました。") % {"n": ended})
    return redirect("me:sessions")


@require_safe
@login_required
def my_activity(request: HttpRequest) -> HttpResponse:
    """List what one did, and what was done to one's account."""
    page = Paginator(_own_events(_me(request)), ACTIVITY_PER_PAGE).get_page(request.GET.get("page"))
    lines = [_line(event) for event in page.object_list]
    return render(request, "trust/my_activity.html", {"page": page, "events": lines})


def _speaking(response: HttpResponse, language: str) -> HttpResponse:
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            httponly=True,
        )
    return response


def _device(user_agent: str) -> str:
    system, browser = describe_device(user_agent)
    if system and browser:
        return _("%(system)sの%(browser)s") % {"system": system, "browser": browser}
    return system or browser or _("不明な端末")


def _me(request: HttpRequest) -> Account:
    account = account_of(request)
    if account is None:  # the decorator has seen to it
        raise Http404
    return account


def _own_events(account: Account) -> Any:
    about = Q(subject_type=Account._meta.label_lower, subject_id=str(account.pk))
    return Event.objects.filter(Q(actor=account) | about).order_by("-id")


def _line(event: Event) -> dict[str, Any]:
    kind = event_types.find(event.key)
    return {"at": event.at, "label": _(kind.label) if kind else event.key, "refusal": bool(kind and kind.is_refusal)}
