"""Steering pages: only for staff with a duty; few numbers, who must act by when, and evidence two clicks away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from madoguchi.kit import clock
from madoguchi.plan.enums import ActualStatus
from madoguchi.plan.models import Actual, Indicator, Plan, Project
from madoguchi.plan.services.portfolio import move_project
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Municipality, acting_for
from madoguchi.trust.enums import AccountKind, Role

from .factories import PASSWORD, make_city, make_plan, make_staff
from .reviewing import make_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
PAGES = ("", "attention/", "tree/", "indicators/", "portfolio/ict-2024/", "timeline/ict-2024/", "compare/")


@pytest.fixture
def city(settings) -> Iterator[Municipality]:
    settings.SECOND_FACTOR_REQUIRED = False
    host_table.clear()
    municipality = make_city()
    with clock.frozen(NOW), acting_for(municipality):
        yield municipality
    host_table.clear()


@pytest.fixture
def plan(city: Municipality) -> Plan:
    return make_plan(city)


def signed_in(account: Account) -> Client:
    client = Client(headers={"host": "minato.localhost"})
    client.force_login(account)
    return client


@pytest.fixture
def office(city: Municipality) -> Client:
    return signed_in(make_staff(Role.SECRETARIAT, login="office"))


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode().replace("<wbr>", "")


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def measured(value: float, year: int = 2026) -> Indicator:
    indicator = Indicator.objects.get(label="オンライン申請の件数")
    Actual.objects.create(
        municipality=indicator.municipality, indicator=indicator, fiscal_year=year, value=value, text=f"{value:g}件",
        status=ActualStatus.APPROVED, entered_at=clock.now(), approved_at=clock.now(),
    )  # fmt: skip
    return indicator


def test_visitors_sign_in_first_and_residents_are_refused(plan: Plan, city: Municipality) -> None:
    resident = Account.objects.create_account(login="shimin", password=PASSWORD, kind=AccountKind.RESIDENT, name="市民")
    idle = Account.objects.create_account(login="idle", password=PASSWORD, kind=AccountKind.STAFF, name="職務なし")
    for page in PAGES:
        answer = Client(headers={"host": "minato.localhost"}).get(f"/steering/{page}")
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]
        for account in (resident, idle):
            assert signed_in(account).get(f"/steering/{page}").status_code == 403


@pytest.mark.parametrize("role", list(Role))
def test_everybody_with_a_duty_sees_every_page(plan: Plan, city: Municipality, role: Role) -> None:
    client = signed_in(make_staff(role))
    for page in PAGES:
        assert client.get(f"/steering/{page}").status_code == 200, page


def test_a_city_without_a_plan_is_told_how_to_begin(office: Client) -> None:
    page = text(office, "/steering/")
    assert "公開した計画がまだありません" in page
    assert "/steering/drafts/" in page
    for address in ("tree/", "indicators/"):
        assert office.get(f"/steering/{address}").status_code == 302
    assert "今、対応の必要なものはありません" in text(office, "/steering/attention/")
    assert office.get("/steering/?plan=ict-1999").status_code == 404


def test_another_citys_plan_is_not_there(plan: Plan, city: Municipality) -> None:
    other = make_city("aoba")
    with acting_for(other):
        client = Client(headers={"host": "aoba.localhost"})
        client.force_login(make_staff(Role.SECRETARIAT, login="aoba-office"))
    for address in ("portfolio/ict-2024/", "timeline/ict-2024/", "?plan=ict-2024", "attention/?plan=ict-2024"):
        assert client.get(f"/steering/{address}").status_code == 404


def test_numbers_lead_to_their_evidence_in_two_clicks(plan: Plan, office: Client) -> None:
    indicator = measured(3100)
    overview = text(office, "/steering/")
    first = re.search(r'href="(/steering/indicators/\?plan=ict-2024&amp;status=achieved)"', overview)
    assert first is not None
    listed = text(office, first[1].replace("&amp;", "&"))
    second = f"/steering/indicators/{indicator.pk}/"
    assert f'href="{second}"' in listed
    assert "3100件" in text(office, second)


def test_key_figures_have_target_trend_day_and_source(plan: Plan, office: Client) -> None:
    measured(1900, 2025)
    measured(3000, 2026)
    page = plain(text(office, "/steering/"))
    for words in (
        "目標を達成した指標",
        "100 %",
        "目標 100%",
        "前の年度から+100ポイント",
        "出典 ：承認された実績",
        "時点",
    ):
        assert words.replace(" ", "") in page.replace(" ", ""), words


def test_red_says_who_acts_by_when(plan: Plan, office: Client) -> None:
    page = plain(text(office, "/steering/"))
    assert "市民課：実績が一度も入力されていません（期限 令和8年5月31日）" in page
    listed = text(office, "/steering/attention/")
    assert "市民課" in listed
    assert "令和8年5月31日まで" in listed


def test_what_needs_attention_can_be_narrowed_to_a_kind(plan: Plan, office: Client) -> None:
    make_cycle(plan)
    everything = text(office, "/steering/attention/")
    assert "自己評価が提出されていません" in everything
    only = text(office, "/steering/attention/?kind=submission")
    assert "自己評価が提出されていません" in only
    assert "実績が一度も入力されていません" not in only
    assert "実績が一度も入力されていません" in text(office, "/steering/attention/?kind=nonsense")


def test_the_tree_narrows_to_the_filtered(plan: Plan, office: Client) -> None:
    page = text(office, "/steering/tree/?class=A")
    assert "電子申請の拡大" in page
    assert "窓口の待ち時間を短くする" not in page


def test_moves_are_shown_and_offered_to_those_who_may(plan: Plan, city: Municipality, office: Client) -> None:
    project = Project.objects.get(code="2")
    mover = Account.objects.get(login="office")
    move_project(
        project=project,
        to_class="A",
        feasibility=4,
        new_value=5,
        reason="条件が整った",
        actor=mover,
        version=project.version,
    )
    page = text(office, "/steering/portfolio/ict-2024/")
    assert "条件が整った" in page
    assert f"/steering/portfolio/ict-2024/move/{project.pk}/" in page
    council = signed_in(make_staff(Role.COUNCIL))
    assert "/move/" not in text(council, "/steering/portfolio/ict-2024/")


def test_the_menu_shows_where_one_is(plan: Plan, office: Client) -> None:
    page = text(office, "/steering/attention/")
    assert re.search(r'href="/steering/attention/" aria-current="page"', page)
    assert page.count('site-nav__link" href="/steering/" aria-current') == 0
    assert "計画書の取り込み" in page
    assert "計画書の取り込み" not in text(signed_in(make_staff(Role.COUNCIL)), "/steering/")


def test_the_comparison_shows_ones_own_place(plan: Plan, office: Client) -> None:
    page = plain(text(office, "/steering/compare/"))
    assert "オンライン申請の件数" in page
    assert "目標 3,000件" in page


def menu_of(page: str) -> tuple[str, ...]:
    menu = page[page.index('aria-label="計画のメニュー"') :]
    return tuple(re.findall(r'href="([^"]+)"', menu[: menu.index("</nav>")]))


def test_every_steering_page_carries_the_same_menu(office: Client, plan: Plan) -> None:
    addresses = (
        "",
        "attention/",
        "tree/",
        "actuals/",
        "lint/",
        "reviews/",
        "reviews/rules/",
        "reviews/orders/",
        "drafts/",
    )
    menus = {address: menu_of(text(office, f"/steering/{address}")) for address in addresses}
    assert len(set(menus[""])) == 8
    assert len(set(menus.values())) == 1, menus


def test_a_task_of_another_section_is_looked_at_and_not_entered(city: Municipality, plan: Plan) -> None:
    council = signed_in(make_staff(Role.COUNCIL, login="council"))
    for address in set(
        re.findall(r'href="(/steering/indicators/\d+/(?:enter/)?)', text(council, "/steering/attention/"))
    ):
        assert council.get(address).status_code == 200, address
