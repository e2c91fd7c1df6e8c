"""What the tests of signing in share: a browser at the city's address, and the steps of a person."""

from __future__ import annotations

import re

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from madoguchi.trust.models import Account

from .people import PASSWORD

LOGIN = "/accounts/login/"


def sign_in(visitor: Client, login: str, password: str = PASSWORD, **kwargs):
    return visitor.post(LOGIN, {"login": login, "password": password}, **kwargs)


def who(visitor: Client) -> str | None:
    if visitor.get("/me/").status_code != 200:
        return None
    return Account.objects.get(pk=visitor.session["_auth_user_id"]).login


def code_of(secret: str) -> str:
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def enrol_app(visitor: Client) -> str:
    """Confirm the password, register an authenticator app and return its secret."""
    visitor.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = visitor.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="totp-secret">([A-Z2-7]+)<', page)[1]
    visitor.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    return secret


def unused_code(secret: str) -> str:
    """The code of the next interval: the present one was used to enrol and is refused a second time."""
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[-1]))
