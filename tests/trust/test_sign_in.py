"""Signing in through the real pages: by password, with a code, after failures, and only in one's own city."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from madoguchi.kit import clock
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import acting_for, sign_in_locks, unlock
from madoguchi.trust.enums import AccountKind, Role
from madoguchi.trust.errors import SignInLockedError
from madoguchi.trust.models import Account, SignInFailure
from madoguchi.trust.services import begin_sign_in

from .people import PASSWORD, event_keys, events_of, make_account, make_staff

pytestmark = pytest.mark.database

LOGIN = "/accounts/login/"


@pytest.fixture
def browser(odawara) -> Client:
    return Client(headers={"host": "odawara.localhost"})


def sign_in(browser: Client, login: str, password: str = PASSWORD, **kwargs):
    return browser.post(LOGIN, {"login": login, "password": password}, **kwargs)


def who(browser: Client) -> str | None:
    if browser.get("/me/").status_code != 200:
        return None
    return Account.objects.get(pk=browser.session["_auth_user_id"]).login


def code_of(secret: str) -> str:
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2]))


def enrol_app(browser: Client) -> str:
    """Confirm the password, register an authenticator app and return its secret."""
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = browser.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="totp-secret">([A-Z2-7]+)<', page)[1]
    browser.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    return secret


@pytest.mark.parametrize("typed", ["sato", " SATO ", "odawara/sato", "sato@example.jp"])
def test_a_login_name_or_an_address_signs_in(browser, typed):
    make_account("sato", email="sato@example.jp")
    assert sign_in(browser, typed).status_code == 302
    assert who(browser) == "sato"
    assert events_of("trust.account.signed_in")[0].data == {"method": "password"}


def test_the_page_says_what_was_wrong_without_saying_which(browser):
    make_account("sato")
    answers = [sign_in(browser, login, "wrong").content.decode() for login in ("sato", "nobody")]
    for answer in answers:
        assert "ログイン名またはパスワードが違います" in answer
    assert who(browser) is None
    assert [event.data for event in events_of("trust.account.sign_in_refused")] == [{"reason": "password"}] * 2


def test_an_account_of_another_city_can_never_sign_in_here(browser, oyama):
    with acting_for(oyama):
        make_account("yamada", email="yamada@example.jp")
    for typed in ("yamada", "oyama/yamada", "yamada@example.jp"):
        assert sign_in(browser, typed).status_code == 200
    assert who(browser) is None
    there = Client(headers={"host": "oyama.localhost"})
    assert sign_in(there, "yamada").status_code == 302


def test_next_leads_back_but_not_to_another_site(browser):
    make_account("sato")
    answer = browser.post(f"{LOGIN}?next=/me/details/", {"login": "sato", "password": PASSWORD})
    assert answer["Location"] == "/me/details/"
    browser.post("/accounts/logout/")
    answer = browser.post(f"{LOGIN}?next=https://example.com/", {"login": "sato", "password": PASSWORD})
    assert answer["Location"] == "/"


def test_five_failures_lock_the_account_and_say_how_long_and_whom_to_call(browser):
    make_account("sato")
    for _ in range(5):
        sign_in(browser, "sato", "wrong")
    answer = sign_in(browser, "sato").content.decode()
    until = clock.local(SignInFailure.objects.latest("at").at + timedelta(minutes=15))
    assert f"{until:%H:%M}まで" in answer
    assert "0465-33-1300" in answer
    assert who(browser) is None
    assert events_of("trust.account.sign_in_refused")[-1].data == {"reason": "locked"}


def test_the_lock_holds_in_every_browser_under_either_name_and_not_for_others(browser):
    make_account("sato", email="sato@example.jp")
    make_account("suzuki")
    for n in range(5):
        sign_in(browser, ("sato", "sato@example.jp")[n % 2], "wrong", REMOTE_ADDR=f"198.51.100.{n}")
    other = Client(headers={"host": "odawara.localhost"}, REMOTE_ADDR="203.0.113.9")
    assert sign_in(other, "sato").status_code == 200
    assert sign_in(other, "sato@example.jp").status_code == 200
    assert sign_in(other, "suzuki").status_code == 302


def test_guessing_at_unknown_names_is_slowed_down_too(browser):
    for _ in range(6):
        answer = sign_in(browser, "nobody", "wrong")
    assert "続けて失敗したため" in answer.content.decode()
    assert SignInFailure.objects.count() == 5
    assert "nobody" not in str(SignInFailure.objects.values())


def test_an_address_that_tries_many_names_is_locked_for_all(browser, settings):
    settings.SIGN_IN_LIMITS = {"account": 5, "address": 8, "minutes": 15}
    make_account("sato")
    for n in range(8):
        sign_in(browser, f"name{n}", "wrong")
    assert sign_in(browser, "sato").status_code == 200
    assert [lock.address for lock in sign_in_locks()] == ["127.0.0.1"]
    elsewhere = Client(headers={"host": "odawara.localhost"}, REMOTE_ADDR="203.0.113.9")
    assert sign_in(elsewhere, "sato").status_code == 302


def test_the_lock_passes_and_waiting_attempts_do_not_prolong_it(browser):
    make_account("sato")
    now = clock.now()
    with clock.frozen(now):
        for _ in range(5):
            sign_in(browser, "sato", "wrong")
    with clock.frozen(now + timedelta(minutes=14, seconds=59)):
        assert sign_in(browser, "sato").status_code == 200
    with clock.frozen(now + timedelta(minutes=15)):
        assert sign_in(browser, "sato").status_code == 302


def test_a_right_password_forgives_the_failures_before_it(browser):
    make_account("sato")
    for _ in range(2):
        for _ in range(4):
            sign_in(browser, "sato", "wrong")
        assert sign_in(browser, "sato").status_code == 302
        browser.post("/accounts/logout/")


def test_an_administrator_lifts_the_lock_and_others_cannot(browser):
    account, administrator = make_account("sato"), make_staff("kanri", Role.ADMINISTRATOR)
    for _ in range(5):
        sign_in(browser, "sato", "wrong")
    chief = Client(headers={"host": "odawara.localhost"})
    sign_in(chief, make_staff("kacho", Role.SECTION_CHIEF).login)
    assert chief.post(reverse("organisation:act", args=[account.pk, "unlock"])).status_code == 403
    assert SignInFailure.objects.count() == 5
    unlock(actor=administrator, account=account)
    assert sign_in(browser, "sato").status_code == 302
    assert [event.actor for event in events_of("trust.account.unlocked")] == [administrator]


def test_confirming_the_password_counts_against_the_same_lock(browser):
    make_account("sato")
    sign_in(browser, "sato")
    for _ in range(5):
        browser.post("/accounts/reauthenticate/", {"password": "wrong"})
    answer = browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "続けて失敗したため" in answer.content.decode()


def test_signing_out_takes_a_post(browser):
    make_account("sato")
    sign_in(browser, "sato")
    assert "サインアウトする" in browser.get("/accounts/logout/").content.decode()
    assert who(browser) == "sato"
    browser.post("/accounts/logout/")
    assert who(browser) is None
    assert event_keys()[-1] == "trust.account.signed_out"


@pytest.mark.parametrize("fields", [{"is_active": False}, {"kind": AccountKind.MACHINE}])
def test_stopped_accounts_and_machines_are_refused(browser, fields):
    make_account("sato", **fields)
    answer = sign_in(browser, "sato", follow=True).content.decode()
    assert "このアカウントは使えません" in answer
    assert who(browser) is None
    assert len(events_of("trust.account.sign_in_refused")) == 1


@pytest.mark.django_db(transaction=True)
def test_after_registering_an_app_its_code_is_asked_for(browser):
    account = make_account("sato")
    sign_in(browser, "sato")
    secret = enrol_app(browser)
    stored = Authenticator.objects.get(user=account, type="totp")
    assert secret not in str(stored.data)
    browser.post("/accounts/logout/")
    assert sign_in(browser, "sato")["Location"] == "/accounts/2fa/authenticate/"
    assert who(browser) is None
    assert "コードが違います" in browser.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    browser.post("/accounts/2fa/authenticate/", {"code": unused_code(secret)})
    assert who(browser) == "sato"
    assert events_of("trust.account.signed_in")[-1].data == {"method": "totp"}
    assert [event.data["type"] for event in events_of("trust.authenticator.added")] == ["totp", "recovery_codes"]


def unused_code(secret: str) -> str:
    """The code of the next interval: the present one was used to enrol and is refused a second time."""
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[-1]))


def test_a_recovery_code_works_once(browser):
    make_account("sato")
    sign_in(browser, "sato")
    enrol_app(browser)
    code = re.findall(r"\b\d{8}\b", browser.get("/accounts/2fa/recovery-codes/download/").content.decode())[0]
    for worked in (True, False):
        browser.post("/accounts/logout/")
        sign_in(browser, "sato")
        browser.post("/accounts/2fa/authenticate/", {"code": code})
        assert (who(browser) == "sato") is worked


def test_guessing_codes_is_stopped(browser):
    make_account("sato")
    sign_in(browser, "sato")
    secret = enrol_app(browser)
    browser.post("/accounts/logout/")
    sign_in(browser, "sato")
    for _ in range(5):
        browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    answer = browser.post("/accounts/2fa/authenticate/", {"code": unused_code(secret)})
    assert "続けて失敗したため" in answer.content.decode()
    assert who(browser) is None


def test_the_demonstration_asks_no_second_factor_but_an_office_does(browser, settings):
    make_staff("kacho", Role.SECTION_CHIEF)
    sign_in(browser, "kacho")
    assert browser.get("/organisation/").status_code == 200
    settings.SECOND_FACTOR_REQUIRED = True
    for path in ("/organisation/", "/me/", "/organisation/units/"):
        assert browser.get(path)["Location"] == "/accounts/2fa/"
    assert "業務を始める前に" in browser.get("/accounts/2fa/").content.decode()
    enrol_app(browser)
    assert browser.get("/organisation/").status_code == 200


def test_residents_need_no_second_factor(browser, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    make_account("shimin", kind=AccountKind.RESIDENT)
    sign_in(browser, "shimin")
    assert who(browser) == "shimin"


def test_the_last_second_factor_of_staff_stays_where_one_is_required(browser, settings):
    account = make_staff("kacho", Role.SECTION_CHIEF)
    sign_in(browser, "kacho")
    enrol_app(browser)
    settings.SECOND_FACTOR_REQUIRED = True
    answer = browser.post("/accounts/2fa/totp/deactivate/")
    assert "職員には二つ目の認証方法が必要です" in answer.content.decode()
    assert Authenticator.objects.filter(user=account, type="totp").exists()
    settings.SECOND_FACTOR_REQUIRED = False
    browser.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=account).exists()


def test_an_invitation_link_leads_from_a_password_to_being_signed_in(browser):
    administrator = make_staff("kanri", Role.ADMINISTRATOR)
    sign_in(browser, administrator.login)
    answer = browser.post(
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


def test_a_resident_registers_by_mail_and_is_let_in_after_confirming(browser):
    form = {"name": "市民 一郎", "email": "Ichiro@example.jp", "password1": PASSWORD, "password2": PASSWORD}
    browser.post("/accounts/signup/", form)
    account = Account.objects.get(email="ichiro@example.jp")
    assert (account.kind, account.name) == (AccountKind.RESIDENT, "市民 一郎")
    assert "ichiro" not in account.username
    assert who(browser) is None
    sign_in(browser, "ichiro@example.jp")
    assert who(browser) is None
    link = re.search(r"http://odawara\.localhost(/accounts/confirm-email/\S+)", mail.outbox[0].body)[1]
    browser.post(link)
    sign_in(browser, "ichiro@example.jp")
    assert who(browser) == account.login
    assert "trust.account.registered" in event_keys()


def test_the_sign_up_page_does_not_tell_who_is_registered(browser, oyama):
    make_account("shimin", kind=AccountKind.RESIDENT, email="ichiro@example.jp")
    form = {"name": "別人", "email": "ichiro@example.jp", "password1": PASSWORD, "password2": PASSWORD}
    answer = browser.post("/accounts/signup/", form)
    assert answer["Location"] == "/accounts/confirm-email/"
    assert Account.objects.filter(email="ichiro@example.jp").count() == 1
    assert "すでに登録されています" in mail.outbox[0].body
    there = Client(headers={"host": "oyama.localhost"})
    there.post("/accounts/signup/", form)
    with acting_for(oyama):
        assert Account.objects.filter(email="ichiro@example.jp").count() == 1


def test_a_forgotten_password_is_set_anew_by_mail_and_only_here(browser, oyama):
    account = make_account("sato", email="sato@example.jp")
    with acting_for(oyama):
        make_account("sato", email="sato@example.jp")
    browser.post("/accounts/password/reset/", {"email": "sato@example.jp"})
    assert len(mail.outbox) == 1
    path = re.search(r"http://odawara\.localhost(/\S+)", mail.outbox[0].body)[1]
    page = browser.get(path, follow=True)
    new = "まったく新しい長い合言葉です"
    browser.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    account.refresh_from_db()
    assert account.check_password(new)
    assert "trust.account.password_changed" in event_keys()
    there = Client(headers={"host": "oyama.localhost"})
    assert sign_in(there, "sato", new).status_code == 200


def test_an_unknown_address_gets_a_mail_that_says_so(browser):
    browser.post("/accounts/password/reset/", {"email": "nobody@example.jp"})
    assert "登録されていません" in mail.outbox[0].body
    assert mail.outbox[0].to == ["nobody@example.jp"]


def test_the_demonstration_lists_its_sign_ins_and_an_office_does_not(browser, odawara, settings):
    make_staff("kacho", Role.SECTION_CHIEF, name="見本 太郎")
    assert "見本 太郎" not in browser.get(LOGIN).content.decode()
    odawara.is_demonstration = True
    odawara.save()
    host_table.clear()
    assert "見本 太郎" in browser.get(LOGIN).content.decode()
    settings.DEMONSTRATION = False
    assert "見本 太郎" not in browser.get(LOGIN).content.decode()


def test_the_library_finds_nothing_wrong_with_the_settings():
    call_command("check", fail_level="WARNING")


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
def test_a_page_around_the_sign_in_is_shown_in_our_words(browser, path):
    page = browser.get(path).content.decode()
    assert 'lang="ja"' in page
    assert "サインインでお困りのとき" in page


@pytest.mark.parametrize("path", OWN_PAGES)
@pytest.mark.parametrize("kind", [AccountKind.STAFF, AccountKind.RESIDENT])
def test_a_page_of_ones_own_account_is_shown_in_the_shell_one_works_in(browser, path, kind):
    make_account("sato", kind=kind, email="sato@example.jp" if kind == AccountKind.STAFF else "")
    sign_in(browser, "sato")
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = browser.get(path)
    assert answer.status_code == 200
    assert f'data-shell="{kind.value}"' in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_find_no_gap_in_the_lock(odawara):
    if connection.vendor != "postgresql":
        pytest.skip("the test database of SQLite lives in one connection; writers there wait for each other anyway")
    make_account("sato")

    def guess(_: int) -> bool:
        try:
            with acting_for(odawara):
                begin_sign_in(name="sato", address="198.51.100.7")
            return True
        except SignInLockedError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(guess, range(36))) == 5
    assert SignInFailure.objects.count() == 5
