"""The pages of actual values: who may open them, what they say, and that a refused form keeps what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from madoguchi.kit import clock
from madoguchi.plan.enums import ActualStatus, BindingKind
from madoguchi.plan.models import Actual, Indicator, PushToken
from madoguchi.plan.selectors import actuals as selectors
from madoguchi.plan.services.actuals import Entry, approve_actual, enter_actual
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import AccessRecord, Account, StoredFile, acting_for
from madoguchi.trust.enums import AccountKind, Role

from .factories import make_city, make_plan, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def city(settings: Any, tmp_path: Any) -> Iterator[Any]:
    settings.MEDIA_ROOT, settings.SECOND_FACTOR_REQUIRED = tmp_path / "files", False
    host_table.clear()
    with clock.frozen(NOW):
        municipality = make_city(order=1)
        with acting_for(municipality):
            make_plan(municipality)
            yield municipality
    host_table.clear()


@pytest.fixture
def indicator() -> Indicator:
    return Indicator.objects.get(label="オンライン申請の件数")


@pytest.fixture
def chief(indicator: Indicator) -> Account:
    assert indicator.project is not None
    return make_staff(Role.SECTION_CHIEF, indicator.project.responsibilities.get(is_lead=True).unit)


@pytest.fixture
def office() -> Account:
    return make_staff(Role.SECRETARIAT)


def signed_in(account: Account) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    return client


def address(name: str, *args: Any, **query: Any) -> str:
    tail = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"steering:{name}", args=args) + (f"?{tail}" if tail else "")


def evidence(name: str = "集計表.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def enter(indicator: Indicator, actor: Account, value: float = 1900) -> Actual:
    entry = Entry(value=value, no_evidence_reason="見本")
    return enter_actual(indicator=indicator, fiscal_year=2025, entry=entry, actor=actor)


PAGES = ["actuals", "actual_csv", "owners", "lint"]
OF_INDICATOR = ["indicator_actuals", "actual_enter", "binding", "tokens", "owner"]


def test_every_page_opens_for_the_secretariat_and_in_every_language(indicator: Indicator, office: Account) -> None:
    client = signed_in(office)
    actual = enter(indicator, office)
    places = [address(name) for name in [*PAGES, "actual_approvals"]]
    places += [address(name, indicator.pk) for name in OF_INDICATOR] + [address("actual", actual.pk)]
    for language in ("ja", "ja-easy", "en"):
        for place in places:
            assert client.get(place, {"lang": language}).status_code == 200, (language, place)


def test_visitors_are_led_to_the_sign_in_and_residents_are_refused(indicator: Indicator) -> None:
    resident = Account.objects.create_account(login="shimin", kind=AccountKind.RESIDENT, name="住民")
    for name in ["actuals", "actual_approvals", "lint"]:
        answer = Client(SERVER_NAME="localhost").get(address(name))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")
        assert signed_in(resident).get(address(name)).status_code == 403
    for name in OF_INDICATOR:
        assert signed_in(resident).get(address(name, indicator.pk)).status_code == 403


def test_a_section_neither_approves_nor_binds_nor_assigns(
    indicator: Indicator, chief: Account, office: Account
) -> None:
    client, actual = signed_in(chief), enter(indicator, office)
    for place in [
        address("actual_approvals"),
        *(address(name, indicator.pk) for name in ("binding", "tokens", "owner")),
    ]:
        assert client.get(place).status_code == 403
    for place in (address("actual_approve", actual.pk), address("actual_return", actual.pk)):
        assert client.post(place, {"reason": "x"}).status_code == 403
    assert client.post(address("owners"), {"row": indicator.pk, "due_month": 5, "reason": "x"}).status_code == 403
    actual.refresh_from_db()
    indicator.refresh_from_db()
    assert (actual.status, indicator.version) == (ActualStatus.SUBMITTED, 1)


def test_the_list_shows_my_work_and_how_to_see_the_rest(indicator: Indicator, chief: Account, office: Account) -> None:
    page = signed_in(chief).get(address("actuals")).content.decode()
    assert "オンライン申請の件数" in page
    assert "手続にかかる時間の削減" not in page
    everything = signed_in(chief).get(address("actuals", whose="all")).content.decode()
    assert "手続にかかる時間の削減" in everything
    council = make_staff(Role.COUNCIL)
    assert "課または担当者ごとに計画の事務局が決めます" in signed_in(council).get(address("actuals")).content.decode()
    filtered = signed_in(chief).get(address("actuals", q="ない名前")).content.decode()
    assert "条件を外すと、すべての指標を表示します" in filtered


def test_a_value_with_evidence_is_entered_and_its_file_handed_out_with_a_log(
    indicator: Indicator, chief: Account, office: Account
) -> None:
    client, place = signed_in(chief), address("actual_enter", indicator.pk, fiscal_year=2025)
    page = client.get(place).content.decode()
    assert "2,000件" in page
    answer = client.post(place, {"value": "１，９５０", "as_of": "2026-03-31", "evidence": evidence(), "seen": 0})
    assert answer.status_code == 302
    actual = Actual.objects.get()
    assert (actual.value, actual.text, actual.fiscal_year) == (1950, "1,950件", 2025)
    file = signed_in(office).get(address("actual_evidence", actual.pk))
    assert b"".join(file) == PDF
    assert "attachment" in file["Content-Disposition"]
    record = AccessRecord.objects.get(action="download")
    assert (record.actor, record.subject_id) == (office, actual.evidence)


def test_a_stranger_does_not_get_the_evidence(indicator: Indicator, chief: Account) -> None:
    client = signed_in(chief)
    client.post(
        address("actual_enter", indicator.pk, fiscal_year=2025), {"value": "1950", "evidence": evidence(), "seen": 0}
    )
    resident = Account.objects.create_account(login="shimin", kind=AccountKind.RESIDENT, name="住民")
    assert signed_in(resident).get(address("actual_evidence", Actual.objects.get().pk)).status_code == 403
    assert AccessRecord.objects.count() == 0


def test_a_refused_form_says_what_is_wrong_and_keeps_what_was_typed(indicator: Indicator, chief: Account) -> None:
    client, place = signed_in(chief), address("actual_enter", indicator.pk, fiscal_year=2025)
    answer = client.post(place, {"value": "たくさん", "note": "窓口の集計", "no_evidence_reason": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_value"' in page
    assert 'href="#id_evidence"' in page
    assert 'value="たくさん"' in page
    assert "窓口の集計" in page
    assert Actual.objects.count() == 0


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (("空.pdf", b""), "ファイルが空です"),
        (("絵.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 30), "中身は"),
        (("道具.exe", b"MZ" + b"\0" * 60), "登録できません"),
    ],
)
def test_a_file_that_cannot_be_evidence_is_refused_by_name(
    indicator: Indicator, chief: Account, file: tuple[str, bytes], words: str
) -> None:
    place = address("actual_enter", indicator.pk, fiscal_year=2025)
    answer = signed_in(chief).post(place, {"value": "1950", "evidence": evidence(*file)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Actual.objects.count() == 0


def test_a_slip_is_asked_about_and_the_file_need_not_be_chosen_again(indicator: Indicator, chief: Account) -> None:
    client, place = signed_in(chief), address("actual_enter", indicator.pk, fiscal_year=2025)
    asked = client.post(place, {"value": "195000", "evidence": evidence(), "seen": 0})
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "10倍以上違います" in page
    assert "集計表.pdf" in page
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert kept is not None
    done = client.post(place, {"value": "195000", "kept": kept[1], "confirmed": "jump", "seen": 0})
    assert done.status_code == 302
    assert Actual.objects.get().evidence == str(StoredFile.objects.get().pk)


def test_a_forged_file_is_not_taken_as_kept(indicator: Indicator, chief: Account) -> None:
    place = address("actual_enter", indicator.pk, fiscal_year=2025)
    assert signed_in(chief).post(place, {"value": "1950", "kept": "1:abc", "seen": 0}).status_code == 422


def test_who_comes_second_sees_both_values(indicator: Indicator, chief: Account, office: Account) -> None:
    place = address("actual_enter", indicator.pk, fiscal_year=2025)
    enter(indicator, office)
    answer = signed_in(chief).post(place, {"value": "1980", "no_evidence_reason": "見本", "seen": 0})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "ほかの人が先に" in page
    assert "1,900件" in page
    assert "1,980件" in page
    assert Actual.objects.count() == 1
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    again = {"value": "1980", "no_evidence_reason": "見本", "seen": seen[1]}
    assert signed_in(chief).post(place, again).status_code == 302


def test_several_values_are_approved_at_once_and_taken_back(
    indicator: Indicator, chief: Account, office: Account
) -> None:
    client, actual = signed_in(office), enter(indicator, chief)
    own = enter_actual(
        indicator=Indicator.objects.get(label="平均の待ち時間"), fiscal_year=2025,
        entry=Entry(value=20, no_evidence_reason="見本"), actor=office,
    )  # fmt: skip
    page = client.post(address("actual_approvals"), {"row": [actual.pk, own.pk]}, follow=True).content.decode()
    assert "1件の実績を承認しました" in page
    assert "ご自分が入力した実績は承認できません" in page
    assert selectors.current_actual(indicator, 2025) == actual
    undone = client.post(address("actual_undo"), follow=True).content.decode()
    assert "1件の承認を取り消しました" in undone
    assert selectors.current_actual(indicator, 2025) is None
    assert "取り消せる承認はありません" in client.post(address("actual_undo"), follow=True).content.decode()


def test_a_value_is_sent_back_with_the_reason_which_the_section_reads(
    indicator: Indicator, chief: Account, office: Account
) -> None:
    actual, client = enter(indicator, chief), signed_in(office)
    assert client.post(address("actual_return", actual.pk), {"reason": ""}).status_code == 422
    assert client.post(address("actual_return", actual.pk), {"reason": "表と合いません"}).status_code == 302
    page = signed_in(chief).get(address("actuals")).content.decode()
    assert "差し戻し" in page
    assert "表と合いません" in page


def test_a_csv_goes_through_template_preview_and_confirmation(indicator: Indicator, chief: Account) -> None:
    client = signed_in(chief)
    template = client.get(address("actual_template", fiscal_year=2025)).content.decode("utf-8-sig")
    lines = template.splitlines()
    assert len(lines) == 1 + 2
    filled = f"指標番号,年度,実績,時点,説明\r\n{indicator.pk},令和7年度,1950,,\r\n"
    preview = client.post(address("actual_csv"), {"file": evidence("実績.csv", filled.encode())})
    page = preview.content.decode()
    assert preview.status_code == 200
    assert "1,950件" in page
    assert Actual.objects.count() == 0
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert kept is not None
    assert client.post(address("actual_csv_confirm"), {"kept": kept[1]}).status_code == 302
    assert Actual.objects.get().evidence == str(StoredFile.objects.get().pk)


def test_a_csv_with_a_bad_row_says_which_and_cannot_be_confirmed(indicator: Indicator, chief: Account) -> None:
    client = signed_in(chief)
    content = f"指標番号,年度,実績\r\n{indicator.pk},2024,1500\r\n{indicator.pk},2025,-1\r\n".encode()
    preview = client.post(address("actual_csv"), {"file": evidence("実績.csv", content)})
    page = preview.content.decode()
    assert preview.status_code == 422
    assert "直す必要のある行が1行あります" in page
    assert "actuals/csv/confirm" not in page
    assert client.post(address("actual_csv_confirm"), {"kept": "x"}, follow=True).status_code == 200
    broken = client.post(address("actual_csv"), {"file": evidence("実績.csv", b"a,b\r\n1,2\r\n")})
    assert "必要な列がありません" in broken.content.decode()
    assert Actual.objects.count() == 0


def test_a_binding_is_tried_before_it_is_saved_and_shows_on_the_public_page(
    indicator: Indicator, chief: Account, office: Account
) -> None:
    client, place = signed_in(office), address("binding", indicator.pk)
    enter(Indicator.objects.get(label="平均の待ち時間"), chief, 20)
    form = {"kind": "meter", "expression": "total(plan.actual.entered)", "version": 1}
    tried = client.post(place, form | {"preview": "1"}).content.decode()
    assert "値は1件です" in tried
    indicator.refresh_from_db()
    assert indicator.binding_kind == BindingKind.MANUAL
    assert client.post(place, form).status_code == 422
    wrong = client.post(place, form | {"expression": "total(plan.actual.sent)", "reason": "自動化"})
    assert "というメーターはありません" in wrong.content.decode()
    assert client.post(place, form | {"reason": "自動化"}).status_code == 302
    assert client.post(place, form | {"reason": "もう一度"}).status_code == 409
    public = Client(SERVER_NAME="localhost").get(reverse("plan:indicator", args=[indicator.plan.code, indicator.pk]))
    assert "1件" in public.content.decode()
    enter(Indicator.objects.get(label="平均の待ち時間"), chief, 21)
    measured = client.post(address("measure_now", indicator.pk), follow=True).content.decode()
    assert "新しい値を記録しました" in measured
    public = Client(SERVER_NAME="localhost").get(reverse("plan:indicator", args=[indicator.plan.code, indicator.pk]))
    assert "2件" in public.content.decode()


def test_the_events_behind_a_number_are_listed_in_pages_without_names(
    indicator: Indicator, chief: Account, office: Account
) -> None:
    for value in range(20, 75):
        enter(Indicator.objects.get(label="平均の待ち時間"), chief, value)
    indicator.binding_kind, indicator.binding = BindingKind.METER, {"expression": "plan.actual.entered"}
    indicator.save()
    place = address("indicator_evidence", indicator.pk)
    first = signed_in(chief).get(place).content.decode()
    assert first.count("実績を入力しました") == 50
    assert "55件" in first
    second = signed_in(chief).get(place, {"page": 2}).content.decode()
    assert second.count("実績を入力しました") == 5
    table = first[first.index("<table") : first.index("</table>")]
    assert chief.name not in table


def test_a_token_is_shown_once_and_can_be_revoked(indicator: Indicator, office: Account) -> None:
    client, place = signed_in(office), address("tokens", indicator.pk)
    page = client.post(place, {"name": "電子申請", "days": 30}).content.decode()
    secret = re.search(r"mdg_[\w-]+", page)
    assert secret is not None
    assert secret[0] not in client.get(place).content.decode()
    token = PushToken.objects.get()
    assert client.post(address("token_revoke", token.pk)).status_code == 302
    assert "失効" in client.get(place).content.decode()
    assert client.post(place, {"name": "x", "days": 1000}).status_code == 422


def test_owners_are_assigned_one_by_one_and_many_at_once(indicator: Indicator, chief: Account, office: Account) -> None:
    client = signed_in(office)
    unit = chief.duties.get().unit
    form = {"unit": unit.pk, "person": chief.pk, "due_month": 6, "reason": "分担"}
    assert client.post(address("owner", indicator.pk), form | {"version": 1}).status_code == 302
    assert client.post(address("owner", indicator.pk), form | {"version": 1}).status_code == 409
    assert client.post(address("owners"), form).status_code == 422
    every = [found.pk for found in Indicator.objects.all()]
    assert client.post(address("owners"), form | {"row": every}).status_code == 302
    assert {found.owner for found in Indicator.objects.all()} == {chief}
    assert "条件を外すと、すべての指標を表示します" in client.get(address("owners", which="none")).content.decode()


def test_the_check_of_plans_counts_and_names_the_faults(indicator: Indicator, office: Account) -> None:
    page = signed_in(office).get(address("lint")).content.decode()
    assert "実績をどの資料から取るのかが決まっていません" in page
    assert address("indicator_actuals", indicator.pk) in page
    indicator.targets.filter(fiscal_year=2026).update(value=900_000)
    enter_and_approve = enter(indicator, make_staff(Role.SECTION_CHIEF, login="other"))
    approve_actual(actual=enter_and_approve, actor=office)
    warned = signed_in(office).get(address("lint", severity="warning")).content.decode()
    assert "これまでの最大は" in warned


def test_what_is_not_there_is_not_found(indicator: Indicator, office: Account, city: Any) -> None:
    client = signed_in(office)
    other = make_city("aoba", order=2)
    with acting_for(other):
        foreign = Indicator.objects.filter(plan=make_plan(other, code="dx-2024")).first()
    assert foreign is not None
    for name in OF_INDICATOR:
        assert client.get(address(name, foreign.pk)).status_code == 404
        assert client.get(address(name, 10**18)).status_code == 404
    assert client.get(address("actual", 10**18)).status_code == 404
    assert client.get(address("actual_evidence", enter(indicator, office).pk)).status_code == 404
    assert client.get(address("indicator_evidence", indicator.pk)).status_code == 404
    assert client.post(address("token_revoke", 10**18)).status_code == 404
