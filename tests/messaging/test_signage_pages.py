"""Staff's pages of signage: what they show, what they refuse, and what needs asking twice."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from madoguchi.kit import clock
from madoguchi.messaging.models import Playlist, PlaylistItem, Schedule, Screen, SignageAsset
from madoguchi.messaging.registry import SignagePage, SignageRow, SignageSource, signage_sources
from madoguchi.messaging.selectors.signage.manifest import kept_manifests, manifest_of
from madoguchi.messaging.services import signage
from madoguchi.trust.enums import Role
from tests.trust.people import make_staff

from .signage_city import entry, make_item, make_playlist, make_publisher, make_screen, picture

pytestmark = pytest.mark.database
HOURS = {"days": [], "hours_from": "", "hours_until": ""}


@pytest.fixture(autouse=True)
def afresh():
    kept_manifests.clear()


@pytest.fixture
def publisher(city):
    return make_publisher()


@pytest.fixture
def office(publisher) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(publisher)
    return client


def page(client: Client, path: str, **query: str) -> str:
    response = client.get(f"/office/signage/{path}", query)
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode().replace("<wbr>", "")


def post(client: Client, place: str, **data: object):
    return client.post(f"/office/signage/{place}", data)


def test_a_screen_in_trouble_stands_before_the_others(office, publisher):
    silent, _secret = make_screen(publisher, "あの画面")
    sound, _secret = make_screen(publisher, "いい画面")
    signage.note_heartbeat(screen=sound, report={})
    text = page(office, "")
    assert text.index(silent.name) < text.index(sound.name)
    assert "1つの画面から連絡がありません" in text
    assert sound.name not in page(office, "", state="problem")
    assert "条件に合う画面はありません" in page(office, "", q="どこにもない")


def test_a_clerk_sees_everything_and_changes_nothing(publisher):
    clerk = make_staff("tanto", Role.SECTION_STAFF)
    client = Client(headers={"host": "localhost"})
    client.force_login(clerk)
    playlist = make_playlist(publisher)
    screen, _secret = make_screen(publisher)
    assert "画面をつなぐ" not in page(client, "")
    assert "いますぐ止める" not in page(client, f"playlists/{playlist.pk}/")
    for path in (
        f"playlists/{playlist.pk}/stop/",
        f"screens/{screen.number}/unpair/",
        f"playlists/{playlist.pk}/remove/",
    ):
        assert post(client, path, stopped="1").status_code == 403
    playlist.refresh_from_db()
    screen.refresh_from_db()
    assert (playlist.stopped_at, playlist.removed_at, screen.is_paired) == (None, None, True)


def test_visitors_are_led_to_the_sign_in(city):
    response = Client(headers={"host": "localhost"}).get("/office/signage/")
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


def test_shutting_a_device_out_asks_first(office, publisher):
    screen, _secret = make_screen(publisher)
    assert "切り離します" in page(office, f"screens/{screen.number}/unpair/")
    screen.refresh_from_db()
    assert screen.is_paired
    assert post(office, f"screens/{screen.number}/unpair/").status_code == 302
    screen.refresh_from_db()
    assert not screen.is_paired


def test_a_screen_keeps_what_staff_set(office):
    fields = {
        "name": "支所",
        "groups": "窓口、1階, 窓口",
        "turn": "portrait",
        "languages": ["ja", "en"],
        "volume": "30",
    }
    assert post(office, "new/", **fields, sleeps_from="22:00").status_code == 422
    assert not Screen.objects.exists()
    assert post(office, "new/", **fields, sleeps_from="22:00", sleeps_until="6:00").status_code == 302
    screen = Screen.objects.get()
    assert (screen.groups, screen.languages, screen.volume) == (["窓口", "1階"], ["ja", "en"], 30)
    assert post(office, f"screens/{screen.number}/settings/", **fields | {"name": "新支所"}).status_code == 302
    screen.refresh_from_db()
    assert (screen.name, screen.sleeps_from, screen.is_muted) == ("新支所", None, False)


def test_staff_put_a_text_into_a_playlist_and_the_playlist_into_the_week(office, publisher):
    post(office, "playlists/new/", name="昼の案内")
    playlist = Playlist.objects.get()
    refused = post(office, f"playlists/{playlist.pk}/add/text/", name="休み", seconds="1", **HOURS)
    assert refused.status_code == 422
    assert "題名（日本語）" in refused.content.decode()
    made = {"name": "休み", "title_ja": "本庁舎は休みです", "title_en": "The city hall is closed", "seconds": "12"}
    post(
        office,
        f"playlists/{playlist.pk}/add/text/",
        **made,
        valid_from="令和8年12月1日",
        valid_until="2026-12-10",
        days=["0", "4"],
    )
    item = PlaylistItem.objects.get()
    assert item.contents["en"]["title"] == "The city hall is closed"
    assert (item.days, clock.local(item.valid_until).isoformat()) == ([0, 4], "2026-12-11T00:00:00+09:00")
    text = page(office, f"items/{item.pk}/")
    assert "2026-12-10" in text
    wrong = {"playlist": playlist.pk, "priority": "10", "starts_on": "2026-12-10", "ends_on": "2026-12-01"}
    assert post(office, "schedules/new/", **wrong).status_code == 422
    planned = {"playlist": playlist.pk, "priority": "10", "days": ["4"], "hours_from": "09:00", "hours_until": "17:00"}
    post(office, "schedules/new/", **planned)
    schedule = Schedule.objects.get()
    text = page(office, "schedules/")
    assert "9:00〜17:00" in text
    assert text.count("week-cell") == 1
    assert post(office, f"schedules/{schedule.pk}/remove/").status_code == 302
    assert not Schedule.objects.exists()


def test_a_page_of_the_site_is_led_to_by_a_code(office, publisher):
    playlist = make_playlist(publisher)
    fields = {"name": "手続", "title_ja": "手続のご案内", "seconds": "15"}
    refused = post(office, f"playlists/{playlist.pk}/add/page/", **fields, path="/nowhere/at-all/")
    assert refused.status_code == 422
    assert post(office, f"playlists/{playlist.pk}/add/page/", **fields, path="/procedures/").status_code == 302
    screen, _secret = make_screen(publisher)
    assert "data:image/svg+xml" in str(manifest_of(screen, "https://city.example").document["items"])


def test_a_file_comes_with_its_description(office):
    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("ポスター.png", picture(), "image/png")

    assert post(office, "assets/new/", file=file(), alt="").status_code == 422
    assert not SignageAsset.objects.exists()
    assert post(office, "assets/new/", file=file(), alt="青い絵").status_code == 302
    asset = SignageAsset.objects.get()
    assert (asset.width, asset.height) == (320, 180)
    assert "青い絵" in page(office, "assets/")
    response = office.get(f"/office/signage/assets/{asset.pk}/file/")
    assert response["Content-Type"] == "image/png"
    response.close()


def test_a_file_in_use_stays(office, publisher):
    asset = signage.add_asset(content=picture(), file_name="a.png", name="", alt="青い絵", actor=publisher)
    signage.add_item(playlist=make_playlist(publisher), kind="image", name="絵", asset=asset, actor=publisher)
    post(office, f"assets/{asset.pk}/remove/")
    asset.refresh_from_db()
    assert asset.removed_at is None
    signage.remove_item(item=asset.items.get(), actor=publisher)
    post(office, f"assets/{asset.pk}/remove/")
    asset.refresh_from_db()
    assert asset.removed_at is not None


def test_showing_something_now_reaches_the_group_alone(office, publisher):
    playlist = make_playlist(publisher)
    inside, _secret = make_screen(publisher, "窓口", groups=["窓口"])
    outside, _secret = make_screen(publisher, "ほか")
    post(office, "override/", playlist=playlist.pk, target="group:窓口", minutes="30")
    for screen in (inside, outside):
        screen.refresh_from_db()
    assert (inside.override, outside.override) == (playlist, None)
    assert "割り込ませて" in page(office, f"screens/{inside.number}/")
    post(office, f"screens/{inside.number}/back/")
    inside.refresh_from_db()
    assert inside.override is None
    assert post(office, "override/", playlist=playlist.pk, target="screen:999999", minutes="30").status_code == 422


def test_the_proof_is_a_table_and_a_file(office, publisher):
    item = make_playlist(publisher, "=HYPERLINK(1)").items.get()
    screen, _secret = make_screen(publisher)
    signage.record_plays(screen=screen, key="batch-0001", entries=[entry(f"item:{item.pk}", plays=4, seconds=90)])
    text = page(office, "plays/")
    assert "あわせて4回" in text
    response = office.get("/office/signage/plays/plays.csv")
    line = response.content.decode("utf-8-sig").splitlines()[1]
    assert line.startswith(f"{screen.number},本庁舎1階,平日の窓口,'=HYPERLINK(1),4,90,")
    assert office.get("/office/signage/plays/", {"from": "いつか"}).status_code == 422
    assert "この期間の記録はありません" in page(office, "plays/", **{"from": "2020-01-01", "to": "2020-01-31"})


def test_many_screens_come_in_pages(office, publisher):
    for number in range(30):
        signage.add_screen(name=f"画面{number:02}", actor=publisher)
    text = page(office, "")
    assert "30件中 1〜24件目" in text
    assert "画面29" in page(office, "", page="2")


def test_a_live_page_of_another_room_is_shown_in_the_languages_of_the_screen(publisher):
    def pages(screen: object) -> list[SignagePage]:
        rows = tuple(SignageRow(f"窓口{number}", f"{number}人") for number in range(8))
        return [SignagePage("待ち人数", rows=rows)]

    playlist = signage.add_playlist(name="待ち", actor=publisher)
    signage.add_schedule(playlist=playlist, actor=publisher)
    screen, _secret = make_screen(publisher, languages=["ja", "en"])
    source = SignageSource("counter.waiting", "待ち人数", pages)
    with signage_sources.registered_temporarily(source.key, source):
        item = signage.add_item(playlist=playlist, kind="live", name="待ち", source=source.key, actor=publisher)
        screen.refresh_from_db()
        slides = manifest_of(screen, "").document["items"][str(item.pk)]["slides"]
    # Eight rows are two pages that can be read, in each language.
    assert [slide["language"] for slide in slides] == ["ja", "ja", "en", "en"]
    screen.refresh_from_db()
    kept_manifests.clear()
    assert manifest_of(screen, "").document["items"][str(item.pk)]["slides"] == []


def test_an_item_that_was_stopped_is_marked(office, publisher):
    playlist = make_playlist(publisher)
    item = make_item(playlist, publisher, "止めるもの")
    post(office, f"items/{item.pk}/stop/", stopped="1")
    assert page(office, f"playlists/{playlist.pk}/").count("止めています") == 1
    post(office, f"items/{item.pk}/move/", to="up")
    assert playlist.items.order_by("order")[0].name == "止めるもの"


ODD = ["999999", "-1", "abc", "²", "9" * 19, "9" * 5000, "'\"><b>", "screen:", "screen:²", "group:", " "]


@pytest.mark.parametrize(
    "path", ["", "playlists/", "schedules/", "assets/", "plays/", "plays/plays.csv", "pair/", "override/"]
)
def test_odd_addresses_are_answered(office, publisher, path):
    make_playlist(publisher)
    make_screen(publisher)
    for odd in ODD:
        query = dict.fromkeys(("q", "state", "group", "page", "target", "kind", "from", "to", "screen", "code"), odd)
        assert office.get(f"/office/signage/{path}", query).status_code in (200, 422), (path, odd)


def test_what_is_not_there_is_not_found(office):
    for place in (
        "screens/0000-0000/",
        "playlists/{}/",
        "items/{}/",
        "assets/{}/",
        "assets/{}/file/",
        "schedules/{}/remove/",
    ):
        for number in ("1", "9" * 19, "9" * 5000):
            assert office.get(f"/office/signage/{place.format(number)}").status_code == 404
    for path in (
        "/signage/nowhere/",
        "/signage/nowhere/state/",
        "/signage/nowhere/assets/1/aa/",
        "/signage/pairing/qr.svg",
    ):
        assert office.get(path).status_code == 404
