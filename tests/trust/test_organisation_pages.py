"""The pages of organisation and staff, used by an administrator."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Unit, unit_tree
from madoguchi.trust.enums import AccountKind, Role, UnitKind
from madoguchi.trust.models import Duty, Invitation, SignInFailure

from .people import PASSWORD, make_account, make_staff, make_unit

pytestmark = pytest.mark.database

TODAY = clock.datetime(2026, 5, 1, 3, 0, tzinfo=clock.UTC)


@pytest.fixture(autouse=True)
def spring_of_2026():
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def administrator(odawara) -> Account:
    return make_staff("kanri", Role.ADMINISTRATOR, name="管理 太郎")


@pytest.fixture
def browser(administrator) -> Client:
    client = Client(headers={"host": "odawara.localhost"})
    client.post("/accounts/login/", {"login": "kanri", "password": PASSWORD})
    return client


def text(answer) -> str:
    """What a page says, without the marks that allow line breaks."""
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"<wbr>|​", "", answer.content.decode())


def test_units_are_added_renamed_and_seen_by_year(browser):
    browser.post("/organisation/units/add/", {"year": 2025, "name": "企画部", "kind": "department"})
    department = Unit.objects.get()
    browser.post(
        "/organisation/units/add/", {"year": 2026, "name": "政策課", "kind": "section", "parent": department.pk}
    )
    browser.post(f"/organisation/units/{department.pk}/rename/", {"fiscal_year": 2026, "name": "経営部"})
    assert "企画部" in text(browser.get("/organisation/units/?year=2025"))
    page = text(browser.get("/organisation/units/"))
    assert "経営部" in page
    assert "政策課" in page
    assert "企画部" not in page
    assert [node.depth for node in unit_tree(2026)] == [0, 1]
    shown = text(browser.get(f"/organisation/units/{department.pk}/"))
    assert "令和7年度まで" in shown
    assert "経営部" in shown


@pytest.mark.parametrize(
    ("path", "data", "complaint"),
    [
        ("add/", {"year": 2026, "name": "", "kind": "section"}, "名称"),
        ("add/", {"year": 2026, "name": "政策課", "kind": "section"}, "同じ名称の組織"),
        ("add/", {"year": 2026, "name": "新課", "kind": "section", "parent": "999999"}, "上位組織"),
        ("{unit}/rename/", {"fiscal_year": 2024, "name": "別課"}, "翌年度から"),
        ("{unit}/rename/", {"fiscal_year": "x", "name": "別課"}, "実施する年度"),
        ("{unit}/merge/", {"fiscal_year": 2026}, "統合先"),
        ("{unit}/merge/", {"fiscal_year": 2026, "into": "{unit}"}, "統合先"),
    ],
)
def test_a_wrong_change_is_explained_and_not_done(browser, path, data, complaint):
    unit = make_unit("政策課", year=2024)
    filled = {key: str(value).format(unit=unit.pk) for key, value in data.items()}
    page = text(browser.post("/organisation/units/" + path.format(unit=unit.pk), filled))
    assert "入力内容をご確認ください" in page
    assert complaint in page
    assert [(found.name, found.valid_to_fiscal_year) for found in Unit.objects.all()] == [("政策課", None)]


def test_the_staff_list_is_searched_filtered_and_paged(browser):
    section = make_unit("政策課")
    make_staff("sato", Role.SECTION_CHIEF, unit=section, name="佐藤 花子", name_kana="サトウ ハナコ")
    make_account("suzuki", name="鈴木 一郎", is_active=False)
    make_account("tanaka", name="田中 二郎", password=None)
    make_account("shimin", name="住民 三郎", kind=AccountKind.RESIDENT)

    def names(query: str) -> set[str]:
        page = text(browser.get(f"/organisation/staff/?{query}"))
        return {
            name for name in ("佐藤 花子", "鈴木 一郎", "田中 二郎", "管理 太郎", "住民 三郎") if f">{name}</a>" in page
        }

    assert names("") == {"佐藤 花子", "鈴木 一郎", "田中 二郎", "管理 太郎"}
    assert names("q=サトウ") == names("q=sato") == names("q=佐藤+花子") == {"佐藤 花子"}
    assert names(f"unit={section.pk}") == names("role=section_chief") == {"佐藤 花子"}
    assert names("state=inactive") == {"鈴木 一郎"}
    assert names("state=invited") == {"田中 二郎"}
    assert names("state=active") == {"佐藤 花子", "管理 太郎"}
    assert "条件に合う職員はいません" in text(browser.get("/organisation/staff/?q=だれもいない"))
    assert names("unit=x&role=x&state=x&page=999") == {"佐藤 花子", "鈴木 一郎", "田中 二郎", "管理 太郎"}


def test_a_long_list_costs_no_more_queries_than_a_short_one(browser):
    section = make_unit("政策課")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get("/organisation/staff/")
        return len(queries)

    make_staff("first", Role.SECTION_STAFF, unit=section)
    cost()  # the first request after signing in notes the use of the session
    short = cost()
    for number in range(60):
        make_staff(f"staff{number}", Role.SECTION_STAFF, unit=section, name=f"職員{number:02}")
    assert cost() == short
    page = text(browser.get("/organisation/staff/"))
    assert "62人" in page
    assert page.count("data-row") == 50


def test_an_invitation_is_shown_once_with_its_end(browser):
    unit = make_unit("政策課")
    form = {"login": "yamada", "name": "山田 花子", "role": "section_chief", "unit": unit.pk, "from_date": "2026-05-01"}
    page = text(browser.post("/organisation/staff/invite/", form))
    assert "/accounts/invitations/" in page
    account = Account.objects.get(login="yamada")
    assert [(duty.role, duty.unit) for duty in account.duties.all()] == [(Role.SECTION_CHIEF, unit)]
    assert "/accounts/invitations/" not in text(browser.get(f"/organisation/staff/{account.pk}/"))
    again = text(browser.post("/organisation/staff/invite/", form))
    assert "このログイン名は使われています" in again
    assert Account.objects.filter(login="yamada").count() == 1


def test_duties_are_assigned_and_ended(browser):
    account, unit = make_account("sato", name="佐藤"), make_unit("政策課")
    path = f"/organisation/staff/{account.pk}/duties/add/"
    browser.post(path, {"role": "section_staff", "unit": unit.pk, "from_date": "2026-04-01"})
    wrong = browser.post(path, {"role": "council", "from_date": "2026-04-02", "to_date": "2026-04-01"})
    assert "終了日は、開始日以降" in text(wrong)
    duty = Duty.objects.get(account=account)
    early = browser.post(f"/organisation/duties/{duty.pk}/end/", {"to_date": "2026-03-01"})
    assert "入力内容をご確認ください" in text(early)
    browser.post(f"/organisation/duties/{duty.pk}/end/", {"to_date": "2026-06-30"})
    duty.refresh_from_db()
    assert str(duty.to_date) == "2026-06-30"


def test_the_last_administrator_is_told_why_the_duty_stays(browser, administrator):
    duty = administrator.duties.get()
    page = text(browser.post(f"/organisation/duties/{duty.pk}/end/", {"to_date": "2026-05-01"}))
    assert "先に別の職員を管理者に" in page


@pytest.mark.parametrize(
    ("action", "button"),
    [
        ("deactivate", "停止する"),
        ("second-factor", "すべて削除する"),
        ("sessions", "サインアウトさせる"),
        ("withdraw", "取り消す"),
    ],
)
def test_what_cannot_be_undone_is_asked_first(browser, action, button):
    account = make_account("sato", name="佐藤")
    assert button in text(browser.get(f"/organisation/staff/{account.pk}/{action}/"))
    account.refresh_from_db()
    assert account.is_active


def test_an_account_is_stopped_and_taken_up_again(browser):
    account = make_account("sato", name="佐藤")
    browser.post(f"/organisation/staff/{account.pk}/deactivate/")
    assert "停止中" in text(browser.get(f"/organisation/staff/{account.pk}/"))
    assert not Account.objects.get(pk=account.pk).is_active
    refused = browser.post(f"/organisation/staff/{account.pk}/link/", follow=True)
    assert "先にアカウントを再開" in text(refused)
    browser.post(f"/organisation/staff/{account.pk}/reactivate/")
    assert Account.objects.get(pk=account.pk).is_active


def test_a_new_link_replaces_the_old_one_and_can_be_withdrawn(browser):
    account = make_account("sato", name="佐藤")
    for _ in range(2):
        assert "/accounts/invitations/" in text(browser.post(f"/organisation/staff/{account.pk}/link/"))
    assert Invitation.objects.filter(withdrawn_at=None).count() == 1
    browser.post(f"/organisation/staff/{account.pk}/withdraw/")
    assert not Invitation.objects.filter(withdrawn_at=None).exists()


def test_locks_are_listed_and_lifted(browser, settings):
    settings.SIGN_IN_LIMITS = {"account": 5, "address": 6, "minutes": 15}
    make_account("sato", name="佐藤 花子")
    visitor = Client(headers={"host": "odawara.localhost"}, REMOTE_ADDR="203.0.113.9")
    for name in ["sato"] * 5 + ["dareka"]:
        visitor.post("/accounts/login/", {"login": name, "password": "wrong"})
    page = text(browser.get("/organisation/staff/locks/"))
    assert "佐藤 花子" in page
    assert "203.0.113.9" in page
    assert "2件" in text(browser.get("/organisation/"))
    browser.post("/organisation/staff/locks/", {"address": "203.0.113.9"})
    assert SignInFailure.objects.count() == 0
    assert "制限されているものはありません" in text(browser.get("/organisation/staff/locks/"))


def test_the_overview_says_which_role_may_do_what_and_who_holds_it(browser):
    page = text(browser.get("/organisation/permissions/"))
    assert "管理 太郎" in page
    for word in ("職員のアカウント", "招待する", "割り当てる", "計画事務局"):
        assert word in page


@pytest.mark.parametrize(
    "path", ["units/999/", "staff/999/", "duties/999/end/", "units/1/explode/", "staff/99999999999999999999/"]
)
def test_what_is_not_there_is_not_found(browser, path):
    assert browser.get(f"/organisation/{path}").status_code == 404


def test_a_resident_is_not_found_among_the_staff(browser):
    resident = make_account("shimin", kind=AccountKind.RESIDENT)
    assert browser.get(f"/organisation/staff/{resident.pk}/").status_code == 404
    assert browser.get(f"/organisation/staff/{browser.session['_auth_user_id']}/explode/").status_code == 404


def test_units_of_several_levels_are_offered_as_a_tree(browser):
    department = make_unit("企画部", kind=UnitKind.DEPARTMENT)
    make_unit("政策課", department)
    assert "　政策課" in browser.get("/organisation/units/add/").content.decode()


def test_ones_own_page_shows_duties_and_changes_details(browser, administrator):
    page = text(browser.get("/me/"))
    assert "管理者" in page
    browser.post("/me/details/", {"name": "管理 次郎", "name_kana": "カンリ ジロウ", "language": "en"})
    administrator.refresh_from_db()
    assert (administrator.name, administrator.language) == ("管理 次郎", "en")
    assert browser.cookies["language"].value == "en"
    assert "アカウントの内容を変更しました" in text(browser.get("/me/activity/?lang=ja"))
    assert "入力内容をご確認ください" in text(browser.post("/me/details/", {"name": ""}))


def test_unlocking_nobody_says_so_and_unlocks_nobody(browser):
    answer = browser.post("/organisation/staff/locks/", {}, follow=True)
    assert answer.status_code == 200
    assert "どの制限を解除するかが届いていません" in answer.content.decode()
