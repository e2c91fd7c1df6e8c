"""Accounts of staff, residents and machines, the one-time links that open them, and failed sign-ins."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django_scopes import get_scope

from ..enums import AccountKind
from .municipality import Municipality
from .scoping import OwnedManager, OwnedModel

# No "@": what a person types at the sign-in is either a login name or an e-mail address, never perhaps both.
LOGIN_PATTERN = r"^[a-z0-9][a-z0-9._-]*$"


def username_of(municipality_key: str, login: str) -> str:
    """Return the installation-wide user name of a login name: two cities may both have a ``sato``."""
    return f"{municipality_key}/{login.strip().lower()}"


class AccountManager(OwnedManager["Account"], BaseUserManager["Account"]):
    """Creates accounts in the municipality in scope and finds them by login name."""

    def create_account(self, *, login: str, password: str | None = None, hashed: str = "", **fields: Any) -> Account:
        """
        Create an account in the municipality in scope; a password of None makes it unusable for password sign-in.

        ``hashed`` is a password that ``make_password`` has hashed, for many accounts that begin with the same one.
        """
        municipality: Municipality = get_scope()["municipality"]
        account: Account = self.model(
            municipality=municipality,
            login=login.strip().lower(),
            username=username_of(municipality.key, login),
            **fields,
        )
        if hashed:
            account.password = hashed
        else:
            account.set_password(password)
        account.full_clean(exclude=["password"])
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        """Find an account in scope by login name (``sato``) or full user name (``odawara/sato``)."""
        name = username or ""
        if "/" not in name and (municipality := get_scope().get("municipality")):
            name = username_of(municipality.key, name)
        return self.get(username=name)


class Account(AbstractBaseUser, PermissionsMixin):
    """
    Somebody who can sign in: a member of staff, a resident, or a machine with a token.

    An account belongs to one municipality and works on its hosts only. ``session_epoch`` is part of what a session is
    checked against: counting it up ends every session of the account at once, wherever it is stored.
    """

    municipality = models.ForeignKey(Municipality, verbose_name="自治体", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("種別", max_length=10, choices=AccountKind, default=AccountKind.RESIDENT)
    login = models.CharField(
        "ログイン名",
        max_length=80,
        validators=[RegexValidator(LOGIN_PATTERN, "英小文字と数字、「.」「_」「-」で入力してください。")],
    )
    username = models.CharField("利用者名", max_length=130, unique=True)
    name = models.CharField("氏名", max_length=80)
    name_kana = models.CharField("氏名（カナ）", max_length=120, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    language = models.CharField("言語", max_length=10, blank=True)
    is_active = models.BooleanField("有効", default=True)
    session_epoch = models.PositiveIntegerField("セッションの世代", default=0, editable=False)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = verbose_name_plural = "アカウント"
        ordering = ["login"]
        constraints = [models.UniqueConstraint(fields=["municipality", "login"], name="login_once_per_municipality")]

    def __str__(self) -> str:
        return self.name or self.login

    @property
    def is_staff_member(self) -> bool:
        """True for a member of staff (職員)."""
        return self.kind == AccountKind.STAFF

    @property
    def is_resident(self) -> bool:
        """True for a resident (住民)."""
        return self.kind == AccountKind.RESIDENT

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        value = f"{self.password}|{self.session_epoch}"
        return salted_hmac("madoguchi.trust.Account.session", value, secret=secret, algorithm="sha256").hexdigest()


class Invitation(OwnedModel):
    """
    A one-time link (招待) with which a person sets the password of an account.

    Only the SHA-256 of the link's token is kept. A link works until ``expires_at``, once, unless it was withdrawn.
    """

    account = models.ForeignKey(
        Account, verbose_name="アカウント", on_delete=models.CASCADE, related_name="invitations"
    )
    token_digest = models.CharField("リンクのダイジェスト", max_length=64, unique=True)
    created_by = models.ForeignKey(
        Account, verbose_name="発行者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("発行日時")
    expires_at = models.DateTimeField("有効期限")
    used_at = models.DateTimeField("使用日時", null=True, blank=True)
    withdrawn_at = models.DateTimeField("取消日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "招待"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.account}（{self.expires_at:%Y-%m-%d}まで）"


class SignInFailure(OwnedModel):
    """
    A sign-in that failed, kept to lock out those who guess.

    ``name_digest`` is the keyed digest of what was typed, so that guessing at unknown names is slowed down too without
    keeping the names.
    """

    account = models.ForeignKey(
        Account, verbose_name="アカウント", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    name_digest = models.CharField("入力された名前のダイジェスト", max_length=64)
    address = models.GenericIPAddressField("IPアドレス", null=True, blank=True)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "サインインの失敗"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["municipality", "name_digest", "at"], name="sign_in_failure_by_name"),
            models.Index(fields=["municipality", "address", "at"], name="sign_in_failure_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
