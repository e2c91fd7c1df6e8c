from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from madoguchi.trust import services
from madoguchi.trust.api import acting_for
from madoguchi.trust.enums import AccessAction, AccountKind, Role
from madoguchi.trust.errors import RefusedError
from madoguchi.trust.models import AccessRecord, Event, Resident
from madoguchi.trust.permissions import resident_policy
from madoguchi.trust.selectors.accesses import accesses_of
from madoguchi.trust.services.sealing import seal_everything

from .people import make_account, make_staff
from .tampering import found_in, tamper

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NAME = "渡邉󠄀 花子"


@pytest.fixture
def clerk(odawara):
    return make_staff("sato", Role.SECTION_STAFF)


@pytest.fixture
def resident(odawara) -> Resident:
    return services.add_resident(
        name=NAME, name_kana="わたなべ　はなこ", birth_date=date(1980, 2, 3), address="荻窪300番地"
    )


def test_a_name_is_kept_as_received_beside_its_key_and_print_form(resident):
    resident.refresh_from_db()
    assert resident.name == NAME
    assert "󠄀" not in resident.name_print
    assert resident.name_print.startswith("渡")


@pytest.mark.parametrize("typed", ["渡辺", "渡邊花子", "ワタナベ", "わたなべ はな", "ﾜﾀﾅﾍﾞ"])
def test_a_resident_is_found_however_the_name_is_written(clerk, resident, typed):
    assert services.search_residents(actor=clerk, text=typed, purpose="転入届の受付") == [resident]


def test_each_look_is_logged_with_who_and_why(clerk, resident):
    services.access_resident(actor=clerk, resident_id=resident.pk, purpose="転入届の受付", address="192.0.2.7")
    services.search_residents(actor=clerk, text="渡辺", purpose="本人確認")
    found = [(record.action, record.actor, record.purpose, record.address) for record in accesses_of(resident)]
    assert found == [
        (AccessAction.SEARCH, clerk, "本人確認", None),
        (AccessAction.VIEW, clerk, "転入届の受付", "192.0.2.7"),
    ]


def test_a_look_without_a_purpose_is_refused(clerk, resident):
    with pytest.raises(ValueError, match="目的"):
        services.access_resident(actor=clerk, resident_id=resident.pk, purpose="  ")
    assert not AccessRecord.objects.exists()


def test_the_resident_may_look_at_the_own_record_and_its_log(odawara):
    account = make_account("hanako", kind=AccountKind.RESIDENT)
    own = services.add_resident(name=NAME, account=account)
    other = services.add_resident(name="別人")
    assert services.access_resident(actor=account, resident_id=own.pk, purpose="本人による確認") == own
    assert resident_policy.allows(account, "see_accesses", own)
    with pytest.raises(RefusedError):
        services.access_resident(actor=account, resident_id=other.pk, purpose="のぞき見")
    assert not accesses_of(other).exists()


@pytest.mark.parametrize("role", [None, Role.SECRETARIAT, Role.COUNCIL, Role.AUDITOR, Role.ADMINISTRATOR])
def test_staff_without_a_duty_at_the_counter_see_nobody_and_change_nothing(odawara, resident, role):
    somebody = make_staff("suzuki", *([role] if role else []))
    before = Resident.objects.filter(pk=resident.pk).values().get()
    with pytest.raises(RefusedError):
        services.access_resident(actor=somebody, resident_id=resident.pk, purpose="確認")
    with pytest.raises(RefusedError):
        services.search_residents(actor=somebody, text="渡辺", purpose="確認")
    with pytest.raises(RefusedError):
        services.change_resident(resident=Resident.objects.get(pk=resident.pk), actor=somebody, address="移動先")
    assert Resident.objects.filter(pk=resident.pk).values().get() == before
    assert not AccessRecord.objects.exists()


def test_a_change_is_an_event_that_names_fields_but_no_contents(clerk, resident):
    services.change_resident(resident=resident, actor=clerk, address="城山1-2-3", name_kana="わたなべ　はなこ")
    event = Event.objects.get(key="trust.resident.changed")
    assert event.data == {"fields": ["address"]}
    assert services.search_residents(actor=clerk, text="わたなべ", purpose="確認")[0].address == "城山1-2-3"


def test_a_change_of_name_moves_the_keys(clerk, resident):
    services.change_resident(resident=resident, actor=clerk, name="齋藤 花子")
    assert services.search_residents(actor=clerk, text="斎藤", purpose="確認") == [resident]
    assert services.search_residents(actor=clerk, text="渡辺", purpose="確認") == []


def test_bad_fields_are_refused_and_nothing_is_kept(odawara):
    with pytest.raises(ValidationError):
        services.add_resident(name="")
    with pytest.raises(TypeError, match="my_number"):
        services.add_resident(name=NAME, my_number="1")
    assert not Resident.objects.exists()
    assert not Event.objects.filter(key="trust.resident.registered").exists()


def test_there_is_no_field_for_the_individual_number():
    numbers = [field for field in Resident._meta.fields if "number" in field.name]
    assert [field.verbose_name for field in numbers] == ["宛名番号"]
    assert not [field.name for field in Resident._meta.fields if "個人番号" in field.verbose_name]


def test_another_city_finds_nobody(clerk, resident, oyama):
    with acting_for(oyama):
        colleague = make_staff("sato", Role.SECTION_STAFF)
        assert services.search_residents(actor=colleague, text="渡辺", purpose="確認") == []
        with pytest.raises(Resident.DoesNotExist):
            services.access_resident(actor=colleague, resident_id=resident.pk, purpose="確認")


@pytest.mark.django_db(transaction=True)
def test_the_access_log_is_sealed_and_a_removed_look_is_named(clerk, resident, odawara):
    for _ in range(3):
        services.access_resident(actor=clerk, resident_id=resident.pk, purpose="確認")
    seal_everything()
    assert found_in(odawara) == []
    middle = AccessRecord.objects.order_by("pk")[1]
    tamper(odawara, "DELETE FROM trust_accessrecord WHERE id = %s", middle.pk)
    assert found_in(odawara) == [("removed", str(middle.pk))]
