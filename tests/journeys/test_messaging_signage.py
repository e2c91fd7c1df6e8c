"""Screens in halls: paired by a code, playing on without a network, and nothing but the alert in an emergency."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from madoguchi.messaging.models import Alert, Playlist, PlayRecord, Screen
from madoguchi.messaging.rules.signage.choosing import choose
from madoguchi.messaging.selectors.alerts import live_table
from madoguchi.messaging.selectors.signage import emergencies, shown
from madoguchi.messaging.selectors.signage.manifest import kept_manifests
from madoguchi.messaging.services import alerts, signage
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Municipality, acting_for
from madoguchi.trust.enums import Role
from tests.browser import DESK, PHONE, PageMaker, assert_accessible
from tests.trust.people import PASSWORD, make_odawara, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.database]

WITHIN = 5.0
"""Seconds in which every screen shows an alert."""
CONTENTS = {
    "ja": {
        "headline": "大雨　洪水のおそれ",
        "instruction": "川の近くの方は、いますぐ避難所へ移動してください。",
    },
    "en": {
        "headline": "Heavy rain: risk of flood",
        "instruction": "If you are near the river, go to a shelter now.",
    },
}


@pytest.fixture
def city(transactional_db, settings) -> Iterator[Municipality]:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.SECOND_FACTOR_REQUIRED = False
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    host_table.clear()
    live_table.clear()
    kept_manifests.clear()
    municipality = make_odawara()
    with acting_for(municipality):
        yield municipality
    host_table.clear()


@pytest.fixture
def address(city: Municipality, live_server) -> str:
    return f"http://localhost:{live_server.thread.port}"


@pytest.fixture
def publisher(city: Municipality) -> Account:
    return make_staff("koho", Role.PUBLISHER)


@pytest.fixture
def crisis(city: Municipality) -> Account:
    return make_staff("kiki", Role.CRISIS_MANAGER)


def sign_in(page: Page, address: str, path: str = "/office/signage/", login: str = "koho") -> None:
    page.goto(f"{address}/accounts/login/?next={path}")
    page.get_by_label("ログイン名またはメールアドレス").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()
    page.wait_for_url(f"{address}{path}")


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 180), colour).save(out, "PNG")
    return out.getvalue()


def playing(publisher: Account) -> None:
    """Everything shows a text and a picture, five seconds each."""
    playlist = signage.add_playlist(name="平日の窓口", actor=publisher)
    asset = signage.add_asset(
        content=picture("navy"), file_name="poster.png", name="ポスター", alt="青いポスター", actor=publisher
    )
    contents = {"ja": {"title": "マイナンバーカードの受け取り", "body": "2階の3番窓口へお越しください。"}}
    signage.add_item(playlist=playlist, kind="text", name="カード", seconds=3, contents=contents, actor=publisher)
    signage.add_item(playlist=playlist, kind="image", name="ポスター", seconds=3, asset=asset, actor=publisher)
    signage.add_schedule(playlist=playlist, actor=publisher)


def paired(page: Page, address: str, publisher: Account, name: str, **fields: Any) -> Screen:
    """Make a browser the device of a new screen, as staff would by its code."""
    page.goto(f"{address}/signage/")
    code = page.locator("#code")
    expect(code).to_have_text(re.compile(r"^\w{3} \w{3}$"))
    screen = signage.claim_code(code=code.inner_text(), name=name, actor=publisher)
    if fields:
        signage.change_screen(screen=screen, actor=publisher, **fields)
    page.wait_for_url(f"{address}/signage/{screen.number}/")
    return screen


def draft(crisis: Account, **fields: Any) -> Alert:
    return alerts.draft_alert(
        actor=crisis,
        event_code="flood",
        event_name="洪水",
        contents=CONTENTS,
        evacuation_level=4,
        expires_at=clock.now() + timedelta(hours=3),
        **fields,
    )


def until(question: Callable[[], bool], page: Page, seconds: float, what: str) -> float:
    """Return after how many seconds the answer was yes."""
    began = time.monotonic()
    while not question():
        assert time.monotonic() - began < seconds, (
            f"after {seconds} s still not: {what}\n{page.locator('#stage').inner_html()}"
        )
        page.wait_for_timeout(50)
    return time.monotonic() - began


def only_the_alert(page: Page) -> bool:
    """Tell whether the page holds one page of the alert and nothing else anywhere."""
    return bool(
        page.evaluate(
            """() => {
              const stage = document.getElementById("stage");
              const alert = stage.firstElementChild;
              return stage.children.length === 1 && alert.matches(".alert") && !document.querySelector(".slide, img, video")
                && alert.getBoundingClientRect().height >= innerHeight - 1;
            }"""
        )
    )


def test_three_screens_show_only_the_alert_within_five_seconds_and_play_again_after_it(
    address: str, new_page: PageMaker, publisher: Account, crisis: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Pages of an alert stand for eight seconds; two are enough to see them follow one another.
    monkeypatch.setattr(emergencies, "SECONDS", 2)
    playing(publisher)
    pages = [new_page(DESK) for _place in range(3)]
    pages[1].set_viewport_size({"width": 540, "height": 960})
    screens = [paired(page, address, publisher, f"画面{place}") for place, page in enumerate(pages)]
    for page in pages:
        until(lambda page=page: page.locator(".slide[data-kind=text]").count() == 1, page, 8, "the playlist plays")
    alert = alerts.issue_alert(alert=draft(crisis), actor=crisis)
    issued = time.monotonic()
    for page in pages:
        until(lambda page=page: only_the_alert(page), page, WITHIN, "only the alert is shown")
    assert time.monotonic() - issued < WITHIN
    for page in pages:
        said = page.locator(".alert").inner_text()
        assert "警戒レベル4" in said
        assert "大雨" in said.replace("\n", "")
        assert "避難所へ移動してください" in said
        assert "小田原市全域" in said
        assert page.locator(".alert__shape polygon").count() == 1
        assert smallest_letters(page) >= 4.5
        assert not page.evaluate(
            "() => [...document.querySelectorAll('[data-fit]')].some((e) => e.scrollHeight > e.clientHeight + 1)"
        )
    # In turn in every language the alert has; nothing else comes between.
    until(lambda: pages[0].locator(".alert[lang=en]").count() == 1, pages[0], 25, "the alert in English")
    assert all(only_the_alert(page) for page in pages)
    until(lambda: len(shown(alert)) == 3, pages[0], 5, "every screen has said that it shows the alert")
    assert {one.screen for one in shown(alert)} == set(screens)
    assert all(one.first_at - alert.issued_at < timedelta(seconds=WITHIN) for one in shown(alert))
    alerts.cancel_alert(alert=alert, actor=crisis)
    for page in pages:
        until(lambda page=page: page.locator(".alert").count() == 0, page, WITHIN, "the alert is gone")
        until(lambda page=page: page.locator(".slide").count() == 1, page, WITHIN, "the playlist is back")
        assert "洪水" not in page.content()


def smallest_letters(page: Page) -> float:
    """Return the height of the smallest letters of an alert, in hundredths of the screen's shorter side."""
    sizes = page.evaluate(
        """() => [...document.querySelectorAll(".alert p, .alert h1, .alert__label")]
          .map((e) => parseFloat(getComputedStyle(e).fontSize) / Math.min(innerWidth, innerHeight) * 100)"""
    )
    return float(min(sizes))


