"""Delegations: given by a code or at the counter, in force exactly as long and as far as they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from madoguchi.kit import clock
from madoguchi.trust import services
from madoguchi.trust.api import (
    Account,
    Delegation,
    accept_delegation,
    acting_for,
    confirm_delegation,
    delegations_of,
    expire_delegations,
    grant_delegation,
    offer_delegation,
    register_delegation,
    revoke_delegation,
)
from madoguchi.trust.enums import AccountKind, DelegationKind, DelegationStatus, Role
from madoguchi.trust.errors import DelegationError, RefusedError
from madoguchi.trust.registry import DelegationScope, delegation_scopes

from .people import events_of, make_account, make_staff

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def mother(odawara) -> Account:
    return make_account("haha", kind=AccountKind.RESIDENT, name="緑山 はるか")


@pytest.fixture
def daughter(odawara) -> Account:
    return make_account("musume", kind=AccountKind.RESIDENT, name="緑山 みのり")


def offer(mother: Account, kind: DelegationKind = DelegationKind.FAMILY, days: int = 30, **more):
    today = clock.today()
    return offer_delegation(actor=mother, kind=kind, valid_from=today, valid_until=today + timedelta(days=days), **more)


@pytest.mark.parametrize(
    "typed", [lambda code: code, str.lower, lambda code: code.replace("-", ""), lambda c: f" {c} "]
)
def test_a_code_works_once_however_it_is_typed(mother, daughter, typed):
    delegation, code = offer(mother)
    assert delegations_of(daughter) == []
    accepted = accept_delegation(actor=daughter, code=typed(code))
    assert accepted.status == DelegationStatus.ACTIVE
    assert delegations_of(daughter) == [delegation]
    with pytest.raises(DelegationError):
        accept_delegation(actor=make_account("taro", kind=AccountKind.RESIDENT), code=code)
    assert delegations_of(daughter)[0].principal == mother


def test_the_code_itself_is_not_kept(mother):
    delegation, code = offer(mother)
    kept = Delegation.objects.filter(pk=delegation.pk).values().get()
    assert not any(code.replace("-", "") in str(value) for value in kept.values())


def test_a_wrong_or_old_code_gives_nothing(mother, daughter):
    _delegation, code = offer(mother)
    with pytest.raises(DelegationError, match="使えません"):
        accept_delegation(actor=daughter, code="0000-0000-0000")
    with clock.frozen(datetime.now(UTC) + timedelta(days=8)), pytest.raises(DelegationError):
        accept_delegation(actor=daughter, code=code)
    assert Delegation.objects.get().delegate is None


def test_nobody_is_their_own_delegate_and_staff_are_none(mother):
    _delegation, code = offer(mother)
    for actor in (mother, make_staff("sato", Role.SECTION_STAFF)):
        with pytest.raises(RefusedError):
            accept_delegation(actor=actor, code=code)
    assert Delegation.objects.get().status == DelegationStatus.INVITED


def test_a_delegation_is_over_when_its_last_day_is_over_even_before_the_job_runs(mother, daughter):
    _delegation, code = offer(mother, days=3)
    accept_delegation(actor=daughter, code=code)
    last = datetime.now(UTC) + timedelta(days=3)
    with clock.frozen(last):
        assert len(delegations_of(daughter)) == 1
    with clock.frozen(last + timedelta(days=1)):
        assert delegations_of(daughter) == []
        assert Delegation.objects.get().status == DelegationStatus.ACTIVE
        assert expire_delegations() == 1
        assert expire_delegations() == 0
    assert Delegation.objects.get().status == DelegationStatus.EXPIRED
    assert len(events_of("trust.delegation.expired")) == 1


def test_a_delegation_does_not_begin_before_its_first_day(mother, daughter):
    start = clock.today() + timedelta(days=5)
    _delegation, code = offer_delegation(
        actor=mother, kind=DelegationKind.FAMILY, valid_from=start, valid_until=start + timedelta(days=5)
    )
    accept_delegation(actor=daughter, code=code)
    assert delegations_of(daughter) == []


@pytest.mark.parametrize("who", ["mother", "daughter", "clerk"])
def test_either_side_and_the_counter_end_it_at_once(mother, daughter, who):
    _delegation, code = offer(mother)
    delegation = accept_delegation(actor=daughter, code=code)
    clerk = make_staff("sato", Role.SECTION_STAFF)
    revoke_delegation(delegation=delegation, actor={"mother": mother, "daughter": daughter, "clerk": clerk}[who])
    assert delegations_of(daughter) == []
    revoke_delegation(delegation=delegation, actor=mother)
    assert len(events_of("trust.delegation.revoked")) == 1


def test_a_stranger_ends_nothing(mother, daughter):
    _delegation, code = offer(mother)
    delegation = accept_delegation(actor=daughter, code=code)
    for stranger in (make_account("taro", kind=AccountKind.RESIDENT), make_staff("kansa", Role.AUDITOR)):
        with pytest.raises(RefusedError):
            revoke_delegation(delegation=delegation, actor=stranger)
    assert delegations_of(daughter) == [delegation]


def test_a_statutory_representative_waits_for_a_look_at_the_paper(mother, daughter):
    _delegation, code = offer(mother, DelegationKind.STATUTORY)
    delegation = accept_delegation(actor=daughter, code=code)
    assert delegation.status == DelegationStatus.WAITING
    assert delegations_of(daughter) == []
    clerk = make_staff("sato", Role.SECTION_STAFF)
    with pytest.raises(RefusedError):
        confirm_delegation(delegation=delegation, actor=mother, accept=True, note="よし")
    with pytest.raises(DelegationError):
        confirm_delegation(delegation=delegation, actor=clerk, accept=True, note=" ")
    assert delegations_of(daughter) == []
    confirm_delegation(delegation=delegation, actor=clerk, accept=True, note="登記事項証明書を確認")
    assert delegations_of(daughter) == [delegation]


def test_a_refused_paper_lets_nobody_act(mother, daughter):
    _delegation, code = offer(mother, DelegationKind.STATUTORY)
    delegation = accept_delegation(actor=daughter, code=code)
    clerk = make_staff("sato", Role.SECTION_STAFF)
    confirm_delegation(delegation=delegation, actor=clerk, accept=False, note="書類がない")
    with pytest.raises(DelegationError):
        confirm_delegation(delegation=delegation, actor=clerk, accept=True, note="やはりよい")
    assert delegations_of(daughter) == []


def test_the_counter_registers_for_somebody_without_an_account(daughter, odawara):
    clerk = make_staff("sato", Role.SECTION_STAFF)
    resident = services.add_resident(name="緑山 正")
    today = clock.today()
    delegation, code = register_delegation(
        actor=clerk,
        resident=resident,
        kind=DelegationKind.STATUTORY,
        valid_from=today,
        valid_until=today + timedelta(days=10),
        proof=(PDF, "登記事項証明書.pdf"),
    )
    accept_delegation(actor=daughter, code=code)
    held = delegations_of(daughter)
    assert held == [delegation]
    assert (held[0].principal_name, held[0].confirmed_by) == ("緑山 正", clerk)
    with pytest.raises(RefusedError):
        services.access_file(actor=daughter, file_id=delegation.proof_id)
    assert services.access_file(actor=clerk, file_id=delegation.proof_id)


@pytest.mark.parametrize("days", [-1, 3 * 366 + 1])
def test_a_period_that_will_not_do_is_refused(mother, days):
    with pytest.raises(DelegationError):
        offer(mother, days=days)
    assert not Delegation.objects.exists()


def test_a_delegation_covers_its_procedures_alone(mother, daughter):
    today = clock.today()
    delegation = grant_delegation(
        actor=mother,
        principal=mother,
        delegate=daughter,
        kind=DelegationKind.VOLUNTARY,
        valid_from=today,
        valid_until=today,
        procedures=["juminhyo"],
    )
    assert delegations_of(daughter, procedure="juminhyo") == [delegation]
    assert delegations_of(daughter, procedure="jidou-teate") == []


def test_nobody_grants_in_the_name_of_another(mother, daughter):
    today = clock.today()
    facts = {"kind": DelegationKind.FAMILY, "valid_from": today, "valid_until": today}
    with pytest.raises(RefusedError):
        grant_delegation(actor=daughter, principal=mother, delegate=daughter, **facts)
    with pytest.raises(DelegationError):
        grant_delegation(actor=mother, principal=mother, delegate=mother, **facts)
    with pytest.raises(RefusedError):
        grant_delegation(
            actor=mother, principal=mother, delegate=daughter, **facts | {"kind": DelegationKind.STATUTORY}
        )
    assert not Delegation.objects.exists()


def test_another_city_sees_no_delegation(mother, daughter, oyama):
    _delegation, code = offer(mother)
    accept_delegation(actor=daughter, code=code)
    with acting_for(oyama):
        assert not Delegation.objects.exists()
        assert delegations_of(daughter) == []
        assert expire_delegations() == 0


def test_the_whole_way_through_the_pages(mother, daughter):
    one, other = (Client(headers={"host": "odawara.localhost"}) for _ in range(2))
    one.force_login(mother)
    other.force_login(daughter)
    today = clock.today()
    form = {"kind": "statutory", "valid_from": today, "valid_until": today + timedelta(days=9), "note": "長女"}
    scope = DelegationScope("tests", lambda: [("juminhyo", "住民票の写し")])
    with delegation_scopes.registered_temporarily("tests", scope):
        assert "住民票の写し" in one.get("/me/delegations/offer/").content.decode()
        wrong = one.post("/me/delegations/offer/", form | {"procedures": ["invented"]})
        assert (wrong.status_code, Delegation.objects.count()) == (200, 0)
        one.post("/me/delegations/offer/", form | {"procedures": ["juminhyo"]})
    page = one.get("/me/delegations/").content.decode()
    code = page.split('id="delegation-code">')[1].split("<")[0]
    assert code not in one.get("/me/delegations/").content.decode()
    assert "緑山 はるか" in other.post("/me/delegations/accept/", {"code": code}).content.decode()
    assert Delegation.objects.get().delegate is None
    other.post("/me/delegations/accept/", {"code": code, "agree": "yes"})
    delegation = Delegation.objects.get()
    assert (delegation.delegate, delegation.procedures, delegation.status) == (daughter, ["juminhyo"], "waiting")
    path = f"/me/delegations/{delegation.reference}/"
    lying = other.post(path, {"proof": SimpleUploadedFile("proof.pdf", b"GIF89a not a pdf at all")})
    assert "書類" in lying.content.decode()
    assert Delegation.objects.get().proof is None
    other.post(path, {"proof": SimpleUploadedFile("proof.pdf", PDF)})
    assert Delegation.objects.get().proof.name == "proof.pdf"
    office = Client(headers={"host": "odawara.localhost"})
    office.force_login(make_staff("sato", Role.SECTION_STAFF))
    assert delegation.reference in office.get("/office/identity/delegations/").content.decode()
    office.post(f"/office/identity/delegations/{delegation.reference}/", {"note": "戸籍を確認", "answer": "yes"})
    assert len(delegations_of(daughter)) == 1
    stranger = Client(headers={"host": "odawara.localhost"})
    stranger.force_login(make_account("taro", kind=AccountKind.RESIDENT))
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}revoke/").status_code == 404
    other.post(f"{path}revoke/")
    assert delegations_of(daughter) == []


def test_the_counter_registers_through_its_page(daughter, odawara):
    resident = services.add_resident(name="緑山 正")
    office = Client(headers={"host": "odawara.localhost"})
    office.force_login(make_staff("sato", Role.SECTION_STAFF))
    today = clock.today()
    form = {"kind": "family", "valid_from": today, "valid_until": today, "note": ""}
    path = "/office/identity/delegations/register/"
    assert "この整理番号の住民はいません" in office.post(path, form | {"resident": "unknown"}).content.decode()
    page = office.post(path, form | {"resident": resident.reference}).content.decode()
    accept_delegation(actor=daughter, code=page.split('id="delegation-code">')[1].split("<")[0])
    assert delegations_of(daughter)[0].resident == resident
