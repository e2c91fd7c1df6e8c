"""The registrar's pages: looked at first, done as shown, doubts decided by a person, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from madoguchi.kit import clock
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, acting_for, add_resident, change_resident
from madoguchi.trust.enums import DoubtDecision, ImportStatus, Role
from madoguchi.trust.errors import RefusedError, TrustError
from madoguchi.trust.models import AccessRecord, RegistryDoubt, RegistryImport, Resident, StoredFile
from madoguchi.trust.services import registry_imports as importing

from .people import event_keys, make_odawara, make_oyama, make_staff
from .test_registry_link import AOI, HARU, RARE, csv

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HOME = "/organisation/registry/"


@pytest.fixture
def registrar(db, settings, tmp_path) -> Iterator[Account]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR_REQUIRED, settings.MEDIA_ROOT = False, tmp_path
    host_table.clear()
    with acting_for(make_odawara()):
        yield make_staff("jumin", Role.REGISTRAR)
    host_table.clear()


@pytest.fixture
def browser(registrar) -> Client:
    return signed_in(registrar)


def signed_in(account: Account) -> Client:
    made = Client(headers={"host": "odawara.localhost"})
    made.force_login(account)
    return made


def body(response: Any) -> str:
    return response.content.decode().replace("<wbr>", "")


def upload(browser: Client, content: bytes, name: str = "住民.csv") -> Any:
    return browser.post(HOME, {"file": SimpleUploadedFile(name, content)})


def apply(browser: Client, page: str) -> Any:
    found = re.search(r'name="fingerprint" value="(\w+)"', body(browser.get(page)))
    assert found is not None
    facts = {"fingerprint": found[1]}
    assert "住民の登録を変えます" in body(browser.post(f"{page}apply/", facts))
    return browser.post(f"{page}apply/", {**facts, "sure": "yes"})


class TestAFile:
    def test_is_compared_shown_asked_about_and_then_brought_in(self, browser) -> None:
        add_resident(name="緑山 はる", registry_number="1002", birth_date=date(2020, 4, 2), sex="female")
        page = upload(browser, csv(AOI, HARU, RARE, "9,,誤り,,昨日,,,,,,")).url
        shown = body(browser.get(page))
        assert Resident.objects.count() == 1
        assert "「昨日」を日付として読み取れません" in shown
        assert "小田原市荻窪300番地" in body(browser.get(f"{page}?part=changed"))
        assert "辻󠄀 → 辻" in body(browser.get(f"{page}?part=losses")) or "󠄀" in body(browser.get(f"{page}?part=losses"))
        assert apply(browser, page).status_code == 302
        assert set(Resident.objects.values_list("name", flat=True)) == {"緑山 あおい", "緑山 はる", "辻󠄀 葛󠄀子"}
        source = RegistryImport.objects.get()
        assert (source.status, source.counts["new"], source.counts["changed"]) == (ImportStatus.APPLIED, 2, 1)
        assert "取り込み済み" in body(browser.get(HOME))
        assert {"trust.registry.looked_at", "trust.registry.imported"} <= set(event_keys())
        assert AccessRecord.objects.filter(subject_type="trust.registryimport").exists()

    def test_names_towns_that_do_not_exist_and_keeps_them_as_they_are(self, browser) -> None:
        odd = AOI.replace("小田原市荻窪300番地", "小田原市存在町1番地").replace("1001", "1009")
        wrong = HARU.replace("250-0042", "250-0011")
        page = upload(browser, csv(odd, wrong, RARE)).url
        remarks = body(browser.get(f"{page}?part=remarks"))
        assert "町名が、郵便番号簿にありません" in remarks
        assert "郵便番号と住所の町名が合いません" in remarks
        assert "辻" not in remarks.partition('id="people"')[2]
        apply(browser, page)
        assert Resident.objects.get(registry_number="1009").address.startswith("小田原市存在町1番地")

    def test_is_refused_as_a_whole_where_it_is_none(self, browser) -> None:
        for content in (b"\x00\x01", "氏名\n緑山".encode(), "宛名番号,氏名,個人番号\n1,緑,1".encode()):
            response = upload(browser, content)
            assert response.status_code == 422
            assert "ファイルを読み取れません" in body(response)
        assert browser.post(HOME, {}).status_code == 422
        assert (RegistryImport.objects.count(), StoredFile.objects.count(), Resident.objects.count()) == (0, 0, 0)

    def test_does_what_was_shown_and_nothing_else(self, browser, registrar) -> None:
        here = add_resident(name="緑山 はる", registry_number="1002", birth_date=date(2020, 4, 2))
        page = upload(browser, csv(AOI, HARU)).url
        found = re.search(r'name="fingerprint" value="(\w+)"', body(browser.get(page)))
        assert found is not None
        change_resident(resident=here, actor=registrar, system=True, address="小田原市荻窪300番地 みどり荘101")
        refused = browser.post(f"{page}apply/", {"fingerprint": found[1], "sure": "yes"}, follow=True)
        assert "住民の登録が変わりました" in body(refused)
        assert Resident.objects.count() == 1
        apply(browser, page)
        assert Resident.objects.count() == 2

    def test_is_brought_in_once_however_often_the_button_is_pressed(self, browser) -> None:
        page = upload(browser, csv(AOI)).url
        fingerprint = re.search(r'name="fingerprint" value="(\w+)"', body(browser.get(page)))[1]
        for _time in range(2):
            browser.post(f"{page}apply/", {"fingerprint": fingerprint, "sure": "yes"})
        assert event_keys().count("trust.registry.imported") == 1
        assert Resident.objects.count() == 1

    def test_of_many_people_is_left_to_the_worker_which_goes_on_where_it_stopped(
        self, browser, registrar, monkeypatch
    ) -> None:
        monkeypatch.setattr(importing, "AT_ONCE", 1)
        monkeypatch.setattr(importing, "PART", 1)
        page = upload(browser, csv(AOI, HARU, RARE)).url
        apply(browser, page)
        source = RegistryImport.objects.get()
        assert (source.status, Resident.objects.count()) == (ImportStatus.QUEUED, 0)
        assert "取り込んでいます" in body(browser.get(page))
        add_resident(name="緑山 あおい", registry_number="1001")
        importing.run_import(import_id=source.pk)
        importing.run_import(import_id=source.pk)
        source.refresh_from_db()
        assert (source.status, source.done, Resident.objects.count()) == (ImportStatus.APPLIED, 3, 3)
        assert Resident.objects.get(registry_number="1001").birth_date == date(1990, 5, 5)
        assert event_keys().count("trust.registry.imported") == 1

    def test_is_forgotten_once_it_is_not_needed(self, browser) -> None:
        page = upload(browser, csv(AOI)).url
        assert importing.forget_files() == 0
        with clock.frozen(clock.now() + timedelta(days=31)):
            assert importing.forget_files() == 1
        assert StoredFile.objects.count() == 0
        assert "もう一度アップロード" in body(browser.get(page))


class TestADoubt:
    @pytest.fixture
    def doubt(self, browser) -> RegistryDoubt:
        add_resident(name="緑山あおい", birth_date=date(1990, 5, 5))
        apply(browser, upload(browser, csv(AOI)).url)
        return RegistryDoubt.objects.get()

    def test_is_the_same_person_where_a_registrar_says_so(self, browser, doubt) -> None:
        here = Resident.objects.get()
        page = f"{HOME}doubts/{doubt.pk}/"
        assert "小田原市荻窪300番地" in body(browser.get(page))
        assert browser.post(page, {"answer": here.pk}).status_code == 302
        here.refresh_from_db()
        assert (here.registry_number, here.name) == ("1001", "緑山 あおい")
        doubt.refresh_from_db()
        assert (doubt.decision, doubt.values, doubt.resident) == (DoubtDecision.SAME, {}, here)
        assert "確かめる方はいません" in body(browser.get(f"{HOME}doubts/"))

    def test_is_another_person_where_a_registrar_says_so(self, browser, doubt) -> None:
        browser.post(f"{HOME}doubts/{doubt.pk}/", {"answer": "another"})
        assert Resident.objects.count() == 2
        again = upload(browser, csv(AOI)).url
        assert "変わるところはありません" in body(browser.get(again))

    def test_waits_where_nobody_decides_or_the_choice_is_none_of_those_shown(self, browser, doubt, registrar) -> None:
        other = add_resident(name="別人")
        page = f"{HOME}doubts/{doubt.pk}/"
        for answer, status in (("later", 302), ("", 422), (str(other.pk), 422)):
            assert browser.post(page, {"answer": answer}).status_code == status
        with pytest.raises(TrustError):
            importing.decide_doubt(doubt=doubt, actor=registrar, resident=other)
        doubt.refresh_from_db()
        assert doubt.decision == DoubtDecision.WAITING
        assert not Resident.objects.exclude(registry_number=None).exists()
        apply_again = upload(browser, csv(AOI, HARU)).url
        apply(browser, apply_again)
        assert RegistryDoubt.objects.count() == 1


def test_only_a_registrar_of_the_city_comes_in(browser, registrar) -> None:
    page = upload(browser, csv(AOI)).url
    clerk = make_staff("tanto", Role.SECTION_STAFF, Role.ADMINISTRATOR)
    for address in (HOME, page, f"{HOME}doubts/"):
        assert signed_in(clerk).get(address).status_code == 403
    assert signed_in(clerk).post(f"{page}apply/", {"sure": "yes"}).status_code == 403
    with pytest.raises(RefusedError):
        importing.receive_file(content=csv(AOI), name="x.csv", actor=clerk)
    with acting_for(make_oyama()):
        assert RegistryImport.objects.count() == 0
    assert Resident.objects.count() == 0
