"""
From "what do I have to do?" to the certificate in hand: every process runs for itself, people press the buttons.

Server, worker, payment, identity and sealing are processes on loopback (``city_hall``); nothing is called from inside.
"""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE, PageMaker, assert_accessible, overflow, small_targets

from .applicant import begin, begin_paying, complete, finish_paying, give_password, pay, prove_identity, send, sign_in
from .city_hall import CityHall, running_city_hall, wait_for
from .documents import download, judge_outside, revoke, verify_by_file, verify_by_number
from .facts import (
    JOBS,
    answers_of,
    booked,
    documents,
    own_name,
    printed_marks,
    refused,
    sealing,
    status_of,
    wait_for_status,
)
from .sample_answers import CERTIFICATE, DOG, FROM_ABROAD, MEDICAL, WASTE, WATER
from .test_finder import answer_all

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityHall]:
    # Six processes share the machine with the browser: an answer may take longer than from a server inside the tests.
    expect.set_options(timeout=20_000)
    with running_city_hall(tmp_path_factory.mktemp("city-hall")) as hall:
        yield hall
    expect.set_options(timeout=5_000)


@pytest.fixture
def hall(running: CityHall) -> Iterator[CityHall]:
    """The city hall; what its processes said during a test is shown where the test fails."""
    running.new_log_lines()
    yield running
    sys.stdout.write(running.new_log_lines())


def fits_a_thumb(page: Page) -> None:
    assert [*overflow(page), *small_targets(page)] == [], page.url


def work_on(desk: Page, hall: CityHall, number: str, button: str) -> None:
    """Open a case in the work list by its number and press a button of its record."""
    desk.goto(f"{hall.address}/work/{number}/")
    desk.get_by_role("button", name=button, exact=True).click()


FOUR = {
    "住民票の写しの交付請求": CERTIFICATE,
    "子ども医療費助成の医療証の申請": MEDICAL,
    "犬の登録の変更届（引っ越したとき）": DOG,
    "水道の使用開始": WATER,
}


def find_what_to_do(phone: Page, hall: CityHall) -> None:
    """Answer the finder as a family with a child of two and a dog does, and keep the list."""
    phone.goto(hall.address)
    phone.get_by_role("link", name="引っ越し・住民票・証明書").click()
    phone.get_by_role("link", name=re.compile("質問に答えて手続リストを作る.*市外から")).click()
    answer_all(phone)
    assert phone.locator(".finder-item", has_text="必要な手続です").count() >= 7
    fits_a_thumb(phone)
    phone.get_by_role("button", name="リストを保存する").click()
    expect(phone.locator(".finder-ticket__number")).to_be_visible()


def start_together(phone: Page, names: list[str]) -> None:
    """Sign in from the list and begin some of its procedures as a bundle."""
    phone.get_by_role("link", name="サインインしてこのリストに戻る").click()
    give_password(phone, "shimin")
    boxes = phone.get_by_role("group", name="始める手続").get_by_role("checkbox")
    for box in boxes.all():
        box.uncheck()
    for name in names:
        phone.get_by_label(name, exact=True).check()
    phone.get_by_role("button", name="まとめて申請を始める").click()


def send_all(phone: Page, hall: CityHall) -> dict[str, str]:
    """Fill in and send what was begun, one after the other as the receipts lead; returns the numbers by name."""
    sent: dict[str, str] = {}
    for name in FOUR:
        if sent:
            link = phone.get_by_role("region", name="いっしょに始めた手続").get_by_role("link", name=name)
        else:
            phone.goto(f"{hall.address}/mine/")
            link = phone.get_by_role("link", name=name).first
        with phone.expect_navigation():
            link.click()
        complete(phone, FOUR[name], look=fits_a_thumb)
        if FOUR[name] is not CERTIFICATE:
            sent[name] = send(phone)
            continue
        prove_identity(phone, hall, own_name(hall), "この内容で結び付ける")
        assert_accessible(phone)
        sent[name] = send(phone)
        assert_accessible(phone)
        receipt = phone.url
        pay(phone, hall, 300)
        phone.goto(receipt)
    return sent


