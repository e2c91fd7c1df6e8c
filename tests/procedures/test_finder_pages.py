"""The public pages of procedures as requests: search, doors, the finder, start pages, checklists, staff's views."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from madoguchi.kit import clock
from madoguchi.procedures.api import load_demonstration_procedures
from madoguchi.procedures.models import Checklist, Draft, Procedure
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import AccessRecord, Account, Event, Municipality, acting_for
from madoguchi.trust.enums import AccountKind, Role
from tests.plan.factories import PASSWORD, make_city, make_staff

pytestmark = pytest.mark.database
START = (
    "minato市に住民登録がある本人",
    "1通300円",
    "用意するもの",
    "ほかの世帯の方の住民票が必要な方",
    "住民基本台帳法第12条",
    "市民課",
    "受付中",
    "最終確認日",
)
CODES = {
    "residence-certificate",
    "move-in",
    "child-allowance",
    "child-medical",
    "dog-move",
    "insurance-join",
    "card-continuation",
    "taxi-voucher",
    "birth-notification",
}
MOVED = (
    "/procedures/find/?event=moving-in&household=none&household=toddler&dog=yes&insurance=employer&my_number_card=no"
)


@pytest.fixture
def city(db, settings) -> Iterator[Municipality]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR_REQUIRED = False
    host_table.clear()
    made = make_city("minato", name_en="Minato City", phone="03-1234-5678")
    with acting_for(made), clock.frozen(datetime(2026, 11, 20, 1, 0, tzinfo=UTC)):
        load_demonstration_procedures(codes=CODES)
        yield made
    host_table.clear()


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "localhost"})


def text_of(response) -> str:
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", main))


def saved(client: Client) -> Checklist:
    data = {"event": "moving-in", "household": ["none", "toddler"], "dog": "yes", "insurance": "employer"}
    data |= {"my_number_card": "no", "event_on": "2026-11-10"}
    response = client.post("/procedures/find/save/", data)
    assert response.status_code == 302
    return Checklist.objects.get(key=response.url.split("/")[-2])


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("住民票", "住民票の写し"),
        ("じゅうみんひょう", "住民票の写し"),
        ("子どもが生まれた", "児童手当"),
        ("引っ越してきた", "転入届"),
        ("child allowance", "児童手当"),
    ],
)
def test_the_search_answers_what_people_type(city: Municipality, client: Client, query: str, name: str) -> None:
    assert name in text_of(client.get("/procedures/", {"q": query}))


def test_a_search_without_result_says_what_to_do_next(city: Municipality, client: Client) -> None:
    text = text_of(client.get("/procedures/", {"q": "ぬるぽぬるぽ"}))
    assert "当てはまる手続が見つかりません" in text
    assert "質問に答えて探す" in text
    assert "0件" in text


@pytest.mark.parametrize(
    "query", ["event=nowhere", "channel=fax", "letter=<b>", "page=999", "page=-1", "q=" + "あ" * 3000]
)
def test_odd_filters_are_left_out(city: Municipality, client: Client, query: str) -> None:
    assert client.get(f"/procedures/?{query}").status_code == 200


def test_filters_narrow_the_list(city: Municipality, client: Client) -> None:
    text = text_of(client.get("/procedures/?channel=post&category=certificates"))
    assert "1件" in text
    assert "1件" in text_of(client.get("/procedures/?event=care"))


def test_a_door_lists_its_events_and_an_unknown_one_is_not_found(city: Municipality, client: Client) -> None:
    text = text_of(client.get("/procedures/events/moves/"))
    assert text.index("市外から引っ越してきた") < text.index("転入届")
    assert client.get("/procedures/events/death/").status_code == 200
    assert client.get("/procedures/events/nowhere/").status_code == 404


def test_a_start_page_says_all_one_needs_before_beginning(city: Municipality, client: Client) -> None:
    text = text_of(client.get("/procedures/residence-certificate/"))
    for part in (
        "minato市に住民登録がある本人",
        "1通300円",
        "用意するもの",
        "ほかの世帯の方の住民票が必要な方",
        "住民基本台帳法第12条",
        "市民課",
        "受付中",
        "最終確認日",
    ):
        assert part in text
    text = text_of(client.get("/procedures/move-in/?day=2026-11-10"))
    assert "令和8年11月24日" in text
    assert client.get("/procedures/move-in/?day=xx").status_code == 200


def test_a_start_page_speaks_the_language_of_its_reader(city: Municipality, client: Client) -> None:
    english = text_of(client.get("/procedures/residence-certificate/?lang=en"))
    assert "Residents of Minato City" in english
    client.cookies["language"] = "ja-easy"
    assert "じゅうみんひょう" in text_of(client.get("/procedures/residence-certificate/"))


def test_a_procedure_without_online_form_says_where_to_go(city: Municipality, client: Client) -> None:
    text = text_of(client.get("/procedures/birth-notification/"))
    assert "まだオンラインではできません" in text
    assert "市民課の届出窓口" in text


def test_the_public_description_leaves_out_what_is_for_the_office(city: Municipality, client: Client) -> None:
    document = client.get("/procedures/residence-certificate/procedure.json").json()
    assert document["format"] == "madoguchi.procedure/1"
    assert not {"tests", "workflow", "minutes"} & document.keys()


def test_a_retired_procedure_says_so_and_leaves_the_lists(city: Municipality, client: Client) -> None:
    Procedure.objects.filter(code="taxi-voucher").update(is_retired=True)
    response = client.get("/procedures/taxi-voucher/")
    assert response.status_code == 410
    assert "受付を終了しました" in text_of(response)
    assert "タクシー" not in text_of(client.get("/procedures/"))
    assert client.get("/procedures/no-such/").status_code == 404


def test_the_finder_asks_until_nothing_splits_and_then_shows_the_list(city: Municipality, client: Client) -> None:
    address, asked = "/procedures/find/?event=moving-in", []
    answers = {"household": "&household=none&household=toddler", "dog": "&dog=yes", "insurance": "&insurance=none"}
    for _ in range(12):
        body = client.get(address).content.decode()
        found = re.search(r'name="asked" value="(\w+)"', body)
        if found is None:
            break
        assert found[1] not in asked
        asked.append(found[1])
        address += answers.get(found[1], f"&{found[1]}=unknown")
    text = text_of(client.get(address))
    assert "あなたの手続は7件です" in text.replace(" ", "")
    assert len(asked) <= 5
    assert "当てはまるかもしれません" in text


def test_a_question_left_open_is_asked_again_with_an_error(city: Municipality, client: Client) -> None:
    first = client.get("/procedures/find/?event=moving-in").content.decode()
    asked = re.search(r'name="asked" value="(\w+)"', first)
    assert asked is not None
    again = client.get(f"/procedures/find/?event=moving-in&asked={asked[1]}&{asked[1]}=nonsense")
    assert 'class="error-summary"' in again.content.decode()


def test_any_answer_can_be_changed_and_keeps_the_others(city: Municipality, client: Client) -> None:
    page = client.get(f"{MOVED}&edit=dog").content.decode()
    assert re.search(r'value="yes" checked', page)
    assert 'type="hidden" name="insurance" value="employer"' in page
    assert 'type="hidden" name="dog"' not in page


def test_the_result_orders_by_deadline_and_merges_what_to_bring(city: Municipality, client: Client) -> None:
    text = text_of(client.get(f"{MOVED}&event_on=2026-11-10&result=1"))
    assert text.index("転入届") < text.index("児童手当の認定請求")
    assert "令和8年11月24日（火）" in text
    bring = text.split("持ち物（まとめて1回分）")[1].split("当てはまらなかった手続")[0]
    assert bring.count("本人確認書類（マイナンバーカード、運転免許証など）") == 1
    assert "会社などの健康保険に入らない方の手続です" in text.split("当てはまらなかった手続")[1]


@pytest.mark.parametrize(
    "query",
    [
        "event=moving-in&household=<b>",
        "event=moving-in&edit=nothing",
        "event=moving-in&dog=yes&dog=no",
        "result=1",
        "event=moving-in&event_on=9999-12-31&result=1",
    ],
)
def test_odd_addresses_of_the_finder_are_answered(city: Municipality, client: Client, query: str) -> None:
    assert client.get(f"/procedures/find/?{query}").status_code == 200


def test_a_saved_list_holds_answers_and_no_names_for_half_a_year(city: Municipality, client: Client) -> None:
    checklist = saved(client)
    assert checklist.answers["household"] == ["toddler"]
    assert checklist.account is None
    assert timedelta(days=180) < checklist.expires_at - checklist.created_at < timedelta(days=190)
    page = client.get(f"/procedures/list/{checklist.key}/")
    assert checklist.number in text_of(page)
    assert "<svg" in page.content.decode().split("finder-ticket__code")[1][:300]
    Checklist.objects.update(expires_at=clock.now())
    assert client.get(f"/procedures/list/{checklist.key}/").status_code == 404
    assert client.get("/procedures/list/nonsense/").status_code == 404


def test_nothing_is_saved_when_nothing_was_found(city: Municipality, client: Client) -> None:
    data = {"event": "care", "household": "none"}
    response = client.post("/procedures/find/save/", data)
    assert response.url.startswith("/procedures/find/")
    assert not Checklist.objects.exists()
    assert client.post("/procedures/find/save/", {"event": "nowhere"}).status_code == 404


def test_what_is_done_can_be_ticked_and_unticked(city: Municipality, client: Client) -> None:
    checklist = saved(client)
    first, other = checklist.items.all()[:2]
    client.post(f"/procedures/list/{checklist.key}/done/", {"done": [first.pk, "x", "９", 999999]})
    assert [item.pk for item in checklist.items.filter(done_at__isnull=False)] == [first.pk]
    client.post(f"/procedures/list/{checklist.key}/done/", {"done": [other.pk]})
    assert [item.pk for item in checklist.items.filter(done_at__isnull=False)] == [other.pk]


def test_mail_is_off_until_an_operator_turns_it_on(city: Municipality, client: Client) -> None:
    checklist = saved(client)
    response = client.post(f"/procedures/list/{checklist.key}/mail/", {"address": "a@example.jp"})
    assert response.status_code == 422
    assert "まだメールで送れません" in text_of(response)
    assert mail.outbox == []


def test_a_list_is_mailed_thrice_a_day_and_the_address_is_kept_nowhere(
    city: Municipality, client: Client, settings
) -> None:
    settings.OUTGOING_MAIL = True
    checklist = saved(client)
    path = f"/procedures/list/{checklist.key}/mail/"
    assert client.post(path, {"address": "not an address"}).status_code == 422
    for _ in range(3):
        assert client.post(path, {"address": "hanako@example.jp"}).status_code == 302
    refused = client.post(path, {"address": "hanako@example.jp"})
    assert "今日すでに3回" in text_of(refused)
    assert len(mail.outbox) == 3
    assert checklist.number in mail.outbox[0].body
    assert "転入届" in mail.outbox[0].body
    assert not [event for event in Event.objects.all() if "hanako" in str(event.data)]


def test_staff_open_a_list_by_its_number_and_residents_do_not(city: Municipality, client: Client) -> None:
    checklist = saved(client)
    assert client.get("/procedures/checklists/").status_code == 302
    resident = Account.objects.create_account(login="juumin", password=PASSWORD, kind=AccountKind.RESIDENT, name="住民")
    client.force_login(resident)
    assert client.get("/procedures/checklists/").status_code == 403
    client.force_login(make_staff(Role.SECTION_STAFF, login="madoguchi"))
    plain = checklist.number.replace("-", "").lower()
    response = client.post("/procedures/checklists/", {"number": plain})
    assert response.url == f"/procedures/list/{checklist.key}/"
    assert AccessRecord.objects.filter(subject_type="procedures.checklist", subject_id=str(checklist.pk)).count() == 1
    assert client.post("/procedures/checklists/", {"number": "0000-0000"}).status_code == 422


def test_the_online_procedures_of_a_list_start_as_one_bundle_once(city: Municipality, client: Client) -> None:
    resident = Account.objects.create_account(login="juumin", password=PASSWORD, kind=AccountKind.RESIDENT, name="住民")
    client.force_login(resident)
    checklist = saved(client)
    codes = [item.procedure.code for item in checklist.items.all()]
    path = f"/procedures/list/{checklist.key}/start/"
    response = client.post(path, {"code": codes})
    drafts = Draft.objects.filter(account=resident)
    online = {"move-in", "child-allowance", "child-medical", "dog-move", "residence-certificate"}
    assert {draft.version.procedure.code for draft in drafts} == online & set(codes)
    assert len({draft.bundle for draft in drafts}) == 1
    assert drafts.first().checklist_item is not None
    assert any(draft.key in response.url for draft in drafts)
    count = drafts.count()
    client.post(path, {"code": codes})
    assert Draft.objects.count() == count


def test_without_signing_in_only_what_needs_no_account_starts(city: Municipality, client: Client) -> None:
    checklist = saved(client)
    path = f"/procedures/list/{checklist.key}/start/"
    client.post(path, {"code": ["child-allowance"]})
    assert not Draft.objects.exists()
    client.post(path, {"code": ["child-allowance", "move-in"]})
    assert [draft.version.procedure.code for draft in Draft.objects.all()] == ["move-in"]


def test_another_city_has_neither_the_list_nor_the_procedure(city: Municipality, client: Client) -> None:
    checklist = saved(client)
    make_city("aoba")
    host_table.clear()
    other = {"headers": {"host": "aoba.localhost"}}
    assert client.get(f"/procedures/list/{checklist.key}/", **other).status_code == 404
    assert client.get("/procedures/residence-certificate/", **other).status_code == 404
    assert "公開している手続はまだありません" in text_of(client.get("/procedures/", **other))


def test_coverage_tells_staff_which_events_end_at_the_counter(city: Municipality, client: Client) -> None:
    assert client.get("/builder/coverage/").status_code == 302
    client.force_login(make_staff(Role.SECTION_STAFF, login="madoguchi"))
    text = text_of(client.get("/builder/coverage/"))
    assert "出生届" in text
    assert "手続がありません" in text
    assert "7／9件" in text.replace(" ", "") or "7件／9件" in text.replace(" ", "")


def test_the_home_page_leads_to_six_doors_and_the_search(city: Municipality, client: Client) -> None:
    response = client.get("/")
    text = text_of(response)
    assert response.content.count(b'class="card"') == 6
    assert "何をお探しですか" in text.replace(" ", "")
    assert len(response.content) < 30_000


def test_lists_and_steps_ask_the_database_little(
    city: Municipality, client: Client, django_assert_max_num_queries
) -> None:
    client.get("/procedures/")
    with django_assert_max_num_queries(6):
        client.get("/procedures/find/?event=moving-in&dog=yes")
