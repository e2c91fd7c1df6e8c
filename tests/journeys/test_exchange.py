"""The pages of exchange in a real browser: machines, the registry's file, keying by hand; by axe at two widths."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect

from madoguchi.kit import clock
from madoguchi.procedures.enums import ExportGrade, ExportItemState
from madoguchi.procedures.models import CoreExportItem
from madoguchi.procedures.services.applying import start_draft, submit
from madoguchi.procedures.services.exporting import start_export
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, acting_for, add_resident, issue_token
from madoguchi.trust.enums import Role
from madoguchi.trust.events import UNIT_ADDED
from madoguchi.trust.models import RegistryImport, Resident, WebhookSubscription
from madoguchi.trust.services import webhooks
from madoguchi.trust.services.registry_imports import receive_file
from tests.browser import DESK, PHONE, PageMaker, assert_accessible
from tests.procedures.residents import ANSWERS, NAME, publish
from tests.trust.people import make_odawara, make_staff, make_unit
from tests.trust.test_registry_link import AOI, HARU, RARE, csv

pytestmark = [pytest.mark.browser, pytest.mark.database]


@pytest.fixture
def city(transactional_db, live_server, settings, tmp_path) -> Iterator[str]:
    """A city with a token, a webhook, a file of residents and an export to key; gives its address."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.HOME, settings.MEDIA_ROOT, settings.SECOND_FACTOR_REQUIRED = tmp_path, tmp_path, False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WEBHOOK_HOSTS = frozenset({"stats.example.jp"})
    host_table.clear()
    cache.clear()
    with acting_for(make_odawara()):
        unit = make_unit("市民課")
        person = make_staff("kanri", Role.ADMINISTRATOR, Role.REGISTRAR)
        make_staff("tanto", Role.SECTION_STAFF, unit=unit)
        issue_token(name="予約", scopes=["applications.read"], expires_on=clock.today(), actor=person)
        webhooks.subscribe(name="統計", url="https://stats.example.jp/h", keys=[UNIT_ADDED.key], actor=person)
        add_resident(name="緑山あおい", birth_date=date(1990, 5, 5))
        receive_file(content=csv(AOI, HARU, RARE, "9,,誤り,,昨日,,,,,,"), name="住民.csv", actor=person)
        version = publish(unit)
        for family in ("辻󠄀", "見本"):
            draft = start_draft(version=version, account=None, browser_secret="s")
            draft.answers = {**ANSWERS, "name": {**NAME, "family": family}}
            draft.save()
            submit(draft=draft, actor=None)
        start_export(
            actor=person, procedure=version.procedure, system="児童手当", grade=ExportGrade.SCREEN, profile="x0208"
        )
        yield f"http://localhost:{live_server.thread.port}"
    host_table.clear()
    cache.clear()


def sign_in(page: Page, city: str) -> None:
    client = Client()
    client.force_login(Account.objects.get(username__endswith="kanri"))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": city}])


def pages() -> list[str]:
    export = CoreExportItem.objects.first().export.reference
    source = f"/organisation/registry/{RegistryImport.objects.get().reference}/"
    machines = "/operations/machines/"
    return [
        machines,
        f"{machines}tokens/issue/",
        f"{machines}webhooks/",
        f"{machines}webhooks/register/",
        f"{machines}webhooks/{WebhookSubscription.objects.get().pk}/",
        "/organisation/registry/",
        f"{source}?part=changed",
        f"{source}?part=losses",
        f"{source}?part=refused",
        f"{source}?part=doubtful",
        "/office/exports/",
        "/office/exports/new/",
        f"/office/exports/{export}/",
        f"/office/exports/{export}/keying/",
        "/office/exports/layout/?procedure=sample-grant&system=児童手当",
    ]


def look_at_every_page(page: Page, city: str, width: int) -> None:
    sign_in(page, city)
    folder = os.environ.get("SCREENSHOTS")
    for number, address in enumerate(pages()):
        response = page.goto(f"{city}{address}")
        assert response is not None
        assert response.status == 200, address
        assert "/accounts/" not in page.url
        if folder:
            page.screenshot(path=Path(folder) / f"exchange-{width}-{number}.png", full_page=True)
        assert_accessible(page)


def test_everybody_can_use_the_pages_and_few_keys_do_the_work(city: str, new_page: PageMaker) -> None:
    look_at_every_page(new_page(PHONE), city, PHONE)
    desk = new_page(DESK)
    look_at_every_page(desk, city, DESK)
    desk.goto(f"{city}/organisation/registry/")
    desk.get_by_role("link", name="住民.csv").click()
    desk.get_by_role("button", name="この内容で取り込む").click()
    desk.get_by_role("button", name="取り込む", exact=True).click()
    desk.get_by_role("link", name="同じ方かどうか確かめる").click()
    desk.get_by_role("link", name="緑山 あおい").click()
    assert_accessible(desk)
    desk.get_by_label("と同じ方です").check()
    desk.get_by_role("button", name="記録して次へ").click()
    expect(desk.get_by_text("確かめる方はいません")).to_be_visible()
    assert Resident.objects.filter(registry_number__isnull=False).count() == 3
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(f"{city}/office/exports/{CoreExportItem.objects.first().export.reference}/keying/")
    desk.keyboard.press("c")
    expect(desk.locator("[data-copied]")).to_have_count(1)
    assert desk.evaluate("navigator.clipboard.readText()") == "辻"
    for left in ("1 / 2", "すべての申請の転記が終わりました"):
        desk.keyboard.press("t")
        desk.keyboard.press("Enter")
        expect(desk.get_by_text(left).first).to_be_visible()
    assert set(CoreExportItem.objects.values_list("state", flat=True)) == {ExportItemState.KEYED}
