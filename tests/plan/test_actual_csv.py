"""Actual values as CSV: what the preview says is what happens, and a bad row stops the whole file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from madoguchi.kit import clock, csvio
from madoguchi.plan.enums import ActualSource
from madoguchi.plan.errors import PlanError
from madoguchi.plan.models import Actual, Indicator
from madoguchi.plan.selectors.actuals import work_list
from madoguchi.plan.selectors.loading import with_values
from madoguchi.plan.services import actual_csv
from madoguchi.plan.services.actuals import Entry, approve_actual, enter_actual
from madoguchi.trust.api import Account, Event, acting_for
from madoguchi.trust.enums import Role

from .factories import make_city, make_plan, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
HEADER = "指標番号,年度,実績,時点,説明"


@pytest.fixture(autouse=True)
def city(settings: Any) -> Iterator[Any]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    municipality = make_city()
    with clock.frozen(NOW), acting_for(municipality):
        make_plan(municipality)
        yield municipality


@pytest.fixture
def office() -> Account:
    return make_staff(Role.SECRETARIAT)


@pytest.fixture
def applications() -> Indicator:
    return Indicator.objects.get(label="オンライン申請の件数")


def as_csv(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows]).encode()


def states(content: bytes, actor: Account) -> list[str]:
    return [row.state for row in actual_csv.preview(content=content, actor=actor).rows]


def test_a_filled_template_comes_back_as_values_with_the_file_as_evidence(
    applications: Indicator, office: Account
) -> None:
    text = actual_csv.template(indicators=with_values(Indicator.objects.all()), fiscal_years=[2024, 2025]).decode(
        "utf-8-sig"
    )
    assert text.splitlines()[0] == ",".join(actual_csv.HEADER)
    assert len(text.splitlines()) == 1 + 3 * 2
    line = next(item for item in text.splitlines() if "オンライン申請の件数" in item and "令和6年度" in item)
    filled = text.replace(line, line.replace("1,500件", "x").replace('"x",,,', 'x,"1,480",2025-03-31,'))
    actuals = actual_csv.import_actuals(content=filled.encode(), evidence="12", actor=office)
    assert [(a.indicator, a.fiscal_year, a.value, a.evidence, a.source) for a in actuals] == [
        (applications, 2024, 1480, "12", ActualSource.CSV)
    ]
    assert actuals[0].as_of == date(2025, 3, 31)


def test_an_unchanged_template_changes_nothing(applications: Indicator, office: Account) -> None:
    chief = make_staff(Role.SECTION_CHIEF)
    entered = enter_actual(
        indicator=applications,
        fiscal_year=2024,
        entry=Entry(value=1600.5, confirmed=frozenset(actual_csv.Doubt), no_evidence_reason="なし"),
        actor=chief,
    )
    approve_actual(actual=entered, actor=office)
    content = actual_csv.template(
        indicators=[item.indicator for item in work_list(office, whose="all")], fiscal_years=[2024, 2025, 2026]
    )
    preview = actual_csv.preview(content=content, actor=office)
    assert [row.state for row in preview.rows].count("same") == 1
    assert {row.state for row in preview.rows} == {"same", "empty"}
    assert actual_csv.import_actuals(content=content, evidence="1", actor=office) == []


def test_the_preview_says_what_every_row_would_do_and_changes_nothing(applications: Indicator, office: Account) -> None:
    pk = applications.pk
    content = as_csv(
        f"{pk},令和6年度,1550,2025/3/31,",
        f"{pk},2025,９４５万,,",
        f"{pk},R8,,,",
        "999999,2025,1,,",
        f"{pk},来年度,1,,",
        f"{pk},2024,1560,,",
        f"{pk},2026,たくさん,,",
        f"{pk},2026,3時間,,",
        f"{pk},2026,2500,2027-01-01,",
        f"{pk},2026",
    )
    rows = actual_csv.preview(content=content, actor=office).rows
    assert [(row.line, row.state) for row in rows] == [
        (2, "new"), (3, "new"), (4, "empty"), (5, "error"), (6, "error"), (7, "error"), (8, "error"), (9, "error"),
        (10, "error"), (11, "error"),
    ]  # fmt: skip
    assert rows[1].doubts == ["jump"]
    assert rows[1].after == "9,450,000件"
    for row, words in zip(
        rows[3:], ["指標番号", "年度として", "2行目と同じ", "数として", "単位", "今日より後", "列の数"], strict=True
    ):
        assert words in row.problem
    assert Actual.objects.count() == 0


def test_one_bad_row_stops_the_whole_file_and_leaves_an_event(applications: Indicator, office: Account) -> None:
    content = as_csv(f"{applications.pk},2024,1550,,", f"{applications.pk},2025,-3,,")
    with pytest.raises(PlanError, match="3行目"):
        actual_csv.import_actuals(content=content, evidence="1", actor=office)
    assert Actual.objects.count() == 0
    assert Event.objects.filter(key="plan.actual.refused").count() == 1


def test_a_doubtful_row_waits_for_confirmation(applications: Indicator, office: Account) -> None:
    content = as_csv(f"{applications.pk},2024,155000,,")
    with pytest.raises(PlanError, match="確認の必要な行"):
        actual_csv.import_actuals(content=content, evidence="1", actor=office)
    assert actual_csv.import_actuals(content=content, evidence="1", actor=office, confirmed=True)[0].value == 155000


def test_a_correction_in_a_file_needs_its_reason(applications: Indicator, office: Account) -> None:
    chief = make_staff(Role.SECTION_CHIEF)
    entry = Entry(value=1600, no_evidence_reason="なし")
    approve_actual(
        actual=enter_actual(indicator=applications, fiscal_year=2024, entry=entry, actor=chief), actor=office
    )
    assert states(as_csv(f"{applications.pk},2024,1610,,"), office) == ["error"]
    assert states(as_csv(f"{applications.pk},2024,1610,,数え直した"), office) == ["change"]


def test_a_row_of_another_section_is_refused(applications: Indicator, office: Account) -> None:
    unit = applications.project.responsibilities.get(is_lead=False).unit  # type: ignore[union-attr]
    waiting = Indicator.objects.get(label="平均の待ち時間")
    staff = make_staff(Role.SECTION_STAFF, unit)
    content = as_csv(f"{applications.pk},2024,1550,,", f"{waiting.pk},2024,25,,")
    assert states(content, staff) == ["new", "error"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b"\x00\x01\x02", "文字のファイルではありません"),
        ("指標番号,年度\r\n1,2024".encode(), "実績"),
        (as_csv(*["1,2024,1,,"] * 2001), "2,000行以下"),
        (b"x" * (21 * 1024 * 1024), "大きすぎます"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(content: bytes, words: str, office: Account) -> None:
    with pytest.raises(PlanError, match=words):
        actual_csv.preview(content=content, actor=office)


def test_a_file_from_a_spreadsheet_in_shift_jis_is_read(applications: Indicator, office: Account) -> None:
    content = f"{HEADER}\r\n{applications.pk},令和６年度,１５５０,令和7年3月31日,窓口で集計\r\n".encode("cp932")
    row = actual_csv.preview(content=content, actor=office).rows[0]
    assert (row.state, row.after) == ("new", "1,550件")
    assert row.entry is not None
    assert row.entry.as_of == date(2025, 3, 31)


def test_the_template_guards_against_formulas(applications: Indicator) -> None:
    applications.label = "=HYPERLINK(1)"
    applications.save()
    content = actual_csv.template(indicators=with_values(Indicator.objects.all()), fiscal_years=[2024])
    assert "'=HYPERLINK(1)" in csvio.decode(content)[0]
