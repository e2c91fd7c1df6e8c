"""The outlook of real indicators, and who is asked for stale ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from madoguchi.kit import clock
from madoguchi.plan.enums import ActualSource, ActualStatus, BindingKind, IndicatorKind
from madoguchi.plan.models import Actual, Indicator
from madoguchi.plan.rules.forecast import Basis, Forecast, NoForecast, Reason
from madoguchi.plan.selectors.forecasting import basis_words, certainty_words, outlook, refusal_words
from madoguchi.plan.selectors.lint import finding_words, lint_plan
from madoguchi.plan.selectors.staleness import stale_indicators
from madoguchi.plan.services.actuals import Entry, enter_actual
from madoguchi.trust.api import acting_for, current_municipality, roll_up_meters, seal_everything
from madoguchi.trust.enums import Role

from .factories import make_city, make_plan, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.database]
# PostgreSQL seals only what is committed.
committed = pytest.mark.django_db(transaction=connection.vendor == "postgresql")
FIRST = datetime(2026, 4, 1, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def city() -> Iterator[Any]:
    municipality = make_city(order=1)
    with clock.frozen(FIRST), acting_for(municipality):
        make_plan(municipality)
        yield municipality


@pytest.fixture
def indicator() -> Indicator:
    return Indicator.objects.get(label="オンライン申請の件数")


def approved(indicator: Indicator, values: dict[int, float]) -> None:
    for year, value in values.items():
        Actual.objects.create(
            municipality=current_municipality(), indicator=indicator, fiscal_year=year, value=value, text=f"{value:g}件",
            status=ActualStatus.APPROVED, source=ActualSource.DOCUMENT, entered_at=clock.now(),
        )  # fmt: skip


def use_the_house(days: int, every: int = 1) -> None:
    """Enter a value for another indicator on some days in a row."""
    office = make_staff(Role.SECRETARIAT)
    other = Indicator.objects.get(label="平均の待ち時間")
    for day in range(0, days, every):
        with clock.frozen(FIRST + timedelta(days=day)):
            entry = Entry(value=25, no_evidence_reason="見本")
            enter_actual(indicator=other, fiscal_year=2025, entry=entry, actor=office)
    seal_everything()
    with clock.frozen(FIRST + timedelta(days=days)):
        roll_up_meters()


def bind(indicator: Indicator, expression: str) -> None:
    indicator.binding_kind, indicator.binding = BindingKind.METER, {"expression": expression}
    indicator.save()


def test_yearly_values_are_carried_on_to_the_end_of_the_plan(indicator: Indicator) -> None:
    approved(indicator, {2024: 1500, 2025: 2000})
    found = outlook(indicator)
    assert found is not None
    assert isinstance(found.plan_end, Forecast)
    assert (found.plan_end.fiscal_year, found.plan_end.value, found.plan_end.points) == (2026, 2500, 3)
    assert found.this_year is None


def test_too_few_years_are_said(indicator: Indicator) -> None:
    found = outlook(indicator)
    assert found is not None
    assert found.plan_end == NoForecast(Reason.TOO_FEW_YEARS, 1, 3)
    assert "3年分" in refusal_words(found.plan_end)


def test_a_finished_plan_has_no_outlook(indicator: Indicator) -> None:
    with clock.frozen(datetime(2028, 5, 1, tzinfo=UTC)):
        assert outlook(indicator) is None


def test_a_milestone_has_no_outlook(indicator: Indicator) -> None:
    indicator.type = "milestone"
    assert outlook(indicator) is None


@committed
def test_daily_readings_of_a_flow_give_the_end_of_the_year_and_the_pace_it_takes(indicator: Indicator) -> None:
    use_the_house(40)
    bind(indicator, "plan.actual.entered")
    with clock.frozen(FIRST + timedelta(days=39)):
        found = outlook(indicator)
    assert found is not None
    assert isinstance(found.this_year, Forecast)
    assert found.this_year.basis is Basis.RUN_RATE
    assert found.this_year.value == pytest.approx(365)
    assert found.pace == pytest.approx((3000 - 40) / (365 - 40))
    assert "40日間のペース" in basis_words(found.this_year)


@committed
def test_quiet_days_before_the_first_event_count_as_counted(indicator: Indicator) -> None:
    """The house counted from 1 April on though the first value came on the second: a quiet day is a day."""
    with clock.frozen(FIRST):
        use_the_house(60, every=3)
    bind(indicator, "total(plan.actual.entered)")
    with clock.frozen(FIRST + timedelta(days=59)):
        found = outlook(indicator)
    assert found is not None
    assert isinstance(found.this_year, Forecast)
    assert found.this_year.value == pytest.approx(20 / 60 * 365, rel=0.01)


@committed
def test_a_cumulative_indicator_goes_on_by_the_line_of_its_sum(indicator: Indicator) -> None:
    use_the_house(50)
    indicator.kind = IndicatorKind.CUMULATIVE
    bind(indicator, "plan.actual.entered")
    with clock.frozen(FIRST + timedelta(days=49)):
        found = outlook(indicator)
    assert found is not None
    assert isinstance(found.this_year, Forecast)
    assert found.this_year.basis is Basis.DAILY_TREND
    assert found.this_year.value == pytest.approx(365, rel=0.01)


@pytest.mark.parametrize("expression", ["plan.actual.entered * 2", 'plan.actual.entered[source = "csv"]', "gone.meter"])
def test_what_cannot_be_shown_day_by_day_has_no_forecast_of_the_year(indicator: Indicator, expression: str) -> None:
    bind(indicator, expression)
    found = outlook(indicator)
    assert found is not None
    assert found.this_year is None


def test_the_words_are_there_in_every_language(indicator: Indicator) -> None:
    made = Forecast(2026, 100, 90, 110, Basis.SEASONAL, 50, 2)
    for language, words in (("ja", "過去2年"), ("en", "2 past years"), ("ja-easy", "前の 2年")):
        with translation.override(language):
            assert words in basis_words(made)
            assert certainty_words(made)
            assert [finding_words(finding) for finding in lint_plan(indicator.plan).findings]


def test_a_stale_indicator_names_its_owner_or_the_lead_section(indicator: Indicator) -> None:
    with clock.frozen(datetime(2026, 6, 10, tzinfo=UTC)):
        owners = {item.indicator.label: item.owner for item in stale_indicators()}
        assert owners == {"オンライン申請の件数": "市民課", "平均の待ち時間": "市民課", "手続にかかる時間の削減": ""}
        indicator.owner = make_staff(Role.SECTION_STAFF, login="owner")
        indicator.save()
        approved(Indicator.objects.get(label="平均の待ち時間"), {2024: 20, 2025: 18})
        found = stale_indicators(plan=indicator.plan.code)
        assert [(item.indicator.label, item.judgement.days_late) for item in found] == [
            ("手続にかかる時間の削減", 10),
            ("オンライン申請の件数", 10),
        ]
        assert found[1].owner == "職員 担当者（市民課）"
        assert found[1].judgement.due == date(2026, 5, 31)
        assert stale_indicators(plan="other") == []


def test_a_retired_indicator_is_no_longer_asked_for(indicator: Indicator) -> None:
    indicator.retired_from = 2025
    indicator.save()
    approved(indicator, {2024: 1500})
    with clock.frozen(datetime(2026, 6, 10, tzinfo=UTC)):
        assert indicator.pk not in {item.indicator.pk for item in stale_indicators()}
