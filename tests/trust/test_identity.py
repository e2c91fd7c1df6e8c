"""Signing in through the public identity services, against a real OpenID provider that also misbehaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, RequestFactory

from madoguchi.kit import clock
from madoguchi.site.settings_identity import simulated
from madoguchi.trust.api import Account, acting_for, assurance_of, identity_of, sign_in_paths
from madoguchi.trust.enums import AccountKind, AssuranceLevel, Role
from madoguchi.trust.models import IdentityAttempt, IdentityLink, IdentityMatch, VerifiedAttribute
from madoguchi.trust.plugins.oidc import provider_from
from madoguchi.trust.registry import identity_providers
from tests.identity_provider import Person, Simulator, offered, reason_of, running_simulator

from .people import events_of, make_account, make_staff
from .signing_in import sign_in

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(scope="module")
def simulator(tmp_path_factory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("identity")) as started:
        yield started


@pytest.fixture
def providers(simulator, settings, odawara):
    settings.IDENTITY_FOLDER = simulator.folder
    odawara.prefecture = "神奈川県"
    odawara.save()
    with offered(simulator) as found:
        yield found


@pytest.fixture
def person(providers, visitor) -> Person:
    return Person(visitor)


def who(visitor: Client) -> Account | None:
    key = visitor.session.get("_auth_user_id")
    return Account.objects.get(pk=key) if key else None


def level(visitor: Client, account: Account) -> AssuranceLevel:
    request = RequestFactory().get("/")
    request.session, request.user = visitor.session, account  # type: ignore[attr-defined]
    return assurance_of(request)


def test_nobody_is_asked_where_no_provider_is_configured(visitor):
    assert "デジタル認証アプリ" not in visitor.get("/accounts/login/").content.decode()
    assert visitor.get("/identity/start/digital_auth_app/").status_code == 404
    assert not IdentityAttempt.objects.exists()


def test_the_request_is_what_the_service_asks_for(person):
    sent = parse_qs(urlsplit(person.leave()).query)
    assert sent["scope"] == ["openid name address birthdate gender"]
    assert sent["acr_values"] == ["aal3 crl"]
    assert sent["code_challenge_method"] == ["S256"]
    assert sent["redirect_uri"] == ["http://odawara.localhost/identity/callback/digital_auth_app/"]
    assert all(len(sent[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))


def test_two_visits_share_no_secret(person):
    first, second = (parse_qs(urlsplit(person.leave()).query) for _ in range(2))
    assert not any(first[name] == second[name] for name in ("state", "nonce", "code_challenge"))


def test_a_new_person_sees_what_was_received_before_an_account_is_made(person, visitor):
    response = person.go("sora")
    page = visitor.get(response.headers["Location"]).content.decode()
    for fact in ("港野 そら", "平成7年7月11日", "東京都千代田区霞が関9-9-9", "男"):
        assert fact in page
    assert not Account.objects.filter(kind=AccountKind.RESIDENT).exists()
    visitor.post("/identity/received/", {"answer": "yes"})
    account = who(visitor)
    assert account is not None
    assert (account.kind, account.name, account.has_usable_password()) == (AccountKind.RESIDENT, "港野 そら", False)
    assert level(visitor, account) == AssuranceLevel.AUTHENTICATED
    assert IdentityAttempt.objects.get().received is None


def test_what_somebody_did_not_want_kept_is_forgotten(person, visitor):
    person.go("sora")
    visitor.post("/identity/received/", {"answer": "no"})
    assert who(visitor) is None
    assert not IdentityLink.objects.exists()
    assert IdentityAttempt.objects.get().received is None
    assert visitor.get("/identity/received/").status_code == 400


def test_the_same_person_is_signed_in_again_without_questions(person, visitor):
    person.join("sora")
    first = who(visitor)
    visitor.logout()
    response = person.go("sora", next="/me/")
    assert response.headers["Location"] == "/me/"
    assert who(visitor) == first
    assert [event.data["method"] for event in events_of("trust.account.signed_in")] == ["identity", "identity"]


def test_an_account_that_is_signed_in_is_linked_and_its_session_raised(person, visitor):
    account = make_account("hanako", kind=AccountKind.RESIDENT)
    sign_in(visitor, "hanako")
    assert level(visitor, account) == AssuranceLevel.ACCOUNT
    response = person.join("aoi", next="/me/identity/")
    assert response.headers["Location"] == "/me/identity/"
    assert who(visitor) == account
    assert IdentityLink.objects.get().account == account
    assert level(visitor, account) == AssuranceLevel.AUTHENTICATED


def test_the_providers_word_is_too_old_to_send_after_fifteen_minutes(person, visitor):
    person.join("aoi")
    account = who(visitor)
    assert account is not None
    request = RequestFactory().get("/")
    request.session, request.user = visitor.session, account  # type: ignore[attr-defined]
    with clock.frozen(datetime.now(UTC) + timedelta(minutes=14)):
        assert assurance_of(request) == AssuranceLevel.AUTHENTICATED
        assert sign_in_paths(request, "authenticated", "/x/") == []
    with clock.frozen(datetime.now(UTC) + timedelta(minutes=16)):
        assert assurance_of(request) == AssuranceLevel.ACCOUNT
        assert assurance_of(request, must_be_fresh=False) == AssuranceLevel.AUTHENTICATED
        assert not identity_of(request)["is_fresh"]
        paths = [path for _label, path in sign_in_paths(request, "authenticated", "/x/", audience="person")]
        assert paths == ["/identity/start/digital_auth_app/?next=%2Fx%2F"]


def test_an_identity_of_another_account_counts_for_nothing(person, visitor):
    person.join("aoi")
    other = make_account("other", kind=AccountKind.RESIDENT)
    assert level(visitor, other) == AssuranceLevel.ACCOUNT


def test_staff_are_not_linked(person, visitor):
    make_staff("sato", Role.SECTION_STAFF)
    sign_in(visitor, "sato")
    assert visitor.get("/identity/start/digital_auth_app/").status_code == 403
    assert not IdentityAttempt.objects.exists()


# What is refused: each leaves everything as it was, and the reason in the log.

REFUSED = {
    "weak_acr": "weak_acr",
    "missing_acr": "missing_acr",
    "wrong_issuer": "wrong_issuer",
    "wrong_issuer_response": "wrong_issuer",
    "no_issuer_response": "wrong_issuer",
    "wrong_audience": "wrong_audience",
    "two_audiences": "wrong_audience",
    "expired_token": "expired_token",
    "early_token": "early_token",
    "withdrawn_key": "unknown_key",
    "unknown_key": "unknown_key",
    "bad_signature": "bad_signature",
    "alg_none": "wrong_algorithm",
    "hmac_confusion": "wrong_algorithm",
    "wrong_nonce": "wrong_nonce",
    "wrong_token_hash": "wrong_token_hash",
    "wrong_subject": "subject_mismatch",
    "bad_claim": "bad_claim",
    "replayed_code": "code_refused",
    "server_error": "provider_error",
}


@pytest.mark.parametrize(("behaviour", "reason"), REFUSED.items())
def test_a_provider_that_misbehaves_is_refused_and_logged(person, visitor, behaviour, reason):
    response = person.go("aoi", behaviour)
    assert response.status_code == 400
    assert reason_of(response) == reason
    assert [event.data["reason"] for event in events_of("trust.identity.refused")] == [reason]
    assert who(visitor) is None
    kept = (IdentityLink, VerifiedAttribute, Account)
    assert [model.objects.count() for model in kept] == [0, 0, 0]


def test_somebody_who_goes_back_reads_that_it_was_stopped(person, visitor):
    response = person.go("aoi", agrees=False)
    assert response.status_code == 200
    assert "中止されました" in response.content.decode()
    assert events_of("trust.identity.refused")[0].data["reason"] == "cancelled"


def test_an_answer_works_once(person, visitor):
    back = person.answer(person.leave(), "sora")
    assert visitor.get(back).headers["Location"] == "/identity/received/"
    again = visitor.get(back)
    assert (again.status_code, reason_of(again)) == (400, "replayed_state")
    assert not IdentityLink.objects.exists()


def test_an_answer_in_another_browser_is_refused_and_stays_good_for_its_own(person, visitor):
    back = person.answer(person.leave(), "sora")
    stranger = Client(headers={"host": "odawara.localhost"})
    assert reason_of(stranger.get(back)) == "other_browser"
    assert who(stranger) is None
    assert visitor.get(back).headers["Location"] == "/identity/received/"


def test_somebody_who_signed_in_meanwhile_does_not_take_the_answer(person, visitor):
    back = person.answer(person.leave(), "sora")
    make_account("hanako", kind=AccountKind.RESIDENT)
    sign_in(visitor, "hanako")
    assert reason_of(visitor.get(back)) == "other_browser"
    assert not IdentityLink.objects.exists()


@pytest.mark.parametrize("query", ["", "?state=", "?state=invented&code=x", "?code=x"])
def test_an_answer_nobody_asked_for_is_refused(person, visitor, query):
    response = visitor.get(f"/identity/callback/digital_auth_app/{query}")
    assert reason_of(response) == "unknown_state"


def test_a_parameter_given_twice_is_no_answer(person, visitor):
    back = person.answer(person.leave(), "sora")
    assert reason_of(visitor.get(f"{back}&code=another")) == "bad_answer"


def test_an_answer_that_comes_too_late_is_refused(person, visitor):
    back = person.answer(person.leave(), "sora")
    with clock.frozen(datetime.now(UTC) + timedelta(minutes=11)):
        assert reason_of(visitor.get(back)) == "expired_state"
    assert not IdentityLink.objects.exists()


def test_an_answer_at_another_providers_address_is_refused(person, visitor):
    back = person.answer(person.leave(), "sora")
    assert reason_of(visitor.get(back.replace("digital_auth_app", "gbizid"))) == "wrong_issuer"


def test_an_identity_linked_to_one_account_cannot_be_linked_to_another(person, visitor, providers):
    person.join("sora")
    make_account("hanako", kind=AccountKind.RESIDENT)
    other = Client(headers={"host": "odawara.localhost"})
    sign_in(other, "hanako")
    assert reason_of(Person(other).go("sora")) == "linked_elsewhere"
    assert IdentityLink.objects.count() == 1


def test_another_persons_card_does_not_confirm_an_account(person, visitor):
    person.join("aoi")
    assert reason_of(person.go("sora")) == "other_person"
    assert IdentityLink.objects.count() == 1


def test_a_stopped_account_stays_closed(person, visitor, odawara):
    person.join("sora")
    visitor.logout()
    Account.objects.update(is_active=False)
    assert reason_of(person.go("sora")) == "inactive"
    assert who(visitor) is None


def test_a_key_is_believed_while_it_is_published_and_ten_minutes_longer(person, providers, simulator):
    simulator.publish_withdrawn_key(True)
    try:
        assert person.go("sora", "withdrawn_key").headers["Location"] == "/identity/received/"
    finally:
        simulator.publish_withdrawn_key(False)
    # The provider's clock does not move with ours: what we remember of its keys is made ten minutes older instead.
    providers["digital_auth_app"].directory._keys.at -= timedelta(minutes=10, seconds=1)
    assert reason_of(person.go("sora", "withdrawn_key")) == "unknown_key"


def test_a_provider_that_does_not_answer_is_said_so(visitor, settings, odawara, tmp_path, simulator):
    gone = provider_from(simulated("http://127.0.0.1:9", tmp_path)[0])
    with identity_providers.registered_temporarily(gone.key, gone):
        response = visitor.get("/identity/start/digital_auth_app/")
    assert (response.status_code, reason_of(response)) == (503, "provider_unavailable")
    assert not IdentityAttempt.objects.exists()


def test_an_address_that_starts_too_often_has_to_wait(person, visitor, settings):
    settings.IDENTITY_STARTS_PER_ADDRESS = 2
    person.leave()
    person.leave()
    response = visitor.get("/identity/start/digital_auth_app/")
    assert reason_of(response) == "too_many"
    assert IdentityAttempt.objects.count() == 2


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_led_to_another_site(person, visitor, target):
    response = person.join("sora", next=target)
    assert response.headers["Location"] == "/me/identity/"


# Businesses


def test_a_business_comes_with_a_verified_corporate_number(person, visitor):
    person.join("prime", key="gbizid")
    account = who(visitor)
    assert account is not None
    assert account.name == "みほん商店株式会社"
    assert level(visitor, account) == AssuranceLevel.AUTHENTICATED
    facts = {row.key: row.value for row in account.verified_attributes.all()}
    assert facts["business.corporate_number"] == "7123456789012"
    assert facts["business.name"] == {"name": "みほん商店株式会社", "kana": ""}
    assert facts["business.address"]["city"] == "小田原市"
    assert facts["business.address"]["building"] == "見本ビル3階"
    assert facts["business.representative"]["family_kana"] == "ハヤセ"
    assert not IdentityMatch.objects.exists()


def test_a_business_nobody_checked_is_no_more_than_an_account(person, visitor):
    person.join("entry", key="gbizid")
    account = who(visitor)
    assert account is not None
    assert level(visitor, account) == AssuranceLevel.ACCOUNT


def test_a_corporate_number_with_a_wrong_check_digit_is_refused(person):
    assert reason_of(person.go("prime", "bad_claim", key="gbizid")) == "bad_claim"


def test_another_city_knows_nothing_of_it(person, visitor, oyama):
    person.join("sora")
    with acting_for(oyama):
        assert not IdentityLink.objects.exists()
        assert not VerifiedAttribute.objects.exists()
    stranger = Person(Client(headers={"host": "oyama.localhost"}))
    assert stranger.go("sora").headers["Location"] == "/identity/received/"


def test_the_public_keys_hold_nothing_private(providers, visitor):
    keys = visitor.get("/identity/jwks.json").json()["keys"]
    assert sorted(key["use"] for key in keys) == ["enc", "sig"]
    assert not any({"d", "p", "q", "dp", "dq", "qi"} & set(key) for key in keys)
