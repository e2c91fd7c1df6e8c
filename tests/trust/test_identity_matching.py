"""Matching those whom a provider vouched for with the registry: surely, or by a registrar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from madoguchi.trust import services
from madoguchi.trust.enums import MatchStatus, Role
from madoguchi.trust.models import Account, IdentityMatch, Resident
from tests.identity_provider import Person, Simulator, offered, running_simulator

from .people import events_of, make_staff
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


@pytest.fixture
def aoi(odawara) -> Resident:
    return services.add_resident(
        name="緑山　あおい",
        name_kana="ミドリヤマ　アオイ",
        birth_date=date(1988, 4, 2),
        address="みどり町1-2-3",
        postal_code="250-0001",
    )


def who(visitor: Client) -> Account | None:
    key = visitor.session.get("_auth_user_id")
    return Account.objects.get(pk=key) if key else None


def test_a_person_whose_facts_all_agree_is_matched(person, visitor, aoi):
    person.join("aoi")
    aoi.refresh_from_db()
    assert aoi.account == who(visitor)
    assert IdentityMatch.objects.get().status == MatchStatus.MATCHED
    assert events_of("trust.identity.matched")[0].subject_id == str(aoi.pk)


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"address": "みどり町1-2-4"}, ["person.address"]),
        ({"birth_date": date(1988, 4, 3)}, ["person.birth_date"]),
        ({"name": "緑川 あおい"}, ["person.name"]),
        ({"address": ""}, ["person.address"]),
    ],
)
def test_a_person_with_one_different_fact_waits_for_a_registrar(person, visitor, aoi, change, differs):
    Resident.objects.all().delete()
    facts = {"name": "緑山 あおい", "birth_date": date(1988, 4, 2), "address": "みどり町1-2-3"} | change
    resident = services.add_resident(**facts)
    person.join("aoi")
    match = IdentityMatch.objects.get()
    resident.refresh_from_db()
    assert (match.status, match.mismatches) == (MatchStatus.WAITING, differs)
    assert resident.account is None


def test_two_people_with_the_same_facts_wait_for_a_registrar(person, visitor, aoi):
    services.add_resident(name="緑山 あおい", birth_date=date(1988, 4, 2), address="みどり町1-2-3")
    person.join("aoi")
    assert IdentityMatch.objects.get().status == MatchStatus.WAITING
    assert not Resident.objects.exclude(account=None).exists()


def test_somebody_who_is_not_in_the_registry_has_an_account_without_it(person, visitor, aoi):
    person.join("sora")
    assert IdentityMatch.objects.get().status == MatchStatus.UNKNOWN
    aoi.refresh_from_db()
    assert aoi.account is None


def test_a_registrar_decides_with_the_differences_before_their_eyes(person, visitor, aoi):
    services.change_resident(resident=aoi, actor=make_staff("tanto", Role.SECTION_STAFF), address="みどり町9-9")
    person.join("aoi")
    match = IdentityMatch.objects.get()
    make_staff("jumin", Role.REGISTRAR)
    office = Client(headers={"host": "odawara.localhost"})
    sign_in(office, "jumin")
    assert "緑山 あおい" in office.get("/office/identity/", follow=True).content.decode()
    page = office.get(f"/office/identity/matches/{match.pk}/").content.decode()
    assert "異なる" in page
    assert "みどり町9-9" in page
    missing = office.post(f"/office/identity/matches/{match.pk}/", {"reason": "転居届を確認"})
    assert missing.status_code == 200
    assert Resident.objects.get(pk=aoi.pk).account is None
    office.post(f"/office/identity/matches/{match.pk}/", {"resident": aoi.pk, "reason": "転居届を確認"})
    match.refresh_from_db()
    aoi.refresh_from_db()
    assert (match.status, match.decided_by.login, aoi.account) == (MatchStatus.MATCHED, "jumin", match.account)


def test_a_registrar_refuses_and_nothing_is_joined(person, visitor, aoi):
    services.change_resident(resident=aoi, actor=make_staff("tanto", Role.SECTION_STAFF), address="みどり町9-9")
    person.join("aoi")
    registrar, match = make_staff("jumin", Role.REGISTRAR), IdentityMatch.objects.get()
    services.identity.decide_match(match=match, actor=registrar, resident=None, reason="別人")
    aoi.refresh_from_db()
    assert aoi.account is None
    visitor.logout()
    person.go("aoi")
    assert IdentityMatch.objects.get().status == MatchStatus.REFUSED


@pytest.mark.parametrize("role", [Role.SECTION_STAFF, Role.ADMINISTRATOR, Role.AUDITOR])
def test_others_than_registrars_do_not_see_the_queue(providers, role):
    make_staff("suzuki", role)
    office = Client(headers={"host": "odawara.localhost"})
    sign_in(office, "suzuki")
    assert office.get("/office/identity/matches/").status_code == 403