def test_a_newcomer_does_four_procedures_from_a_phone_and_holds_a_sealed_certificate(
    hall: CityHall, phone: Page, desk: Page, plain: Page, tmp_path: Path
) -> None:
    find_what_to_do(phone, hall)
    start_together(phone, list(FOUR))
    numbers = send_all(phone, hall)
    sign_in(desk, hall, "shinsa", "/work/")
    for number in numbers.values():
        wait_for_status(hall, number, "in_review")
        work_on(desk, hall, number, "受理する")
    for number in numbers.values():
        wait_for_status(hall, number, "completed")
    certificate = download(phone, hall, numbers["住民票の写しの交付請求"], tmp_path / "certificate.pdf")
    judge_outside(certificate)
    document, code = printed_marks(hall, numbers["住民票の写しの交付請求"])
    for verdict in ("この文書は有効です", "この文書は取り消されています"):
        assert verify_by_number(plain, hall, document, code) == verdict
        assert verify_by_file(plain, hall, certificate) == verdict
        if verdict == "この文書は有効です":
            revoke(desk, hall, document)


def test_a_correction_opens_only_the_field_asked_for_and_the_case_returns_to_review(
    hall: CityHall, phone: Page, desk: Page
) -> None:
    sign_in(phone, hall, "shimin")
    begin(phone, hall, "water-start")
    complete(phone, WATER)
    number = send(phone)
    before = answers_of(hall, number)
    sign_in(desk, hall, "shinsa", "/work/")
    wait_for_status(hall, number, "in_review")
    work_on(desk, hall, number, "補正を求める")
    desk.locator("input[name=field][value=phone]").check()
    desk.locator("input[name='note.phone']").fill("市外局番から入力してください。")
    desk.locator("textarea[name=message]").fill("電話番号をお確かめください。")
    assert_accessible(desk)
    desk.get_by_role("button", name="補正をお願いする").click()
    wait_for_status(hall, number, "awaiting_correction")

    phone.goto(f"{hall.address}/mine/")
    phone.get_by_role("listitem").filter(has_text="水道の使用開始").get_by_role("link", name="直す", exact=True).click()
    fields = phone.locator("[data-field]").evaluate_all("all => all.map(one => one.dataset.field)")
    assert fields == ["phone"]
    expect(phone.locator(".correction__before")).to_contain_text(before["phone"])
    expect(phone.locator(".correction__note")).to_contain_text("市外局番から")
    assert_accessible(phone)
    phone.locator("form.form").evaluate(
        """form => form.insertAdjacentHTML("beforeend", '<input name="name.family" value="別人"><input name="use" value="business">')"""
    )
    phone.locator("[name=phone]").fill("０４６５－３３－９９９９")
    phone.get_by_role("button", name="直した内容を送る").click()
    wait_for_status(hall, number, "in_review")
    after = answers_of(hall, number)
    assert after.pop("phone").replace("-", "") == "0465339999"
    assert after == {code: value for code, value in before.items() if code != "phone"}

    desk.goto(f"{hall.address}/work/{number}/")
    expect(desk.get_by_text("補正で変更")).to_have_count(1)
    desk.get_by_role("button", name="受理する", exact=True).click()
    wait_for_status(hall, number, "completed")


def test_the_indicator_of_the_plan_moves_by_what_was_sent_and_leads_to_it(
    hall: CityHall, plain: Page, desk: Page
) -> None:
    indicator, plan = hall.rows(
        """SELECT i.id, p.code FROM plan_indicator i JOIN plan_plan p ON p.id = i.plan_id
           WHERE i.binding LIKE '%procedures.applications_online%'"""
    )[0]
    measure(hall)
    public = f"{hall.address}/plan/{plan}/indicators/{indicator}/"
    before = this_year(plain, public)
    sent = []
    for _one in range(2):
        begin(plain, hall, "water-start")
        complete(plain, WATER, scripts=False)
        sent.append(send(plain))
    measure(hall)
    wait_for(lambda: this_year(plain, public) == before + 2, f"{before + 2} on the public page")

    sign_in(desk, hall, "jimukyoku", "/steering/")
    desk.get_by_role("link", name="すべての指標を見る").click()
    desk.locator(f"main a[href*='/indicators/{indicator}/']").first.click()
    history = desk.locator("#history tbody tr").first
    expect(history).to_contain_text(str(before + 2))
    history.get_by_role("link", name="数の内訳").click()
    assert_accessible(desk)
    rows = desk.locator("#evidence tbody tr")
    expect(rows).to_have_count(before + 2)
    for number in sent:
        expect(rows.filter(has_text=number)).to_have_count(1)


