"""Ways into an account: invitation, registration, a forgotten password; and the pages around them."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from madoguchi.trust.api import acting_for
from madoguchi.trust.enums import AccountKind, Role
from madoguchi.trust.models import Account

from .people import PASSWORD, event_keys, make_account, make_staff
from .signing_in import sign_in, who

pytestmark = pytest.mark.database


def test_an_invitation_link_leads_from_a_password_to_being_signed_in(visitor):
    administrator = make_staff("kanri", Role.ADMINISTRATOR)
    sign_in(visitor, administrator.login)
    answer = visitor.post(
        "/organisation/staff/invite/",
        {
            "login": "yamada",
            "name": "山田 花子",
            "email": "hanako@example.jp",
            "role": "section_staff",
            "from_date": "2026-04-01",
        },
    )
    link = re.search(r"/accounts/invitations/[\w-]+/", answer.content.decode())[0]
    assert link in mail.outbox[0].body
    assert "【小田原市】" in mail.outbox[0].subject
    newcomer = Client(headers={"host": "odawara.localhost"})
    assert "山田 花子" in newcomer.get(link).content.decode()
    weak = newcomer.post(link, {"password1": "password", "password2": "password"})
    assert "短すぎます" in weak.content.decode()
    good = {"password1": "とても長い合言葉、忘れない", "password2": "とても長い合言葉、忘れない"}
    assert newcomer.post(link, good)["Location"] == "/me/"
    assert who(newcomer) == "yamada"
    assert newcomer.get(link).status_code == 410


def test_a_resident_registers_by_mail_and_is_let_in_after_confirming(visitor):
    form = {"name": "市民 一郎", "email": "Ichiro@example.jp", "password1": PASSWORD, "password2": PASSWORD}
    visitor.post("/accounts/signup/", form)
    account = Account.objects.get(email="ichiro@example.jp")
    assert (account.kind, account.name) == (AccountKind.RESIDENT, "市民 一郎")
    assert "ichiro" not in account.username
    assert who(visitor) is None
    sign_in(visitor, "ichiro@example.jp")
    assert who(visitor) is None
    link = re.search(r"http://odawara\.localhost(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    visitor.post(link)
    sign_in(visitor, "ichiro@example.jp")
    assert who(visitor) == account.login
    assert "trust.account.registered" in event_keys()


def test_the_sign_up_page_does_not_tell_who_is_registered(visitor, oyama):
    make_account("shimin", kind=AccountKind.RESIDENT, email="ichiro@example.jp")
    form = {"name": "別人", "email": "ichiro@example.jp", "password1": PASSWORD, "password2": PASSWORD}
    answer = visitor.post("/accounts/signup/", form)
    assert answer["Location"] == "/accounts/confirm-email/"
    assert Account.objects.filter(email="ichiro@example.jp").count() == 1
    assert "すでに登録されています" in mail.outbox[0].body
    there = Client(headers={"host": "oyama.localhost"})
    there.post("/accounts/signup/", form)
    with acting_for(oyama):
        assert Account.objects.filter(email="ichiro@example.jp").count() == 1


def test_a_forgotten_password_is_set_anew_by_mail_and_only_here(visitor, oyama):
    account = make_account("sato", email="sato@example.jp")
    with acting_for(oyama):
        make_account("sato", email="sato@example.jp")
    visitor.post("/accounts/password/reset/", {"email": "sato@example.jp"})
    assert len(mail.outbox) == 1
    path = re.search(r"http://odawara\.localhost(/\S+)", mail.outbox[0].body)[1]
    page = visitor.get(path, follow=True)
    new = "まったく新しい長い合言葉です"
    visitor.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    account.refresh_from_db()
    assert account.check_password(new)
    assert "trust.account.password_changed" in event_keys()
    there = Client(headers={"host": "oyama.localhost"})
    assert sign_in(there, "sato", new).status_code == 200


def test_an_unknown_address_gets_a_mail_that_says_so(visitor):
    visitor.post("/accounts/password/reset/", {"email": "nobody@example.jp"})
    assert "登録されていません" in mail.outbox[0].body
    assert mail.outbox[0].to == ["nobody@example.jp"]


PAGES = [
    "/accounts/login/", "/accounts/signup/", "/accounts/inactive/", "/accounts/confirm-email/", "/accounts/password/reset/",
    "/accounts/password/reset/done/", "/accounts/password/reset/key/done/", "/accounts/password/reset/key/1-bad/",
    "/accounts/confirm-email/bad/", "/accounts/invitations/bad/",
]  # fmt: skip
OWN_PAGES = [
    "/me/", "/me/details/", "/me/sessions/", "/me/activity/", "/accounts/logout/", "/accounts/email/",
    "/accounts/password/change/", "/accounts/reauthenticate/", "/accounts/2fa/", "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_around_the_sign_in_is_shown_in_our_words(visitor, path):
    page = visitor.get(path).content.decode()
    assert 'lang="ja"' in page
    assert "サインインでお困りのとき" in page


@pytest.mark.parametrize("path", OWN_PAGES)
@pytest.mark.parametrize("kind", [AccountKind.STAFF, AccountKind.RESIDENT])
def test_a_page_of_ones_own_account_is_shown_in_the_shell_one_works_in(visitor, path, kind):
    make_account("sato", kind=kind, email="sato@example.jp" if kind == AccountKind.STAFF else "")
    sign_in(visitor, "sato")
    visitor.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert f'data-shell="{kind.value}"' in answer.content.decode()


def test_too_many_requests_are_answered_in_our_words(visitor, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    answers = [visitor.post("/accounts/signup/", {}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert "数分たってから" in answers[1].content.decode()
