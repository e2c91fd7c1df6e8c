"""What an applicant does on the pages of a procedure: fill in, confirm, prove who they are, send, pay."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from playwright.sync_api import Page, expect

from .city_hall import PASSWORD, CityHall

Answers = Mapping[str, Mapping[str, Any]]
"""Answers by step and field, as the definition's own examples write them."""
Look = Callable[[Page], None]


def sign_in(page: Page, hall: CityHall, login: str, then: str = "/") -> None:
    """Sign in with a password of the demonstration and arrive at a path."""
    page.goto(f"{hall.address}/accounts/login/?next={then}")
    give_password(page, login)
    expect(page).to_have_url(re.compile(re.escape(then)))


def give_password(page: Page, login: str) -> None:
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="サインインする").click()


def begin(page: Page, hall: CityHall, code: str) -> str:
    """Begin a procedure with what the city knows, where it asks; returns the key of the draft."""
    page.goto(f"{hall.address}/procedures/{code}/apply/")
    consent = page.get_by_label("入れることに同意する")
    if consent.count():
        consent.check()
    page.get_by_role("button", name="申請を始める").click()
    expect(page.locator("form.form-step")).to_be_visible()
    return page.url.split("/apply/")[1].split("/")[0]


def complete(page: Page, answers: Answers, *, scripts: bool = True, look: Look = lambda page: None) -> None:
    """Go through the steps of a form from the present page to the review; ``look`` sees every page."""
    for _page in range(12):
        look(page)
        if "/apply/review/" in page.url:
            return
        step = page.url.partition("?")[0].rstrip("/").rpartition("/")[2]
        fill_step(page, answers.get(step, {}), scripts=scripts)
        before = page.url
        _go_on(page)
        if not page.url.startswith(before.partition("?")[0]):
            continue
        # Without JavaScript, a field that depends on an answer is there once the page was sent.
        fill_step(page, answers.get(step, {}), scripts=scripts)
        _go_on(page)
        assert page.url != before, page.locator(".error-summary").inner_text()
    raise AssertionError(f"the review is not reached: {page.url}")


def _go_on(page: Page) -> None:
    with page.expect_navigation():
        page.locator("button[name=go][value=next]").click()


def fill_step(page: Page, answers: Mapping[str, Any], *, scripts: bool) -> None:
    """Give the answers of one step; what is filled in already stays."""
    for code, value in answers.items():
        field = page.locator(f'[data-field="{code}"]')
        if scripts:
            expect(field).to_be_attached()
        if field.count():
            _put(page, code, value)


def _put(page: Page, path: str, value: Any) -> None:
    if isinstance(value, dict):
        for part, inner in value.items():
            _put(page, f"{path}.{part}", inner)
    elif isinstance(value, list):
        for index, row in enumerate(value):
            _put_row(page, path, index, row)
    elif isinstance(value, date):
        _put_date(page, path, value)
    elif isinstance(value, bytes):
        page.locator(f'input[type=file][name="{path}"]').set_input_files(
            {"name": "資格.png", "mimeType": "image/png", "buffer": value}
        )
    else:
        _put_one(page, path, value)


def _put_row(page: Page, path: str, index: int, row: Mapping[str, Any]) -> None:
    if not page.locator(f'[name="{path}.{index}"]').count():
        page.locator(f'button[value="add:{path}"]').click()
        expect(page.locator(f'[name="{path}.{index}"]')).to_be_attached()
    _put(page, f"{path}.{index}", row)


def _put_date(page: Page, path: str, day: date) -> None:
    era = page.locator(f'select[name="{path}.era"]')
    year = page.locator(f'[name="{path}.year"]')
    if year.input_value():
        return
    if era.count():
        era.select_option(index=0)
    for part, number in (("year", day.year), ("month", day.month), ("day", day.day)):
        page.locator(f'[name="{path}.{part}"]').fill(str(number))


def _put_one(page: Page, path: str, value: Any) -> None:
    word = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    choice = page.locator(f':is([type=radio], [type=checkbox])[name="{path}"][value="{word}"]')
    if choice.count():
        choice.check()
        return
    control = page.locator(f'[name="{path}"]:not([type=hidden])')
    if control.input_value():
        return
    if control.evaluate("element => element.tagName") == "SELECT":
        control.select_option(str(value))
    else:
        control.fill(str(value))


def send(page: Page) -> str:
    """Declare that all is right, send, and return the number on the receipt."""
    page.locator("#id_declared").check()
    page.locator("button[name=go][value=send]").click()
    expect(page.locator("#receipt-number")).to_be_visible()
    return page.locator("#receipt-number").inner_text()


def prove_identity(page: Page, hall: CityHall, name: str, button: str) -> None:
    """Go from a page of the city to the identity provider, be a person there, and agree to what came back."""
    here = page.url
    page.get_by_role("link", name="マイナンバーカード（デジタル認証アプリ）で確認する").first.click()
    expect(page).to_have_url(re.compile(re.escape(hall.simulators["identity"])))
    page.get_by_label(name).first.check()
    page.get_by_role("button", name="確認する").click()
    page.get_by_role("button", name=button).click()
    expect(page).to_have_url(here)


def pay(page: Page, hall: CityHall, amount: int) -> None:
    """Pay by card, from the receipt of an application to the word that it is paid."""
    begin_paying(page, hall, amount)
    finish_paying(page)


def begin_paying(page: Page, hall: CityHall, amount: int) -> None:
    """Go from the receipt of an application to the provider's page."""
    # The receipt looks again by itself until a job has asked for the fee.
    page.get_by_role("link", name="お支払いに進む").click(timeout=40_000)
    page.get_by_role("button", name=f"{amount:,}円を支払う").click()
    expect(page).to_have_url(re.compile(re.escape(hall.simulators["payment"])))


def finish_paying(page: Page, fault: str = "") -> None:
    page.get_by_label("カード番号").fill("4242 4242 4242 4242")
    page.get_by_label("有効期限").fill("12/30")
    page.get_by_label("セキュリティコード").fill("123")
    if fault:
        page.get_by_text("試験：結果の通知のしかた").first.click()
        page.get_by_label("通知", exact=True).first.select_option(fault)
    page.get_by_role("button", name="円をカードで支払う").click()
    expect(page.get_by_role("heading", name="お支払いが済んでいます")).to_be_visible(timeout=40_000)
