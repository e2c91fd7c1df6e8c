"""Actual values: entered, approved, returned, corrected and never overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from madoguchi.kit import clock
from madoguchi.plan.enums import ActualSource, ActualStatus, RoundPeriod, RoundStatus
from madoguchi.plan.errors import FrozenPeriodError, PlanError, StaleError
from madoguchi.plan.models import Actual, ComparisonFigure, Indicator, ReviewRound, ScoringRule
from madoguchi.plan.rules.actual_values import Doubt, ValueRefusedError, read_value, written
from madoguchi.plan.selectors import actuals as selectors
from madoguchi.plan.selectors import published
from madoguchi.plan.services.actuals import (
    DoubtError,
    Entry,
    approve_actual,
    approve_actuals,
    correct_actual,
    enter_actual,
    return_actual,
    undo_approvals,
)
from madoguchi.trust.api import Account, Event, acting_for
from madoguchi.trust.enums import Role
from madoguchi.trust.errors import RefusedError

from .factories import make_city, make_plan, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
REASON = "集計表は紙で保管している"


@pytest.fixture(autouse=True)
def city(settings: Any) -> Iterator[Any]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    municipality = make_city()
    with clock.frozen(NOW), acting_for(municipality):
        make_plan(municipality)
        yield municipality


@pytest.fixture
def applications() -> Indicator:
    return Indicator.objects.get(label="オンライン申請の件数")


@pytest.fixture
def chief(applications: Indicator) -> Account:
    assert applications.project is not None
    return make_staff(Role.SECTION_CHIEF, applications.project.responsibilities.get(is_lead=True).unit)


@pytest.fixture
def office() -> Account:
    return make_staff(Role.SECRETARIAT)


def entry(value: float | None = 1600, **changes: Any) -> Entry:
    return Entry(**({"value": value, "no_evidence_reason": REASON} | changes))


def event_keys() -> list[str]:
    found = Event.objects.filter(key__regex=r"^plan\.(actual|indicator|token|push)\.")
    return list(found.order_by("id").values_list("key", flat=True))


def enter(indicator: Indicator, actor: Account, year: int = 2024, **changes: Any) -> Actual:
    return enter_actual(indicator=indicator, fiscal_year=year, entry=entry(**changes), actor=actor)


def close(indicator: Indicator, year: int, period: RoundPeriod = RoundPeriod.FULL_YEAR) -> ReviewRound:
    owner = {"municipality": indicator.municipality}
    rule = ScoringRule.objects.create(key="r", name="規則", xml="<x/>", created_at=NOW, **owner)
    return ReviewRound.objects.create(
        plan=indicator.plan,
        fiscal_year=year,
        period=period,
        status=RoundStatus.CLOSED,
        scoring_rule=rule,
        self_evaluation_due=date(2026, 6, 30),
        opened_at=NOW,
        closed_at=datetime(2026, 7, 15, 3, tzinfo=UTC),
        digest="ab" * 32,
        **owner,
    )


def test_a_value_counts_only_once_somebody_else_approved_it(
    applications: Indicator, chief: Account, office: Account
) -> None:
    entered = enter(applications, chief)
    assert selectors.current_actual(applications, 2024) is None
    approve_actual(actual=entered, actor=office)
    current = selectors.current_actual(applications, 2024)
    assert current == entered
    assert current.text == "1,600件"
    assert event_keys() == ["plan.actual.entered", "plan.actual.approved"]
    item = published.indicator_items(published.indicators().filter(pk=applications.pk))[0]
    assert [(actual["fiscal_year"], actual["value"], actual["text"]) for actual in item["actuals"]] == [
        (2024, 1600, "1,600件")
    ]


def test_approval_publishes_the_figure_for_comparison(applications: Indicator, chief: Account, office: Account) -> None:
    assert applications.concept
    approve_actual(actual=enter(applications, chief), actor=office)
    assert ComparisonFigure.objects.get(concept=applications.concept, fiscal_year=2024).actual == 1600


def test_nobody_approves_their_own_entry(applications: Indicator, office: Account) -> None:
    entered = enter(applications, office)
    with pytest.raises(PlanError, match="ご自分が入力した"):
        approve_actual(actual=entered, actor=office)
    entered.refresh_from_db()
    assert entered.status == ActualStatus.SUBMITTED
    assert event_keys()[-1] == "plan.actual.refused"


def test_a_section_enters_only_for_its_own_projects_and_never_approves(
    applications: Indicator, chief: Account, office: Account
) -> None:
    stranger = make_staff(Role.SECTION_CHIEF, chief.duties.get().unit.__class__.objects.create(
        municipality=applications.municipality, name="水道課", valid_from_fiscal_year=2020), login="suido")  # fmt: skip
    with pytest.raises(RefusedError):
        enter(applications, stranger)
    assert Actual.objects.count() == 0
    entered = enter(applications, office)
    with pytest.raises(RefusedError):
        approve_actual(actual=entered, actor=chief)
    entered.refresh_from_db()
    assert entered.status == ActualStatus.SUBMITTED
    assert event_keys() == ["plan.actual.refused", "plan.actual.entered", "plan.actual.refused"]


def test_the_owner_of_an_indicator_may_enter_though_the_project_is_of_another_section(
    applications: Indicator, office: Account
) -> None:
    unit = selectors.Unit.objects.create(
        municipality=applications.municipality, name="統計課", valid_from_fiscal_year=2020
    )
    owner = make_staff(Role.SECTION_STAFF, unit, login="tokei")
    with pytest.raises(RefusedError):
        enter(applications, owner)
    applications.owner_unit = unit
    applications.save()
    assert enter(applications, owner).entered_by == owner


def test_a_correction_stands_beside_the_old_value_until_it_is_approved(
    applications: Indicator, chief: Account, office: Account
) -> None:
    first = approve_actual(actual=enter(applications, chief), actor=office)
    corrected = correct_actual(
        indicator=applications,
        actual=first,
        entry=entry(1650, note="二重に数えた50件を除き、100件を加えた"),
        actor=chief,
    )
    assert selectors.current_actual(applications, 2024) == first
    approve_actual(actual=corrected, actor=office)
    corrected.refresh_from_db()
    first.refresh_from_db()
    assert corrected.replaces == first
    assert first.value == 1600
    assert selectors.current_actual(applications, 2024) == corrected
    assert list(selectors.history(applications)) == [corrected, first]


def test_a_correction_needs_a_reason(applications: Indicator, chief: Account, office: Account) -> None:
    first = approve_actual(actual=enter(applications, chief), actor=office)
    with pytest.raises(PlanError, match="訂正する理由"):
        correct_actual(indicator=applications, actual=first, entry=entry(1650), actor=chief)
    assert Actual.objects.count() == 1


def test_only_the_value_that_counts_can_be_corrected(applications: Indicator, chief: Account, office: Account) -> None:
    first = approve_actual(actual=enter(applications, chief), actor=office)
    second = correct_actual(indicator=applications, actual=first, entry=entry(1650, note="訂正"), actor=chief)
    approve_actual(actual=second, actor=office)
    with pytest.raises(PlanError, match="今の承認済みの実績だけ"):
        correct_actual(indicator=applications, actual=first, entry=entry(1700, note="訂正"), actor=chief)


def test_a_second_entry_takes_the_place_of_the_waiting_one(applications: Indicator, chief: Account) -> None:
    first = enter(applications, chief)
    second = enter(applications, chief, value=1700)
    first.refresh_from_db()
    assert first.status == ActualStatus.RETURNED
    assert selectors.waiting_entry(applications, 2024) == second


def test_of_two_people_the_second_sees_what_the_first_entered(applications: Indicator, chief: Account) -> None:
    enter(applications, chief, seen=0)
    with pytest.raises(StaleError) as refused:
        enter(applications, chief, value=1800, seen=0)
    assert refused.value.theirs["value"] == "1,600件"
    assert refused.value.yours["value"] == "1,800件"
    assert Actual.objects.count() == 1


def test_a_returned_value_goes_back_with_the_reason(applications: Indicator, chief: Account, office: Account) -> None:
    entered = enter(applications, chief)
    with pytest.raises(PlanError, match="差し戻す理由"):
        return_actual(actual=entered, reason=" ", actor=office)
    returned = return_actual(actual=entered, reason="根拠の表と合いません", actor=office)
    assert returned.returned_reason == "根拠の表と合いません"
    item = next(item for item in selectors.work_list(chief) if item.indicator == applications)
    assert item.returned is None  # the year that is asked for is another one
    with pytest.raises(PlanError, match="差し戻し"):
        approve_actual(actual=returned, actor=office)


def test_evidence_or_a_reason_is_required(applications: Indicator, chief: Account) -> None:
    with pytest.raises(PlanError, match="根拠資料"):
        enter(applications, chief, no_evidence_reason="")
    assert enter(applications, chief, no_evidence_reason="", evidence="7").evidence == "7"
    assert REASON in enter(applications, chief).note


def test_a_closed_year_is_frozen_with_date_and_digest(applications: Indicator, chief: Account, office: Account) -> None:
    waiting = enter(applications, chief)
    close(applications, 2024)
    for attempt in (
        lambda: enter(applications, chief, value=1700),
        lambda: approve_actual(actual=waiting, actor=office),
    ):
        with pytest.raises(FrozenPeriodError, match=r"2026年7月15日、ダイジェスト abababababababab"):
            attempt()
    assert [actual.status for actual in Actual.objects.all()] == [ActualStatus.SUBMITTED]
    assert event_keys()[-2:] == ["plan.actual.refused"] * 2
    assert enter(applications, chief, year=2025).fiscal_year == 2025


def test_a_closed_half_freezes_what_was_measured_in_it(applications: Indicator, chief: Account) -> None:
    close(applications, 2026, RoundPeriod.FIRST_HALF)
    with pytest.raises(FrozenPeriodError):
        enter(applications, chief, year=2026, as_of=date(2026, 9, 30))
    assert enter(applications, chief, year=2026, as_of=date(2026, 10, 1)).as_of == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": -1}, "value"),
        ({"value": None}, "value"),
        ({"value": float("nan")}, "value"),
        ({"value": 1e16}, "value"),
        ({"as_of": date(2026, 12, 1)}, "as_of"),
        ({"as_of": date(2024, 3, 31)}, "as_of"),
        ({"as_of": date(2025, 6, 1)}, "as_of"),
        ({"year": 2023}, "fiscal_year"),
        ({"year": 2027}, "fiscal_year"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(
    applications: Indicator, chief: Account, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        enter(applications, chief, **changes)
    assert refused.value.field == field
    assert Actual.objects.count() == 0


def test_the_closing_period_to_the_end_of_may_belongs_to_the_year_before(
    applications: Indicator, chief: Account
) -> None:
    assert enter(applications, chief, as_of=date(2025, 5, 31)).fiscal_year == 2024


def test_a_year_that_has_not_begun_is_refused(applications: Indicator, chief: Account) -> None:
    with clock.frozen(datetime(2025, 9, 1, tzinfo=UTC)), pytest.raises(ValueRefusedError, match="始まっていません"):
        enter(applications, chief, year=2026)


@pytest.mark.parametrize(
    ("value", "doubts"),
    [(160_000, {Doubt.JUMP}), (10, {Doubt.JUMP}), (1600.5, {Doubt.FRACTION}), (1, {Doubt.JUMP})],
)
def test_a_slip_is_taken_only_after_a_person_confirmed_it(
    applications: Indicator, chief: Account, value: float, doubts: set[Doubt]
) -> None:
    with pytest.raises(DoubtError) as doubted:
        enter(applications, chief, value=value)
    assert set(doubted.value.doubts) == doubts
    assert Actual.objects.count() == 0
    assert event_keys() == []
    assert enter(applications, chief, value=value, confirmed=frozenset(doubts)).value == value


def test_a_percentage_over_a_hundred_and_a_falling_total_are_doubted(applications: Indicator, chief: Account) -> None:
    applications.unit, applications.type, applications.kind = "%", "ratio", "cumulative"
    applications.baseline_value = 60
    applications.save()
    applications.targets.update(value=80)
    with pytest.raises(DoubtError) as doubted:
        enter(applications, chief, value=130)
    assert doubted.value.doubts == [Doubt.OVER_HUNDRED]
    applications.targets.update(value=130)
    assert enter(applications, chief, value=130).value == 130


def test_a_milestone_takes_only_its_ordered_states(applications: Indicator, chief: Account) -> None:
    applications.type = "milestone"
    applications.save()
    applications.targets.update(value=None, text="一部の課で試行")
    with pytest.raises(ValueRefusedError, match="状態は"):
        enter(applications, chief, value=None, text="だいたい")
    assert enter(applications, chief, value=None, text="一部の課で試行").text == "一部の課で試行"
    applications.type = "existence"
    applications.save()
    assert enter(applications, chief, value=None, text="有").value == 1


def test_several_values_are_approved_each_for_itself_and_taken_back_for_half_an_hour(
    applications: Indicator, chief: Account, office: Account
) -> None:
    waiting = [
        enter(applications, chief),
        enter(applications, chief, year=2025),
        enter(applications, office, year=2026),
    ]
    result = approve_actuals(actuals=waiting, actor=office)
    assert result.approved == waiting[:2]
    assert [actual for actual, _reason in result.refused] == waiting[2:]
    assert undo_approvals(actuals=waiting, actor=office) == waiting[:2]
    assert selectors.current_actual(applications, 2024) is None
    assert event_keys().count("plan.actual.unapproved") == 2
    approve_actuals(actuals=waiting[:1], actor=office)
    with clock.frozen(NOW + timedelta(minutes=31)):
        assert undo_approvals(actuals=waiting[:1], actor=office) == []
    assert selectors.current_actual(applications, 2024) == waiting[0]


def test_an_undone_approval_lets_the_older_value_count_again(
    applications: Indicator, chief: Account, office: Account
) -> None:
    first = approve_actual(actual=enter(applications, chief), actor=office)
    second = approve_actual(actual=enter(applications, chief, value=1700, note="訂正"), actor=office)
    assert selectors.current_actual(applications, 2024) == second
    assert undo_approvals(actuals=[first], actor=office) == []
    assert undo_approvals(actuals=[second], actor=office) == [second]
    assert selectors.current_actual(applications, 2024) == first


def test_my_work_begins_with_what_is_overdue_and_leaves_out_other_sections(
    applications: Indicator, chief: Account
) -> None:
    items = selectors.work_list(chief)
    assert {item.indicator.label for item in items} == {"オンライン申請の件数", "平均の待ち時間"}
    assert {item.fiscal_year for item in items} == {2025}
    assert {item.indicator.label for item in selectors.work_list(chief, whose="all")} >= {"手続にかかる時間の削減"}
    enter(applications, chief, year=2025)
    assert [item.indicator.label for item in selectors.work_list(chief, state="waiting")] == ["オンライン申請の件数"]
    assert [item.indicator.label for item in selectors.work_list(chief, state="stale")] == ["平均の待ち時間"]
    assert selectors.counts(chief) == {"stale": 1, "due": 0, "returned": 0, "waiting": 1}


def test_a_returned_value_stands_first_in_the_work_of_the_section(
    applications: Indicator, chief: Account, office: Account
) -> None:
    return_actual(actual=enter(applications, chief, year=2025), reason="合いません", actor=office)
    first = selectors.work_list(chief)[0]
    assert first.indicator == applications
    assert first.returned is not None


def test_the_work_list_asks_the_database_a_fixed_number_of_times(
    chief: Account, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        selectors.work_list(chief, whose="all")


def test_approvers_do_not_see_their_own_entries_as_work(
    applications: Indicator, chief: Account, office: Account
) -> None:
    mine, other = enter(applications, office), enter(applications, chief, year=2025)
    assert list(selectors.waiting_for_approval(office)) == [other]
    assert set(selectors.waiting_for_approval()) == {mine, other}


def test_values_are_kept_apart_by_source(applications: Indicator, chief: Account) -> None:
    assert enter(applications, chief, source=ActualSource.CSV, no_evidence_reason="").source == ActualSource.CSV


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("１，２００", "件", 1200),
        ("945万件", "件", 9_450_000),
        ("2時間", "分", 120),
        ("64.8％", "%", 64.8),
        ("七割", "%", 70),
    ],
)
def test_a_typed_number_is_read_as_people_write_it(text: str, unit: str, value: float) -> None:
    assert read_value(text, unit)[0] == value


@pytest.mark.parametrize(("text", "unit"), [("", "件"), ("たくさん", "件"), ("100円", "時間"), ("12 34", "件")])
def test_what_is_no_number_in_the_unit_is_refused(text: str, unit: str) -> None:
    with pytest.raises(ValueRefusedError):
        read_value(text, unit)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(1600.0, "件", "1,600件"), (64.8, "%", "64.8%"), (0.1 + 0.2, "", "0.3"), (None, "件", "")],
)
def test_a_value_is_written_as_a_page_shows_it(value: float | None, unit: str, text: str) -> None:
    assert written(value, unit) == text
