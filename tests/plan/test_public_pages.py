"""Public pages of plans: for everybody, in three languages, light, and never more than what is approved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources

import pytest
from django.test import Client

from madoguchi.kit import clock
from madoguchi.plan.api import import_data_file, publish_draft
from madoguchi.plan.enums import ActualStatus
from madoguchi.plan.models import Actual, ChangeRecord, Goal, Indicator, Measure, Plan, Project
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, acting_for

from .factories import make_city, make_plan
from .reviewing import make_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
HEAVY = 70_000  # bytes of one page beside style sheet and script, which are loaded once and weigh less than 30,000


@pytest.fixture
def city() -> Iterator[Municipality]:
    host_table.clear()
    municipality = make_city()
    with clock.frozen(NOW), acting_for(municipality):
        yield municipality
    host_table.clear()


@pytest.fixture
def plan(city: Municipality) -> Plan:
    return make_plan(city)


@pytest.fixture
def visitor(city: Municipality) -> Client:
    return Client(headers={"host": f"{city.key}.localhost"})


def addresses(plan: Plan) -> list[str]:
    base = f"/plan/{plan.code}/"
    parts = [
        *(f"goals/{pk}/" for pk in Goal.objects.filter(plan=plan).values_list("pk", flat=True)),
        *(f"measures/{pk}/" for pk in Measure.objects.filter(plan=plan).values_list("pk", flat=True)),
        *(f"projects/{pk}/" for pk in Project.objects.filter(plan=plan).values_list("pk", flat=True)),
        *(f"indicators/{pk}/" for pk in Indicator.objects.filter(plan=plan).values_list("pk", flat=True)),
    ]
    pages = ["", "projects/", "indicators/", "timeline/", "portfolio/", "history/", *parts]
    return ["/plan/", "/plan/search/?q=窓口", "/plan/compare/", *(base + page for page in pages)]


def text(client: Client, address: str, **more: str) -> str:
    answer = client.get(address, more)
    assert answer.status_code == 200, address
    return answer.content.decode().replace("<wbr>", "")


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_every_page_opens_without_signing_in_and_is_light(plan: Plan, visitor: Client, language: str) -> None:
    for address in addresses(plan):
        answer = visitor.get(address, headers={"cookie": f"language={language}"})
        assert answer.status_code == 200, address
        assert len(answer.content) < HEAVY
        assert "sessionid" not in answer.cookies


def test_pages_bring_no_inline_style_script_or_other_host(plan: Plan, visitor: Client) -> None:
    for address in addresses(plan):
        page = text(visitor, address)
        assert not re.search(r"""\sstyle=|\son[a-z]+=|<script(?![^>]*src=)|<style""", page), address
        assert not re.findall(r"""(?:src|href)="(?:https?:)?//""", page), address


def test_another_citys_plan_is_not_there(plan: Plan, city: Municipality) -> None:
    make_city("aoba")
    stranger = Client(headers={"host": "aoba.localhost"})
    for address in addresses(plan)[3:]:
        answer = stranger.get(address)
        assert answer.status_code == 404, address
        assert "ページが見つかりません" in answer.content.decode().replace("<wbr>", "")
    assert "公開している計画はまだありません" in text(stranger, "/plan/")


def test_parts_of_another_plan_are_not_under_this_one(city: Municipality, plan: Plan, visitor: Client) -> None:
    make_plan(city, code="ict-2020", start_fiscal_year=2020, end_fiscal_year=2022)
    for address in addresses(plan)[9:]:
        assert visitor.get(address.replace("ict-2024", "ict-2020")).status_code == 404
    assert visitor.get("/plan/ict-2024/results/").status_code == 404