FILM = """async () => {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: "video/webm" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.start();
  for (let hue = 0; hue < 300; hue += 25) {
    pen.fillStyle = `hsl(${hue} 80% 50%)`;
    pen.fillRect(0, 0, 300, 150);
    await new Promise((done) => setTimeout(done, 100));
  }
  await new Promise((done) => { recorder.onstop = done; recorder.stop(); });
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return [...bytes];
}"""


def filming(page: Page, publisher: Account) -> None:
    """Add a video that a browser has made to the playlist."""
    content = bytes(page.evaluate(FILM))
    film = signage.add_asset(content=content, file_name="film.webm", name="", alt="色が変わる動画", actor=publisher)
    signage.add_item(playlist=Playlist.objects.get(), kind="video", name="動画", seconds=5, asset=film, actor=publisher)


def seconds_played(page: Page) -> float:
    return float(page.evaluate("() => document.querySelector('video.slide__media')?.currentTime ?? 0"))


def test_a_screen_plays_on_and_keeps_the_alert_without_a_network(
    address: str, new_page: PageMaker, publisher: Account, crisis: Account
) -> None:
    playing(publisher)
    page = new_page(DESK)
    page.goto(f"{address}/signage/")
    filming(page, publisher)
    screen = paired(page, address, publisher, "本庁舎1階")
    page.evaluate("() => navigator.serviceWorker.ready")
    until(lambda: kept(page) >= 4, page, 10, "the shell is kept")
    until(lambda: kept(page, "files") == 2, page, 10, "picture and video are kept")
    page.context.set_offline(True)
    page.reload()
    until(lambda: page.locator("img.slide__media").count() == 1, page, 10, "the picture comes from the store")
    assert page.evaluate("() => document.querySelector('img.slide__media').naturalWidth") == 320
    until(lambda: seconds_played(page) > 0.2, page, 10, "the video plays from the store")
    until(lambda: page.locator(".slide[data-kind=text]").count() == 1, page, 10, "the playlist goes on")
    assert page.evaluate("() => getComputedStyle(document.querySelector('.slide')).display") == "flex"
    page.context.set_offline(False)
    alert = alerts.issue_alert(alert=draft(crisis), actor=crisis)
    until(lambda: only_the_alert(page), page, WITHIN + 3, "the alert is shown once the network is back")
    page.context.set_offline(True)
    page.reload()
    until(lambda: only_the_alert(page), page, 8, "the last known alert is shown without a network")
    alerts.cancel_alert(alert=alert, actor=crisis)
    page.wait_for_timeout(500)
    assert only_the_alert(page)
    # What it showed in the meantime is told afterwards, once.
    page.context.set_offline(False)
    until(lambda: page.locator(".slide").count() == 1, page, WITHIN + 3, "the playlist is back")
    until(lambda: [one.screen for one in shown(alert)] == [screen], page, 5, "the receipt arrives")


