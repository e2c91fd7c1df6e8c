"""The yearly report tells what was measured, decided, ordered and changed, and nothing before it is decided."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction

from madoguchi.kit import clock
from madoguchi.plan.enums import ActualStatus, PortfolioClass
from madoguchi.plan.models import Actual, Indicator, Project
from madoguchi.plan.plugins.typst_book import overview_sheet, plan_book, yearly_report
from madoguchi.plan.rules.revision import ProjectRevision
from madoguchi.plan.selectors.printing import report_data, report_years
from madoguchi.plan.services import reviews
from madoguchi.plan.services.portfolio import move_project
from madoguchi.plan.services.revisions import revise_project
from madoguchi.trust.api import Unit, acting_for, seal_everything, seal_of

from .factories import make_city, make_plan
from .printed import Printed
from .reviewing import Cycle, enter_actual, make_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def cycle() -> Iterator[Cycle]:
    with clock.frozen(datetime(2025, 3, 1, 3, tzinfo=UTC)):
        city = make_city()
        plan = make_plan(city)
        with acting_for(city):
            yield make_cycle(plan)


def report_of(cycle: Cycle, year: int = 2024) -> Printed:
    return Printed(yearly_report(plan=cycle.plan, fiscal_year=year).pdf())


def test_a_year_without_a_closed_round_says_so_and_shows_no_marks(cycle: Cycle) -> None:
    cycle.to_council()
    cycle.decide("1", "○", "秘密のうちは出ない意見です。")
    report = report_of(cycle)
    assert "この年度の評価はまだ確定していません" in report.squeezed
    assert "秘密のうちは" not in report.squeezed


def test_a_closed_round_is_told_with_marks_opinions_orders_and_its_digest(cycle: Cycle) -> None:
    cycle.to_council()
    cycle.decide("1", "○")
    decided = cycle.decide("2", "△", "原因の分析が足りません。")
    reviews.order_improvement(
        evaluation=decided, text="窓口の配置を見直すこと", due_date=date(2025, 9, 30), version=decided.version,
        actor=cycle.council,
    )  # fmt: skip
    review = cycle.close()
    report = report_of(cycle)
    for words in ("原因の分析が足りません。", "改善指示", "窓口の配置を見直すこと", "期限令和7年9月30日", "対応待ち"):
        assert words in report.squeezed, words
    assert review.digest in report.squeezed
    assert "令和7年3月1日に確定" in report.squeezed
    assert "まだ確定していません" not in report.squeezed


@pytest.mark.django_db(transaction=True)
def test_a_sealed_round_names_its_link_of_the_chain() -> None:
    city = make_city()
    plan = make_plan(city)
    with acting_for(city):
        cycle = make_cycle(plan)
        with transaction.atomic():
            review = cycle.to_closed()
        assert seal_of(key="plan.round.closed", subject=review) is None
    seal_everything()
    with acting_for(city):
        mark = seal_of(key="plan.round.closed", subject=review)
        assert mark is not None
        report = report_of(cycle)
    assert f"出来事の鎖の{mark.number}番（{mark.hash[:16]}…）に封印" in report.squeezed


def test_approved_values_are_judged_and_drawn_and_others_are_not_shown(cycle: Cycle) -> None:
    enter_actual(cycle.plan, "1", 1600)
    waiting = enter_actual(cycle.plan, "2", 98765)
    Actual.objects.filter(pk=waiting.pk).update(status=ActualStatus.SUBMITTED)
    report = report_of(cycle)
    assert "1600120%◎達成" in report.squeezed
    assert "98765" not in report.squeezed.replace(",", "")
    assert any("令和6年度 目標 1,500 実績 1,600" in str(figure.Alt) for figure in report.elements("Figure"))


def test_only_what_was_measured_in_the_year_counts_for_it(cycle: Cycle) -> None:
    enter_actual(cycle.plan, "1", 1600)
    rows = {row["label"]: row for row in report_data(cycle.plan, fiscal_year=2025)["rows"]}
    row = rows["オンライン申請の件数"]
    assert (row["status"], row["actual"], row["latest"]) == ("not_measured", "", {"year": 2024, "text": "1600"})


def test_changes_of_the_year_are_told_with_their_reason_and_those_of_other_years_are_not(cycle: Cycle) -> None:
    project = Project.objects.get(plan=cycle.plan, code="1")
    indicator = Indicator.objects.get(project=project)
    revise_project(
        project=project, revision=ProjectRevision(targets={indicator.pk: {2026: "3,500件"}}), reason="申請が想定より多い",
        version=project.version, actor=cycle.chief,
    )  # fmt: skip
    move_project(
        project=project, to_class=PortfolioClass.B, feasibility=4, new_value=2, reason="効果が定着した",
        actor=cycle.secretariat,
    )  # fmt: skip
    told = report_of(cycle).squeezed
    for words in ("3,000件", "3,500件", "申請が想定より多い", "効果が定着した", "令和8年度の目標値", "事業区分"):
        assert words in told, words
    assert "申請が想定より多い" not in report_of(cycle, 2025).squeezed


def test_reports_are_for_years_that_have_begun(cycle: Cycle) -> None:
    assert report_years(cycle.plan) == [2024]
    with clock.frozen(datetime(2026, 4, 1, 3, tzinfo=UTC)):
        assert report_years(cycle.plan) == [2024, 2025, 2026]


def test_a_new_value_makes_another_report_and_the_same_data_the_same_bytes(cycle: Cycle) -> None:
    before = yearly_report(plan=cycle.plan, fiscal_year=2024)
    again = yearly_report(plan=cycle.plan, fiscal_year=2024)
    enter_actual(cycle.plan, "1", 1600)
    after = yearly_report(plan=cycle.plan, fiscal_year=2024)
    assert before.key == again.key != after.key
    assert before._make() == again._make()


def test_a_book_goes_on_telling_a_renamed_section_as_the_plan_writes_it(cycle: Cycle) -> None:
    Unit.objects.filter(name="市民課").update(name="くらし課")
    assert "市民課" in Printed(plan_book(plan=cycle.plan).pdf()).squeezed


def test_the_overview_shows_the_state_by_the_year_asked_for(cycle: Cycle) -> None:
    enter_actual(cycle.plan, "1", 1600)
    sheet = Printed(overview_sheet(plan=cycle.plan, fiscal_year=2024).pdf())
    assert "1600/1,500件（令和6年度）◎" in sheet.squeezed