def test_the_unapproved_is_nowhere(plan: Plan, visitor: Client) -> None:
    indicator = Indicator.objects.get(label="オンライン申請の件数")
    for status, value in ((ActualStatus.SUBMITTED, 7777), (ActualStatus.RETURNED, 8888)):
        Actual.objects.create(
            municipality=plan.municipality, indicator=indicator, fiscal_year=2025, value=value, text=f"{value}件",
            status=status, entered_at=clock.now(), note="内部の説明",
        )  # fmt: skip
    shown = "".join(text(visitor, address) for address in [*addresses(plan), "/plan/compare/online_applications/"])
    for secret in ("7,777", "8,888", "7777件", "内部の説明"):
        assert secret not in shown


def test_the_working_of_an_open_review_is_not_public_and_its_decision_is(plan: Plan, visitor: Client) -> None:
    cycle = make_cycle(plan)
    cycle.submit("1", "△", "担当者の都合で遅れた。")
    project = Project.objects.get(code="1")
    pages = [f"/plan/{plan.code}/", f"/plan/{plan.code}/history/", f"/plan/{plan.code}/projects/{project.pk}/"]
    assert "担当者の都合" not in "".join(text(visitor, address) for address in pages)
    assert "評価と改善指示" not in text(visitor, pages[2])


def test_a_decided_review_is_public(plan: Plan, visitor: Client) -> None:
    cycle = make_cycle(plan)
    cycle.to_closed()
    late = Project.objects.get(code="2")
    page = text(visitor, f"/plan/{plan.code}/projects/{late.pk}/")
    assert "評価と改善指示" in page
    assert "△" in page


def test_numbers_stand_in_the_chart_and_in_the_table(plan: Plan, visitor: Client) -> None:
    indicator = Indicator.objects.get(label="オンライン申請の件数")
    Actual.objects.create(
        municipality=plan.municipality, indicator=indicator, fiscal_year=2025, value=2345, text="2,345件",
        status=ActualStatus.APPROVED, entered_at=clock.now(), approved_at=clock.now(),
    )  # fmt: skip
    page = text(visitor, f"/plan/{plan.code}/indicators/{indicator.pk}/")
    svg = page[page.index("<svg", page.index("figure__canvas")) : page.index("</svg>", page.index("figure__canvas"))]
    assert "2,345" in svg
    assert "2,000" in svg
    table = page[page.index('id="years"') :]
    assert "2,345" in table
    assert "目標 2,000件" in table
    assert "達成" in plain(page)
    assert "文書の13行目" in plain(page)


def test_a_bar_over_several_years_is_drawn_beside_its_table(plan: Plan, visitor: Client) -> None:
    drawn = text(visitor, f"/plan/{plan.code}/projects/{Project.objects.get(code='1').pk}/")
    assert drawn.count("chart__span") == 2
    assert drawn.count("schedule__bar") == 3
    assert "chart__span" not in text(visitor, f"/plan/{plan.code}/projects/{Project.objects.get(code='2').pk}/")


def test_filters_narrow_the_list_and_count(plan: Plan, visitor: Client) -> None:
    base = f"/plan/{plan.code}/projects/"
    everything = text(visitor, base)
    assert "2件" in plain(everything)
    assert "市民課（2）" in everything
    only = text(visitor, base, **{"class": "A"})
    assert "1件" in plain(only)
    assert "電子申請の拡大" in only
    assert "窓口の待ち時間を短くする" not in only
    assert "電子申請の拡大" in text(visitor, base, section="ありえない課")


def test_a_filter_that_leaves_nothing_says_what_to_do(plan: Plan, visitor: Client) -> None:
    page = text(visitor, f"/plan/{plan.code}/projects/", **{"class": "C", "sdg": "9"})
    assert "条件に合う事業はありません" in page
    assert "条件をすべて外す" in page


def test_long_lists_come_in_pages(plan: Plan, visitor: Client) -> None:
    first = Project.objects.get(code="1")
    for number in range(30):
        first.pk, first.code, first.title = None, f"x{number}", f"追加の事業{number}"
        first.save()
    page = text(visitor, f"/plan/{plan.code}/projects/", page="2")
    assert "32件中 21〜32件目" in plain(page)
    assert text(visitor, f"/plan/{plan.code}/projects/", page="999").count("data-row") == 12


