"""Documents come in as drafts, people correct them, and only then the city is steered by them."""

from __future__ import annotations

import json

import pytest

from madoguchi.plan.api import (
    DocumentError,
    Indicator,
    Plan,
    PlanDraft,
    PlanError,
    Project,
    import_data_file,
    publish_draft,
)
from madoguchi.plan.enums import DraftStatus
from madoguchi.plan.models import Actual, ComparisonFigure, Relation, Target
from madoguchi.plan.services.correcting import correct_draft, discard_draft, ignore_row, place_row
from madoguchi.trust.api import Event, acting_for
from madoguchi.trust.enums import Role
from madoguchi.trust.errors import RefusedError

from .factories import make_city, make_plan, make_staff, plan_content

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TARGET = "plans/0/goals/0/measures/0/projects/0/indicators/0/targets/0/value"


def as_file(content: dict) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


@pytest.fixture
def city():
    municipality = make_city()
    with acting_for(municipality):
        yield municipality


@pytest.fixture
def secretary(city):
    return make_staff(Role.SECRETARIAT)


@pytest.fixture
def draft(city):
    content = plan_content()
    return import_data_file(name="plan.json", data=as_file(content))


def test_a_published_plan_has_everything_the_draft_had(city) -> None:
    plan = make_plan(city)
    project = Project.objects.get(plan=plan, code="1")
    assert (plan.code, plan.start_fiscal_year, plan.end_fiscal_year) == ("ict-2024", 2024, 2026)
    assert (project.measure.title, project.portfolio_class, project.is_priority) == ("手続のオンライン化", "A", True)
    assert [word["text"] for word in project.actions.get().words] == ["導入", "拡大", "拡大"]
    assert [share.unit.name for share in project.responsibilities.all()] == ["市民課", "情報課"]
    assert Relation.objects.get(project=project).target == "9"
    assert {item.owner_unit.name for item in project.indicators.all()} == {"市民課"}
    indicator = Indicator.objects.get(label="オンライン申請の件数")
    assert (indicator.baseline_value, indicator.baseline_text, indicator.source_line) == (1000, "1,000件", 13)
    assert list(Target.objects.filter(indicator=indicator).values_list("fiscal_year", "value")) == [
        (2024, 1500), (2025, 2000), (2026, 3000)
    ]  # fmt: skip


def test_publishing_writes_an_event_and_the_comparison(city) -> None:
    plan = make_plan(city)
    event = Event.objects.get(key="plan.plan.published")
    assert (event.subject_id, event.quantity) == (str(plan.pk), 2)
    figures = ComparisonFigure.objects.filter(municipality=city, concept="online_applications")
    assert {(row.fiscal_year, row.target, row.actual) for row in figures} >= {(2023, None, 1000), (2024, 1500, None)}


def test_a_plan_of_the_same_code_is_refused_and_nothing_is_half_written(city) -> None:
    make_plan(city)
    again = import_data_file(name="again.json", data=as_file(plan_content(title="別の計画")))
    before = (Plan.objects.count(), Indicator.objects.count(), Event.objects.count())
    with pytest.raises(PlanError, match="すでに公開"):
        publish_draft(draft=again, actor=None, system=True)
    assert (Plan.objects.count(), Indicator.objects.count(), Event.objects.count()) == before
    again.refresh_from_db()
    assert again.status == DraftStatus.OPEN


def test_the_same_file_twice_is_one_draft(draft, city) -> None:
    again = import_data_file(name="plan.json", data=as_file(plan_content()))
    assert again.pk == draft.pk
    assert Event.objects.filter(key="plan.draft.imported").count() == 1


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"reader": "x", "plans": [{"title": 3}]}', b"\xff\xfe"])
def test_a_foreign_file_is_refused_and_leaves_no_draft(data, city) -> None:
    with pytest.raises(DocumentError):
        import_data_file(name="x.json", data=data)
    assert PlanDraft.objects.count() == 0


@pytest.mark.parametrize("bad", ["\\u0000", "\\ud800"])
def test_a_file_with_what_no_database_keeps_is_refused_and_leaves_no_draft(bad, city) -> None:
    data = as_file(plan_content()).replace("港市".encode(), f"港{bad}市".encode())
    assert bad.encode() in data
    with pytest.raises(DocumentError, match="文字ではない"):
        import_data_file(name="x.json", data=data)
    assert PlanDraft.objects.count() == 0


def test_only_the_secretariat_publishes(draft, city) -> None:
    chief = make_staff(Role.SECTION_CHIEF)
    with pytest.raises(RefusedError):
        publish_draft(draft=draft, actor=chief)
    with pytest.raises(RefusedError):
        publish_draft(draft=draft, actor=None)
    assert Plan.objects.count() == 0


