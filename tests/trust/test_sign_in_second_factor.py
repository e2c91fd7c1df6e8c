"""The second factor: codes of an app, recovery codes, and who needs one."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator

from madoguchi.trust.enums import AccountKind, Role

from .people import events_of, make_account, make_staff
from .signing_in import enrol_app, sign_in, unused_code, who

pytestmark = pytest.mark.database


@pytest.mark.django_db(transaction=True)
def test_after_registering_an_app_its_code_is_asked_for(visitor):
    account = make_account("sato")
    sign_in(visitor, "sato")
    secret = enrol_app(visitor)
    stored = Authenticator.objects.get(user=account, type="totp")
    assert secret not in str(stored.data)
    visitor.post("/accounts/logout/")
    assert sign_in(visitor, "sato")["Location"] == "/accounts/2fa/authenticate/"
    assert who(visitor) is None
    assert "コードが違います" in visitor.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    visitor.post("/accounts/2fa/authenticate/", {"code": unused_code(secret)})
    assert who(visitor) == "sato"
    assert events_of("trust.account.signed_in")[-1].data == {"method": "totp"}
    assert [event.data["type"] for event in events_of("trust.authenticator.added")] == ["totp", "recovery_codes"]


def test_a_recovery_code_works_once(visitor):
    make_account("sato")
    sign_in(visitor, "sato")
    enrol_app(visitor)
    code = re.findall(r"\b\d{8}\b", visitor.get("/accounts/2fa/recovery-codes/download/").content.decode())[0]
    for worked in (True, False):
        visitor.post("/accounts/logout/")
        sign_in(visitor, "sato")
        visitor.post("/accounts/2fa/authenticate/", {"code": code})
        assert (who(visitor) == "sato") is worked


def test_guessing_codes_is_stopped(visitor):
    make_account("sato")
    sign_in(visitor, "sato")
    secret = enrol_app(visitor)
    visitor.post("/accounts/logout/")
    sign_in(visitor, "sato")
    for _ in range(5):
        visitor.post("/accounts/2fa/authenticate/", {"code": "000000"})
    answer = visitor.post("/accounts/2fa/authenticate/", {"code": unused_code(secret)})
    assert "続けて失敗したため" in answer.content.decode()
    assert who(visitor) is None


def test_the_demonstration_asks_no_second_factor_but_an_office_does(visitor, settings):
    make_staff("kacho", Role.SECTION_CHIEF)
    sign_in(visitor, "kacho")
    assert visitor.get("/organisation/").status_code == 200
    settings.SECOND_FACTOR_REQUIRED = True
    for path in ("/organisation/", "/me/", "/organisation/units/"):
        assert visitor.get(path)["Location"] == "/accounts/2fa/"
    assert "業務を始める前に" in visitor.get("/accounts/2fa/").content.decode()
    enrol_app(visitor)
    assert visitor.get("/organisation/").status_code == 200


def test_residents_need_no_second_factor(visitor, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    make_account("shimin", kind=AccountKind.RESIDENT)
    sign_in(visitor, "shimin")
    assert who(visitor) == "shimin"


def test_the_last_second_factor_of_staff_stays_where_one_is_required(visitor, settings):
    account = make_staff("kacho", Role.SECTION_CHIEF)
    sign_in(visitor, "kacho")
    enrol_app(visitor)
    settings.SECOND_FACTOR_REQUIRED = True
    answer = visitor.post("/accounts/2fa/totp/deactivate/")
    assert "職員には二つ目の認証方法が必要です" in answer.content.decode()
    assert Authenticator.objects.filter(user=account, type="totp").exists()
    settings.SECOND_FACTOR_REQUIRED = False
    visitor.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=account).exists()
