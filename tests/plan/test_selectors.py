"""What pages read of a plan: trees with statuses, sheets, timelines, maps, results, search and what needs attention."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.kit import clock
from madoguchi.plan.api import import_data_file, publish_draft
from madoguchi.plan.enums import ActualStatus
from madoguchi.plan.models import Actual, Indicator, Plan, Project
from madoguchi.plan.rules.progress import Status
from madoguchi.plan.selectors import charts
from madoguchi.plan.selectors.attention import attention
from madoguchi.plan.selectors.indicator import indicator_sheet
from madoguchi.plan.selectors.overview import current_plan, plan_overview, published_plans
from madoguchi.plan.selectors.portfolio import portfolio
from madoguchi.plan.selectors.project import project_sheet
from madoguchi.plan.selectors.results import has_results, plan_results
from madoguchi.plan.selectors.searching import search
from madoguchi.plan.selectors.steering import steering
from madoguchi.plan.selectors.timeline import timeline
from madoguchi.plan.selectors.tree import focus_year, is_over, plan_tree
from madoguchi.plan.services.actuals import Entry, approve_actual, enter_actual
from madoguchi.trust.api import Municipality, acting_for
from madoguchi.trust.enums import Role

from .factories import make_city, make_plan, make_staff
from .reviewing import make_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture
def city() -> Iterator[Municipality]:
    municipality = make_city()
    with clock.frozen(NOW), acting_for(municipality):
        yield municipality


@pytest.fixture
def plan(city: Municipality) -> Plan:
    return make_plan(city)


def approved(label: str, fiscal_year: int, value: float) -> Actual:
    indicator = Indicator.objects.get(label=label)
    return Actual.objects.create(
        municipality=indicator.municipality,
        indicator=indicator,
        fiscal_year=fiscal_year,
        value=value,
        text=f"{value:g}",
        status=ActualStatus.APPROVED,
        entered_at=clock.now(),
        approved_at=clock.now(),
    )


def test_a_tree_has_the_status_of_every_part(plan: Plan) -> None:
    approved("オンライン申請の件数", 2025, 2100)
    approved("平均の待ち時間", 2025, 25)
    tree = plan_tree(plan)
    statuses = {node.project.code: node.status for node in tree.projects}
    assert statuses == {"1": Status.ACHIEVED, "2": Status.BEHIND}
    assert tree.measures[0].status is Status.BEHIND
    assert tree.goals[0].status is Status.BEHIND
    assert tree.share_achieved() == 50


def test_a_tree_takes_as_many_queries_for_many_projects_as_for_few(plan: Plan) -> None:
    with CaptureQueriesContext(connection) as few:
        plan_tree(plan)
    first = Project.objects.get(code="1")
    for number in range(20):
        copy = Project.objects.get(pk=first.pk)
        copy.pk, copy.code = None, f"x{number}"
        copy.save()
    with CaptureQueriesContext(connection) as many:
        assert len(plan_tree(plan).projects) == 22
    assert len(many) == len(few) <= 10


def test_values_that_wait_for_approval_change_nothing(plan: Plan) -> None:
    actual = approved("オンライン申請の件数", 2025, 9999)
    for status in (ActualStatus.SUBMITTED, ActualStatus.RETURNED):
        Actual.objects.filter(pk=actual.pk).update(status=status)
        assert plan_overview(plan).measured == 0
        sheet = indicator_sheet(plan, actual.indicator_id)
        assert sheet is not None
        assert sheet.progress.status is Status.NOT_MEASURED
        assert "9,999" not in str(charts.indicator_chart(sheet))


def test_the_overview_says_how_the_share_moved(plan: Plan) -> None:
    approved("平均の待ち時間", 2025, 27)
    approved("オンライン申請の件数", 2025, 1900)
    approved("オンライン申請の件数", 2026, 3000)
    found = plan_overview(plan)
    assert (found.share, found.share_before, found.change) == (50, 0, 50)
    assert found.tree.fiscal_year == 2026


def test_pages_look_at_the_last_year_of_a_plan_that_is_over(city: Municipality) -> None:
    old = make_plan(city, code="ict-2020", start_fiscal_year=2020, end_fiscal_year=2022)
    assert focus_year(old) == 2022
    assert is_over(old)
    new = make_plan(city)
    assert not is_over(new)
    assert current_plan() == new
    assert current_plan("ict-2020") == old
    assert current_plan("ict-1999") is None
    assert [card.plan for card in published_plans()] == [new, old]


def test_a_project_sheet_joins_what_goes_on_into_one_bar(plan: Plan) -> None:
    sheet = project_sheet(plan, Project.objects.get(code="1").pk)
    assert sheet is not None
    assert sheet.years == (2024, 2025, 2026)
    assert [(bar.first, bar.last, bar.text) for bar in sheet.schedule[0].bars] == [(0, 0, "導入"), (1, 2, "拡大")]
    assert [group.items[0][0] for group in sheet.relations] == ["9"]


def test_sheets_of_another_plan_are_not_found(city: Municipality, plan: Plan) -> None:
    other = make_plan(city, code="ict-2020", start_fiscal_year=2020, end_fiscal_year=2022)
    assert project_sheet(other, Project.objects.filter(plan=plan)[0].pk) is None
    assert indicator_sheet(other, Indicator.objects.filter(plan=plan)[0].pk) is None


def test_an_indicator_has_a_row_for_each_year_that_says_anything(plan: Plan) -> None:
    actual = approved("オンライン申請の件数", 2024, 1600)
    sheet = indicator_sheet(plan, actual.indicator_id)
    assert sheet is not None
    assert [(row.fiscal_year, row.is_baseline) for row in sheet.rows] == [
        (2023, True),
        (2024, False),
        (2025, False),
        (2026, False),
    ]
    assert sheet.rows[1].progress is not None
    assert sheet.rows[1].progress.status is Status.ACHIEVED


def test_the_timeline_shows_every_project(plan: Plan) -> None:
    found = timeline(plan)
    assert len(found.rows) == 2
    assert found.years == (2024, 2025, 2026)


def test_the_map_shows_a_class_without_a_place(plan: Plan) -> None:
    found = portfolio(plan)
    assert [(item.number, item.project.portfolio_class, item.has_place) for item in found.placed] == [
        (1, "A", False),
        (2, "C", False),
    ]
    assert "chart--map" in charts.portfolio_drawing(found)


def test_words_are_found_whatever_their_width_and_case(plan: Plan) -> None:
    assert [hit.kind for hit in search("電子申請")] == ["project", "indicator"]
    Project.objects.filter(code="1").update(title="ＩＣＴの活用")
    assert search("ict 活用")[0].title == "ＩＣＴの活用"
    assert search("電子 存在しない") == []
    assert search("　") == []


def test_a_finished_plan_gives_its_documents_own_figures(city: Municipality) -> None:
    data = (resources.files("madoguchi.plan") / "data" / "plans" / "sagamihara.json").read_bytes()
    publish_draft(draft=import_data_file(name="sagamihara.json", data=data), actor=None, system=True)
    plan = Plan.objects.get(code="ict-2017")
    assert has_results(plan)
    results = plan_results(plan)
    assert [result.rate for _goal, result in results.goals] == [66, 72, 100]
    assert (results.whole.outcomes_met, results.whole.priority) == (7, 11)
    assert results.agreeing == len(results.checks) >= 15
    assert all(outcome.agrees for outcome in results.outcomes)
    assert not has_results(Plan.objects.get(code="ict-2020"))


# What needs attention


def test_missing_values_are_one_errand_of_each_section(plan: Plan) -> None:
    late = [task for task in attention(plan) if task.kind == "overdue"]
    assert {(task.who, task.count) for task in late} >= {("市民課", 2)}
    assert all(task.is_late and task.due is not None for task in late)


def test_a_value_that_waits_is_the_offices_to_approve(plan: Plan) -> None:
    indicator = Indicator.objects.get(label="オンライン申請の件数")
    office, other = make_staff(Role.SECRETARIAT), make_staff(Role.SECRETARIAT, login="other")
    entry = Entry(value=2100, no_evidence_reason="紙で保管している")
    actual = enter_actual(indicator=indicator, fiscal_year=2025, entry=entry, actor=office)
    waiting = [task for task in attention(plan) if task.kind == "approval"]
    assert [task.place for task in waiting] == [("steering:actual", (actual.pk,))]
    approve_actual(actual=actual, actor=other)
    assert not [task for task in attention(plan) if task.kind == "approval"]


def test_only_a_running_plan_has_to_catch_up(city: Municipality) -> None:
    plan = make_plan(city)
    approved("平均の待ち時間", 2025, 29)
    assert [task.names for task in attention(plan) if task.kind == "behind"] == [("平均の待ち時間",)]
    Plan.objects.filter(pk=plan.pk).update(end_fiscal_year=2025)
    plan.refresh_from_db()
    assert not [task for task in attention(plan) if task.kind == "behind"]


def test_a_round_says_who_has_not_submitted(plan: Plan) -> None:
    cycle = make_cycle(plan)
    missing = [task for task in attention(plan) if task.kind == "submission"]
    assert missing
    assert all("市民課" in task.who and task.place == ("steering:review", (cycle.review.pk,)) for task in missing)
    assert sum(task.count for task in missing) == 2


def test_late_things_come_first(plan: Plan) -> None:
    tasks = attention(plan)
    assert [task.is_late for task in tasks] == sorted((task.is_late for task in tasks), reverse=True)


def test_steering_counts_entered_and_late(plan: Plan) -> None:
    approved("オンライン申請の件数", 2026, 1200)
    found = steering(plan)
    assert (found.entered, found.expected) == (1, 3)
    assert found.late > 0
    assert [item.node.indicator.label for item in found.main] == ["手続にかかる時間の削減"]
