"""
Messages as they are lived, on a whole city hall: server, worker, mail server and LINE as processes of their own.

A parent wishes to hear of two topics, gets one message and stops it with one click; an earthquake telegram of the agency's puts
its alert on every open page, screen, inbox, mailbox and phone while the worker is killed twice, and is accounted for by minute.
"""

from __future__ import annotations

import email
import json
import re
import signal
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.browser import DESK, PHONE, PageMaker, assert_accessible
from tests.program import run
from tests.shared import shared_path

from .applicant import give_password
from .city_hall import CITY, CityHall, running_city_hall, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.shared]
PARENT = "parent@home.example"
WITHIN = 5_000
"""Milliseconds in which open pages and screens show an alert."""
TELEGRAM = "20240116184225_02245216_VXSE43.xml"
"""緊急地震速報（警報） of 16 January 2024, as the agency sent it; it names 石川県能登 (390)."""
FRIENDS = 40


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityHall]:
    # Five processes share the machine with the browser.
    expect.set_options(timeout=20_000)
    with running_city_hall(tmp_path_factory.mktemp("messages"), services=("mail", "line")) as hall:
        yield hall
    expect.set_options(timeout=5_000)


@pytest.fixture
def hall(running: CityHall) -> Iterator[CityHall]:
    running.new_log_lines()
    yield running
    print(running.new_log_lines())  # noqa: T201 - shown where the test fails


def sign_in(page: Page, hall: CityHall, login: str, path: str) -> None:
    page.goto(f"{hall.address}/accounts/login/?next={path}")
    give_password(page, login)
    page.wait_for_url(f"{hall.address}{path}")


def mails(hall: CityHall, address: str) -> list[EmailMessage]:
    """Return what the mail server has taken for an address, oldest first."""
    found = []
    for path in sorted((hall.folder / "mail").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=default)
        if address in str(message["To"]):
            found.append(message)
    return found


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_a_parent_hears_once_of_two_topics_and_stops_it_with_one_click(
    hall: CityHall, phone: Page, new_page: PageMaker
) -> None:
    phone.goto(f"{hall.address}/preferences/guest/")
    phone.locator("#id_address").fill(PARENT)
    phone.get_by_label(re.compile("^子育て・教育")).check()
    phone.get_by_label(re.compile("^防災・防犯")).check()
    phone.get_by_role("button", name="確認のメールを受け取る").click()
    asked = wait_for(lambda: mails(hall, PARENT), "the mail that asks for confirmation")
    link = re.search(r"http://\S+/preferences/confirm/\S+", text_of(asked[0]))
    assert link is not None, text_of(asked[0])
    phone.goto(link.group())
    phone.get_by_role("button", name="登録する").click()
    expect(phone.locator("main")).to_contain_text("登録")
    assert_accessible(phone)

    clerk, chief = new_page(DESK), new_page(DESK)
    write_to_both_topics(clerk, hall)
    approve(chief, hall)
    got = wait_for(lambda: mails(hall, PARENT)[1:], "the message")
    going = "SELECT count(*) FROM messaging_message WHERE kind = 'broadcast' AND status = 'sending'"
    wait_for(lambda: hall.value(going) == 0, "the end of sending")
    assert len(mails(hall, PARENT)) == 2, "one message, whatever topics it falls under"
    (message,) = got
    assert message["Subject"] == "引き取り訓練のご案内"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    stop = re.search(r"<(http[^>]+)>", str(message["List-Unsubscribe"]))
    assert stop is not None
    one_click(hall, stop.group(1))
    live = "SELECT count(*) FROM messaging_subscription s JOIN messaging_endpoint e ON e.recipient_id = s.recipient_id "
    assert hall.value(live + "WHERE e.address = ? AND s.ended_at IS NULL", PARENT) == 1, (
        "the topic it was sent for has ended"
    )


