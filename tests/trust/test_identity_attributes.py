"""Verified attributes: who may read them, that each read leaves a trace, what the person sees of it, consent."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.test import Client

from madoguchi.kit import clock
from madoguchi.trust import services
from madoguchi.trust.api import (
    AccessRecord,
    Account,
    Resident,
    give_consent,
    grant_delegation,
    has_consented,
    verified_attributes,
    withdraw_consent,
)
from madoguchi.trust.enums import AccountKind, AssuranceLevel, AttributeSource, DelegationKind, Role
from madoguchi.trust.errors import RefusedError
from madoguchi.trust.models import AttributeConsent
from madoguchi.trust.rules.identity import Vouched
from madoguchi.trust.selectors.accesses import accesses_of
from madoguchi.trust.services.identity import keep_attributes

from .people import events_of, make_account, make_staff

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def hanako(odawara) -> Account:
    return make_account("hanako", kind=AccountKind.RESIDENT, name="緑山 花子")


@pytest.fixture
def resident(odawara, hanako) -> Resident:
    odawara.prefecture = "神奈川県"
    odawara.save()
    facts = {"address": "みどり町1-2-3 見本荘101", "postal_code": "250-0001", "household": "S-1"}
    head = services.add_resident(
        name="緑山 太郎", name_kana="ミドリヤマ タロウ", birth_date=date(1960, 1, 2), relationship="世帯主", **facts
    )
    own = services.add_resident(
        name="緑山 花子",
        name_kana="ミドリヤマ ハナコ",
        birth_date=date(1990, 5, 6),
        sex="female",
        relationship="子",
        account=hanako,
        **facts,
    )
    services.add_resident(name="早瀬 隆", birth_date=date(1970, 1, 1), household="S-2", relationship="世帯主")
    assert head.pk != own.pk
    return own


EVERYTHING = ("person.name", "person.birth_date", "person.sex", "person.address", "person.household", "person.email")


def test_the_registry_answers_in_the_shapes_of_forms(hanako, resident):
    known = verified_attributes(actor=hanako, resident=resident, keys=EVERYTHING, purpose="手続の入力")
    assert {key: attribute.value for key, attribute in known.items()} == {
        "person.name": {"family": "緑山", "given": "花子", "family_kana": "ミドリヤマ", "given_kana": "ハナコ"},
        "person.birth_date": "1990-05-06",
        "person.sex": "female",
        "person.address": {
            "postal_code": "250-0001",
            "prefecture": "神奈川県",
            "city": "小田原市",
            "town": "みどり町",
            "street": "1-2-3",
            "building": "見本荘101",
        },
        "person.household": [
            {
                "name": {"family": "緑山", "given": "太郎", "family_kana": "ミドリヤマ", "given_kana": "タロウ"},
                "birth_date": "1960-01-02",
                "relationship": "世帯主",
            },
            {
                "name": {"family": "緑山", "given": "花子", "family_kana": "ミドリヤマ", "given_kana": "ハナコ"},
                "birth_date": "1990-05-06",
                "relationship": "子",
            },
        ],
    }
    name = known["person.name"]
    assert (name.source, name.assurance) == (AttributeSource.REGISTRY, AssuranceLevel.AUTHENTICATED)


def test_each_read_is_logged_and_a_household_with_every_member(hanako, resident):
    verified_attributes(
        actor=hanako, resident=resident, keys=["person.name"], purpose="手続の入力", address="192.0.2.7"
    )
    assert [(one.actor, one.purpose, one.address) for one in accesses_of(resident)] == [
        (hanako, "手続の入力", "192.0.2.7")
    ]
    head = Resident.objects.get(relationship="世帯主", household="S-1")
    assert not accesses_of(head).exists()
    verified_attributes(actor=hanako, resident=resident, keys=["person.household"], purpose="児童手当")
    assert [one.purpose for one in accesses_of(head)] == ["児童手当"]


def test_others_read_nothing_and_leave_no_look(hanako, resident):
    stranger = make_account("taro", kind=AccountKind.RESIDENT)
    auditor = make_staff("kansa", Role.AUDITOR)
    for actor in (stranger, auditor, None):
        with pytest.raises(RefusedError):
            verified_attributes(actor=actor, resident=resident, keys=EVERYTHING, purpose="のぞき見")
        with pytest.raises(RefusedError):
            verified_attributes(actor=actor, account=hanako, keys=EVERYTHING, purpose="のぞき見")
    with pytest.raises(RefusedError):
        verified_attributes(actor=stranger, account=stranger, resident=resident, keys=EVERYTHING, purpose="のぞき見")
    assert not AccessRecord.objects.exists()


def test_the_counter_reads_with_a_purpose(hanako, resident):
    clerk = make_staff("sato", Role.SECTION_STAFF)
    assert verified_attributes(actor=clerk, resident=resident, keys=["person.name"], purpose="転入届")
    with pytest.raises(ValueError, match="目的"):
        verified_attributes(actor=clerk, resident=resident, keys=["person.name"], purpose=" ")


def test_a_delegate_reads_for_the_procedures_delegated_and_until_the_end(hanako, resident):
    son = make_account("taro", kind=AccountKind.RESIDENT)
    today = clock.today()
    delegation = grant_delegation(
        actor=hanako,
        delegate=son,
        principal=hanako,
        kind=DelegationKind.FAMILY,
        valid_from=today,
        valid_until=today,
        procedures=["juminhyo"],
    )

    def read(procedure: str) -> object:
        return verified_attributes(
            actor=son, resident=resident, keys=["person.name"], purpose="代理", procedure=procedure
        )

    assert read("juminhyo")
    for other in ("", "jidou-teate"):
        with pytest.raises(RefusedError):
            read(other)
    services.delegations.revoke_delegation(delegation=delegation, actor=hanako)
    with pytest.raises(RefusedError):
        read("juminhyo")


def test_a_providers_word_fills_what_the_registry_does_not_hold(odawara, hanako, resident):
    Resident.objects.filter(pk=resident.pk).update(sex="")
    vouched = Vouched(
        provider="digital_auth_app",
        issuer="https://id.example.jp",
        subject="x",
        acr="aal3 crl",
        level="authenticated",
        authenticated_at=clock.now(),
        attributes={"person.sex": "female", "person.birth_date": "1999-01-01"},
    )
    keep_attributes(account=hanako, vouched=vouched)
    keep_attributes(account=hanako, vouched=vouched)
    known = verified_attributes(actor=hanako, account=hanako, keys=EVERYTHING, purpose="手続の入力")
    assert (known["person.sex"].value, known["person.sex"].source) == ("female", AttributeSource.PROVIDER)
    assert (known["person.birth_date"].value, known["person.birth_date"].source) == (
        "1990-05-06",
        AttributeSource.REGISTRY,
    )


def test_a_consent_covers_its_keys_until_it_is_taken_back(hanako, resident):
    give_consent(account=hanako, procedure="juminhyo", keys=["person.name", "person.address"])
    again = give_consent(account=hanako, procedure="juminhyo", keys=["person.name"])
    assert AttributeConsent.objects.get() == again
    assert has_consented(hanako, "juminhyo", ["person.name"])
    assert not has_consented(hanako, "juminhyo", ["person.household"])
    assert not has_consented(hanako, "jidou-teate", ["person.name"])
    assert withdraw_consent(account=hanako, consent_id=again.pk)
    assert not has_consented(hanako, "juminhyo", ["person.name"])
    assert not withdraw_consent(account=hanako, consent_id=again.pk)
    assert [event.data["procedure"] for event in events_of("trust.consent.withdrawn")] == ["juminhyo"]


def test_a_consent_of_another_person_cannot_be_taken_back(hanako, resident):
    consent = give_consent(account=hanako, procedure="juminhyo", keys=["person.name"])
    stranger = make_account("taro", kind=AccountKind.RESIDENT)
    assert not withdraw_consent(account=stranger, consent_id=consent.pk)
    with pytest.raises(RefusedError):
        give_consent(account=stranger, procedure="juminhyo", keys=["person.name"], about=resident)
    assert has_consented(hanako, "juminhyo", ["person.name"])


def test_a_person_sees_what_is_known_and_who_looked(visitor, hanako, resident):
    clerk = make_staff("sato", Role.SECTION_STAFF, name="佐藤 次郎")
    services.access_resident(actor=clerk, resident_id=resident.pk, purpose="転入届の受付")
    visitor.force_login(hanako)
    page = visitor.get("/me/information/").content.decode()
    for words in ("緑山 花子", "平成2年5月6日", "見本荘101", "緑山 太郎（世帯主）", "転入届の受付", "ご本人"):
        assert words in page
    assert "佐藤 次郎" not in page


def test_a_person_takes_the_information_along_and_that_is_logged(visitor, hanako, resident):
    visitor.force_login(hanako)
    response = visitor.post("/me/information/download/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-information.json"'
    body = json.loads(response.content)
    assert {one["key"] for one in body["attributes"]} >= {"person.name", "person.address"}
    assert body["accesses"][0]["purpose"] == "本人による確認"
    assert [str(one.action) for one in accesses_of(resident)] == ["download"]
    assert events_of("trust.information.downloaded")[0].quantity == len(body["attributes"])
    assert visitor.get("/me/information/download/").status_code == 405


def test_the_page_is_for_residents(visitor, odawara):
    assert visitor.get("/me/information/").status_code == 302
    visitor.force_login(make_staff("sato", Role.SECTION_STAFF))
    assert visitor.get("/me/information/").status_code == 404


def test_a_way_in_is_never_the_last_one_taken(odawara, visitor):
    from madoguchi.trust.models import IdentityLink

    account = make_account("hanako", kind=AccountKind.RESIDENT, password=None)
    now = clock.now()
    link = IdentityLink.objects.create(
        municipality=odawara,
        account=account,
        provider="digital_auth_app",
        issuer="https://id.example.jp",
        subject="x",
        assurance="authenticated",
        linked_at=now,
        last_used_at=now,
    )
    visitor.force_login(account)
    visitor.post(f"/me/identity/{link.pk}/unlink/")
    assert IdentityLink.objects.filter(pk=link.pk).exists()
    account.set_password("correct horse battery")
    account.save()
    visitor.force_login(account)
    stranger = Client(headers={"host": "odawara.localhost"})
    stranger.force_login(make_account("taro", kind=AccountKind.RESIDENT))
    assert stranger.post(f"/me/identity/{link.pk}/unlink/").status_code == 404
    visitor.post(f"/me/identity/{link.pk}/unlink/")
    assert not IdentityLink.objects.exists()
    assert len(events_of("trust.identity.unlinked")) == 1
