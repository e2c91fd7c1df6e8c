"""
From "what do I have to do?" to the certificate in hand: every process runs for itself, people press the buttons.

Server, worker, payment, identity and sealing are processes on loopback (``city_hall``); nothing is called from inside.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from tests.browser import DESK, PHONE, PageMaker, assert_accessible, overflow, small_targets
from tests.procedures.residents import png

from .applicant import Answers, begin_paying, complete, finish_paying, give_password, pay, prove_identity, send, sign_in
from .city_hall import CityHall, running_city_hall, wait_for
from .test_finder import answer_all

pytestmark = pytest.mark.browser

ADDRESS = {
    "postal_code": "250-0042",
    "prefecture": "神奈川県",
    "city": "小田原市",
    "town": "荻窪",
    "street": "300番地",
}
NAME = {"family": "港野", "given": "そら", "family_kana": "ミナトノ", "given_kana": "ソラ"}
CHILD = {"family": "海老沢", "given": "はる", "family_kana": "エビサワ", "given_kana": "ハル"}
PHONE_NUMBER = "0465-33-1234"
PERSON = {"name": NAME, "birth_date": date(1995, 7, 11), "address": ADDRESS, "phone": PHONE_NUMBER}
MOVED = clock.today() - timedelta(days=10)
MONDAY = clock.today() + timedelta(days=14 - clock.today().weekday())

CERTIFICATE: Answers = {
    "applicant": PERSON,
    "request": {"scope": "all", "purpose": "work", "copies": 1},
    "delivery": {"delivery": "electronic"},
}
MEDICAL: Answers = {
    "applicant": PERSON,
    "child": {
        "child_name": CHILD,
        "child_birth_date": date(2024, 4, 2),
        "event_on": MOVED,
        "insurance": "employer",
        "insurance_file": png(),
        "agreed": True,
    },
}
DOG: Answers = {
    "applicant": PERSON,
    "dog": {"dog_name": "ハチ", "moved_on": MOVED, "from_city": "千代田区", "has_tag": True, "tag_number": "123"},
}
WATER: Answers = {
    "applicant": {"name": NAME, "address": ADDRESS, "phone": PHONE_NUMBER},
    "water": {"place": ADDRESS, "day": clock.today() + timedelta(days=7), "use": "home"},
    "pay": {"by_account": False},
}
FROM_ABROAD: Answers = {
    "applicant": {
        "name": {"family": "グエン", "given": "アン", "family_kana": "グエン", "given_kana": "アン"},
        "birth_date": date(1998, 3, 4),
        "phone": PHONE_NUMBER,
    },
    "move": {"moved_on": MOVED, "moved_from": "abroad", "old_country": "ベトナム", "new_address": ADDRESS},
    "people": {"foreign": True, "head": "self"},
}
WASTE: Answers = {
    "applicant": {"name": NAME, "address": ADDRESS, "phone": PHONE_NUMBER},
    "items": {"items": [{"item": "いす", "long": False}]},
    "day": {"day": MONDAY, "place": "front", "carry": False},
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityHall]:
    with running_city_hall(tmp_path_factory.mktemp("city-hall")) as hall:
        yield hall


@pytest.fixture
def hall(running: CityHall) -> Iterator[CityHall]:
    """The city hall; what its processes said during a test is shown where the test fails."""
    running.new_log_lines()
    yield running
    print(running.new_log_lines())


def fits_a_thumb(page: Page) -> None:
    assert [*overflow(page), *small_targets(page)] == [], page.url


def work_on(desk: Page, hall: CityHall, number: str, button: str) -> None:
    """Open a case in the work list by its number and press a button of its record."""
    desk.goto(f"{hall.address}/work/{number}/")
    desk.get_by_role("button", name=button, exact=True).click()


def status_of(hall: CityHall, number: str) -> str:
    return str(hall.value("SELECT status FROM procedures_application WHERE number = ?", number))


def wait_for_status(hall: CityHall, number: str, status: str) -> None:
    wait_for(lambda: status_of(hall, number) == status, f"{number} is {status}")


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
            phone.get_by_role("region", name="いっしょに始めた手続").get_by_role("link", name=name).click()
        else:
            phone.goto(f"{hall.address}/mine/")
            phone.get_by_role("link", name=name).first.click()
        complete(phone, FOUR[name], look=fits_a_thumb)
        if FOUR[name] is CERTIFICATE:
            prove_identity(phone, hall, own_name(hall), "この内容で結び付ける")
        assert_accessible(phone)
        sent[name] = send(phone)
        assert_accessible(phone)
        if FOUR[name] is CERTIFICATE:
            receipt = phone.url
            pay(phone, hall, 300)
            phone.goto(receipt)
    return sent


def own_name(hall: CityHall) -> str:
    return str(hall.value("SELECT name FROM trust_account WHERE login = 'shimin'"))


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


def download(phone: Page, hall: CityHall, number: str, path: Path) -> Path:
    """Fetch the document of a matter from its own page as soon as it is sealed."""
    link = phone.locator("main a[href*='/documents/']")

    def is_there() -> bool:
        phone.goto(f"{hall.address}/mine/{number}/")
        return link.count() == 1

    wait_for(is_there, "the document on the page of the matter")
    assert_accessible(phone)
    with phone.expect_download() as waiting:
        link.click()
    waiting.value.save_as(path)
    return path


def judge_outside(path: Path) -> None:
    """Let poppler judge the seal, which knows nothing of this program."""
    if shutil.which("pdfsig") is None:
        pytest.skip("pdfsig is not installed (poppler-utils)")
    said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said, said
    assert "ETSI.CAdES.detached" in said, said
    assert "Total document signed" in said, said


def printed_marks(hall: CityHall, number: str) -> tuple[str, str]:
    """Return what is printed on the document of an application: its number and the code that proves one holds it."""
    statement = """SELECT d.number, d.code FROM records_issueddocument d JOIN procedures_application a
        ON d.subject_type = 'procedures.application' AND d.subject_id = CAST(a.id AS TEXT) WHERE a.number = ?"""
    ((document, code),) = hall.rows(statement, number)
    return document, code


def verify_by_number(page: Page, hall: CityHall, document: str, code: str) -> str:
    page.goto(f"{hall.address}/verify/")
    page.get_by_label("文書番号").fill(document)
    page.get_by_label("確認コード").fill(code.lower())
    page.get_by_role("button", name="番号で確かめる").click()
    return verdict_on(page)


def verify_by_file(page: Page, hall: CityHall, path: Path) -> str:
    page.goto(f"{hall.address}/verify/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="PDFで確かめる").click()
    return verdict_on(page)


def verdict_on(page: Page) -> str:
    return page.locator(".verify-result").get_by_role("heading").inner_text()


def revoke(desk: Page, hall: CityHall, document: str) -> None:
    """Take a document back, as the chief of the section."""
    desk.context.clear_cookies()
    sign_in(desk, hall, "shonin", f"/records/{document}/revoke/")
    desk.locator("textarea[name=reason]").fill("記載の誤り")
    desk.get_by_role("button", name="この文書を取り消す").click()
    expect(desk.get_by_text("取消し済み").first).to_be_visible()
