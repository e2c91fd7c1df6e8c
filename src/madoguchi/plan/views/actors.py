"""The signed-in person behind a request."""

from __future__ import annotations

from django.http import HttpRequest

from madoguchi.trust.api import Account, account_of
from madoguchi.trust.errors import RefusedError


def actor_of(request: HttpRequest) -> Account:
    """Return the signed-in account; raises ``RefusedError`` for a visitor, whom the view's guard should have met."""
    account = account_of(request)
    if account is None:
        raise RefusedError("サインインしてから操作してください。")
    return account