def test_the_share_leads_to_the_list_behind_it(plan: Plan, visitor: Client) -> None:
    indicator = Indicator.objects.get(label="オンライン申請の件数")
    Actual.objects.create(
        municipality=plan.municipality, indicator=indicator, fiscal_year=2026, value=3000, text="3,000件",
        status=ActualStatus.APPROVED, entered_at=clock.now(), approved_at=clock.now(),
    )  # fmt: skip
    page = text(visitor, f"/plan/{plan.code}/")
    assert "100%" in plain(page)
    link = f"/plan/{plan.code}/indicators/?status=achieved"
    assert link in page
    assert "オンライン申請の件数" in text(visitor, link)
    assert "平均の待ち時間" not in text(visitor, link)


def test_changes_are_shown_with_their_reason(plan: Plan, visitor: Client) -> None:
    project = Project.objects.get(code="1")
    ChangeRecord.objects.create(
        municipality=plan.municipality, plan=plan, subject_type="project", subject_id=project.pk, at=clock.now(),
        subject_title=project.title, field="担当課", before=["市民課"], after=["情報課"], reason="組織の改正による",
    )  # fmt: skip
    for address in (f"/plan/{plan.code}/history/", f"/plan/{plan.code}/projects/{project.pk}/"):
        assert "組織の改正による" in text(visitor, address)


def test_search_marks_nothing_as_markup(plan: Plan, visitor: Client) -> None:
    page = text(visitor, "/plan/search/", q='<script>alert("x")</script>')
    assert "<script>alert" not in page
    assert "見つかりませんでした" in page


def test_a_finished_plan_shows_its_results_beside_the_documents(city: Municipality) -> None:
    data = (resources.files("madoguchi.plan") / "data" / "plans" / "sagamihara.json").read_bytes()
    publish_draft(draft=import_data_file(name="sagamihara.json", data=data), actor=None, system=True)
    page = plain(text(Client(headers={"host": f"{city.key}.localhost"}), "/plan/ict-2017/results/"))
    for figure in ("66%", "72%", "100%", "7 / 11", "一致"):
        assert figure in page
    assert "不一致" not in page


def test_a_plan_that_is_over_says_so(city: Municipality, visitor: Client) -> None:
    make_plan(city, code="ict-2020", start_fiscal_year=2020, end_fiscal_year=2022)
    assert "計画期間（令和2年度〜令和4年度）は終了しています" in text(visitor, "/plan/ict-2020/")


def test_only_reading_is_allowed(plan: Plan, visitor: Client) -> None:
    for address in addresses(plan):
        assert visitor.post(address).status_code == 405, address


NONSENSE = ("", "²", "0", "-1", "99999999999999999999999", "%00", "\x00", "💥", "a" * 3000, "' OR 1=1 --", "٣")


def test_nonsense_in_an_address_is_never_an_error(plan: Plan, visitor: Client) -> None:
    base = f"/plan/{plan.code}/"
    for value in NONSENSE:
        for path, name in (
            (f"{base}projects/", "sdg"), (f"{base}projects/", "goal"), (f"{base}projects/", "page"),
            (f"{base}indicators/", "status"), (f"{base}timeline/", "goal"), ("/plan/search/", "q"),
            ("/plan/search/", "plan"), ("/plan/compare/online_applications/", "sort"),
            ("/plan/compare/online_applications/", "q"), ("/plan/compare/online_applications/", "page"),
        ):  # fmt: skip
            assert visitor.get(path, {name: value}).status_code in {200, 404}, (path, name, value)
    for part in ("projects", "indicators", "goals", "measures"):
        assert visitor.get(f"{base}{part}/99999999999999999999999/").status_code == 404
