"""Staff see what telegrams led to, change the rules, and try them without telling anybody."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from madoguchi.kit import clock
from madoguchi.messaging.models import Alert, AlertPlace, AlertRule, Telegram
from madoguchi.messaging.selectors.alerts import live_table
from madoguchi.messaging.services import telegrams
from madoguchi.trust.enums import AccountKind, Role
from tests.trust.people import make_account, make_staff

from .conftest import NOON
from .telegrams import coast, earthquake, weather

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def quiet(city, settings, tmp_path):
    settings.CAP_KEY_FOLDER = tmp_path / "keys"
    live_table.clear()
    with clock.frozen(NOON):
        yield
    live_table.clear()


@pytest.fixture
def desk(city):
    client = Client(HTTP_HOST="localhost")
    client.force_login(make_staff("kiki", Role.CRISIS_MANAGER))
    return client


def page(response) -> str:
    assert response.status_code in (200, 400), response.status_code
    return re.sub(r"<wbr/?>|\u200b", "", response.content.decode())


RULE = {
    "name": "震度3",
    "action": "automatic",
    "hazard": "earthquake",
    "level": "none",
    "alert_level": "0",
    "intensity": "30",
}


def test_the_log_shows_what_was_done_and_why_not(desk):
    assert "まだ電文は届いていません" in page(desk.get("/emergency/telegrams/"))
    telegrams.take_telegram(data=earthquake("5+"), source="feed")
    telegrams.take_telegram(data=earthquake("7", status="訓練", event_id="1"), source="feed")
    text = page(desk.get("/emergency/telegrams/"))
    assert "緊急情報にしました" in text
    assert "訓練の電文です。だれにも知らせません。" in text
    assert "条件に合う電文はありません" in page(desk.get("/emergency/telegrams/?q=火山&outcome=acted"))
    assert page(desk.get("/emergency/telegrams/?status=drill&outcome=zz&level=x&page=zz")).count("data-row") == 1
    row = Telegram.objects.get(status="normal")
    text = page(desk.get(f"/emergency/telegrams/{row.key}/"))
    assert "自動で発表しました" in text
    assert "震度５強" in text
    raw = desk.get(f"/emergency/telegrams/{row.key}/raw.xml")
    assert raw.content == earthquake("5+")
    assert "attachment" in raw["Content-Disposition"]
    assert desk.get("/emergency/telegrams/nothing/").status_code == 404


def test_rules_are_copied_changed_added_and_deleted(desk):
    assert "はじめから入っている決まり" in page(desk.get("/emergency/rules/"))
    desk.post("/emergency/rules/copy/")
    count = AlertRule.objects.count()
    assert count > 15
    assert "edit_rules" not in page(desk.get("/emergency/rules/?hazard=tsunami"))
    page(desk.get("/emergency/rules/add/"))
    desk.post("/emergency/rules/add/", {**RULE, "headline_ja": "{{city}}で地震"})
    rule = AlertRule.objects.get(name="震度3")
    assert rule.contents == {"ja": {"headline": "{{city}}で地震"}}
    assert "{{city}}で地震" in page(desk.get(f"/emergency/rules/{rule.pk}/"))
    answer = desk.post(f"/emergency/rules/{rule.pk}/", {**RULE, "name": "", "headline_ja": "{{nobody}}"})
    assert answer.status_code == 400
    assert "nobody" in page(answer)
    desk.post(f"/emergency/rules/{rule.pk}/delete/")
    assert AlertRule.objects.count() == count


def test_a_place_is_registered_and_forgotten(desk):
    desk.post("/emergency/rules/place/", {"layer": "coast", "code": "330", "name": "相模湾・三浦半島"})
    place = AlertPlace.objects.get()
    assert "相模湾・三浦半島" in page(desk.get("/emergency/rules/"))
    desk.post("/emergency/rules/place/", {"layer": "coast", "code": "abc", "name": "x"})
    desk.post("/emergency/rules/place/", {"forget": str(place.pk)})
    assert not AlertPlace.objects.exists()
    assert desk.post("/emergency/rules/place/", {"forget": "9" * 30}).status_code in (404, 302)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (earthquake("6+"), "自動で発表します"),
        (earthquake("6+", reported="2020-01-01T00:00:00+09:00"), "古い電文です"),
        (earthquake("6+", status="訓練"), "訓練の電文です"),
        (coast("津波警報", "51"), "下書きを作ります"),
        (weather(), "発表中"),
        (b"<a/>", "気象庁防災情報XMLではありません"),
    ],
)
def test_a_telegram_is_tried_without_changing_anything(desk, data, words):
    text = page(desk.post("/emergency/rules/try/", {"file": SimpleUploadedFile("a.xml", data)}))
    assert words in text or "警報などは出ていません" in text
    assert not Alert.objects.exists()
    assert not Telegram.objects.exists()


def test_a_trial_without_a_file_says_so(desk):
    assert "電文のファイルを選んでください" in page(desk.post("/emergency/rules/try/"))


def test_the_pages_are_for_staff_and_rules_for_crisis_managers(city):
    client = Client(HTTP_HOST="localhost")
    client.force_login(make_account("resident", kind=AccountKind.RESIDENT))
    for path in ("/emergency/telegrams/", "/emergency/rules/", "/emergency/rules/add/"):
        assert client.get(path).status_code in (302, 403)
    client.force_login(make_staff("clerk", Role.SECTION_STAFF))
    assert client.get("/emergency/rules/").status_code == 200
    assert client.post("/emergency/rules/add/", RULE).status_code == 403
    assert client.post("/emergency/rules/copy/").status_code == 403
    assert not AlertRule.objects.exists()
