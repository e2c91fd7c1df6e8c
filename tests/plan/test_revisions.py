"""Re-planning: what a project is to be changes with a reason, a history, and nothing when it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from madoguchi.kit import clock
from madoguchi.plan.errors import FrozenPeriodError, PlanError, StaleError
from madoguchi.plan.models import Action, ChangeRecord, ComparisonFigure, Indicator, Project, ProjectUnit, Target
from madoguchi.plan.rules.revision import NewIndicator, ProjectRevision, field_label, read_target
from madoguchi.plan.selectors.history import history_rows, history_table, plan_history, project_history
from madoguchi.plan.services import reviews
from madoguchi.plan.services.revisions import can_restore, restore_value, revise_project
from madoguchi.trust.api import Event, acting_for
from madoguchi.trust.errors import RefusedError

from .factories import make_city, make_plan
from .reviewing import Cycle, make_cycle, refused

pytestmark = [pytest.mark.django_db, pytest.mark.database]
REFUSED = "plan.project.refused"


@pytest.fixture
def cycle() -> Iterator[Cycle]:
    city = make_city()
    plan = make_plan(city)
    with acting_for(city):
        yield make_cycle(plan)


def project(code: str = "1") -> Project:
    return Project.objects.get(code=code)


def indicator(code: str = "1") -> Indicator:
    return Indicator.objects.get(project__code=code)


def revise(cycle: Cycle, code: str = "1", *, reason: str = "実績が伸びたため", who: str = "chief", **parts: Any) -> Any:
    one = project(code)
    options = {name: parts.pop(name) for name in ("version", "order") if name in parts}
    fields = {"version": one.version, "actor": getattr(cycle, who)} | options
    return revise_project(project=one, revision=ProjectRevision(**parts), reason=reason, **fields)


def test_texts_schedule_and_targets_change_together_with_one_reason(cycle):
    action = Action.objects.get(project=project())
    rows = revise(
        cycle,
        title="電子申請の全面拡大",
        schedule={action.pk: {2025: "全課へ展開", 2026: ""}},
        targets={indicator().pk: {2025: "2,500件以上", 2026: ""}},
    )
    assert [(row.subject_type, row.field, row.before, row.after) for row in rows] == [
        ("project", "title", "電子申請の拡大", "電子申請の全面拡大"),
        ("project", f"schedule:{action.pk}/2025", "拡大", "全課へ展開"),
        ("project", f"schedule:{action.pk}/2026", "拡大", ""),
        ("indicator", "target:2025", "2,000件", "2,500件以上"),
        ("indicator", "target:2026", "3,000件", ""),
    ]
    assert {row.reason for row in rows} == {"実績が伸びたため"}
    assert {row.actor for row in rows} == {cycle.chief}
    target = Target.objects.get(indicator=indicator(), fiscal_year=2025)
    assert (target.value, target.comparison) == (2500, ">=")
    assert not Target.objects.filter(indicator=indicator(), fiscal_year=2026).exists()
    assert [word["text"] for word in Action.objects.get(pk=action.pk).words] == ["導入", "全課へ展開"]
    assert project().version == 2
    event = Event.objects.get(key="plan.project.revised")
    assert (event.quantity, event.data["order"]) == (5, None)


def test_a_changed_target_reaches_the_published_comparison(cycle):
    Indicator.objects.filter(project__code="1").update(concept="online_applications")
    revise(cycle, targets={indicator().pk: {2025: "2,500件"}})
    figure = ComparisonFigure.objects.get(concept="online_applications", fiscal_year=2025)
    assert figure.target == 2500


@pytest.mark.parametrize(
    ("text", "words"), [("2,500人", "単位が「人」"), ("たくさん", "数を読み取れません"), ("30%", "単位が「%」")]
)
def test_a_target_that_does_not_fit_names_indicator_and_year(cycle, text, words):
    with refused(REFUSED, PlanError) as caught:
        revise(cycle, title="変わらない名称", targets={indicator().pk: {2025: text}})
    assert words in str(caught.value)
    assert "「オンライン申請の件数」の令和7年度" in str(caught.value)


def test_a_milestone_may_have_words_for_a_target():
    found = read_target("全校に導入", unit="校", kind="milestone", label="整備", fiscal_year=2025)
    assert found is not None
    assert found["value"] is None


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"title": "新しい名称", "reason": " "}, "理由"),
        ({}, "変更されたところがありません"),
        ({"title": "電子申請の拡大"}, "変更されたところがありません"),
        ({"title": "  "}, "名称"),
        ({"discontinued_from": 2040}, "計画期間"),
        ({"schedule": {999_999: {2025: "導入"}}}, "行動目標"),
        ({"targets": {999_999: {2025: "5件"}}}, "この事業にない指標"),
        ({"add": [NewIndicator(label="", targets={2025: "5件"})]}, "名称"),
        ({"add": [NewIndicator(label="オンライン申請の件数", targets={2025: "5件"})]}, "すでにあります"),
        ({"add": [NewIndicator(label="新しい指標")]}, "少なくとも1つ"),
        ({"add": [NewIndicator(label="新しい指標", type="feeling", targets={2025: "5件"})]}, "種類"),
    ],
)
def test_a_revision_that_makes_no_sense_changes_nothing(cycle, parts, words):
    with refused(REFUSED, PlanError) as caught:
        revise(cycle, **parts)
    assert words in str(caught.value)


def test_another_section_cannot_revise_a_project(cycle):
    with refused(REFUSED, RefusedError):
        revise(cycle, "2", who="stranger", title="別の名称")


def test_only_the_secretariat_changes_who_is_responsible(cycle):
    with refused(REFUSED, RefusedError):
        revise(cycle, sections=["情報課"])
    revise(cycle, who="secretariat", sections=["情報課", "デジタル課"])
    links = ProjectUnit.objects.filter(project=project()).order_by("-is_lead", "unit__name")
    assert [(link.unit.name, link.is_lead) for link in links] == [("情報課", True), ("デジタル課", False)]


def test_of_two_editors_the_second_sees_what_the_first_saved(cycle):
    revise(cycle, title="先の名称")
    with refused(REFUSED, StaleError) as caught:
        revise(cycle, version=1, title="後の名称")
    assert (caught.value.theirs["名称"], caught.value.yours["名称"]) == ("先の名称", "後の名称")


def test_an_indicator_is_added_with_targets_and_retired_from_a_year_on(cycle):
    new = NewIndicator(label="利用者の満足度", unit="%", type="ratio", kind="stock", targets={2025: "70%", 2026: "80%"})
    (row,) = revise(cycle, add=[new])
    added = Indicator.objects.get(pk=row.subject_id)
    assert [target.value for target in added.targets.all()] == [70, 80]
    assert row.after["目標値"] == {"2025": "70%", "2026": "80%"}
    revise(cycle, retire={added.pk: 2026})
    with refused(REFUSED, PlanError) as caught:
        revise(cycle, targets={added.pk: {2026: "90%"}})
    assert "使わない指標" in str(caught.value)


def test_figures_of_a_frozen_year_are_not_revised_and_later_years_are(cycle):
    cycle.to_closed()
    action = Action.objects.get(project=project())
    for parts in (
        {"targets": {indicator().pk: {2024: "1件"}}},
        {"retire": {indicator().pk: 2024}},
        {"discontinued_from": 2024},
        {"schedule": {action.pk: {2024: "中止"}}},
        {"add": [NewIndicator(label="後からの指標", unit="件", targets={2024: "1件"})]},
    ):
        with refused(REFUSED, FrozenPeriodError):
            revise(cycle, **parts)
    assert len(revise(cycle, targets={indicator().pk: {2025: "2,100件"}}, discontinued_from=2026)) == 2


def test_a_change_answers_an_improvement_order_of_the_same_project(cycle):
    cycle.to_council()
    two = cycle.decide("2", "△")
    order = reviews.order_improvement(
        evaluation=two,
        text="見直し",
        due_date=clock.today() + timedelta(days=9),
        version=two.version,
        actor=cycle.council,
    )
    (row,) = revise(cycle, "2", title="待ち時間の半減", order=order)
    assert list(order.changes.exclude(subject_type="improvementorder")) == [row]
    with refused(REFUSED, PlanError):
        revise(cycle, "1", title="別の名称", order=order)


def test_an_earlier_value_comes_back_as_a_new_change(cycle):
    action = Action.objects.get(project=project())
    rows = revise(
        cycle,
        title="新しい名称",
        targets={indicator().pk: {2025: "2,500件"}},
        schedule={action.pk: {2025: "中断"}},
        retire={indicator().pk: 2026},
    )
    for row in rows:
        assert can_restore(record=row)
        restore_value(record=row, reason="元の計画に戻すため", version=project().version, actor=cycle.chief)
    assert project().title == "電子申請の拡大"
    assert Target.objects.get(indicator=indicator(), fiscal_year=2025).value == 2000
    assert [word["text"] for word in Action.objects.get(pk=action.pk).words] == ["導入", "拡大", "拡大"]
    assert indicator().retired_from is None
    assert ChangeRecord.objects.filter(reason="元の計画に戻すため").count() == 4


def test_what_cannot_come_back_says_so(cycle):
    (row,) = revise(cycle, add=[NewIndicator(label="新しい指標", unit="件", targets={2025: "5件"})])
    assert not can_restore(record=row)
    with refused(REFUSED, PlanError):
        restore_value(record=row, reason="戻す", version=project().version, actor=cycle.chief)


def test_the_history_reads_for_people_and_travels_as_a_table(cycle):
    revise(cycle, title="=HYPERLINK()", targets={indicator().pk: {2025: "2,500件"}})
    cycle.submit("1")
    rows = history_rows(project_history(project()))
    assert [(row.kind, row.label, row.before, row.after) for row in rows] == [
        ("事業の評価", "自己評価", "", "評価: ○"),
        ("指標", "令和7年度の目標値", "2,000件", "2,500件"),
        ("事業", "名称", "電子申請の拡大", "=HYPERLINK()"),
    ]
    assert [row["項目"] for row in history_table(plan_history(cycle.plan, kind="content"))] == [
        "令和7年度の目標値",
        "名称",
    ]
    assert plan_history(cycle.plan, word="実績が伸びた").count() == 2
    assert list(history_table(plan_history(cycle.plan)))[-1]["変更者"] == "職員 所属長"


@pytest.mark.parametrize(
    ("field", "label"),
    [("title", "名称"), ("target:2025", "令和7年度の目標値"), ("schedule:3/2024", "令和6年度の予定"), ("対応", "対応")],
)
def test_a_changed_field_has_a_name_for_people(field, label):
    assert field_label(field) == label
