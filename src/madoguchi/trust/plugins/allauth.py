"""django-allauth joined to the accounts: sign-in within a municipality, lock-out, second factor, and the events of all that."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import EmailVerificationStage
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from .. import services
from ..enums import AccountKind
from ..errors import SignInLockedError
from ..models import Account, current_municipality, username_of
from ..models.prepared import PreparedQuery
from ..selectors import accounts_with_email

__all__ = ["AccountAdapter", "MunicipalityBackend", "ResidentEmailStage", "SecondFactorAdapter", "display_name"]


def display_name(account: Account) -> str:
    """Return what an account is called on allauth's pages and in its mails."""
    return str(account)


_account = PreparedQuery(Account, lambda rows, pk: rows.filter(pk=pk))


class MunicipalityBackend(AuthenticationBackend):  # type: ignore[misc]
    """Finds the account of a login name or e-mail address in the municipality of the host, and in no other."""

    def get_user(self, user_id: Any) -> Account | None:
        """Return the account of a session, None where it may no longer act or belongs to another municipality."""
        account = _account.first(pk=int(user_id))
        return account if account is not None and self.user_can_authenticate(account) else None

    def _authenticate_by_username(self, username: str, password: str) -> Any:
        if "@" in username:
            found = (self._check_password(account, password) for account in accounts_with_email(username.strip())[:5])
            return next((account for account in found if account is not None), None)
        key = current_municipality().key
        login = username.strip().removeprefix(f"{key}/")
        return self._check_password(Account.objects.filter(username=username_of(key, login)).first(), password)


class ResidentEmailStage(EmailVerificationStage):  # type: ignore[misc]
    """Residents who signed up by e-mail confirm the address before they are let in; others were let in by the city."""

    def handle(self) -> Any:
        """Ask for the confirmation where the account, or a pretended one, is such a resident's."""
        account = self.login.user
        if account is not None and not (account.is_resident and account.email):
            return None, True
        return super().handle()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks about accounts, and tells when something happened to one."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _lazy(
            "ログイン名またはパスワードが違います。大文字と小文字の違いにご注意ください。"
        ),
        "incorrect_password": _lazy("パスワードが違います。"),
        "incorrect_code": _lazy("コードが違います。新しいコードを入力してください。"),
        "too_many_login_attempts": _lazy(
            "続けて失敗したため、しばらくお待ちください。15分たってからもう一度お試しください。"
        ),
        "rate_limited": _lazy(
            "短い間に何度も操作されたため、しばらくお待ちください。数分たってからもう一度お試しください。"
        ),
    }

    def get_login_stages(self) -> list[str]:
        """Return the steps of a sign-in, with our own e-mail confirmation."""
        theirs, ours = "allauth.account.stages.EmailVerificationStage", ResidentEmailStage
        path = f"{ours.__module__}.{ours.__qualname__}"
        return [path if stage == theirs else stage for stage in super().get_login_stages()]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Take one of the few guesses there are, or refuse while the account or address has to wait."""
        name = credentials.get("username", "")
        try:
            self._attempt = services.begin_sign_in(name=name, address=self.get_client_ip(request))
        except SignInLockedError as error:
            raise ValidationError(str(error), code="locked") from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Check a password; what was guessed wrongly is counted."""
        account = super().authenticate(request, **credentials)
        services.finish_sign_in(attempt=self._attempt, succeeded=account is not None)
        return account

    def pre_login(self, request: HttpRequest, user: Any, **hook: Any) -> HttpResponse | None:
        """Refuse stopped accounts, and machines, which use tokens."""
        if user.is_active and user.kind == AccountKind.MACHINE:
            services.note_sign_in_refused(account=user, reason="machine")
            refused: HttpResponse = self.respond_user_inactive(request, user)
            return refused
        if not user.is_active:
            services.note_sign_in_refused(account=user, reason="inactive")
        response: HttpResponse | None = super().pre_login(request, user, **hook)
        return response

    def post_login(self, request: HttpRequest, user: Any, **hook: Any) -> HttpResponse:
        """Write the sign-in and bind the session to the municipality."""
        request.session["municipality"] = user.municipality_id
        records = get_authentication_records(request, user)
        last = records[-1] if records else {}
        services.note_sign_in(account=user, method=last.get("type") or last.get("method") or "password")
        response: HttpResponse = super().post_login(request, user, **hook)
        return response

    def logout(self, request: HttpRequest) -> None:
        """Write the sign-out and end the session."""
        if isinstance(request.user, Account):
            services.note_sign_out(account=request.user)
        super().logout(request)

    def set_password(self, user: Any, password: str) -> None:
        """Set a password; it was checked against the policy before."""
        services.change_password(account=user, password=password)

    def new_user(self, request: HttpRequest) -> Account:
        """Return an account that belongs to the municipality of the host."""
        return Account(municipality=current_municipality(), kind=AccountKind.RESIDENT)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Account:
        """Register a resident with what the sign-up form holds."""
        data = form.cleaned_data
        user.name = data.get("name", "")
        return services.register_resident(account=user, email=data["email"], password=data["password1"])

    def format_email_subject(self, subject: str) -> str:
        """Begin subjects with the municipality, so that people know who writes."""
        return f"【{current_municipality().name}】{subject}"

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return how somebody can confirm who they are, in our words."""
        words = {
            "reauthenticate": _("パスワードで確認する"),
            "mfa_reauthenticate": _("認証アプリまたは復旧コードで確認する"),
            "mfa_reauthenticate:webauthn": _("パスキーで確認する"),
        }
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": words.get(method["id"], method["description"])} for method in methods]


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks about passkeys, authenticator apps and recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _lazy(
            "職員には二つ目の認証方法が必要です。先に別のパスキーか認証アプリを登録してから、これを削除してください。"
        ),
        "incorrect_code": _lazy("コードが違います。新しいコードを入力してください。"),
    }

    def get_totp_issuer(self) -> str:
        """Return the municipality's name, which authenticator apps show."""
        return str(current_municipality().name)

    def _get_site_name(self) -> str:
        return str(current_municipality().name)

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.email or user.login)

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        """Propose a name for a new passkey."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("パスキー") if count == 0 else _("パスキー%(n)s") % {"n": count + 1}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last second factor of staff where one is required."""
        if not settings.SECOND_FACTOR_REQUIRED or not authenticator.user.is_staff_member:
            return True
        if authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        factors = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=["totp", "webauthn"])
        return bool(factors.exclude(pk=authenticator.pk).exists())

    def encrypt(self, text: str) -> str:
        """Encrypt the secret of an authenticator app; the database alone does not give it away."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt what ``encrypt`` made, also with an older secret key."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac("madoguchi.trust.mfa", "key", secret=key, algorithm="sha256").digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


# These are allauth's only callbacks for authenticators; business code listens to no signals.
def _note_added(sender: Any, user: Any, authenticator: Authenticator, **more: Any) -> None:
    services.note_authenticator(account=user, kind=authenticator.type, added=True)


def _note_removed(sender: Any, user: Any, authenticator: Authenticator, **more: Any) -> None:
    services.note_authenticator(account=user, kind=authenticator.type, added=False)


def connect() -> None:
    """Listen to allauth; called once when the application starts."""
    authenticator_added.connect(_note_added, dispatch_uid="trust.authenticator_added")
    authenticator_reset.connect(_note_added, dispatch_uid="trust.authenticator_reset")
    authenticator_removed.connect(_note_removed, dispatch_uid="trust.authenticator_removed")