def test_a_correction_is_kept_with_who_when_why_before_and_after(draft, secretary) -> None:
    changed = correct_draft(draft=draft, path=TARGET, text="1,600", reason="読み誤り", version=1, actor=secretary)
    correction = changed.corrections[0]
    assert (correction["before"], correction["after"], correction["reason"]) == (1500, 1600, "読み誤り")
    assert (correction["actor"], changed.version) == (secretary.pk, 2)
    publish_draft(draft=changed, actor=secretary)
    assert Target.objects.get(fiscal_year=2024).value == 1600


def test_the_slower_of_two_correctors_is_told_and_changes_nothing(draft, secretary) -> None:
    correct_draft(draft=draft, path=TARGET, text="1600", reason="先", version=1, actor=secretary)
    with pytest.raises(PlanError, match="先に訂正"):
        correct_draft(draft=draft, path=TARGET, text="1700", reason="後", version=1, actor=secretary)
    draft.refresh_from_db()
    assert (
        draft.content["plans"][0]["goals"][0]["measures"][0]["projects"][0]["indicators"][0]["targets"][0]["value"]
        == 1600
    )


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (TARGET, "たくさん"),
        (TARGET, "nan"),
        (TARGET.replace("value", "fiscal_year"), "23"),
        (TARGET.replace("value", "line"), "7"),
        ("plans/0/goals/0/measures/0/projects/0/portfolio_class", "Z"),
        ("plans/0/goals", "x"),
        ("plans/9/title", "x"),
        ("reader", "x"),
        ("__class__", "x"),
    ],
)
def test_a_correction_that_does_not_fit_changes_nothing(path, text, draft, secretary) -> None:
    before = draft.content
    with pytest.raises(PlanError):
        correct_draft(draft=draft, path=path, text=text, reason="-", version=1, actor=secretary)
    draft.refresh_from_db()
    assert (draft.content, draft.version) == (before, 1)


def test_a_person_without_the_duty_corrects_nothing(draft, city) -> None:
    chief = make_staff(Role.SECTION_CHIEF)
    with pytest.raises(RefusedError):
        correct_draft(draft=draft, path=TARGET, text="1", reason="-", version=1, actor=chief)
    draft.refresh_from_db()
    assert draft.version == 1


class TestUnplacedRows:
    @pytest.fixture
    def torn(self, city):
        draft = import_data_file(name="torn.json", data=as_file(plan_content()))
        draft.content["unplaced"] = [{"line": 40, "text": "新しい指標\t50件", "reason": "見出しがありません。"}]
        draft.save()
        return draft

    def test_block_publishing_and_are_named(self, torn, secretary) -> None:
        with pytest.raises(PlanError, match="40行目"):
            publish_draft(draft=torn, actor=secretary)

    def test_can_become_an_indicator(self, torn, secretary) -> None:
        part = "plans/0/goals/0/measures/0/projects/0"
        placed = place_row(
            draft=torn, line=40, part=part, role="indicator", label="新しい指標", fiscal_year=2025, text="50件",
            version=1, actor=secretary,
        )  # fmt: skip
        publish_draft(draft=placed, actor=secretary)
        indicator = Indicator.objects.get(label="新しい指標")
        assert (indicator.unit, indicator.project.code, indicator.targets.get().value) == ("件", "1", 50)

    def test_can_be_set_aside_with_a_reason(self, torn, secretary) -> None:
        with pytest.raises(PlanError, match="理由"):
            ignore_row(draft=torn, line=40, reason=" ", version=1, actor=secretary)
        done = ignore_row(draft=torn, line=40, reason="ページ番号", version=1, actor=secretary)
        assert done.content["ignored"] == [{"line": 40, "place": "ページ番号"}]
        publish_draft(draft=done, actor=secretary)

    def test_need_a_place_that_exists(self, torn, secretary) -> None:
        with pytest.raises(PlanError, match="置き場所"):
            place_row(draft=torn, line=40, part="plans/0", role="action", label="", version=1, actor=secretary)


def test_a_discarded_draft_cannot_be_published(draft, secretary) -> None:
    discard_draft(draft=draft, actor=secretary)
    with pytest.raises(PlanError, match="破棄"):
        publish_draft(draft=draft, actor=secretary)


def test_another_city_sees_nothing_of_it(city) -> None:
    make_plan(city)
    other = make_city("aoba")
    with acting_for(other):
        assert not Plan.objects.exists()
        assert not Actual.objects.exists()
