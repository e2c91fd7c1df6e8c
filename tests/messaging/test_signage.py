"""Screens: paired by code, told what to play, heard of, and counted; alerts go before everything."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.kit import clock
from madoguchi.messaging.enums import AlertStatus, MessageStatus
from madoguchi.messaging.errors import ContentError, StatusError
from madoguchi.messaging.models import Message, PairingCode, PlayBatch, PlayRecord, Screen, SignageAsset, Topic
from madoguchi.messaging.registry import signage_sources
from madoguchi.messaging.selectors.alerts import live_table
from madoguchi.messaging.selectors.signage import (
    alerts_for,
    health_of,
    manifest_of,
    not_showing,
    plays,
    screens_online,
    shown,
)
from madoguchi.messaging.selectors.signage.manifest import kept_manifests
from madoguchi.messaging.services import alerts, signage
from madoguchi.trust.api import RefusedError, acting_for, municipality_in_scope
from madoguchi.trust.enums import Role
from tests.trust.people import event_keys, events_of, make_oyama, make_staff

from .signage_city import (
    ask,
    device,
    entry,
    make_alert,
    make_item,
    make_playlist,
    make_publisher,
    make_screen,
    picture,
    send,
)

pytestmark = pytest.mark.database
SITE = "http://localhost"


@pytest.fixture(autouse=True)
def afresh():
    live_table.clear()
    kept_manifests.clear()
    yield
    live_table.clear()


@pytest.fixture
def publisher(city):
    return make_publisher()


def titles(screen: Screen) -> str:
    """Return everything a screen may show as one text."""
    screen.refresh_from_db()
    return str(manifest_of(screen, SITE).document["items"])


# ---- pairing


def test_a_browser_becomes_a_screen_by_its_code(publisher):
    offered, secret = signage.offer_code(address="192.0.2.1")
    screen = signage.claim_code(code=f" {offered.code[:3]}-{offered.code[3:].lower()}", name="支所", actor=publisher)
    assert signage.screen_of_device(number=screen.number, secret=secret) == (screen, True)
    assert secret not in str(Screen.objects.values().get())
    assert signage.find_waiting(secret=secret).screen == screen
    assert events_of("messaging.screen.paired")[0].data == {"replaced": False}


def test_a_code_pairs_once_and_only_for_a_while(publisher):
    offered, _secret = signage.offer_code()
    signage.claim_code(code=offered.code, name="支所", actor=publisher)
    with pytest.raises(StatusError):
        signage.claim_code(code=offered.code, name="もう一つ", actor=publisher)
    late, _secret = signage.offer_code()
    with clock.frozen(clock.now() + signage.CODE_LIFE), pytest.raises(StatusError):
        signage.claim_code(code=late.code, name="遅い", actor=publisher)
    assert Screen.objects.count() == 1


def test_after_ten_wrong_codes_the_right_one_is_refused_too(publisher):
    offered, _secret = signage.offer_code()
    for _attempt in range(10):
        with pytest.raises(StatusError):
            signage.claim_code(code="000000" if offered.code != "000000" else "111111", name="x", actor=publisher)
    with pytest.raises(StatusError, match="10分"):
        signage.claim_code(code=offered.code, name="支所", actor=publisher)
    assert not Screen.objects.exists()
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert signage.claim_code(code=offered.code, name="支所", actor=publisher).is_paired


def test_somebody_without_the_duty_pairs_nothing(city, publisher):
    clerk = make_staff("tanto", Role.SECTION_STAFF)
    offered, _secret = signage.offer_code()
    with pytest.raises(RefusedError):
        signage.claim_code(code=offered.code, name="支所", actor=clerk)
    assert not Screen.objects.exists()
    assert PairingCode.objects.get().screen is None


def test_the_code_of_another_city_pairs_nothing(publisher):
    with acting_for(make_oyama()):
        offered, _secret = signage.offer_code()
    with pytest.raises(StatusError):
        signage.claim_code(code=offered.code, name="支所", actor=publisher)


def test_a_new_device_shuts_the_former_one_out(publisher):
    screen, former = make_screen(publisher)
    offered, secret = signage.offer_code()
    signage.claim_code(code=offered.code, screen=screen, actor=publisher)
    assert ask(device(former), screen, "state").status_code == 403
    assert ask(device(secret), screen, "state").status_code == 200
    signage.unpair_screen(screen=screen, actor=publisher)
    assert ask(device(secret), screen, "state").status_code == 403


def test_too_many_waiting_browsers_get_no_code(city):
    for _place in range(20):
        signage.offer_code(address="192.0.2.1")
    with pytest.raises(StatusError):
        signage.offer_code(address="192.0.2.1")
    assert signage.offer_code(address="192.0.2.2")
    with clock.frozen(clock.now() + signage.CODE_LIFE + timedelta(seconds=1)):
        assert signage.sweep_codes() == 21
        assert signage.offer_code(address="192.0.2.1")


# ---- what a player asks for


def test_only_the_device_of_a_screen_is_answered(publisher):
    client = device("")
    screen, secret = make_screen(publisher)
    for name in ("state", "manifest"):
        assert ask(client, screen, name).status_code == 403
        assert ask(device("wrong"), screen, name).status_code == 403
        assert ask(device(secret), screen, name, sec_fetch_site="cross-site").status_code == 403
        assert ask(device(secret), screen, name).status_code == 200
    for name in ("heartbeat", "plays"):
        assert send(client, screen, name, {}).status_code == 403
    assert client.get(f"/signage/{screen.number}/").status_code == 403
    screen.refresh_from_db()
    assert screen.last_seen_at is None


def test_a_screen_of_another_city_is_not_there(publisher, city):
    make_oyama()
    screen, secret = make_screen(publisher)
    assert ask(device(secret, "oyama.localhost"), screen, "state").status_code == 404
    assert ask(device(secret), screen, "state").status_code == 200


def test_the_state_is_answered_with_304_until_something_changes(publisher):
    playlist = make_playlist(publisher)
    screen, secret = make_screen(publisher)
    player = device(secret)
    first = ask(player, screen, "state")
    assert ask(player, screen, "state", if_none_match=first["ETag"]).status_code == 304
    make_item(playlist, publisher, "新しい項目")
    second = ask(player, screen, "state", if_none_match=first["ETag"])
    assert second.status_code == 200
    assert second.json()["order"] > first.json()["order"]
    manifest = ask(player, screen, "manifest").json()
    assert manifest["version"] == second.json()["manifest"]
    assert "新しい項目" in str(manifest["items"])
    assert abs(int(second["X-Madoguchi-Time"]) - clock.now().timestamp() * 1000) < 60_000


def test_a_file_is_given_to_the_device_and_to_nobody_else(publisher):
    asset = signage.add_asset(content=picture(), file_name="a.png", name="", alt="青い絵", actor=publisher)
    playlist = make_playlist(publisher)
    signage.add_item(playlist=playlist, kind="image", name="絵", asset=asset, actor=publisher)
    screen, secret = make_screen(publisher)
    (found,) = manifest_of(screen, SITE).document["assets"].values()
    response = device(secret).get(found["address"])
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert "immutable" in response["Cache-Control"]
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")
    assert device("").get(found["address"]).status_code == 403
    wrong = found["address"].replace(found["digest"][:16], "0" * 16)
    assert device(secret).get(wrong).status_code == 404


# ---- what is played


def test_stopping_takes_effect_on_every_screen_at_once(publisher):
    playlist = make_playlist(publisher, "見せるもの", "止めるもの")
    screens = [make_screen(publisher, f"画面{n}")[0] for n in range(2)]
    item = playlist.items.get(name="止めるもの")
    signage.set_item_stopped(item=item, stopped=True, actor=publisher)
    assert all("止めるもの" not in titles(screen) and "見せるもの" in titles(screen) for screen in screens)
    signage.set_playlist_stopped(playlist=playlist, stopped=True, actor=publisher)
    assert all(titles(screen) == "{}" for screen in screens)
    signage.set_playlist_stopped(playlist=playlist, stopped=False, actor=publisher)
    assert all("見せるもの" in titles(screen) for screen in screens)


def test_a_playlist_for_a_group_is_not_on_other_screens(publisher):
    make_playlist(publisher, "窓口だけ", group="窓口")
    inside, _secret = make_screen(publisher, "窓口の画面", groups=["窓口"])
    outside, _secret = make_screen(publisher, "ほかの画面")
    assert "窓口だけ" in titles(inside)
    assert "窓口だけ" not in titles(outside)


def test_an_override_is_shown_until_its_end(publisher):
    shown_now = signage.add_playlist(name="割り込み", actor=publisher)
    make_item(shown_now, publisher, "いまだけ")
    screen, _secret = make_screen(publisher)
    until = clock.now() + timedelta(hours=1)
    assert signage.override_screens(screens=[screen], playlist=shown_now, until=until, actor=publisher) == 1
    assert "いまだけ" in titles(screen)
    with clock.frozen(until):
        assert titles(screen) == "{}"
    signage.end_override(screen=screen, actor=publisher)
    assert titles(screen) == "{}"
    with pytest.raises(StatusError):
        signage.override_screens(screens=[screen], playlist=shown_now, until=clock.now(), actor=publisher)


def test_items_change_places(publisher):
    playlist = make_playlist(publisher, "一", "二", "三")
    order = lambda: list(playlist.items.order_by("order").values_list("name", flat=True))  # noqa: E731 - asked three times
    signage.move_item(item=playlist.items.get(name="三"), up=True, actor=publisher)
    assert order() == ["一", "三", "二"]
    signage.move_item(item=playlist.items.get(name="一"), up=True, actor=publisher)
    assert order() == ["一", "三", "二"]


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("text", {"contents": {}}, "title_ja"),
        ("image", {}, "asset"),
        ("live", {"source": "nobody.knows"}, "source"),
        ("page", {"path": "//evil.example/", "contents": {"ja": {"title": "x"}}}, "path"),
        ("text", {"contents": {"ja": {"title": "x"}}, "seconds": 0}, "seconds"),
    ],
)
def test_an_item_that_cannot_be_shown_is_refused(publisher, kind, fields, field):
    playlist = signage.add_playlist(name="番組", actor=publisher)
    with pytest.raises(ContentError) as refused:
        signage.add_item(playlist=playlist, kind=kind, name="x", actor=publisher, **fields)
    assert [name for name, _text in refused.value.problems] == [field]
    assert not playlist.items.exists()


@pytest.mark.parametrize(
    ("content", "name", "alt"),
    [
        (picture(), "a.png", " "),
        (b"<html><script>alert(1)</script></html>", "a.png", "絵"),
        (b"not a video", "a.mp4", "動画"),
        (picture()[:60], "a.png", "壊れた絵"),
    ],
)
def test_a_file_screens_cannot_show_is_refused(publisher, content, name, alt):
    with pytest.raises(ContentError):
        signage.add_asset(content=content, file_name=name, name="", alt=alt, actor=publisher)
    assert not SignageAsset.objects.exists()


def test_text_of_staff_is_text_on_the_screen(publisher):
    make_playlist(publisher, "<script>alert(1)</script>")
    screen, _secret = make_screen(publisher)
    (item,) = manifest_of(screen, SITE).document["items"].values()
    html = item["slides"][0]["html"]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


# ---- alerts


def test_an_alert_is_in_the_state_of_every_screen_it_concerns(publisher):
    sakae, _secret = make_screen(publisher, "栄町", town="栄町")
    kamonomiya, _secret = make_screen(publisher, "鴨宮", town="鴨宮")
    anywhere, _secret = make_screen(publisher, "どこか")
    alert = make_alert(areas=[{"name": "栄町", "town": "栄町"}], evacuation_level=5)
    assert [alerts_for(screen) for screen in (sakae, kamonomiya, anywhere)] == [[alert], [], [alert]]
    assert {screen.name for screen in not_showing(alert)} == {"栄町", "どこか"}


def test_the_state_carries_the_alert_itself_and_lets_it_go(publisher):
    screen, secret = make_screen(publisher)
    player = device(secret)
    before = ask(player, screen, "state")
    alert = make_alert(evacuation_level=4)
    said = ask(player, screen, "state", if_none_match=before["ETag"]).json()["alerts"]
    assert [one["key"] for one in said] == [alert.key]
    (page,) = said[0]["pages"]
    html = page["html"].replace("<wbr>", "")
    assert all(word in html for word in ("警戒レベル4", "避難所へ", "小田原市全域", 'data-look="level-4"'))
    alerts.cancel_alert(alert=alert, actor=None, automatic=True)
    assert ask(player, screen, "state").json()["alerts"] == []


def test_a_drill_is_shown_only_where_drills_are_taken_and_never_beside_the_real_thing(publisher):
    takes, _secret = make_screen(publisher, "訓練あり", takes_drills=True)
    plain, _secret = make_screen(publisher, "訓練なし")
    drill = make_alert(status=AlertStatus.EXERCISE, event_key="drill")
    assert (alerts_for(takes), alerts_for(plain)) == ([drill], [])
    real = make_alert(event_key="real")
    assert (alerts_for(takes), alerts_for(plain)) == ([real], [real])


# ---- what players report


def test_the_same_report_is_counted_once_however_often_it_comes(publisher):
    item = make_playlist(publisher).items.get()
    screen, secret = make_screen(publisher)
    report = {"key": "0123456789abcdef", "entries": [entry(f"item:{item.pk}", plays=3), entry("house")]}
    answers = [send(device(secret), screen, "plays", report).json() for _time in range(3)]
    assert [answer["counted"] for answer in answers] == [2, 0, 0]
    again = {"key": "fedcba9876543210", "entries": [entry(f"item:{item.pk}", plays=2)]}
    send(device(secret), screen, "plays", again)
    row = PlayRecord.objects.get(item=item)
    assert (row.plays, row.seconds) == (5, 20)
    today = clock.today()
    assert (screens_online(None, today), plays(None, today)) == (1, 6)


def test_entries_that_cannot_be_true_are_left_out(publisher):
    with acting_for(make_oyama()):
        foreign = make_playlist(make_publisher("oyama")).items.get()
    item = make_playlist(publisher).items.get()
    screen, _secret = make_screen(publisher)
    good, subject = entry(f"item:{item.pk}"), f"item:{item.pk}"
    bad = [
        entry(f"item:{foreign.pk}"),
        entry("alert:nobody"),
        entry("item:99999999999999999999"),
        entry(subject, seconds=4000),
        entry(subject, plays=-1),
        entry(subject, last=good["hour"] + 10 * 3_600_000),
        entry(subject, hour=good["hour"] - 90 * 24 * 3_600_000),
        entry(subject, hour=good["hour"] + 1),
        entry(subject, first=good["last"], last=good["hour"] - 1),
        {"subject": subject},
        "text",
        None,
    ]
    assert signage.record_plays(screen=screen, key="batch-0001", entries=[*bad, good]) == 1
    assert PlayRecord.objects.count() == 1


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"key": "x", "entries": []}', '{"key": "12345678"}', "[" * 90_000]
)
def test_a_report_that_cannot_be_read_is_refused(publisher, body):
    screen, secret = make_screen(publisher)
    assert send(device(secret), screen, "plays", body).status_code == 400
    assert not PlayRecord.objects.exists()


def test_a_receipt_says_from_when_a_screen_showed_an_alert(publisher):
    screen, secret = make_screen(publisher)
    alert = make_alert()
    report = {"key": "0123456789abcdef", "entries": [entry(f"alert:{alert.key}")]}
    send(device(secret), screen, "plays", report)
    (receipt,) = shown(alert)
    assert (receipt.screen, receipt.seconds) == (screen, 10)
    assert receipt.first_at <= receipt.last_at <= clock.now()
    assert [event.data for event in events_of("messaging.screen.alert_shown")] == [{"alert": alert.key}]
    assert not_showing(alert) == []


def test_a_heartbeat_says_how_a_screen_is(publisher):
    screen, secret = make_screen(publisher)
    report = {
        "subject": "house",
        "errors": ["digest"],
        "cache_bytes": 5,
        "skew_ms": 600_000,
        "width": 1920,
        "height": 1080,
    }
    assert send(device(secret), screen, "heartbeat", report).status_code == 200
    screen.refresh_from_db()
    health = health_of(screen)
    assert (health.state, screen.width) == ("trouble", 1920)
    assert any("digest" in problem for problem in health.problems)
    assert any("10分" in problem for problem in health.problems)
    nonsense = {"errors": "x", "cache_bytes": -1, "skew_ms": "y", "width": 10**9, "subject": ["z"]}
    assert send(device(secret), screen, "heartbeat", nonsense).status_code == 200
    screen.refresh_from_db()
    assert (health_of(screen).state, screen.width) == ("ok", None)


def test_a_screen_that_is_silent_for_ten_minutes_is_lost_once_and_found_again(publisher):
    screen, _secret = make_screen(publisher)
    signage.note_heartbeat(screen=screen, report={})
    with clock.frozen(clock.now() + timedelta(minutes=9)):
        assert signage.find_lost_screens() == 0
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert [signage.find_lost_screens() for _time in range(2)] == [1, 0]
        screen.refresh_from_db()
        assert health_of(screen).state == "lost"
        signage.note_heartbeat(screen=screen, report={})
        assert health_of(screen).state == "ok"
    assert [
        key for key in event_keys() if (key.startswith("messaging.screen.") and "lost" in key) or "returned" in key
    ] == [
        "messaging.screen.lost",
        "messaging.screen.returned",
    ]


def test_a_dark_screen_may_be_silent(publisher):
    screen, _secret = make_screen(publisher, sleeps_from=time(20), sleeps_until=time(7))
    evening = clock.local(clock.now()).replace(hour=19, minute=59)
    with clock.frozen(evening):
        signage.note_heartbeat(screen=screen, report={})
    with clock.frozen(evening + timedelta(hours=5)):
        assert signage.find_lost_screens() == 0
        assert health_of(screen).state == "asleep"
    with clock.frozen(evening + timedelta(hours=12)):
        assert signage.find_lost_screens() == 1


def test_the_proof_stays_when_a_screen_and_its_playlist_are_gone(publisher):
    playlist = make_playlist(publisher)
    screen, secret = make_screen(publisher)
    subject = f"item:{playlist.items.get().pk}"
    signage.record_plays(screen=screen, key="batch-0001", entries=[entry(subject)])
    signage.remove_item(item=playlist.items.get(), actor=publisher)
    signage.remove_playlist(playlist=playlist, actor=publisher)
    signage.remove_screen(screen=screen, actor=publisher)
    assert PlayRecord.objects.get().item.name == "カードの受け取り"
    assert ask(device(secret), screen, "state").status_code == 404


# ---- live pages


def test_only_what_was_said_to_everybody_is_news_on_a_screen(publisher):
    topic = Topic.objects.create(
        municipality=municipality_in_scope(), code="events", names={"ja": "催し"}, created_at=clock.now()
    )
    audiences = [
        ("みんなへ", {"everyone": True}, None),
        ("催しを聞く人へ", {"topic": ["events"]}, topic),
        ("町の人へ", {"all": [{"topic": ["events"]}, {"town": ["栄町"]}]}, topic),
        ("一人へ", {"recipients": ["01ARZ3NDEKTSV4RRFFQ69G5FAV"]}, None),
        ("差し込みあり {{name}}", {"everyone": True}, None),
    ]
    for subject, audience, about in audiences:
        Message.objects.create(
            municipality=municipality_in_scope(),
            status=MessageStatus.SENT,
            contents={"ja": {"subject": subject, "body": "本文", "short": "短い文"}},
            audience=audience,
            topic=about,
            created_at=clock.now(),
            changed_at=clock.now(),
            fanned_out_at=clock.now(),
        )
    pages = signage_sources.get("messaging.news").pages(None)
    assert sorted(page.heading for page in pages) == ["みんなへ", "催しを聞く人へ"]
    with clock.frozen(clock.now() + timedelta(days=15)):
        assert signage_sources.get("messaging.news").pages(None) == []


def test_the_day_and_closed_days_are_known_for_two_weeks(city):
    with clock.frozen(datetime(2026, 12, 25, 12, tzinfo=clock.TOKYO)):
        days = signage_sources.get("messaging.clock").pages(None)
        closed = signage_sources.get("messaging.closures").pages(None)
    assert [page.heading for page in days][:2] == ["令和8年12月25日（金）", "令和8年12月26日（土）"]
    assert "次の開庁日は令和8年12月28日（月）" in days[1].text
    assert all(page.ends - page.starts == timedelta(days=1) for page in days)
    assert [(row.main, row.side) for row in closed[0].rows][:2] == [
        ("令和8年12月29日（火）", "年末年始"),
        ("令和8年12月30日（水）", "年末年始"),
    ]


def test_alerts_for_other_places_are_news_and_not_an_emergency(publisher):
    screen, _secret = make_screen(publisher, town="鴨宮")
    make_alert(areas=[{"name": "栄町", "town": "栄町"}])
    (page,) = signage_sources.get("messaging.alerts").pages(screen)
    assert (page.heading, page.text) == ("大雨", "栄町")
    screen.town = "栄町"
    assert signage_sources.get("messaging.alerts").pages(screen) == []


def test_only_the_newest_reports_of_a_screen_are_remembered(publisher):
    screen, _secret = make_screen(publisher)
    for number in range(25):
        signage.record_plays(screen=screen, key=f"report-{number:04}", entries=[entry("house")])
    assert PlayBatch.objects.count() == 20
    assert signage.record_plays(screen=screen, key="report-0024", entries=[entry("house")]) == 0
    assert PlayRecord.objects.get().plays == 25


def test_asking_for_the_state_costs_one_look_at_the_screen(publisher):
    make_playlist(publisher)
    screen, secret = make_screen(publisher)
    player = device(secret)
    tag = ask(player, screen, "state")["ETag"]
    with CaptureQueriesContext(connection) as asked:
        assert ask(player, screen, "state", if_none_match=tag).status_code == 304
    assert sum("SELECT" in query["sql"] for query in asked) <= 2
