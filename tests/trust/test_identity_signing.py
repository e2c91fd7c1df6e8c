"""Signing a document's digest with the signature certificate, against the simulated service and its authority."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory

from madoguchi.trust.api import Account, acting_for, request_signature, signature_of
from madoguchi.trust.enums import AccountKind, Role, SignatureStatus
from madoguchi.trust.errors import RefusedError
from madoguchi.trust.models import DocumentSignature
from tests.identity_provider import Person, Simulator, offered, reason_of, running_simulator

from .people import events_of, make_account, make_staff

pytestmark = [pytest.mark.database, pytest.mark.django_db]

DOCUMENT = b"application 4K7R-20M5"
DIGEST = hashlib.sha256(DOCUMENT).digest()


@pytest.fixture(scope="module")
def simulator(tmp_path_factory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("signing")) as started:
        yield started


@pytest.fixture
def person(simulator, settings, odawara, visitor) -> Iterator[Person]:
    settings.IDENTITY_FOLDER = simulator.folder
    with offered(simulator):
        yield Person(visitor)


def asked(visitor: Client, digest: bytes = DIGEST, *, subject: Any = None) -> str:
    """Ask the signed-in person to sign; returns the path of the page."""
    request = RequestFactory().get("/")
    account = Account.objects.get(pk=visitor.session["_auth_user_id"])
    request.session, request.user = visitor.session, account  # type: ignore[attr-defined]
    return request_signature(
        request=request, document_digest=digest, subject=subject or account, next="/me/", title="住民票の写しの申請"
    )


def sign(person: Person, who: str, behaviour: str = "", *, signer: str = "") -> Any:
    """Go to the service from the page of the signature and come back; returns our response."""
    page = asked(person.visitor)
    response = person.visitor.post(page, {"provider": "digital_auth_app"})
    assert response.status_code == 302, response.content.decode()
    return person.visitor.get(person.answer(response.headers["Location"], signer or who, behaviour))


def subject_of(visitor: Client) -> Account:
    return Account.objects.get(pk=visitor.session["_auth_user_id"])


def test_a_document_is_signed_and_the_signature_found_by_subject_and_digest(person, visitor):
    person.join("sora")
    response = sign(person, "sora")
    assert response.headers["Location"] == "/me/"
    assert person.asked["scope"] == ["openid sign"]
    assert re.fullmatch(r"[0-9a-f-]{36}", person.asked["sign_transaction_id"][0])
    found = signature_of(subject=subject_of(visitor), digest=DIGEST)
    assert found is not None
    assert found.result == {
        "signature": "valid",
        "chain": "valid",
        "validity": "valid",
        "revocation": "good",
        "signer": "agrees",
    }
    assert (found.digest, found.certificate) == (DIGEST.hex(), "")
    assert signature_of(subject=subject_of(visitor), digest=hashlib.sha256(b"another").digest()) is None
    assert [event.data["digest"] for event in events_of("trust.signature.verified")] == [DIGEST.hex()]


def test_the_certificate_is_kept_only_where_the_settings_say_so(person, visitor, settings):
    settings.SIGNATURE_KEEPS_CERTIFICATE = True
    person.join("sora")
    sign(person, "sora")
    assert "BEGIN CERTIFICATE" in DocumentSignature.objects.get().certificate


REFUSED = [
    ("sora", "sign_other_document", "wrong_signature"),
    ("sora", "sign_with_other_key", "wrong_signature"),
    ("sora", "sign_with_other_certificate", "signer_differs"),
    ("nagisa", "", "revoked_certificate"),
    ("ibuki", "", "expired_certificate"),
    ("kodachi", "", "unknown_authority"),
    ("sora", "weak_acr", "weak_acr"),
    ("sora", "wrong_subject", "subject_mismatch"),
]


@pytest.mark.parametrize(("who", "behaviour", "reason"), REFUSED)
def test_a_signature_that_is_not_right_is_refused_and_logged(person, visitor, who, behaviour, reason):
    person.join(who)
    response = sign(person, who, behaviour)
    assert (response.status_code, reason_of(response)) == (400, reason)
    assert DocumentSignature.objects.get().status == SignatureStatus.REQUESTED
    assert signature_of(subject=subject_of(visitor), digest=DIGEST) is None
    assert [event.data["reason"] for event in events_of("trust.signature.refused")] == [reason]


def test_somebody_elses_card_does_not_sign(person, visitor):
    person.join("aoi")
    response = sign(person, "aoi", signer="sora")
    assert reason_of(response) == "other_person"
    assert signature_of(subject=subject_of(visitor), digest=DIGEST) is None


def test_somebody_who_goes_back_has_signed_nothing(person, visitor):
    person.join("sora")
    page = asked(visitor)
    address = visitor.post(page, {"provider": "digital_auth_app"}).headers["Location"]
    response = visitor.get(person.answer(address, "sora", agrees=False))
    assert "中止されました" in response.content.decode()
    assert page in response.content.decode()


def test_an_account_that_was_not_identified_is_led_there_first(person, visitor):
    account = make_account("hanako", kind=AccountKind.RESIDENT)
    visitor.force_login(account)
    page = asked(visitor)
    shown = visitor.get(page).content.decode()
    assert f"/identity/start/digital_auth_app/?next={page.replace('/', '%2F')}" in shown


def test_a_signature_belongs_to_its_account_alone(person, visitor):
    person.join("sora")
    page = asked(visitor)
    stranger = Client(headers={"host": "odawara.localhost"})
    stranger.force_login(make_account("hanako", kind=AccountKind.RESIDENT))
    assert stranger.get(page).status_code == 404
    assert stranger.post(page, {"provider": "digital_auth_app"}).status_code == 404


def test_a_signature_made_already_leads_on(person, visitor):
    person.join("sora")
    page = asked(visitor)
    sign(person, "sora")
    assert visitor.get(page).headers["Location"] == "/me/"


def test_staff_are_not_asked_to_sign_and_a_short_digest_is_none(person, visitor, odawara):
    clerk = make_staff("sato", Role.SECTION_STAFF)
    request = RequestFactory().get("/")
    request.session, request.user = {}, clerk  # type: ignore[attr-defined]
    with pytest.raises(RefusedError):
        request_signature(request=request, document_digest=DIGEST, subject=clerk, next="/")
    request.user = make_account("hanako", kind=AccountKind.RESIDENT)
    with pytest.raises(ValueError, match="SHA-256"):
        request_signature(request=request, document_digest=b"short", subject=clerk, next="/")
    assert not DocumentSignature.objects.exists()


def test_another_city_finds_no_signature(person, visitor, oyama):
    person.join("sora")
    sign(person, "sora")
    account = subject_of(visitor)
    with acting_for(oyama):
        assert signature_of(subject=account, digest=DIGEST) is None
        assert not DocumentSignature.objects.exists()