def kept(page: Page, store: str = "shell") -> int:
    return int(page.evaluate("async (name) => (await (await caches.open(name)).keys()).length", f"signage-{store}-1"))


def test_staff_connect_a_screen_by_its_code_and_see_what_it_shows(
    address: str, new_page: PageMaker, publisher: Account
) -> None:
    device, desk = new_page(DESK), new_page(DESK)
    device.goto(f"{address}/signage/")
    expect(device.locator("#code")).to_have_text(re.compile(r"^\w{3} \w{3}$"))
    expect(device.locator("#qr")).to_be_visible()
    sign_in(desk, address)
    desk.get_by_role("link", name="画面をつなぐ").first.click()
    desk.get_by_label(re.compile("接続コード")).fill("000 000")
    desk.get_by_role("button", name="つなぐ", exact=True).click()
    expect(desk.get_by_role("alert")).to_contain_text("新しい画面の名前")
    desk.get_by_label(re.compile("新しい画面の名前")).fill("支所の待合")
    desk.get_by_role("button", name="つなぐ", exact=True).click()
    expect(desk.get_by_role("alert")).to_contain_text("このコードを表示している画面はありません")
    assert not Screen.objects.exists()
    desk.get_by_label(re.compile("接続コード")).fill(device.locator("#code").inner_text().lower())
    desk.get_by_role("button", name="つなぐ", exact=True).click()
    screen = Screen.objects.get()
    device.wait_for_url(f"{address}/signage/{screen.number}/")
    expect(device.locator(".slide__clock")).to_have_text(re.compile(r"^\d{1,2}:\d\d$"))
    until(lambda: Screen.objects.get().last_seen_at is not None, device, 5, "the first sign of life")
    desk.reload()
    expect(desk.locator("main")).to_contain_text("正常")
    assert_accessible(desk)
    # Shut out: the device forgets everything and shows a code again.
    desk.get_by_role("link", name="機器を切り離す").click()
    desk.get_by_role("button", name="切り離す").click()
    device.wait_for_url(f"{address}/signage/", timeout=10_000)
    expect(device.locator("#code")).to_have_text(re.compile(r"^\w{3} \w{3}$"))
    assert device.evaluate("async () => (await caches.keys()).filter((name) => name === 'signage-files-1').length") == 0


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_pages_of_staff_are_accessible_and_fit(
    address: str, new_page: PageMaker, publisher: Account, width: int
) -> None:
    page = new_page(width)
    sign_in(page, address)
    page.goto(f"{address}/office/signage/")
    expect(page.locator("main")).to_contain_text("まだ画面がありません")
    playing(publisher)
    screen = signage.add_screen(name="本庁舎1階", actor=publisher, groups=["窓口"])
    item = signage.add_item(
        playlist=Playlist.objects.get(), kind="live", name="お知らせ", source="messaging.clock", actor=publisher
    )
    record_of(screen, item.pk)
    both = ("", f"screens/{screen.number}/", f"playlists/{item.playlist_id}/")
    narrow = (
        "schedules/",
        "assets/",
        "plays/",
        "pair/?code=123456",
        f"screens/{screen.number}/settings/",
        f"playlists/{item.playlist_id}/add/page/",
    )
    for path in both + (narrow if width == PHONE else ()):
        page.goto(f"{address}/office/signage/{path}")
        assert page.locator("h1").count() == 1
        assert_accessible(page)