def write_to_both_topics(page: Page, hall: CityHall) -> None:
    """Write to everybody who hears of children or of safety, and ask for approval."""
    sign_in(page, hall, "shinsa", "/messages/")
    page.get_by_role("link", name="お知らせをつくる").first.click()
    page.get_by_role("button", name="白紙から書く").click()
    page.locator("#id_subject_ja").fill("引き取り訓練のご案内")
    page.locator("#id_body_ja").fill("引き取り訓練を行います。\n\n- 持ち物：名札")
    page.locator("#id_short_ja").fill("引き取り訓練を行います。")
    page.locator("#add-kind").select_option("topic")
    page.get_by_role("button", name="足す", exact=True).click()
    chosen = page.locator("#live, form").get_by_role("checkbox", name=re.compile("子育て・教育|防災・防犯"))
    for box in chosen.all():
        box.check()
    page.get_by_label("分野", exact=True).select_option("children")
    page.get_by_role("button", name="保存して承認へ進む").click()
    say_the_number(page)
    page.get_by_role("button", name="承認を求める").click()
    expect(page.locator("main")).to_contain_text("承認待ち")


def say_the_number(page: Page) -> None:
    """Where so many people are meant that it is asked twice, type how many."""
    field = page.locator("[name=confirmed_count]")
    if field.count():
        shown = re.search(r"(\d[\d,]*)\s*人", page.locator("main").inner_text())
        assert shown is not None
        field.fill(shown.group(1).replace(",", ""))


def approve(page: Page, hall: CityHall) -> None:
    for login in ("koho", "kiki"):
        sign_in(page, hall, login, "/messages/")
        link = page.get_by_role("link", name="引き取り訓練のご案内").first
        with page.expect_navigation():
            link.click()
        button = page.get_by_role("button", name="この内容で承認する")
        if button.count():
            say_the_number(page)
            button.click()
            expect(page.locator("main")).to_contain_text(re.compile("送信中|送信済み|送り始めました|もう1人|承認"))
        page.context.clear_cookies()


def one_click(hall: CityHall, address: str) -> None:
    """Do what a mail program does when somebody clicks "unsubscribe" (RFC 8058): no page, no cookie."""
    server = hall.address.replace(f"{CITY}.localhost", "127.0.0.1")
    host = hall.address.removeprefix("http://")
    request = Request(
        address.replace(hall.address, server),
        data=b"List-Unsubscribe=One-Click",
        headers={"Host": host, "Content-Type": "application/x-www-form-urlencoded"},
        method="POST",
    )
    with urlopen(request, timeout=20) as answer:
        assert answer.status == 200


