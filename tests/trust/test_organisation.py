"""Units that change from one fiscal year to the next, and the duties people hold in them."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.trust.api import (
    Duty,
    Unit,
    abolish_unit,
    acting_for,
    add_unit,
    assign_duty,
    current_duties,
    end_duty,
    merge_units,
    rename_unit,
    staff_with_role,
    unit_tree,
    units_of,
)
from madoguchi.trust.enums import Role, UnitKind
from madoguchi.trust.errors import OrganisationError, RefusedError
from madoguchi.trust.services import change_unit

from .people import event_keys, events_of, make_account, make_staff, make_unit

pytestmark = pytest.mark.database

NOW = clock.datetime(2026, 5, 1, 3, 0, tzinfo=clock.UTC)


@pytest.fixture(autouse=True)
def spring_of_2026():
    with clock.frozen(NOW):
        yield


def names(year: int) -> list[tuple[int, str]]:
    return [(node.depth, node.unit.name) for node in unit_tree(year)]


def test_the_tree_lists_each_unit_after_the_one_it_is_under(odawara):
    planning = make_unit("企画部", kind=UnitKind.DEPARTMENT)
    make_unit("総務部", kind=UnitKind.DEPARTMENT)
    make_unit("政策課", planning)
    assert names(2026) == [(0, "企画部"), (1, "政策課"), (0, "総務部")]


def test_a_renamed_unit_keeps_its_past_and_its_sections(odawara):
    old = make_unit("情報部", kind=UnitKind.DEPARTMENT)
    section = make_unit("情報課", old)
    new = rename_unit(unit=old, name="デジタル部", fiscal_year=2026)
    assert names(2025) == [(0, "情報部"), (1, "情報課")]
    assert names(2026) == [(0, "デジタル部"), (1, "情報課")]
    assert new.predecessor == old
    section.refresh_from_db()
    assert section.parent == old


def test_duties_that_last_go_on_at_the_renamed_unit(odawara):
    old = make_unit("情報課")
    chief = make_staff("kacho", Role.SECTION_CHIEF, unit=old)
    new = rename_unit(unit=old, name="デジタル課", fiscal_year=2026)
    assert [(duty.unit, duty.to_date) for duty in chief.duties.order_by("from_date")] == [
        (old, date(2026, 3, 31)),
        (new, None),
    ]
    assert list(units_of(chief)) == [new]
    assert list(units_of(chief, date(2026, 3, 31))) == [old]


def test_a_duty_that_ended_before_stays_where_it_was(odawara):
    old, account = make_unit("情報課"), make_account("moto")
    assign_duty(
        account=account, role=Role.SECTION_STAFF, unit=old, from_date=date(2024, 4, 1), to_date=date(2025, 3, 31)
    )
    rename_unit(unit=old, name="デジタル課", fiscal_year=2026)
    assert [duty.to_date for duty in account.duties.all()] == [date(2025, 3, 31)]


def test_a_duty_that_begins_after_the_reorganisation_is_held_at_the_new_unit_alone(odawara):
    old, account = make_unit("情報課"), make_account("shin")
    assign_duty(
        account=account, role=Role.SECTION_STAFF, unit=old, from_date=date(2027, 7, 1), to_date=date(2028, 3, 31)
    )
    new = rename_unit(unit=old, name="デジタル課", fiscal_year=2027)
    assert [(duty.unit, duty.from_date, duty.to_date) for duty in account.duties.all()] == [
        (new, date(2027, 7, 1), date(2028, 3, 31))
    ]


def test_merged_units_hand_people_and_sections_over(odawara):
    first, second, into = make_unit("市民課"), make_unit("窓口課"), make_unit("市民窓口課")
    team = make_unit("証明係", second, UnitKind.TEAM)
    one, two = (
        make_staff("hitori", Role.SECTION_STAFF, unit=first),
        make_staff("futari", Role.SECTION_CHIEF, unit=second),
    )
    merge_units(units=[first, second], into=into, fiscal_year=2026)
    assert names(2026) == [(0, "市民窓口課"), (1, "証明係")]
    assert names(2025) == [(0, "市民窓口課"), (0, "市民課"), (0, "窓口課"), (1, "証明係")]
    assert [list(units_of(account)) for account in (one, two)] == [[into], [into]]
    assert Unit.objects.answering_for([team.pk]) >= {team.pk, second.pk, into.pk}
    assert len(events_of("trust.unit.merged")) == 2


def test_an_abolished_unit_ends_with_its_duties(odawara):
    unit = make_unit("臨時課")
    staff = make_staff("rinji", Role.SECTION_STAFF, unit=unit)
    abolish_unit(unit=unit, fiscal_year=2026)
    assert names(2026) == []
    assert not current_duties(staff).exists()
    assert current_duties(staff, date(2026, 3, 31)).exists()


def test_a_unit_with_units_below_is_not_abolished(odawara):
    above = make_unit("企画部", kind=UnitKind.DEPARTMENT)
    make_unit("政策課", above)
    with pytest.raises(OrganisationError, match="先に移すか廃止"):
        abolish_unit(unit=above, fiscal_year=2026)
    above.refresh_from_db()
    assert above.valid_to_fiscal_year is None


@pytest.mark.parametrize("year", [2023, 2024])
def test_history_is_not_rewritten(odawara, year):
    unit = make_unit("情報課")
    with pytest.raises(OrganisationError):
        rename_unit(unit=unit, name="デジタル課", fiscal_year=year)
    unit = Unit.objects.get()
    assert (unit.name, unit.valid_to_fiscal_year) == ("情報課", None)


def test_a_unit_is_reorganised_only_while_it_exists(odawara):
    unit = make_unit("情報課")
    abolish_unit(unit=unit, fiscal_year=2025)
    with pytest.raises(OrganisationError, match="すでにありません"):
        rename_unit(unit=unit, name="デジタル課", fiscal_year=2026)
    with pytest.raises(OrganisationError, match="統合先にできません"):
        merge_units(units=[make_unit("別課")], into=unit, fiscal_year=2026)
    assert Unit.objects.count() == 2


def test_a_unit_goes_neither_into_itself_nor_below_itself(odawara):
    above = make_unit("企画部", kind=UnitKind.DEPARTMENT)
    below = make_unit("政策課", above)
    for into in (above, below):
        with pytest.raises(OrganisationError):
            merge_units(units=[above], into=into, fiscal_year=2026)
    with pytest.raises(OrganisationError, match="上位組織にできません"):
        change_unit(unit=above, parent=below, phone="", kind=UnitKind.DEPARTMENT)
    assert names(2026) == [(0, "企画部"), (1, "政策課")]


def test_two_sections_may_each_have_a_team_of_the_same_name_but_not_one_section_two(odawara):
    first, second = make_unit("市民課"), make_unit("税務課")
    make_unit("管理係", first, UnitKind.TEAM)
    make_unit("管理係", second, UnitKind.TEAM)
    for parent in (first, None):
        name = "管理係" if parent else "市民課"
        with pytest.raises(OrganisationError, match="同じ名称"):
            make_unit(name, parent, UnitKind.TEAM)
    assert Unit.objects.count() == 4


def test_a_unit_cannot_be_under_one_that_is_gone(odawara):
    above = make_unit("企画部", kind=UnitKind.DEPARTMENT)
    abolish_unit(unit=above, fiscal_year=2025)
    with pytest.raises(OrganisationError, match="令和8年度にはありません"):
        make_unit("政策課", above, year=2026)


def test_only_an_administrator_changes_the_organisation(odawara):
    chief = make_staff("kacho", Role.SECTION_CHIEF)
    unit = make_unit("情報課")
    before = event_keys()
    changes = [
        lambda: add_unit(name="新課", kind=UnitKind.SECTION, fiscal_year=2026, actor=chief),
        lambda: rename_unit(unit=unit, name="デジタル課", fiscal_year=2026, actor=chief),
        lambda: merge_units(units=[unit], into=unit, fiscal_year=2026, actor=chief),
        lambda: abolish_unit(unit=unit, fiscal_year=2026, actor=chief),
        lambda: assign_duty(account=chief, role=Role.ADMINISTRATOR, from_date=date(2026, 4, 1), actor=chief),
        lambda: end_duty(duty=chief.duties.get(), to_date=date(2026, 4, 1), actor=chief),
    ]
    for change in changes:
        with pytest.raises(RefusedError, match="管理者だけ"):
            change()
    assert [unit.name for unit in Unit.objects.all()] == ["情報課"]
    assert [(duty.role, duty.to_date) for duty in Duty.objects.all()] == [(Role.SECTION_CHIEF, None)]
    assert event_keys() == before


def test_a_duty_belongs_to_staff_and_to_a_unit_of_its_time(odawara):
    from madoguchi.trust.enums import AccountKind

    unit = make_unit("情報課")
    abolish_unit(unit=unit, fiscal_year=2025)
    resident, staff = make_account("shimin", kind=AccountKind.RESIDENT), make_account("sato")
    with pytest.raises(OrganisationError, match="職員のアカウントだけ"):
        assign_duty(account=resident, role=Role.SECTION_STAFF, from_date=date(2026, 4, 1))
    with pytest.raises(OrganisationError, match="その期間にはありません"):
        assign_duty(account=staff, role=Role.SECTION_STAFF, unit=unit, from_date=date(2026, 4, 1))
    with pytest.raises(ValidationError):
        assign_duty(account=staff, role=Role.SECTION_STAFF, from_date=date(2026, 4, 2), to_date=date(2026, 4, 1))
    assert not Duty.objects.exists()


def test_a_role_is_held_on_the_first_and_the_last_day(odawara):
    account = make_account("sato")
    assign_duty(account=account, role=Role.COUNCIL, from_date=date(2026, 4, 1), to_date=date(2026, 4, 30))
    held = {day: staff_with_role(Role.COUNCIL, on=day).exists() for day in map(date.fromisoformat, DAYS)}
    assert [str(day) for day, holds in held.items() if holds] == ["2026-04-01", "2026-04-30"]


DAYS = ["2026-03-31", "2026-04-01", "2026-04-30", "2026-05-01"]


def test_staff_with_a_role_are_found_at_the_unit_and_for_the_whole_city(odawara):
    first, second = make_unit("市民課"), make_unit("税務課")
    here, there = (make_staff(f"kacho{n}", Role.SECTION_CHIEF, unit=unit) for n, unit in enumerate((first, second)))
    everywhere = make_staff("shicho", Role.SECTION_CHIEF)
    make_staff("tomatta", Role.SECTION_CHIEF, unit=first, is_active=False)
    assert set(staff_with_role(Role.SECTION_CHIEF, first)) == {here, everywhere}
    assert set(staff_with_role(Role.SECTION_CHIEF)) == {here, there, everywhere}


def test_the_organisation_of_another_city_is_not_seen(odawara, oyama):
    make_unit("市民課")
    with acting_for(oyama):
        assert unit_tree(2026) == []
        assert Unit.objects.answering_for([1, 2, 3]) == {1, 2, 3}


@given(st.lists(st.integers(2025, 2040), min_size=1, max_size=6, unique=True).map(sorted))
def test_after_any_renames_every_year_has_the_unit_exactly_once(years):
    """The rule itself, on units that are not stored."""
    from madoguchi.trust.selectors.people import _exists_in

    starts = [2024, *years]
    units = [
        Unit(valid_from_fiscal_year=start, valid_to_fiscal_year=end and end - 1)
        for start, end in zip(starts, [*years, None], strict=True)
    ]
    assert all(sum(_exists_in(unit, year) for unit in units) == 1 for year in range(2024, 2045))
