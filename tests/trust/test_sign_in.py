"""Signing in by password: right and wrong, only in one's own city, and locked after failures."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from madoguchi.kit import clock
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import acting_for, sign_in_locks, unlock
from madoguchi.trust.enums import AccountKind, Role
from madoguchi.trust.errors import SignInLockedError
from madoguchi.trust.models import SignInFailure
from madoguchi.trust.services import begin_sign_in

from .people import PASSWORD, event_keys, events_of, make_account, make_staff, make_unit
from .signing_in import LOGIN, sign_in, who

pytestmark = pytest.mark.database


@pytest.mark.parametrize("typed", ["sato", " SATO ", "odawara/sato", "sato@example.jp"])
def test_a_login_name_or_an_address_signs_in(visitor, typed):
    make_account("sato", email="sato@example.jp")
    assert sign_in(visitor, typed).status_code == 302
    assert who(visitor) == "sato"
    assert events_of("trust.account.signed_in")[0].data == {"method": "password"}


def test_the_page_says_what_was_wrong_without_saying_which(visitor):
    make_account("sato")
    answers = [sign_in(visitor, login, "wrong").content.decode() for login in ("sato", "nobody")]
    for answer in answers:
        assert "ログイン名またはパスワードが違います" in answer
    assert who(visitor) is None
    assert [event.data for event in events_of("trust.account.sign_in_refused")] == [{"reason": "password"}] * 2


def test_an_account_of_another_city_can_never_sign_in_here(visitor, oyama):
    with acting_for(oyama):
        make_account("yamada", email="yamada@example.jp")
    for typed in ("yamada", "oyama/yamada", "yamada@example.jp"):
        assert sign_in(visitor, typed).status_code == 200
    assert who(visitor) is None
    there = Client(headers={"host": "oyama.localhost"})
    assert sign_in(there, "yamada").status_code == 302


def test_next_leads_back_but_not_to_another_site(visitor):
    make_account("sato")
    answer = visitor.post(f"{LOGIN}?next=/me/details/", {"login": "sato", "password": PASSWORD})
    assert answer["Location"] == "/me/details/"
    visitor.post("/accounts/logout/")
    answer = visitor.post(f"{LOGIN}?next=https://example.com/", {"login": "sato", "password": PASSWORD})
    assert answer["Location"] == "/"


def test_five_failures_lock_the_account_and_say_how_long_and_whom_to_call(visitor):
    make_account("sato")
    for _ in range(5):
        sign_in(visitor, "sato", "wrong")
    answer = sign_in(visitor, "sato").content.decode()
    until = clock.local(SignInFailure.objects.latest("at").at + timedelta(minutes=15))
    assert f"{until:%H:%M}まで" in answer
    assert "0465-33-1300" in answer
    assert who(visitor) is None
    assert events_of("trust.account.sign_in_refused")[-1].data == {"reason": "locked"}


def test_the_lock_holds_in_every_browser_under_either_name_and_not_for_others(visitor):
    make_account("sato", email="sato@example.jp")
    make_account("suzuki")
    for n in range(5):
        sign_in(visitor, ("sato", "sato@example.jp")[n % 2], "wrong", REMOTE_ADDR=f"198.51.100.{n}")
    other = Client(headers={"host": "odawara.localhost"}, REMOTE_ADDR="203.0.113.9")
    assert sign_in(other, "sato").status_code == 200
    assert sign_in(other, "sato@example.jp").status_code == 200
    assert sign_in(other, "suzuki").status_code == 302


def test_guessing_at_unknown_names_is_slowed_down_too(visitor):
    for _ in range(6):
        answer = sign_in(visitor, "nobody", "wrong")
    assert "続けて失敗したため" in answer.content.decode()
    assert SignInFailure.objects.count() == 5
    assert "nobody" not in str(SignInFailure.objects.values())


def test_an_address_that_tries_many_names_is_locked_for_all(visitor, settings):
    settings.SIGN_IN_LIMITS = {"account": 5, "address": 8, "minutes": 15}
    make_account("sato")
    for n in range(8):
        sign_in(visitor, f"name{n}", "wrong")
    assert sign_in(visitor, "sato").status_code == 200
    assert [lock.address for lock in sign_in_locks()] == ["127.0.0.1"]
    elsewhere = Client(headers={"host": "odawara.localhost"}, REMOTE_ADDR="203.0.113.9")
    assert sign_in(elsewhere, "sato").status_code == 302


def test_the_lock_passes_and_waiting_attempts_do_not_prolong_it(visitor):
    make_account("sato")
    now = clock.now()
    with clock.frozen(now):
        for _ in range(5):
            sign_in(visitor, "sato", "wrong")
    with clock.frozen(now + timedelta(minutes=14, seconds=59)):
        assert sign_in(visitor, "sato").status_code == 200
    with clock.frozen(now + timedelta(minutes=15)):
        assert sign_in(visitor, "sato").status_code == 302


def test_a_right_password_forgives_the_failures_before_it(visitor):
    make_account("sato")
    for _ in range(2):
        for _ in range(4):
            sign_in(visitor, "sato", "wrong")
        assert sign_in(visitor, "sato").status_code == 302
        visitor.post("/accounts/logout/")


def test_an_administrator_lifts_the_lock_and_others_cannot(visitor):
    account, administrator = make_account("sato"), make_staff("kanri", Role.ADMINISTRATOR)
    for _ in range(5):
        sign_in(visitor, "sato", "wrong")
    chief = Client(headers={"host": "odawara.localhost"})
    sign_in(chief, make_staff("kacho", Role.SECTION_CHIEF).login)
    assert chief.post(reverse("organisation:act", args=[account.pk, "unlock"])).status_code == 403
    assert SignInFailure.objects.count() == 5
    unlock(actor=administrator, account=account)
    assert sign_in(visitor, "sato").status_code == 302
    assert [event.actor for event in events_of("trust.account.unlocked")] == [administrator]


def test_confirming_the_password_counts_against_the_same_lock(visitor):
    make_account("sato")
    sign_in(visitor, "sato")
    for _ in range(5):
        visitor.post("/accounts/reauthenticate/", {"password": "wrong"})
    answer = visitor.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "続けて失敗したため" in answer.content.decode()


def test_signing_out_takes_a_post(visitor):
    make_account("sato")
    sign_in(visitor, "sato")
    assert "サインアウトする" in visitor.get("/accounts/logout/").content.decode()
    assert who(visitor) == "sato"
    visitor.post("/accounts/logout/")
    assert who(visitor) is None
    assert event_keys()[-1] == "trust.account.signed_out"


@pytest.mark.parametrize("fields", [{"is_active": False}, {"kind": AccountKind.MACHINE}])
def test_stopped_accounts_and_machines_are_refused(visitor, fields):
    make_account("sato", **fields)
    answer = sign_in(visitor, "sato", follow=True).content.decode()
    assert "このアカウントは使えません" in answer
    assert who(visitor) is None
    assert len(events_of("trust.account.sign_in_refused")) == 1


def test_the_demonstration_lists_its_sign_ins_and_an_office_does_not(visitor, odawara, settings):
    make_staff("kacho", Role.SECTION_CHIEF, name="見本 太郎")
    assert "見本 太郎" not in visitor.get(LOGIN).content.decode()
    odawara.is_demonstration = True
    odawara.save()
    host_table.clear()
    assert "見本 太郎" in visitor.get(LOGIN).content.decode()
    settings.DEMONSTRATION = False
    assert "見本 太郎" not in visitor.get(LOGIN).content.decode()


def test_the_demonstration_shows_one_person_per_role_and_unit(visitor, odawara):
    first, second = make_unit("市民課"), make_unit("税務課")
    for login, unit in (("kacho", first), ("shonin", second), ("hosa", second)):
        make_staff(login, Role.SECTION_CHIEF, unit=unit)
    make_staff("shuno", Role.CASHIER)
    odawara.is_demonstration = True
    odawara.save()
    host_table.clear()
    shown = visitor.get(LOGIN).content.decode()
    listed = [login for login in ("kacho", "shonin", "hosa", "shuno") if f">{login}<" in shown]
    assert listed == ["kacho", "shonin", "shuno"], "a second chief of one unit adds nothing"


def test_the_library_finds_nothing_wrong_with_the_settings():
    call_command("check", fail_level="WARNING")


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
