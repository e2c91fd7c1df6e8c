"""Accounts of staff, residents and machines. An account belongs to one municipality and works on its hosts only."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django_scopes import get_scope

from ..enums import AccountKind
from .municipality import Municipality
from .scoping import OwnedManager


def username_of(municipality_key: str, login: str) -> str:
    """Return the installation-wide user name of a login name: two cities may both have a ``sato``."""
    return f"{municipality_key}/{login.strip().lower()}"


class AccountManager(OwnedManager["Account"], BaseUserManager["Account"]):
    """Creates accounts in the municipality in scope and finds them by login name."""

    def create_account(self, *, login: str, password: str | None = None, **fields: Any) -> Account:
        """Create an account in the municipality in scope; a password of None makes it unusable for password sign-in."""
        municipality: Municipality = get_scope()["municipality"]
        account: Account = self.model(
            municipality=municipality, login=login, username=username_of(municipality.key, login), **fields
        )
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
    """Somebody who can sign in: a member of staff, a resident, or a machine with a token."""

    municipality = models.ForeignKey(Municipality, verbose_name="自治体", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("種別", max_length=10, choices=AccountKind, default=AccountKind.RESIDENT)
    login = models.CharField("ログイン名", max_length=80)
    username = models.CharField("利用者名", max_length=130, unique=True)
    name = models.CharField("氏名", max_length=80)
    name_kana = models.CharField("氏名（カナ）", max_length=120, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    language = models.CharField("言語", max_length=10, blank=True)
    is_active = models.BooleanField("有効", default=True)
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