def measure(hall: CityHall) -> None:
    """Let a day pass for the job that measures the indicators, and wait until the worker has done it."""
    done = "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE task_path LIKE '%measure_indicators' AND status = 'SUCCESSFUL'"
    before = int(hall.value(done))
    hall.move_clock(
        "UPDATE trust_jobschedule SET queued_at = datetime(queued_at, '-2 days') WHERE key LIKE '%measure_indicators'"
    )
    wait_for(lambda: int(hall.value(done)) > before, "the daily measurement")


def this_year(page: Page, address: str) -> int:
    page.goto(address)
    cell = page.locator("#years tbody tr", has_text="令和8年度").locator("td").first
    return int(float(cell.inner_text().replace(",", "").split()[0].rstrip("件")))


def test_a_foreign_resident_sends_a_procedure_in_plain_japanese_without_javascript(hall: CityHall, plain: Page) -> None:
    form = json.loads(hall.value(
        """SELECT v.document FROM procedures_procedureversion v
           JOIN procedures_procedure p ON p.published_id = v.id WHERE p.code = 'move-in'"""
    ))  # fmt: skip
    texts = list(both_ways(form))
    plain.goto(hall.address)
    plain.get_by_role("link", name="やさしい日本語", exact=True).click()

    def is_plain(page: Page) -> None:
        fits_a_thumb(page)
        expect(page.locator(".language [aria-current]")).to_have_text("やさしい日本語")
        lines = {line.strip() for line in page.locator("main").inner_text().splitlines()}
        assert {usual for usual, _easy in texts} & lines == set(), page.url

    is_plain(plain)
    plain.goto(f"{hall.address}/procedures/?q=ひっこし")
    is_plain(plain)
    plain.locator("main a[href$='/procedures/move-in/']").first.click()
    is_plain(plain)
    plain.locator("main a[href$='/procedures/move-in/apply/']").first.click()
    is_plain(plain)
    expect(plain.get_by_label("やさしい日本語")).to_be_checked()
    plain.locator("form.form button[type=submit]").click()
    seen: list[str] = []

    def look(page: Page) -> None:
        is_plain(page)
        seen.append(page.locator("main").inner_text())

    complete(plain, FROM_ABROAD, scripts=False, look=look)
    labels = {easy for label in ("ひっこした ひ", "あたらしい じゅうしょ", "でんわばんごう") for easy in [label]}
    assert all(any(label in page for page in seen) for label in labels)
    number = send(plain)
    is_plain(plain)
    assert hall.rows("SELECT language, channel FROM procedures_application WHERE number = ?", number) == [
        ("ja-easy", "online")
    ]
    assert answers_of(hall, number)["old_country"] == "ベトナム"


