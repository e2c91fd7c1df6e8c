"""Journeys with documents: somebody checks one on a phone without JavaScript, its owner fetches it, an office looks after it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from madoguchi.records.api import revoke_document
from madoguchi.records.models import IssuedDocument
from madoguchi.records.plugins.pades import trust as seal_trust
from madoguchi.records.plugins.simulated_authority import SimulatedAuthority, make_server
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import acting_for
from madoguchi.trust.enums import Role
from tests.browser import DESK, PHONE, PageMaker, assert_accessible, small_targets
from tests.records.issuing import PASSWORD, issue, make_city, make_resident, make_staff_of, pdf_of, produce, sample

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def document(transactional_db: Any, settings: Any, tmp_path: Any) -> Iterator[IssuedDocument]:
    """A certificate for a resident of the only city, sealed by an authority that runs for this test."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "files"
    server = make_server(None, 0)  # type: ignore[arg-type]  # the address is known only once it is bound
    address = f"http://127.0.0.1:{server.server_address[1]}"
    server.authority = SimulatedAuthority(tmp_path / "authority", address)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    settings.SEAL_AUTHORITY, settings.SEAL_TSA, settings.SEAL_FOLDER = address, f"{address}/tsa", tmp_path / "seals"
    seal_trust.forget()
    host_table.clear()
    with acting_for(make_city()):
        make_staff_of("kacho", Role.SECTION_CHIEF, Role.DESIGNER)
        made = issue(make_resident())
        assert produce(made), IssuedDocument.objects.get(pk=made.pk).failure
        made.refresh_from_db()
        yield made
    host_table.clear()
    seal_trust.forget()
    server.shutdown()
    server.server_close()


@pytest.fixture
def address(document: IssuedDocument, live_server: Any) -> str:
    return f"http://localhost:{live_server.thread.port}"


def sign_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "login" not in url)


def test_a_clerk_elsewhere_checks_a_certificate_on_a_phone_without_javascript(
    plain: Page, address: str, document: IssuedDocument, tmp_path: Any
) -> None:
    plain.goto(f"{address}/verify/")
    plain.get_by_label("文書番号").fill(document.number)
    plain.get_by_label("確認コード").fill("4K7R")
    plain.get_by_role("button", name="番号で確かめる").click()
    expect(plain.get_by_role("alert")).to_contain_text("確認コードに打ち間違いがあります")
    expect(plain.get_by_label("文書番号")).to_have_value(document.number)
    plain.get_by_label("確認コード").fill(document.code.lower())
    plain.get_by_role("button", name="番号で確かめる").click()
    expect(plain.get_by_role("heading", name="この文書は有効です")).to_be_visible()
    expect(plain.locator("body")).not_to_contain_text("見本 花子")
    path = tmp_path / "certificate.pdf"
    path.write_bytes(pdf_of(document))
    plain.goto(f"{address}/verify/")
    plain.locator("input[type=file]").set_input_files(path)
    plain.get_by_role("button", name="PDFで確かめる").click()
    expect(plain.get_by_role("heading", name="この文書は有効です")).to_be_visible()
    expect(plain.locator("body")).to_contain_text("PAdES-B-LTA")
    revoke_document(document=document, reason="誤り", actor=None)
    plain.goto(f"{address}{document.verify_path}")
    expect(plain.get_by_role("heading", name="この文書は取り消されています")).to_be_visible()


def test_the_pages_for_everybody_are_accessible_and_fit_a_thumb(
    new_page: PageMaker, address: str, document: IssuedDocument
) -> None:
    for width in (PHONE, DESK):
        page = new_page(width)
        for path in ("/verify/", document.verify_path):
            page.goto(address + path)
            assert_accessible(page)
            assert small_targets(page) == []


def test_a_resident_fetches_the_certificate(new_page: PageMaker, address: str, document: IssuedDocument) -> None:
    page = new_page(PHONE)
    sign_in(page, address, "hanako")
    page.goto(f"{address}/documents/")
    assert_accessible(page)
    assert small_targets(page) == []
    with page.expect_download() as waiting:
        page.get_by_role("link", name=f"納税証明書（{document.number}）のPDFを受け取る").click()
    assert waiting.value.path().read_bytes() == pdf_of(document)
    document.refresh_from_db()
    assert document.downloads == 1


def test_the_office_finds_revokes_and_changes_a_template(desk: Page, address: str, document: IssuedDocument) -> None:
    sign_in(desk, address, "kacho")
    desk.goto(f"{address}/records/")
    assert_accessible(desk)
    desk.get_by_role("link", name=document.number).click()
    assert_accessible(desk)
    desk.get_by_role("link", name="取り消す").click()
    assert_accessible(desk)
    desk.locator("textarea[name=reason]").fill("記載の誤り")
    desk.get_by_role("button", name="この文書を取り消す").click()
    expect(desk.locator("main")).to_contain_text("取消し済み")
    desk.goto(f"{address}/records/templates/")
    assert_accessible(desk)
    desk.locator("a[href$='copy=certificate']").click()
    desk.locator("input[name=name]").fill("わが市の証明書")
    desk.locator("input[name=key]").fill("certificate")
    desk.get_by_role("button", name="下書きを作る").click()
    desk.locator("textarea[name=source]").fill('#import "/kit.typ": *\n#show: paper\n#headline(')
    expect(desk.get_by_role("alert")).to_contain_text("error", timeout=15_000)
    desk.locator("textarea[name=source]").fill(
        '#import "/kit.typ": *\n#show: paper\n#headline(doc.title)\n#rows(each("rows"))\n'
    )
    expect(desk.get_by_role("img", name="1ページ目の見本")).to_be_visible(timeout=15_000)
    assert_accessible(desk)
    desk.get_by_role("button", name="保存して使い始める").click()
    expect(desk.locator("main")).to_contain_text("この版を使い始めました")
    new = issue(document.recipient, content=sample(lead="新しいひな形"))
    assert new.template_version is not None