def record_of(screen: Screen, item: int) -> None:
    hour = int(clock.now().timestamp()) // 3600 * 3_600_000
    entry = {"subject": f"item:{item}", "hour": hour, "plays": 3, "seconds": 30, "first": hour, "last": hour + 1000}
    assert signage.record_plays(screen=screen, key="batch-0001", entries=[entry]) == 1
    assert PlayRecord.objects.get().plays == 3


moments = st.integers(1_790_000_000_000, 1_800_000_000_000)
hours = st.none() | st.integers(0, 1440)
windows = st.fixed_dictionaries(
    {},
    optional={
        "days": st.lists(st.integers(0, 6), max_size=3),
        "from": hours,
        "until": hours,
        "starts": moments,
        "ends": moments,
        "open_days": st.booleans(),
    },
)
slides = st.lists(st.fixed_dictionaries({"window": windows, "asset": st.none()}), max_size=3)
names = st.sampled_from(["1", "2", "3"])
manifests = st.fixed_dictionaries(
    {
        "closed": st.lists(st.dates(date(2026, 9, 1), date(2027, 1, 31)).map(date.isoformat), max_size=20),
        "override": st.none() | st.fixed_dictionaries({"playlist": names, "until": moments}),
        "schedules": st.lists(
            st.fixed_dictionaries({"playlist": names, "priority": st.integers(1, 3), "window": windows}), max_size=5
        ),
        "playlists": st.dictionaries(names, st.lists(names, max_size=3)),
        "items": st.dictionaries(names, st.fixed_dictionaries({"window": windows, "slides": slides})),
        "house": slides,
    }
)


def test_the_player_chooses_what_the_house_says_it_shows(new_page: PageMaker) -> None:
    page = new_page(DESK)
    source = (Path(__file__).parents[2] / "frontend/js/signage/choose.js").read_text(encoding="utf-8")
    page.evaluate(
        "async (code) => { window.rules = await import(`data:text/javascript,${encodeURIComponent(code)}`); }", source
    )
    asked: list[Any] = []

    @settings(max_examples=100, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(manifests, moments)
    def collect(manifest: dict[str, Any], at: int) -> None:
        asked.append([manifest, at])

    collect()
    said = page.evaluate("(asked) => asked.map(([manifest, at]) => rules.choose(manifest, at))", asked)
    for (manifest, at), found in zip(asked, said, strict=True):
        assert [list(pair) for pair in choose(manifest, at)] == found, (manifest, at)
    assert len({len(found) for found in said}) > 2
