"""What becomes of a document: fetched by its owner, judged outside, verified by anybody, taken back by the office."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .applicant import sign_in
from .city_hall import CityHall, wait_for


def download(phone: Page, hall: CityHall, number: str, path: Path) -> Path:
    """Fetch the document of a matter from its own page as soon as it is sealed."""
    link = phone.locator("main a[href*='/documents/']")

    def is_there() -> bool:
        phone.goto(f"{hall.address}/mine/{number}/")
        return link.count() == 1

    wait_for(is_there, "the document on the page of the matter")
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