def at_line(hall: CityHall, method: str, path: str, **content: object) -> dict:
    """Ask the simulated LINE something, as a tester."""
    data = json.dumps(content).encode() if method == "POST" else None
    request = Request(
        f"{hall.simulators['line']}/simulator/{path}",
        data=data,
        method=method,
        headers={"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


def madoguchi(hall: CityHall, *arguments: str | Path) -> str:
    done = run(hall.folder, *arguments, **hall.environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_earthquake_telegram_reaches_every_page_screen_inbox_mailbox_and_phone_though_the_worker_is_killed(
    hall: CityHall, desk: Page, new_page: PageMaker, tmp_path: Path
) -> None:
    stand_in_noto(hall)
    friends_at_line = at_line(hall, "POST", f"{CITY}/friends", count=FRIENDS, quietly=True)["users"]
    madoguchi(hall, "line", "friends", "-m", CITY)
    friends = hall.value(
        "SELECT count(*) FROM messaging_endpoint WHERE channel = 'line' AND status = 'active' AND ended_at IS NULL"
    )
    assert friends >= FRIENDS

    visitor, resident, screen = new_page(PHONE), new_page(PHONE), new_page(DESK)
    visitor.goto(f"{hall.address}/procedures/")
    sign_in(resident, hall, "shimin", "/inbox/")
    pair(screen, hall, new_page(DESK))
    sign_in(desk, hall, "kiki", "/emergency/rules/")
    register_area(desk)
    desk.goto(f"{hall.address}/emergency/")

    file = telegram(tmp_path)
    said = madoguchi(hall, "jma", "ingest", file, "-m", CITY, "--as-of", "2024-01-16T18:43+09:00")
    assert hall.value("SELECT count(*) FROM messaging_alert WHERE state = 'issued'") == 1, said
    hall.send_signal("worker", signal.SIGKILL)
    banner = visitor.locator("#now .emergency")
    expect(banner).to_be_visible(timeout=WITHIN)
    expect(banner).to_contain_text("緊急地震速報")
    expect(resident.locator("#now .emergency")).to_be_visible(timeout=WITHIN)
    expect(desk.locator("#now .emergency")).to_be_visible(timeout=WITHIN)
    expect(screen.locator("body")).to_contain_text("緊急地震速報", timeout=WITHIN)
    assert_accessible(visitor)

    hall.start("worker")
    wait_for(lambda: sent(hall) > 0, "the first deliveries")
    hall.send_signal("worker", signal.SIGKILL)
    hall.start("worker")
    wait_for(lambda: waiting(hall) == 0, "the last delivery", patience=90)
    resident.reload()
    expect(resident.locator("main")).to_contain_text("緊急地震速報")

    everybody_got_it_once(hall, friends_at_line)
    key = hall.value("SELECT key FROM messaging_alert WHERE state = 'issued'")
    desk.goto(f"{hall.address}/emergency/alerts/{key}/")
    expect(desk.locator("main")).to_contain_text("届いた人")
    expect(desk.get_by_role("table", name=re.compile("手段ごとの結果"))).to_contain_text("LINE")
    assert_accessible(desk)
    feed = desk.evaluate("async (address) => (await fetch(address)).text()", f"{hall.address}/cap/feed")
    assert key in feed


def stand_in_noto(hall: CityHall) -> None:
    """Let the city of the demonstration be where the telegram is about: Wajima, in the area 石川県能登 (390)."""
    hall.move_clock("UPDATE trust_municipality SET code = '172049', prefecture = '石川県' WHERE key = ?", CITY)


def register_area(page: Page) -> None:
    """Say that the city lies in the area the agency warns of, so that its warnings are certain to concern it."""
    form = page.locator("form", has=page.get_by_role("heading", name="区域を登録する"))
    form.locator("[name=layer]").select_option("seismic")
    form.locator("[name=code]").fill("390")
    form.locator("[name=name]").fill("石川県能登")
    form.get_by_role("button").click()
    expect(page.get_by_role("row", name=re.compile("石川県能登"))).to_be_visible()


def pair(screen: Page, hall: CityHall, staff: Page) -> None:
    """Pair a screen by its code, as staff does."""
    screen.goto(f"{hall.address}/signage/")
    code = screen.locator("#code")
    expect(code).to_have_text(re.compile(r"^\w{3} \w{3}$"))
    sign_in(staff, hall, "koho", "/office/signage/")
    staff.get_by_role("link", name=re.compile("画面を(追加|登録|つなぐ)")).first.click()
    staff.locator("[name=code]").fill(code.inner_text())
    staff.locator("[name=name]").fill("本庁舎1階")
    staff.locator("main form").get_by_role("button").last.click()
    screen.wait_for_url(re.compile(r"/signage/[^/]+/$"))


def telegram(folder: Path) -> Path:
    """Take the telegram out of the archive it is kept in."""
    import tarfile

    with tarfile.open(shared_path("data/jma_xml/real_2021_earthquakes.tar.gz")) as archive:
        member = next(one for one in archive if one.name.endswith(TELEGRAM))
        content = archive.extractfile(member)
        assert content is not None
        path = folder / TELEGRAM
        path.write_bytes(content.read())
    return path


def emergency(hall: CityHall, condition: str) -> int:
    return hall.value(
        "SELECT count(*) FROM messaging_delivery d JOIN messaging_message m ON m.id = d.message_id "
        f"WHERE m.kind = 'emergency' AND {condition}"
    )


def sent(hall: CityHall) -> int:
    return emergency(hall, "d.status = 'sent' AND d.channel <> 'inbox'")


def waiting(hall: CityHall) -> int:
    return emergency(hall, "d.status IN ('waiting', 'sending')")


def everybody_got_it_once(hall: CityHall, friends: list[str]) -> None:
    """Count at the receivers: each mailbox and each phone has the alert once."""
    alerts = Counter(
        str(message["To"])
        for path in (hall.folder / "mail").glob("*.eml")
        if "緊急地震速報" in str((message := email.message_from_bytes(path.read_bytes(), policy=default))["Subject"])
    )
    assert alerts
    assert set(alerts.values()) == {1}
    assert len(alerts) == emergency(hall, "d.channel = 'email' AND d.status IN ('sent', 'delivered')")
    counted = at_line(hall, "GET", CITY)["messages"]
    assert list(counted.values()) == [len(friends)], f"every phone shows as much as every other: {counted}"
    chat = at_line(hall, "GET", f"{CITY}/friends/{friends[0]}")["chat"]
    said = [json.dumps(message, ensure_ascii=False) for side, message in chat if side == "city"]
    assert any("緊急地震速報" in text for text in said)
    assert len(set(said)) == len(said), "nothing is said twice"
