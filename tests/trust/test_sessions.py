"""Sessions: bound to a city, listed, ended by their owner, by a change of role and by time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from madoguchi.kit import clock
from madoguchi.trust.api import acting_for, assign_duty, change_account, deactivate_account, end_duty
from madoguchi.trust.enums import AccountKind, Role
from madoguchi.trust.models import SignInFailure
from madoguchi.trust.rules.devices import describe_device
from madoguchi.trust.services import begin_sign_in, clear_expired_sessions, clear_old_failures

from .people import PASSWORD, events_of, make_account, make_staff

pytestmark = pytest.mark.database

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


def signed_in(login: str = "sato", agent: str = FIREFOX, host: str = "odawara.localhost") -> Client:
    browser = Client(headers={"host": host, "user-agent": agent})
    browser.post("/accounts/login/", {"login": login, "password": PASSWORD})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/me/").status_code == 200


def test_a_cookie_carried_to_another_city_opens_nothing(odawara, oyama):
    make_account("sato")
    with acting_for(oyama):
        make_account("sato")
    browser = signed_in()
    assert is_in(browser)
    thief = Client(headers={"host": "oyama.localhost"})
    thief.cookies = browser.cookies
    assert thief.get("/me/")["Location"] == "/accounts/login/?next=/me/"


def test_a_session_whose_city_was_tampered_with_ends(odawara, oyama):
    make_account("sato")
    browser = signed_in()
    session = browser.session
    session["municipality"] = oyama.pk
    session.save()
    assert not is_in(browser)
    assert not is_in(browser)


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_ends_with_the_browser(odawara):
    make_account("sato")
    cookie = signed_in().cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["expires"], cookie["domain"]) == (True, "Lax", "", "")


def test_an_office_sends_its_cookies_over_https_only():
    import os
    import subprocess
    import sys

    code = (
        "from madoguchi.site import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECOND_FACTOR_REQUIRED, s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN)"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MADOGUCHI_")}
    for demonstration, expected in (("0", "True True True False"), ("1", "False False False True")):
        made = environment | {"MADOGUCHI_DEMONSTRATION": demonstration, "MADOGUCHI_SECRET_KEY": "x" * 50}
        printed = subprocess.run([sys.executable, "-c", code], env=made, capture_output=True, text=True, check=True)
        assert printed.stdout.strip() == expected


def test_the_list_shows_each_device_and_ends_one(odawara):
    account = make_account("sato")
    here, phone = signed_in(), signed_in(agent=IPHONE)
    page = here.get("/me/sessions/").content.decode()
    assert "WindowsのFirefox" in page
    assert "iPhoneのSafari" in page
    other = UserSession.objects.get(user=account, user_agent=IPHONE)
    here.post(f"/me/sessions/{other.pk}/end/")
    assert (is_in(here), is_in(phone)) == (True, False)
    assert "iPhone" not in here.get("/me/sessions/").content.decode()
    assert events_of("trust.session.ended")[-1].data == {"reason": "chosen"}


def test_all_other_devices_are_ended_at_once(odawara):
    make_account("sato")
    here, *others = signed_in(), signed_in(agent=IPHONE), signed_in(agent=IPHONE)
    here.post("/me/sessions/others/end/")
    assert [is_in(browser) for browser in (here, *others)] == [True, False, False]
    assert events_of("trust.session.ended")[-1].quantity == 2


def test_nobody_ends_the_session_of_another(odawara):
    make_account("sato")
    victim = make_account("suzuki")
    other, mine = signed_in("suzuki"), signed_in()
    session = UserSession.objects.get(user=victim)
    assert mine.post(f"/me/sessions/{session.pk}/end/").status_code == 404
    assert is_in(other)
    assert not events_of("trust.session.ended")


@pytest.mark.parametrize("end", ["deactivate", "assign", "end_duty"])
def test_sessions_end_when_the_account_is_stopped_or_its_role_changes(odawara, end):
    administrator = make_staff("kanri", Role.ADMINISTRATOR)
    account = make_staff("sato", Role.SECTION_STAFF)
    browser, bystander = signed_in(), signed_in("kanri")
    assert is_in(browser)
    today = clock.today()
    {
        "deactivate": lambda: deactivate_account(account=account, actor=administrator),
        "assign": lambda: assign_duty(account=account, role=Role.COUNCIL, from_date=today, actor=administrator),
        "end_duty": lambda: end_duty(duty=account.duties.get(), to_date=today, actor=administrator),
    }[end]()
    assert (is_in(browser), is_in(bystander)) == (False, True)
    assert events_of("trust.session.ended")[-1].actor == administrator


def test_a_session_without_a_row_in_the_list_ends_too(odawara):
    account = make_staff("sato", Role.SECTION_STAFF)
    browser = Client(headers={"host": "odawara.localhost"})
    browser.force_login(account)
    assert is_in(browser)
    assign_duty(account=account, role=Role.COUNCIL, from_date=clock.today())
    assert not is_in(browser)


def test_a_role_from_a_later_day_on_does_not_interrupt_work(odawara):
    account = make_account("sato")
    browser = signed_in()
    assign_duty(account=account, role=Role.COUNCIL, from_date=clock.today() + timedelta(days=1))
    change_account(account=account, actor=account, fields={"name": "佐藤"})
    assert is_in(browser)


def test_a_new_password_ends_the_other_devices_only(odawara):
    make_account("sato")
    here, phone = signed_in(), signed_in(agent=IPHONE)
    new = "まったく新しい長い合言葉です"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(phone)) == (True, False)
    assert len(events_of("trust.account.password_changed")) == 1
    assert "iPhone" not in here.get("/me/sessions/").content.decode()


@pytest.mark.parametrize(("kind", "hours"), [(AccountKind.STAFF, 8), (AccountKind.RESIDENT, 24)])
def test_an_idle_session_ends_and_the_sign_in_says_why(odawara, kind, hours):
    make_account("sato", kind=kind)
    now = clock.now()
    with clock.frozen(now):
        browser = signed_in()
        assert is_in(browser)
    later = now + timedelta(hours=hours)
    with clock.frozen(later - timedelta(minutes=1)):
        assert is_in(browser)
    with clock.frozen(later + timedelta(hours=hours, minutes=-1, seconds=1)):
        answer = browser.get("/me/", follow=True)
    assert "保存していない入力は失われました" in answer.content.decode()
    assert not is_in(browser)


def test_use_is_noted_every_few_minutes_and_not_with_every_page(odawara):
    account = make_account("sato")
    now = clock.now()
    with clock.frozen(now):
        browser = signed_in()
        is_in(browser)
    with clock.frozen(now + timedelta(minutes=4)):
        is_in(browser)
        assert UserSession.objects.get(user=account).last_seen_at == now
    with clock.frozen(now + timedelta(minutes=6)):
        is_in(browser)
        assert UserSession.objects.get(user=account).last_seen_at == now + timedelta(minutes=6)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, ("Windows", "Firefox")),
        (IPHONE, ("iPhone", "Safari")),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36", ("Android", "Chrome")),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/138.0 Safari/537.36 Edg/138.0", ("Windows", "Edge")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Version/18.0 Safari/605.1.15", ("Mac", "Safari")),
        ("curl/8.0", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_device_is_named_from_what_its_browser_says(agent, device):
    assert describe_device(agent) == device


def test_a_duty_that_ended_earlier_is_not_a_reason_today(odawara):
    account = make_account("sato")
    assign_duty(account=account, role=Role.COUNCIL, from_date=date(2024, 4, 1), to_date=date(2024, 5, 1))
    browser = signed_in()
    assert browser.get("/organisation/staff/").status_code == 403


def test_what_has_expired_is_forgotten_by_the_daily_jobs(odawara):
    make_account("sato")
    old, fresh = signed_in(), signed_in(agent=IPHONE)
    Session.objects.filter(pk=old.session.session_key).update(expire_date=clock.now() - timedelta(seconds=1))
    assert clear_expired_sessions() == 1
    assert [row.user_agent for row in UserSession.objects.all()] == [IPHONE]
    assert is_in(fresh)
    for days in (2, 0):
        with clock.frozen(clock.now() - timedelta(days=days)):
            begin_sign_in(name="dareka", address="203.0.113.9")
    assert clear_old_failures(before=clock.now() - timedelta(days=1)) == 1
    assert SignInFailure.objects.count() == 1