def both_ways(node: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts of a definition in usual and in plain Japanese, where these differ."""
    if isinstance(node, dict):
        if "ja-easy" in node and node["ja-easy"] != node["ja"]:
            yield node["ja"], node["ja-easy"]
        node = list(node.values())
    if isinstance(node, list):
        for inner in node:
            yield from both_ways(inner)


def test_a_worker_killed_after_the_payment_and_while_sealing_loses_nothing_and_does_nothing_twice(
    hall: CityHall, phone: Page, desk: Page
) -> None:
    begin(phone, hall, "bulky-waste")
    complete(phone, WASTE)
    number = send(phone)
    begin_paying(phone, hall, 500)
    hall.send_signal("worker", signal.SIGKILL)
    finish_paying(phone, fault="duplicate")
    assert status_of(hall, number) == "awaiting_payment"
    hall.start("worker")
    wait_for_status(hall, number, "in_review")
    assert booked(hall, number) == [("captured", 1), ("raised", 1)]

    sign_in(desk, hall, "shinsa", "/work/")
    hall.send_signal("authority", signal.SIGSTOP)
    try:
        work_on(desk, hall, number, "受理する")
        wait_for(lambda: sealing(hall) == "RUNNING", "the document to be at the authority")
        hall.send_signal("worker", signal.SIGKILL)
    finally:
        hall.send_signal("authority", signal.SIGCONT)
    assert sealing(hall) == "RUNNING"
    # A worker is given up after a minute without a sign of life.
    hall.move_clock("UPDATE trust_workerheartbeat SET seen_at = datetime(seen_at, '-2 minutes')")
    hall.move_clock(f"UPDATE {JOBS} SET started_at = datetime(started_at, '-2 minutes') WHERE status = 'RUNNING'")
    hall.start("worker")
    wait_for_status(hall, number, "completed")
    wait_for(lambda: documents(hall, number) == ["issued"], "one issued document")
    assert sealing(hall) == "SUCCESSFUL"
    assert booked(hall, number) == [("captured", 1), ("raised", 1)]


def test_two_tabs_send_one_application_and_a_stranger_reaches_nothing_of_it(
    hall: CityHall, phone: Page, desk: Page, new_page: PageMaker
) -> None:
    sign_in(phone, hall, "shimin")
    open_draft = begin(phone, hall, "water-stop")
    key = begin(phone, hall, "dog-move")
    complete(phone, DOG)
    second = phone.context.new_page()
    second.goto(phone.url)
    for tab in (phone, second):
        tab.locator("#id_declared").check()
    for tab in (phone, second):
        tab.locator("button[name=go][value=send]").dblclick(no_wait_after=True)
    shown = set()
    for tab in (phone, second):
        expect(tab.locator("#receipt-number")).to_be_visible()
        shown.add(tab.locator("#receipt-number").inner_text())
    (number,) = shown
    assert hall.rows("SELECT number FROM procedures_application WHERE send_key = ?", key) == [(number,)]

    sign_in(desk, hall, "shinsa", "/work/")
    wait_for_status(hall, number, "in_review")
    work_on(desk, hall, number, "受理する")
    wait_for(lambda: documents(hall, number) == ["issued"], "the notice")
    assert hall.value("SELECT count(*) FROM cases_case WHERE number = ?", number) == 1
    document, _code = printed_marks(hall, number)

    stranger = new_page(PHONE)
    stranger.goto(f"{hall.address}/accounts/login/?next=/mine/")
    account = become_somebody_else(stranger, hall)
    for path in (
        f"/procedures/apply/{open_draft}/",
        f"/procedures/apply/review/{open_draft}/",
        f"/procedures/apply/done/{key}/",
        f"/mine/{number}/",
        f"/mine/{number}/answers/",
        f"/mine/{number}/receipt.pdf",
        f"/mine/{number}/documents/{document}/",
        f"/documents/{document}/",
        f"/work/{number}/",
        f"/records/{document}/",
    ):
        refusals = refused(hall, account)
        answer = stranger.goto(hall.address + path)
        assert answer is not None
        assert answer.status in {403, 404}, path
        assert refused(hall, account) > refusals, f"{path} leaves no trace"
        expect(stranger.locator("body")).not_to_contain_text("ハチ")


def become_somebody_else(page: Page, hall: CityHall) -> int:
    """Sign in as a resident who was never here, by the identity provider; returns the account."""
    page.get_by_role("link", name="デジタル認証アプリ").first.click()
    page.locator("input[name=person][value^='odawara-']").nth(1).check()
    page.get_by_role("button", name="確認する").click()
    page.get_by_role("button", name="この内容で利用を始める").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return int(hall.value("SELECT max(id) FROM trust_account WHERE kind = 'resident'"))
