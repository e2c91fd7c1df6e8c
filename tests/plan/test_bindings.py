"""Indicators bound to meters: the module is driven, the meter moves, the indicator follows, and the events stand behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from madoguchi.kit import clock
from madoguchi.plan.enums import ActualSource, ActualStatus, BindingKind, RoundPeriod, RoundStatus
from madoguchi.plan.errors import PlanError, StaleError
from madoguchi.plan.models import Actual, ChangeRecord, Indicator, Plan, ReviewRound, ScoringRule
from madoguchi.plan.rules.expression import ExpressionError
from madoguchi.plan.rules.units import UnitMismatchError
from madoguchi.plan.selectors.actuals import current_actual
from madoguchi.plan.selectors.evidence import evidence_of, meter_facts
from madoguchi.plan.services.actuals import Entry, approve_actual, enter_actual
from madoguchi.plan.services.bindings import (
    Binding,
    Ownership,
    RemarkError,
    assign_owner,
    bind_indicator,
    preview_binding,
)
from madoguchi.plan.services.measuring import measure_indicators
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import (
    Account,
    Event,
    acting_for,
    enqueue,
    live_value,
    read_meter,
    roll_up_meters,
    seal_everything,
)
from madoguchi.trust.enums import Role
from madoguchi.trust.errors import RefusedError
from madoguchi.trust.registry import job_types
from madoguchi.trust.services.jobs import load_jobs

from .factories import PASSWORD, make_city, make_plan, make_staff
from .reviewing import make_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
# PostgreSQL seals only what is committed, and the worker drops a connection that it finds inside a transaction.
committed = pytest.mark.django_db(transaction=connection.vendor == "postgresql")
ENTERED = 'total(plan.actual.entered[source = "manual"])'


@pytest.fixture(autouse=True)
def city() -> Iterator[Any]:
    host_table.clear()
    with clock.frozen(NOW):
        municipality = make_city(order=1)
        with acting_for(municipality):
            make_plan(municipality)
            yield municipality
    host_table.clear()


@pytest.fixture
def office() -> Account:
    return make_staff(Role.SECRETARIAT)


@pytest.fixture
def indicator() -> Indicator:
    return Indicator.objects.get(label="オンライン申請の件数")


def bind(indicator: Indicator, actor: Account, expression: str = ENTERED, **changes: Any) -> Indicator:
    binding = Binding(**({"kind": BindingKind.METER, "expression": expression} | changes))
    indicator.refresh_from_db()
    return bind_indicator(
        indicator=indicator, binding=binding, reason="自動で数える", version=indicator.version, actor=actor
    )


def drive(actor: Account, times: int = 1) -> list[Actual]:
    """Use the module: enter values for the other indicator."""
    other = Indicator.objects.get(label="平均の待ち時間")
    entry = Entry(value=25, no_evidence_reason="見本")
    return [enter_actual(indicator=other, fiscal_year=2025, entry=entry, actor=actor) for _ in range(times)]


def api_values(indicator: Indicator) -> dict[int, tuple[float, bool]]:
    items = Client(SERVER_NAME="localhost").get("/api/plan/indicators").json()["items"]
    row = next(item for item in items if item["id"] == indicator.pk)
    return {item["fiscal_year"]: (item["value"], item["provisional"]) for item in row["actuals"]}


def test_driving_the_module_moves_the_indicator_on_the_api(indicator: Indicator, office: Account) -> None:
    bind(indicator, office)
    assert api_values(indicator) == {2026: (0, True)}
    drive(office, 3)
    assert measure_indicators() == 1
    assert api_values(indicator) == {2026: (3, True)}
    newest = current_actual(indicator, 2026)
    assert newest is not None
    assert (newest.source, newest.status, newest.as_of) == (
        ActualSource.METER,
        ActualStatus.APPROVED,
        date(2026, 11, 20),
    )
    assert newest.replaces is not None
    assert newest.text == "3件"


def test_signing_in_through_the_real_page_moves_an_indicator_bound_to_sign_ins(
    indicator: Indicator, office: Account
) -> None:
    bind(indicator, office, "trust.sign_ins", confirmed=True)
    client = Client(SERVER_NAME="localhost")
    assert client.post("/accounts/login/", {"login": office.login, "password": PASSWORD}).status_code == 302
    measure_indicators()
    assert api_values(indicator)[2026] == (1, True)


@committed
def test_measuring_twice_changes_nothing_but_the_day(indicator: Indicator, office: Account) -> None:
    bind(indicator, office)
    drive(office)
    assert measure_indicators() == 1
    assert measure_indicators() == 0
    count = Actual.objects.filter(indicator=indicator).count()
    seal_everything()
    with clock.frozen(NOW + timedelta(days=1)):
        assert measure_indicators() == 0
    newest = current_actual(indicator, 2026)
    assert newest is not None
    assert newest.as_of == date(2026, 11, 21)
    assert Actual.objects.filter(indicator=indicator).count() == count


@committed
def test_the_value_of_a_year_becomes_final_after_its_end(indicator: Indicator, office: Account) -> None:
    bind(indicator, office)
    drive(office, 2)
    seal_everything()
    with clock.frozen(datetime(2027, 4, 2, 1, tzinfo=UTC)):
        drive(office)
        measure_indicators()
        final, running = current_actual(indicator, 2026), current_actual(indicator, 2027)
        assert final is not None
        assert running is not None
        assert (final.value, final.as_of, final.is_provisional) == (2, date(2027, 3, 31), False)
        assert (running.value, running.is_provisional) == (1, True)
        drive(office)
        measure_indicators()
        assert current_actual(indicator, 2026) == final


@committed
def test_the_readings_that_were_rolled_up_count_on_later_days(indicator: Indicator, office: Account) -> None:
    bind(indicator, office)
    drive(office, 2)
    seal_everything()
    with clock.frozen(NOW + timedelta(days=3)):
        roll_up_meters()
        drive(office)
        assert read_meter("plan.actual.entered", date(2026, 4, 1), date(2026, 11, 23)) == 3
        measure_indicators()
        assert api_values(indicator)[2026] == (3, True)


@committed
def test_a_cumulative_indicator_counts_from_the_start_of_the_plan(indicator: Indicator, office: Account) -> None:
    with clock.frozen(datetime(2025, 6, 1, tzinfo=UTC)):
        other = Indicator.objects.get(label="平均の待ち時間")
        entry = Entry(value=25, no_evidence_reason="見本")
        enter_actual(indicator=other, fiscal_year=2024, entry=entry, actor=make_staff(Role.SECRETARIAT, login="old"))
    seal_everything()
    roll_up_meters()
    drive(office)
    bind(indicator, office)
    assert api_values(indicator)[2026] == (1, True)
    bind(indicator, office, period="cumulative")
    assert api_values(indicator)[2026] == (2, True)
    indicator.refresh_from_db()
    assert preview_binding(indicator=indicator, expression=ENTERED, period="fiscal_year").value == 1


def test_a_share_of_two_readings_is_shown_in_per_cent(indicator: Indicator, office: Account) -> None:
    indicator.unit, indicator.type = "%", "ratio"
    indicator.save()
    drive(office, 3)
    entry = Entry(value=26, source=ActualSource.CSV)
    enter_actual(indicator=Indicator.objects.get(label="平均の待ち時間"), fiscal_year=2024, entry=entry, actor=office)
    bind(indicator, office, 'plan.actual.entered[source = "manual"] / plan.actual.entered')
    assert api_values(indicator)[2026] == (75, True)


def test_a_filter_by_any_field_of_the_events_counts_those_events(indicator: Indicator, office: Account) -> None:
    drive(office, 2)
    enter_actual(
        indicator=Indicator.objects.get(label="平均の待ち時間"), fiscal_year=2024,
        entry=Entry(value=25, no_evidence_reason="見本"), actor=office,
    )  # fmt: skip
    assert meter_facts()["plan.actual.entered"].filters >= {"source", "fiscal_year"}
    preview = preview_binding(indicator=indicator, expression='plan.actual.entered[fiscal_year = "2025"]')
    assert preview.value == 2


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        ("plan.actual.entred", ExpressionError),
        ('plan.actual.entered[city = "x"]', ExpressionError),
        ("plan.actual.entered +", ExpressionError),
        ("plan.indicator.measured_share", UnitMismatchError),
        ('plan.actual.entered * duration("PT1H")', UnitMismatchError),
    ],
)
def test_an_expression_that_cannot_be_used_is_refused_before_anything_changes(
    indicator: Indicator, office: Account, expression: str, error: type[PlanError]
) -> None:
    with pytest.raises(error):
        bind(indicator, office, expression)
    indicator.refresh_from_db()
    assert (indicator.binding_kind, indicator.binding, indicator.version) == (BindingKind.MANUAL, {}, 1)


def test_counting_something_else_needs_a_confirmation(indicator: Indicator, office: Account) -> None:
    with pytest.raises(RemarkError, match="「回」の数を「件」として"):
        bind(indicator, office, "trust.sign_ins")
    assert bind(indicator, office, "trust.sign_ins", confirmed=True).binding_kind == BindingKind.METER


def test_every_change_of_the_way_is_kept_with_its_reason(indicator: Indicator, office: Account) -> None:
    bind(indicator, office)
    bind(indicator, office, kind=BindingKind.PUSH, trusted=True)
    bind(indicator, office, kind=BindingKind.MANUAL, source_text="業務統計")
    records = list(ChangeRecord.objects.filter(field="実績の取り方").order_by("id"))
    assert [(record.before, record.after) for record in records] == [
        ("手入力", f"自動計測: {ENTERED}"),
        (f"自動計測: {ENTERED}", "外部システムからの送信（承認を省く）"),
        ("外部システムからの送信（承認を省く）", "手入力（出典: 業務統計）"),
    ]
    assert {record.reason for record in records} == {"自動で数える"}
    assert Event.objects.filter(key="plan.indicator.bound").count() == 3


def test_binding_needs_the_duty_a_reason_and_the_newest_version(indicator: Indicator, office: Account) -> None:
    chief = make_staff(Role.SECTION_CHIEF)
    with pytest.raises(RefusedError):
        bind(indicator, chief)
    binding = Binding(kind=BindingKind.PUSH)
    with pytest.raises(PlanError, match="理由"):
        bind_indicator(indicator=indicator, binding=binding, reason=" ", version=1, actor=office)
    bind(indicator, office)
    with pytest.raises(StaleError) as stale:
        bind_indicator(indicator=indicator, binding=binding, reason="変更", version=1, actor=office)
    assert stale.value.theirs == {"binding": f"自動計測: {ENTERED}"}
    assert ChangeRecord.objects.count() == 1


def test_a_frozen_year_is_left_as_it_was_closed(indicator: Indicator, office: Account) -> None:
    bind(indicator, office)
    owner = {"municipality": indicator.municipality}
    rule = ScoringRule.objects.create(key="r", name="規則", xml="<x/>", created_at=NOW, **owner)
    ReviewRound.objects.create(
        plan=indicator.plan, fiscal_year=2026, period=RoundPeriod.FULL_YEAR, status=RoundStatus.CLOSED,
        scoring_rule=rule, self_evaluation_due=date(2026, 6, 30), opened_at=NOW, closed_at=NOW, digest="ef" * 32, **owner,
    )  # fmt: skip
    drive(office)
    assert measure_indicators() == 0
    assert api_values(indicator)[2026] == (0, True)


def test_one_broken_expression_does_not_hold_up_the_others(indicator: Indicator, office: Account) -> None:
    other = Indicator.objects.get(label="手続にかかる時間の削減")
    bind(indicator, office)
    Indicator.objects.filter(pk=other.pk).update(
        binding_kind=BindingKind.METER, binding={"expression": "gone.meter"}, order=0
    )
    drive(office)
    assert measure_indicators() == 1


@committed
def test_the_worker_measures_once_a_day_in_every_municipality(indicator: Indicator, office: Account) -> None:
    load_jobs()
    assert job_types.get("plan.tasks.measure_indicators").every == timedelta(days=1)
    bind(indicator, office)
    drive(office)
    enqueue("plan.tasks.measure_indicators")
    call_command("db_worker", batch=True, verbosity=0, startup_delay=False)
    assert api_values(indicator) == {2026: (1, True)}


def test_a_running_year_of_a_metered_indicator_cannot_be_typed_over(indicator: Indicator, office: Account) -> None:
    bind(indicator, office)
    with pytest.raises(PlanError, match="自動計測"):
        enter_actual(
            indicator=indicator,
            fiscal_year=2026,
            entry=Entry(value=9, note="訂正", no_evidence_reason="見本"),
            actor=office,
        )


def test_the_events_behind_a_number_are_as_many_as_it_says_and_name_nobody(
    indicator: Indicator, office: Account
) -> None:
    drive(office, 4)
    indicator = bind(indicator, office)
    measured, parts = evidence_of(indicator, 2026)
    assert measured.value == 4
    assert [(part.value, part.rows.count()) for part in parts] == [(4, 4)]
    for event in parts[0].rows:
        assert office.name not in str(event.data)
        assert event.data["source"] == "manual"


def test_nothing_is_known_of_days_before_the_house_began_to_count(indicator: Indicator, office: Account) -> None:
    drive(office)
    assert preview_binding(indicator=indicator, expression=ENTERED, fiscal_year=2024).value is None
    running = preview_binding(indicator=indicator, expression=ENTERED)
    assert running.period.since == date(2026, 11, 20)


@committed
def test_an_average_of_a_flow_is_per_day_since_counting_began(indicator: Indicator, office: Account) -> None:
    drive(office, 6)
    seal_everything()
    roll_up_meters()
    with clock.frozen(NOW + timedelta(days=2)):
        preview = preview_binding(indicator=indicator, expression="average(plan.actual.entered)")
    assert preview.value == 2


def test_the_owner_is_assigned_with_a_reason_and_kept_in_the_history(indicator: Indicator, office: Account) -> None:
    chief = make_staff(Role.SECTION_CHIEF)
    unit = indicator.project.responsibilities.get(is_lead=False).unit  # type: ignore[union-attr]
    new = Ownership(unit=unit, person=chief, due_month=6)
    assigned = assign_owner(indicator=indicator, ownership=new, reason="所管替え", version=1, actor=office)
    assert (assigned.owner_unit, assigned.owner, assigned.due_month) == (unit, chief, 6)
    assert ChangeRecord.objects.get(field="担当").after == "情報課・職員 所属長（期限 6月末）"
    with pytest.raises(StaleError):
        assign_owner(indicator=indicator, ownership=Ownership(), reason="戻す", version=1, actor=office)
    with pytest.raises(RefusedError):
        assign_owner(indicator=indicator, ownership=Ownership(), reason="戻す", version=2, actor=chief)
    with pytest.raises(PlanError):
        assign_owner(indicator=indicator, ownership=Ownership(due_month=13), reason="x", version=2, actor=office)


def test_the_meter_of_entered_values_moves_when_a_value_is_entered(office: Account) -> None:
    assert live_value("plan.actual.entered") == 0
    drive(office, 2)
    assert live_value("plan.actual.entered") == 2


def test_the_meters_of_stale_indicators_move_when_a_value_is_approved(indicator: Indicator, office: Account) -> None:
    assert live_value("plan.indicator.stale") == 3
    assert live_value("plan.indicator.measured_share") == 0
    chief = make_staff(Role.SECTION_CHIEF)
    entry = Entry(value=1900, no_evidence_reason="見本")
    approve_actual(actual=enter_actual(indicator=indicator, fiscal_year=2025, entry=entry, actor=chief), actor=office)
    assert live_value("plan.indicator.stale") == 2
    assert live_value("plan.indicator.measured_share") == Decimal("33.3333")


def test_the_meter_of_closed_rounds_moves_when_a_round_is_closed() -> None:
    with clock.frozen(datetime(2025, 7, 1, 3, tzinfo=UTC)):
        cycle = make_cycle(Plan.objects.get())
        assert live_value("plan.round.closed") == 0
        cycle.to_closed()
        assert live_value("plan.round.closed") == 1
