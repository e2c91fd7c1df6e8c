"""Pages of emergencies: what every open page is told, what staff say and see, what other authorities send."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from madoguchi.kit import clock
from madoguchi.messaging.enums import AlertState, AlertStatus
from madoguchi.messaging.models import Alert, Delivery, Message, SafetyCheck
from madoguchi.messaging.rules.tokens import sign
from madoguchi.messaging.selectors.alerts import live_table
from madoguchi.messaging.services import alerts, sending
from madoguchi.messaging.services.needs import register_need
from madoguchi.messaging.services.recipients import recipient_of
from madoguchi.trust.api import AccessRecord
from madoguchi.trust.enums import AccountKind, Role
from tests.trust.people import make_account, make_staff

from .conftest import NOON
from .signage_city import device, make_screen, send
from .signage_city import entry as screen_entry
from .test_alerts import draft, issued, person

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HOST = {"HTTP_HOST": "odawara.localhost"}
SCOPE = {"event": "flood", "stage": "4", "whole": "all", "hours": "24"}


@pytest.fixture(autouse=True)
def quiet(city, settings, tmp_path):
    settings.CAP_KEY_FOLDER = tmp_path / "keys"
    settings.CAP_TRUSTED = []
    live_table.clear()
    with clock.frozen(NOON):
        yield
    live_table.clear()


@pytest.fixture
def officer(city):
    return make_staff("kiki", Role.CRISIS_MANAGER)


class Reader(Client):
    """Reads pages as people do: without the marks that say where a heading may break."""

    def request(self, **request):
        answer = super().request(**request)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            answer.content = answer.content.replace(b"<wbr>", b"")
        return answer


def browser(account=None) -> Client:
    made = Reader(**HOST)
    if account is not None:
        made.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return made


def now(client: Client, query: str = "", **headers) -> tuple[int, dict, str]:
    answer = client.get(f"/now/{query}", headers=headers)
    return answer.status_code, json.loads(answer.content) if answer.content else {}, answer.headers.get("ETag", "")


def test_an_open_page_is_told_of_an_alert_and_of_its_end(officer, ways) -> None:
    client = browser()
    status, said, quiet_tag = now(client)
    assert (status, said["alerts"]) == (200, [])
    assert now(client, **{"If-None-Match": quiet_tag})[0] == 304
    alert = issued(officer)
    status, said, tag = now(client, **{"If-None-Match": quiet_tag})
    assert status == 200
    assert [entry["key"] for entry in said["alerts"]] == [alert.key]
    assert set(said["alerts"][0]["texts"]) == {"ja", "en", "ja-easy"}
    assert now(client, **{"If-None-Match": tag})[0] == 304
    alerts.cancel_alert(alert=alert, actor=officer)
    assert now(client)[1]["alerts"] == []


def test_what_is_live_is_answered_without_session_or_query(
    officer, ways, django_assert_num_queries, monkeypatch
) -> None:
    monkeypatch.setattr(live_table, "seconds", 60)
    issued(officer)
    live_table.clear()  # as the commit does, which a test has none of
    client = browser(officer)
    now(client)
    with django_assert_num_queries(0):
        answer = client.get("/now/")
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers


def test_every_page_carries_the_banner_in_its_language(officer, ways) -> None:
    alert = issued(officer)
    japanese = browser().get("/").content.decode()
    assert f'data-key="{alert.key}"' in japanese
    assert "避難指示" in japanese
    assert 'role="alert"' in japanese
    assert "Evacuation Order" in browser().get("/?lang=en").content.decode()
    assert f'data-key="{alert.key}"' in browser(officer).get("/emergency/").content.decode()


def test_a_drill_is_on_no_page_of_the_public(officer, ways) -> None:
    drill = issued(officer, status=AlertStatus.EXERCISE)
    assert now(browser())[1]["alerts"] == []
    assert [entry["drill"] for entry in now(browser(), "?drills=1")[1]["alerts"]] == [True]
    assert drill.key not in browser().get("/").content.decode()
    assert drill.key not in browser(make_account("somebody", kind=AccountKind.RESIDENT)).get("/").content.decode()
    page = browser(officer).get("/emergency/").content.decode()
    assert drill.key in page
    assert 'data-level="drill"' in page
    assert "これは訓練です" in browser().get(f"/now/{drill.key}/").content.decode()


def test_the_page_of_an_alert_says_what_to_do_to_everybody(officer, ways) -> None:
    alert = issued(officer)
    page = browser().get(f"/now/{alert.key}/").content.decode()
    assert "全員すぐに避難してください" in page
    assert f"/cap/{alert.key}.xml" in page
    later = alerts.update_alert(alert=alert, actor=officer, evacuation_level=5)
    assert f"/now/{later.key}/" in browser().get(f"/now/{alert.key}/").content.decode()
    assert browser().get(f"/now/{draft(officer, event_key='x').key}/").status_code == 404
    assert browser().get("/now/nothing/").status_code == 404


def test_a_reply_link_acknowledges_only_when_the_button_is_pressed(officer, ways) -> None:
    somebody = person("a@city.example", language="en")
    register_need(recipient=somebody, code="hearing")
    alert = issued(officer)
    delivery = Delivery.objects.get(message=alert.message, recipient=somebody, channel="email")
    path = f"/now/ok/{sign('delivery', str(delivery.pk))}/"
    page = browser().get(path)
    assert page.status_code == 200
    assert "Evacuation Order" in page.content.decode()
    assert SafetyCheck.objects.get().acknowledged_at is None
    assert browser().post(path).status_code == 302
    check = SafetyCheck.objects.get()
    assert (check.acknowledged_at, check.acknowledged_by) == (NOON, "link")
    forged = f"/now/ok/{sign('stop', str(delivery.pk))}/"
    assert browser().post(forged).status_code == 404
    assert browser().get("/now/ok/nonsense/").status_code == 404


def test_the_message_of_an_alert_leads_to_the_button(officer, ways) -> None:
    person("a@city.example")
    issued(officer)
    sending.deliver_due()
    address = ways["email"].given[0].page
    path = "/now/ok/" + address.split("/now/ok/")[1]
    assert browser().post(path).status_code == 302
    assert SafetyCheck.objects.get().acknowledged_at == NOON


def test_somebody_signed_in_answers_from_what_stands_in_the_inbox(officer, ways) -> None:
    account = make_account("hanako", kind=AccountKind.RESIDENT)
    recipient_of(account=account)
    alert = issued(officer)
    page = browser(account).get(f"/now/{alert.key}/").content.decode()
    path = "/now/ok/" + page.split("/now/ok/")[1].split("?")[0]
    assert "/now/ok/" not in browser().get(f"/now/{alert.key}/").content.decode()
    browser(account).post(path)
    assert SafetyCheck.objects.get().acknowledged_by == "inbox"
    assert "確認の返事を受け取りました" in browser(account).get(f"/now/{alert.key}/").content.decode()


def test_an_officer_says_it_once_in_all_languages(officer, ways) -> None:
    person("a@city.example")
    client = browser(officer)
    step = client.post("/emergency/new/", SCOPE)
    alert = Alert.objects.get()
    assert step.url == f"/emergency/alerts/{alert.key}/words/"
    page = client.get(step.url).content.decode()
    assert "Everybody in an area that may flood" in page
    fields = {f"{part}_{language}": text for language, texts in alert.contents.items() for part, text in texts.items()}
    fields["headline_ja"] = "警戒レベル4 避難指示：早川のはんらん"
    step = client.post(step.url, {**fields, "confirm": "1"})
    assert step.url == f"/emergency/alerts/{alert.key}/confirm/"
    wrong = client.post(step.url, {"typed": "はい"})
    assert wrong.status_code == 422
    assert Message.objects.count() == 0
    done = client.post(step.url, {"typed": "避難指示"})
    assert done.url == f"/emergency/alerts/{alert.key}/"
    alert.refresh_from_db()
    assert alert.state == AlertState.ISSUED
    assert alert.contents["ja"]["headline"].endswith("早川のはんらん")
    sending.deliver_due()
    page = client.get(done.url).content.decode()
    assert "届いた人" in page
    assert client.post(f"/emergency/alerts/{alert.key}/confirm/", {"typed": "避難指示"}).url == done.url
    assert Message.objects.count() == 1


def test_faults_of_the_form_stand_at_their_fields_and_keep_the_answers(officer) -> None:
    client = browser(officer)
    page = client.post("/emergency/new/", {"event": "water", "stage": "5", "whole": "some", "hours": "24"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "この事象で伝えられるのは" in text
    assert "町域を1つ以上" in text
    assert Alert.objects.count() == 0
    alert = draft(officer)
    page = client.post(f"/emergency/alerts/{alert.key}/words/", {"headline_ja": "見出し", "headline_en": "Head"})
    assert page.status_code == 422
    assert "「とるべき行動」を入力してください" in page.content.decode()
    assert 'value="Head"' in page.content.decode()


def test_a_second_officer_who_confirms_is_shown_the_live_alert(officer, ways) -> None:
    first, second = draft(officer), draft(officer)
    alerts.issue_alert(alert=first, actor=officer)
    step = browser(make_staff("kiki2", Role.CRISIS_MANAGER)).post(
        f"/emergency/alerts/{second.key}/confirm/", {"typed": "避難指示"}
    )
    assert step.url == f"/emergency/alerts/{first.key}/"
    assert Message.objects.count() == 1


def test_an_alert_is_updated_and_ended_on_its_pages(officer, ways) -> None:
    client, alert = browser(officer), issued(officer)
    path = f"/emergency/alerts/{alert.key}/update/"
    scope = {**SCOPE, "stage": "5"}
    page = client.post(path, {**scope, "step": "words"})
    assert "緊急安全確保" in page.content.decode()
    fields = {f"{part}_ja": text for part, text in alert.contents["ja"].items()} | scope
    page = client.post(path, {**fields, "step": "confirm"})
    assert page.status_code == 200
    page = client.post(path, {**fields, "step": "issue", "typed": "避難指示"})
    assert page.status_code == 422
    done = client.post(path, {**fields, "step": "issue", "typed": "緊急安全確保"})
    later = Alert.objects.get(state=AlertState.ISSUED)
    assert done.url == f"/emergency/alerts/{later.key}/"
    assert later.evacuation_level == 5
    path = f"/emergency/alerts/{later.key}/end/"
    assert client.post(path, {"why": "over", "typed": "終わり"}).status_code == 422
    client.post(path, {"why": "over", "typed": "解除"})
    assert not Alert.objects.filter(state=AlertState.ISSUED).exists()


def test_pages_open_to_those_whose_duty_it_is(officer, ways) -> None:
    alert = issued(officer)
    publisher, resident = make_staff("koho", Role.PUBLISHER), make_account("somebody", kind=AccountKind.RESIDENT)
    for path in ("/emergency/drill/", f"/emergency/alerts/{alert.key}/update/", "/emergency/people/"):
        assert browser(publisher).get(path).status_code == 403
    for path in ("/emergency/", "/emergency/new/", f"/emergency/alerts/{alert.key}/"):
        assert browser(publisher).get(path).status_code == 200
        assert browser(resident).get(path).status_code == 403
        assert browser().get(path).status_code == 302
    waiting = draft(officer, event_key="other")
    assert (
        browser(publisher).post(f"/emergency/alerts/{waiting.key}/confirm/", {"typed": "避難指示"}).status_code == 403
    )
    waiting.refresh_from_db()
    assert waiting.state == AlertState.DRAFT


def test_the_report_counts_by_minute_what_was_reached(officer, ways) -> None:
    for number in range(3):
        register_need(recipient=person(f"p{number}@city.example"), code="walking")
    alert = issued(officer)
    with clock.frozen(NOON + timedelta(minutes=2)):
        sending.deliver_due()
    with clock.frozen(NOON + timedelta(minutes=3)):
        alerts.acknowledge(alert=alert, recipient=SafetyCheck.objects.first().recipient, by="link")
    client = browser(officer)
    rows = client.get(f"/emergency/alerts/{alert.key}/minutes.csv").content.decode("utf-8-sig").splitlines()
    assert [row.split(",")[-3:] for row in rows[1:]] == [
        ["0", "0", "3"],
        ["0", "0", "3"],
        ["3", "0", "3"],
        ["3", "1", "3"],
    ]
    page = client.get(f"/emergency/alerts/{alert.key}/").content.decode()
    assert "<svg" in page
    assert "120" in page


def test_calls_are_claimed_written_and_every_look_is_logged(officer, ways) -> None:
    somebody = person("a@city.example", name="山田 花子", town="栄町")
    register_need(recipient=somebody, code="medical", note="酸素を使っています")
    alert = issued(officer)
    client, before = browser(officer), AccessRecord.objects.count()
    page = client.get(f"/emergency/alerts/{alert.key}/calls/").content.decode()
    assert "酸素を使っています" in page
    assert AccessRecord.objects.count() == before + 1
    check = SafetyCheck.objects.get()
    client.post(f"/emergency/alerts/{alert.key}/calls/{check.pk}/claim/")
    other = browser(make_staff("tanto", Role.SECTION_STAFF))
    assert "さんが対応中" in other.get(f"/emergency/alerts/{alert.key}/calls/").content.decode()
    client.post(
        f"/emergency/alerts/{alert.key}/calls/{check.pk}/outcome/", {"outcome": "needs_help", "note": "迎えが要る"}
    )
    check.refresh_from_db()
    assert (check.outcome, check.note) == ("needs_help", "迎えが要る")
    assert "迎えが要る" in client.get(f"/emergency/alerts/{alert.key}/calls/?state=needs_help").content.decode()
    assert "この状態の方はいません" in client.get(f"/emergency/alerts/{alert.key}/calls/?state=known").content.decode()


def test_registered_needs_are_confirmed_and_ended(officer) -> None:
    client = browser(officer)
    assert "まだ登録はありません" in client.get("/emergency/people/").content.decode()
    need = register_need(recipient=person("a@city.example", name="山田 花子"), code="walking")
    assert "山田 花子" in client.get("/emergency/people/?q=山田&state=unconfirmed").content.decode()
    client.post(f"/emergency/people/{need.pk}/confirm/")
    need.refresh_from_db()
    assert need.confirmed_by == officer
    client.post(f"/emergency/people/{need.pk}/end/")
    need.refresh_from_db()
    assert need.ended_at is not None


def test_the_report_says_which_screens_show_an_alert_since_when_and_which_not_yet(officer, ways) -> None:
    shows, secret = make_screen(officer, "本庁舎1階")
    make_screen(officer, "栄町の支所", town="栄町")
    make_screen(officer, "鴨宮の支所", town="鴨宮")
    alert = issued(officer, areas=[{"name": "栄町", "town": "栄町"}])
    client = browser(officer)
    assert "画面ごとの結果" in client.get(f"/emergency/alerts/{alert.key}/").content.decode()
    with clock.frozen(NOON + timedelta(minutes=2)):
        begun = int(clock.now().timestamp() * 1000)
        told = {"key": "0123456789abcdef", "entries": [screen_entry(f"alert:{alert.key}", first=begun)]}
        assert send(device(secret), shows, "plays", told).json()["counted"] == 1
    page = client.get(f"/emergency/alerts/{alert.key}/").content.decode()
    table = page.partition('id="screens"')[2].partition("</table>")[0]
    first, second = table.partition("<tbody>")[2].split("</tr>")[:2]
    assert ["本庁舎1階" in first, "12:02" in first, "まだ表示していません" in first] == [True, True, False]
    assert ["栄町の支所" in second, "まだ表示していません" in second] == [True, True]
    assert "鴨宮の支所" not in table
    rows = client.get(f"/emergency/alerts/{alert.key}/minutes.csv").content.decode("utf-8-sig").splitlines()
    column = rows[0].split(",").index("画面（台）")
    assert [row.split(",")[column] for row in rows[1:]] == ["0", "0", "1"]
    index = client.get("/emergency/").content.decode()
    assert all(words in index for words in ("表示している画面 1／2台", "まだの画面 1台"))
    assert all(f'href="/emergency/{page}/"' in index for page in ("telegrams", "rules", "people"))
    alerts.cancel_alert(alert=alert, actor=officer)
    assert "表示しませんでした" in client.get(f"/emergency/alerts/{alert.key}/").content.decode()
