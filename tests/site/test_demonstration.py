"""The demonstration: five published plans, and people who do not exist, the same from the same seed."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings

from madoguchi.kit import ages, clock, places
from madoguchi.plan.api import Indicator, Plan, Project
from madoguchi.site.cli.simulators_identity import _residents
from madoguchi.site.demonstration import MUNICIPALITIES, RESIDENTS, STAFF, load_demonstration, sign_in_lines
from madoguchi.trust.api import Account, Municipality, acting_for, get_municipality, holds_role
from madoguchi.trust.enums import Role
from madoguchi.trust.models import Resident
from madoguchi.trust.rules.identity import differences, read_day, split_address, split_name
from madoguchi.trust.selectors.identity import registry_attributes

pytestmark = [pytest.mark.django_db, pytest.mark.database]
COUNTS = {"odawara": (31, 30), "oyama": (24, 0), "isehara": (34, 53), "sagamihara": (65, 51), "hiratsuka": (67, 0)}


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        from django.db import transaction

        with transaction.atomic():
            lines = list(load_demonstration(seed=1))
            yield lines
            transaction.set_rollback(True)


def test_all_five_cities_are_in_with_every_project_and_indicator(loaded) -> None:
    assert len([line for line in loaded if "人の職員" in line]) == len(MUNICIPALITIES) == 5
    for key, expected in COUNTS.items():
        with acting_for(get_municipality(key)):
            assert (Project.objects.count(), Indicator.objects.count()) == expected, key


def test_loading_again_changes_nothing(loaded) -> None:
    before = Municipality.objects.count()
    assert list(load_demonstration(seed=1)) == []
    assert Municipality.objects.count() == before


def test_there_is_somebody_for_every_role_and_each_can_sign_in(loaded) -> None:
    with acting_for(get_municipality("isehara")):
        names = set()
        for login, _what, role in STAFF:
            account = Account.objects.get(login=login)
            assert account.check_password(settings.DEMONSTRATION_PASSWORD)
            assert holds_role(account, role)
            names.add(account.name)
        assert len(names) == len(STAFF), "two people have one name"
    assert any("jimukyoku" in line for line in sign_in_lines())


def test_the_chief_answers_for_projects_of_one_section_only(loaded) -> None:
    with acting_for(get_municipality("isehara")):
        unit = Account.objects.get(login="kacho").duties.get().unit
        own = Project.objects.filter(responsibilities__unit=unit).count()
        assert 1 < own < Project.objects.count()
        assert holds_role(Account.objects.get(login="kacho"), Role.SECTION_CHIEF, unit_ids={unit.pk})


def test_the_previous_plan_is_tied_to_the_present_one(loaded) -> None:
    with acting_for(get_municipality("sagamihara")):
        present = Plan.objects.get(code="ict-2020")
        assert present.predecessor is not None
        assert present.predecessor.title == "相模原市ICT活用推進計画"


def test_there_are_residents_with_a_written_name_and_a_search_key(loaded) -> None:
    with acting_for(get_municipality("oyama")):
        found = Resident.objects.all()
        assert found.count() == RESIDENTS
        assert all(person.name_key and person.name for person in found)
        assert found.filter(account__login="shimin").count() == 1


def test_in_every_city_the_chief_has_projects_to_answer_for(loaded) -> None:
    for key in COUNTS:
        with acting_for(get_municipality(key)):
            unit = Account.objects.get(login="kacho").duties.get().unit
            assert unit is not None, key
            assert Project.objects.filter(responsibilities__unit=unit, responsibilities__is_lead=True).exists(), key
    with acting_for(get_municipality("sagamihara")):
        assert Account.objects.get(login="kacho").duties.get().unit.name == "情報政策課（見本）"
        assert not Indicator.objects.filter(project__isnull=False, owner_unit=None).exists()


def test_residents_live_in_households_at_addresses_whose_postal_codes_are_right(loaded) -> None:
    for key in COUNTS:
        municipality = get_municipality(key)
        with acting_for(municipality):
            households: dict[str, list[Resident]] = {}
            for person in Resident.objects.order_by("pk"):
                households.setdefault(person.household, []).append(person)
                assert person.sex
                assert person.address.startswith(f"{municipality.prefecture}{municipality.name}")
                assert person.postal_code.replace("-", "") in places.locate(person.address).postal_codes
            assert {len(members) for members in households.values()} == {1, 2, 3, 4, 5}
            for members in households.values():
                assert [person.relationship for person in members].count("世帯主") == 1
                assert len({(person.address, person.name.split()[0]) for person in members}) == 1
            assert Resident.objects.values("registry_number").distinct().count() == RESIDENTS


def test_the_resident_who_signs_in_has_a_spouse_and_children_of_two_and_seven(loaded) -> None:
    with acting_for(get_municipality("odawara")):
        own = Resident.objects.get(account__login="shimin")
        others = Resident.objects.filter(household=own.household).exclude(pk=own.pk)
        assert own.relationship == "世帯主"
        assert others.get(relationship__in=["妻", "夫"]).sex != own.sex
        children = others.filter(relationship="子")
        assert sorted(ages.age_on(child.birth_date, clock.today()) for child in children) == [2, 7]


def test_the_identity_simulator_plays_them_and_what_it_says_is_what_the_registry_holds(loaded) -> None:
    people = [person for person in _residents() if person["id"].startswith("sagamihara-")]
    assert len(people) == 3
    with acting_for(get_municipality("sagamihara")):
        own = Resident.objects.get(account__login="shimin")
        played = next(person for person in people if person["name"] == own.name)
        claims = {
            "person.name": split_name(played["name"]),
            "person.birth_date": read_day(played["birthdate"]),
            "person.address": split_address(played["address"]),
        }
        here = {"prefecture": "神奈川県", "city": "相模原市"}
        assert differences(claims, registry_attributes(own), **here) == []
        assert {"male": "1", "female": "2"}[own.sex] == played["gender"]
        assert all(ages.age_on(read_date(person), clock.today()) >= 18 for person in people)


def read_date(person: dict[str, str]) -> date:
    return date.fromisoformat(read_day(person["birthdate"]) or "")
