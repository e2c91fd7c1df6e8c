"""What stands around every request of a signed-in account: idle sessions, the second factor, refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, account_of, needs_second_factor, note_session_use, record_refusal
from madoguchi.trust.errors import RefusedError

Handler = Callable[[HttpRequest], HttpResponse]

SEEN = "seen"
ENROLLED = "second_factor"


class SessionLimitMiddleware:
    """End a session nobody used for hours, and note about every five minutes that one is used."""

    NOTE_AFTER = timedelta(minutes=5).total_seconds()

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign out what was idle for too long; otherwise remember the use."""
        account = account_of(request)
        if account is not None:
            now = int(clock.now().timestamp())
            seen = request.session.get(SEEN, now)
            if now - seen > settings.SESSION_IDLE_HOURS[account.kind] * 3600:
                logout(request)
                request.session["ended"] = "idle"
            elif SEEN not in request.session or now - seen > self.NOTE_AFTER:
                self._note(request, account, now)
        return self.get_response(request)

    def _note(self, request: HttpRequest, account: Account, now: int) -> None:
        request.session[SEEN] = now
        if request.session.session_key:
            note_session_use(
                account=account,
                session_key=request.session.session_key,
                address=get_adapter().get_client_ip(request),
                user_agent=request.headers.get("User-Agent", ""),
            )


class SecondFactorMiddleware:
    """Lead staff without a second factor to the page where they enrol one, before anything else."""

    ALWAYS_OPEN = ("/accounts/", "/static/", "/i18n/")

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Redirect where a second factor is missing; the answer "there is one" is kept in the session."""
        account = account_of(request) if settings.SECOND_FACTOR_REQUIRED else None
        if account is not None and self._is_missing(request, account):
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)

    def _is_missing(self, request: HttpRequest, account: Account) -> bool:
        if request.session.get(ENROLLED) or request.path.startswith(self.ALWAYS_OPEN):
            return False
        if needs_second_factor(account):
            messages.warning(request, _("業務を始める前に、パスキーまたは認証アプリを登録してください。"))
            return True
        request.session[ENROLLED] = True
        return False


class RefusalMiddleware:
    """Write the event of a refusal that a view or service raised; Django then answers with the 403 page."""

    def __init__(self, get_response: Handler) -> None:
        """Keep the next handler."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Record a ``RefusedError``; everything it interrupted has been rolled back by now."""
        if isinstance(exception, RefusedError):
            record_refusal(error=exception, actor=account_of(request))
