"""The builder through its pages, as they work without JavaScript: making, merging, taking back, publishing, refusing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from madoguchi.procedures.models import DraftEdit, Procedure, ProcedureVersion, SharedTemplate
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Event, Municipality, acting_for, add_municipality, assign_duty
from madoguchi.trust.enums import AccountKind, Role

pytestmark = pytest.mark.database

SECTIONS = ("basics", "form", "fees", "flow", "outputs", "settings", "tests")
PASSWORD = "himitsu-no-aikotoba"


@pytest.fixture(autouse=True)
def quick(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def city(db) -> Iterator[Municipality]:
    host_table.clear()
    municipality = add_municipality(key="minato", code="131032", name="港市", order=1)
    with acting_for(municipality):
        yield municipality
    host_table.clear()


def make_staff(role: Role, login: str) -> Account:
    account = Account.objects.create_account(
        login=login, password=PASSWORD, kind=AccountKind.STAFF, name=f"職員 {login}"
    )
    assign_duty(account=account, role=role, from_date=date(2020, 4, 1))
    return account


@pytest.fixture
def designer(city) -> Account:
    return make_staff(Role.DESIGNER, "sekkei")


def signed_in(account: Account) -> Client:
    client = Client(HTTP_HOST="minato.localhost")
    client.force_login(account)
    return client


@pytest.fixture
def client(designer) -> Client:
    return signed_in(designer)


def text_of(response: Any) -> str:
    return re.sub(r"<wbr/?>", "", response.content.decode())


@pytest.fixture
def draft(client) -> ProcedureVersion:
    answer = client.post(
        "/builder/new/", {"name": "犬の登録", "code": "dog", "asks": ["name", "phone"], "category": "living"}
    )
    assert answer.status_code == 302, text_of(answer)
    assert answer.url == "/builder/dog/form/"
    return ProcedureVersion.objects.get(procedure__code="dog")


def press(client: Client, section: str, do: str = "", **values: Any) -> Any:
    """Press a button of a section, with what was typed, at the newest revision unless one is given."""
    revision = values.pop("revision", None)
    if revision is None:
        revision = ProcedureVersion.objects.filter(procedure__code="dog").latest("number").revision
    data = {"revision": revision, "do": do, **{key.replace("__", "."): value for key, value in values.items()}}
    return client.post(f"/builder/dog/{section}/edit/", data)


def document() -> dict[str, Any]:
    found: dict[str, Any] = ProcedureVersion.objects.filter(procedure__code="dog").latest("number").document
    return found


def build_fee(client: Client) -> None:
    """A yes/no question, a question behind it, a fee by the answer, an output."""
    press(client, "form", "add:form.steps.1.fields:yes_no")
    press(client, "form", **{"v.form.steps.1.fields.0.label.ja": "大型犬ですか"})
    press(client, "form", "branch:form.steps.1.fields.0:true", branch="text")
    press(client, "form", **{"v.form.steps.1.fields.1.label.ja": "犬種"})
    press(client, "fees", "fee:", fee_by="yes_no")
    press(client, "fees", **{"v.decisions.fee.table.rows.0.1": "3500", "v.decisions.fee.table.rows.1.1": "3000"})


def test_every_page_of_the_builder_opens_for_a_fresh_draft(client, draft) -> None:
    for name in (*SECTIONS, "check", "compare", "publish", "versions", "preview"):
        answer = client.get(f"/builder/dog/{name}/")
        assert answer.status_code == 200, name
    for name in (
        "",
        "?q=犬",
        "?q=猫",
        "?state=draft",
        "?state=retired",
        "new/",
        "new/library/",
        "new/file/",
        "new/copy/",
    ):
        assert client.get(f"/builder/{name}").status_code == 200, name
    for number in range(2):
        assert client.get(f"/builder/dog/form/?at=form.steps.0.fields.{number}").status_code == 200
    assert client.get("/builder/dog/form/?at=form.steps.9.fields.9").status_code == 200
    assert client.get("/builder/dog/").url == "/builder/dog/basics/"


def test_a_paid_procedure_with_a_branch_is_built_by_forms_alone(client, draft) -> None:
    build_fee(client)
    press(client, "outputs", "add:outputs")
    press(client, "outputs", **{"v.outputs.0.name.ja": "登録通知", "v.outputs.0.body.ja": "{name} 様"})
    made = document()
    fields = made["form"]["steps"][1]["fields"]
    assert fields[1]["visible_if"] == "yes_no = true"
    assert made["decisions"]["fee"]["table"]["rows"] == [["true", "3500"], ["false", "3000"]]
    assert made["payment"] == "before"
    assert made["outputs"][0]["name"]["ja"] == "登録通知"
    for name in SECTIONS:
        assert client.get(f"/builder/dog/{name}/").status_code == 200
    page = text_of(client.get("/builder/dog/form/"))
    assert "「大型犬ですか」が「はい」のとき" in page


def test_a_condition_is_made_by_choosing_and_may_be_written_by_hand(client, draft) -> None:
    build_fee(client)
    place = "v.form.steps.0.fields.1.visible_if"
    was = {f"{place}~was": "", f"{place}~feel": ""}
    press(
        client, "form", **was, **{f"{place}~0.field": "yes_no", f"{place}~0.operator": "=", f"{place}~0.value": "false"}
    )
    assert document()["form"]["steps"][0]["fields"][1]["visible_if"] == "yes_no = false"
    written = {f"{place}~was": "yes_no = false", f"{place}~feel": "if yes_no then true else false"}
    press(client, "form", **written, **{f"{place}~0.field": "yes_no", f"{place}~0.operator": "="})
    assert document()["form"]["steps"][0]["fields"][1]["visible_if"] == "if yes_no then true else false"
    bad = press(client, "form", **{f"{place}~was": "if yes_no then true else false", f"{place}~feel": "yes_no = "})
    assert bad.status_code == 422
    assert "式を読めません" in text_of(bad)
    assert document()["form"]["steps"][0]["fields"][1]["visible_if"] == "if yes_no then true else false"


def test_a_clause_without_its_value_is_kept_on_the_page(client, draft) -> None:
    place = "v.form.steps.1.visible_if"
    was = {f"{place}~was": "", f"{place}~feel": ""}
    answer = press(
        client,
        "form",
        at="form.steps.1",
        **was,
        **{f"{place}~0.field": "phone", f"{place}~0.operator": "="},
    )
    assert answer.status_code == 200
    assert '<option value="phone" selected>' in text_of(answer)
    assert "visible_if" not in document()["form"]["steps"][1]


def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_saved(client, draft) -> None:
    before = ProcedureVersion.objects.get().revision
    answer = press(client, "basics", **{"v.minutes_to_apply": "十分くらい", "v.name.ja": "犬の届出"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "十分くらい" in page
    assert "犬の届出" in page
    answer = press(client, "settings", **{"v.minutes.before": "99999"})
    assert answer.status_code == 422
    assert "6000以下" in text_of(answer)
    answer = press(client, "form", **{"v.form.steps.0.fields.0.code": "氏名"})
    assert answer.status_code == 422
    assert ProcedureVersion.objects.get().revision == before
    assert document()["name"]["ja"] == "犬の登録"


@pytest.mark.parametrize(
    "do", ["explode:", "add:../x", "remove:name", "branch:form.steps.0.fields.0:{", "shift:laws.0:x", "up:x"]
)
def test_a_forged_button_changes_nothing(do, client, draft) -> None:
    before = document()
    answer = press(client, "form", do)
    assert answer.status_code in (302, 422)
    assert document() == before


def test_saves_are_taken_back_and_done_again_one_by_one(client, draft) -> None:
    for name in ("一", "二", "三"):
        press(client, "basics", **{"v.name.ja": name, "do": ""})
        DraftEdit.objects.update(edit={"kind": "set", "paths": []})
    names = []
    for go in ("undo", "undo", "redo", "undo", "undo", "undo", "redo"):
        client.post("/builder/dog/basics/travel/", {"go": go})
        names.append(document()["name"]["ja"])
    assert names == ["二", "一", "二", "一", "犬の登録", "犬の登録", "一"]


def test_typing_in_one_place_is_one_step_of_taking_back(client, draft) -> None:
    for name in ("犬", "犬の", "犬の届出"):
        press(client, "basics", **{"v.name.ja": name})
    client.post("/builder/dog/basics/travel/", {"go": "undo"})
    assert document()["name"]["ja"] == "犬の登録"


def test_no_more_than_a_hundred_saves_are_kept(client, draft, designer) -> None:
    from madoguchi.procedures.rules.editing import Edit
    from madoguchi.procedures.services.building import KEPT, edit_draft

    version = draft
    for number in range(KEPT + 5):
        edits = [Edit("set", values={"contact.phone": str(number)})]
        version = edit_draft(version=version, edits=edits, seen_revision=version.revision, actor=designer).version
    assert DraftEdit.objects.count() == KEPT


def test_two_people_at_once_lose_nothing(client, draft) -> None:
    other = signed_in(make_staff(Role.DESIGNER, "futari"))
    seen = ProcedureVersion.objects.get().revision
    press(client, "form", "add:form.steps.0.fields:email@0")
    answer = press(other, "form", revision=seen, **{"v.form.steps.0.fields.0.label.ja": "お名前"})
    assert answer.status_code == 302
    assert "職員 sekkeiさんの変更を取り込んで保存しました" in text_of(other.get(answer.url))
    fields = document()["form"]["steps"][0]["fields"]
    assert [field["code"] for field in fields] == ["email", "name", "phone"]
    assert fields[1]["label"]["ja"] == "お名前"


def test_two_people_who_change_one_place_choose(client, draft) -> None:
    other = signed_in(make_staff(Role.DESIGNER, "futari"))
    seen = ProcedureVersion.objects.get().revision
    press(client, "basics", **{"v.name.ja": "飼い犬の登録"})
    answer = press(other, "basics", revision=seen, **{"v.name.ja": "犬の届出", "v.contact.phone": "0120"})
    assert answer.status_code == 409
    page = text_of(answer)
    assert "飼い犬の登録" in page
    assert "犬の届出" in page
    assert document()["name"]["ja"] == "飼い犬の登録"
    press(other, "basics", revision=seen, overwrite="1", **{"v.name.ja": "犬の届出", "v.contact.phone": "0120"})
    assert document()["name"]["ja"] == "犬の届出"
    assert document()["contact"]["phone"] == "0120"


def test_a_page_left_open_after_publishing_loses_nothing_silently(client, draft) -> None:
    ProcedureVersion.objects.update(status="published")
    answer = press(client, "basics", **{"v.name.ja": "犬の届出"})
    assert answer.url == "/builder/dog/versions/"
    assert document()["name"]["ja"] == "犬の登録"


def test_the_preview_shows_conditions_and_stores_nothing(client, draft) -> None:
    build_fee(client)
    events, edits = Event.objects.count(), DraftEdit.objects.count()
    start = {"step": "details", "answers": "{}", "language": "ja"}
    closed = text_of(client.post("/builder/dog/preview/", {**start, "yes_no": "no"}))
    opened = text_of(client.post("/builder/dog/preview/", {**start, "yes_no": "yes"}))
    assert "犬種" not in closed
    assert "犬種" in opened
    end = client.post("/builder/dog/preview/", {**start, "yes_no": "yes", "go": "to:end"})
    assert "3,500円" in text_of(end)
    assert end["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in end["Content-Security-Policy"]
    assert client.get("/builder/dog/form/")["X-Frame-Options"] == "DENY"
    assert (Event.objects.count(), DraftEdit.objects.count()) == (events, edits)


@pytest.mark.parametrize("answers", ["", "[]", "{", "null", '{"yes_no": {"a": [1]}, "name": 7, "x": 1}', "[" * 5000])
def test_the_preview_answers_whatever_is_carried_back(answers, client, draft) -> None:
    for step in ("details", "nowhere", "end"):
        for go in ("next", "back", "to:end", "to:x", "add:name"):
            answer = client.post("/builder/dog/preview/", {"answers": answers, "step": step, "go": go, "do": go})
            assert answer.status_code == 200


def test_a_filled_preview_becomes_a_test_that_watches_over_the_draft(client, draft) -> None:
    build_fee(client)
    name = {"family": "緑山", "given": "葵", "family_kana": "ミドリヤマ", "given_kana": "アオイ"}
    answers = {"name": name, "phone": "0465-33-1111", "yes_no": False}
    answer = client.post("/builder/dog/keep-test/", {"answers": json.dumps(answers), "name": "小型犬は3,000円"})
    assert answer.url == "/builder/dog/tests/?at=tests.0"
    assert document()["tests"][0]["expect"]["fee"] == 3000
    assert "1件すべて合っています" in text_of(client.get("/builder/dog/tests/"))
    press(client, "fees", **{"v.decisions.fee.table.rows.1.1": "3200"})
    page = text_of(client.get("/builder/dog/tests/"))
    assert "1件のうち1件が合いません" in page
    assert "3200" in page
    refused = client.post("/builder/dog/publish/")
    assert refused.status_code == 409
    assert Procedure.objects.get().published is None


def test_only_who_designs_may_open_the_builder(city, draft) -> None:
    for role in (Role.SECTION_STAFF, Role.COUNCIL, Role.CASHIER):
        other = signed_in(make_staff(role, role.value.replace("_", "-")))
        before = document()
        for name in ("", "new/", "dog/form/", "dog/preview/", "dog/publish/", "dog/versions/", "dog/versions/1/file/"):
            assert other.get(f"/builder/{name}").status_code == 403, name
        assert press(other, "form", "add:form.steps").status_code == 403
        assert other.post("/builder/dog/versions/act/", {"do": "discard"}).status_code == 403
        assert document() == before
    assert Client(HTTP_HOST="minato.localhost").get("/builder/").status_code == 302


BROKEN = [
    (b"", "JSON"),
    (b"\x89PNG\r\n\x1a\n\x00\xff", "UTF-8"),
    (b"[]", "値の形"),
    (b"{}", "この項目がありません"),
    (b"[" * 100_000, "ファイルを読めません"),
    (b'{"format": "madoguchi.procedure/1", "code": "dog", "name": "x", "colour": "red"}', "知らない項目"),
    (b'{"code": "Dog 1", "name": "x"}', "使えない文字"),
    (b'{"code": "cat", "name": "x", "form": {"steps": [{"code": "a", "title": "t", "fields": ['
     b'{"code": "b", "component": "magic"}]}]}}', "form.steps.0.fields.0.component"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), BROKEN)
def test_a_file_that_is_no_definition_is_answered_with_place_and_reason(data, message, client, draft) -> None:
    before = document()
    answer = client.post("/builder/new/file/", {"file": SimpleUploadedFile("x.json", data)})
    assert answer.status_code == 422
    assert message in text_of(answer)
    assert document() == before
    assert Procedure.objects.count() == 1


def test_a_definition_goes_out_as_a_file_and_comes_back(client, draft) -> None:
    build_fee(client)
    file = client.get("/builder/dog/versions/1/file/").content
    kept = document()
    assert client.post("/builder/dog/versions/act/", {"do": "discard"}).url == "/builder/"
    assert not Procedure.objects.exists()
    answer = client.post("/builder/new/file/", {"file": SimpleUploadedFile("dog.json", file)})
    assert answer.url == "/builder/dog/basics/"
    assert document() == kept


def test_a_copy_is_a_procedure_of_its_own(client, draft) -> None:
    answer = client.post("/builder/new/copy/", {"from": "dog", "code": "cat"})
    assert answer.url == "/builder/cat/basics/"
    assert ProcedureVersion.objects.get(procedure__code="cat").name == "犬の登録（写し）"
    for code in ("cat", "Katze", "", "a" * 70):
        refused = client.post("/builder/new/copy/", {"from": "dog", "code": code})
        assert refused.status_code == 422, code
    assert Procedure.objects.count() == 2


@pytest.mark.parametrize("code", ["dog", "Hund!", "-x", "a" * 61])
def test_a_taken_or_bad_address_is_refused_at_its_field(code, client, draft) -> None:
    answer = client.post("/builder/new/", {"name": "もう一つ", "code": code})
    assert answer.status_code == 422
    assert Procedure.objects.count() == 1


def test_a_flow_is_taken_from_a_file_and_judged(client, draft) -> None:
    answer = client.post("/builder/dog/workflow/", {"bpmn": SimpleUploadedFile("x.bpmn", b"\xff\xfe\x00")})
    assert answer.status_code == 422
    flow = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p"><scriptTask id="s"/></process></definitions>'
    answer = client.post("/builder/dog/workflow/", {"bpmn": SimpleUploadedFile("x.bpmn", flow.encode())})
    assert answer.status_code == 302
    assert "使えない部品" in text_of(client.get("/builder/dog/flow/"))


def test_templates_of_other_cities_become_drafts_here(client, draft) -> None:
    from django.utils import timezone

    template = SharedTemplate.objects.create(
        code="dog", name="犬の登録（見本）", document=document(), shared_at=timezone.now(), note="全国共通"
    )
    assert "犬の登録（見本）" in text_of(client.get("/builder/new/library/?q=犬"))
    refused = client.post("/builder/new/library/", {"template": template.pk, "code": "dog"})
    assert refused.status_code == 422
    answer = client.post("/builder/new/library/", {"template": template.pk, "code": "dog-2"})
    assert answer.url == "/builder/dog-2/basics/"
    template.refresh_from_db()
    assert template.uses == 1


@pytest.mark.parametrize("address", ["nothing/", "nothing/form/", "dog/nothing/", "dog/versions/9/file/", "dog%00/"])
def test_an_address_that_leads_nowhere_is_no_page(address, client, draft) -> None:
    assert client.get(f"/builder/{address}").status_code == 404


def fit_to_publish(client: Client) -> None:
    build_fee(client)
    texts = {
        "summary": "犬を登録します。",
        "who": "犬を飼う人",
        "when": "飼い始めてから30日以内",
        "fee_text": "3,000円",
        "contact.section": "環境課",
    }
    press(client, "basics", "add:laws", **{f"v.{key}.ja": text for key, text in texts.items()})
    press(client, "basics", **{"v.laws.0.title": "狂犬病予防法"})


def act(client: Client, do: str, **values: Any) -> Any:
    return client.post("/builder/dog/versions/act/", {"do": do, **values})


def test_a_procedure_lives_through_its_versions(client, draft, city) -> None:
    fit_to_publish(client)
    assert client.post("/builder/dog/publish/").url == "/builder/dog/versions/"
    assert Procedure.objects.get().published.number == 1
    assert client.get("/builder/dog/").url == "/builder/dog/versions/"
    assert "改訂の下書きをつくる" in text_of(client.get("/builder/dog/versions/"))
    assert client.get("/builder/dog/compare/").status_code == 200

    assert act(client, "start").url == "/builder/dog/basics/"
    press(client, "form", "remove:form.steps.0.fields.1")
    press(client, "fees", **{"v.decisions.fee.table.rows.1.1": "3300"})
    page = text_of(client.get("/builder/dog/compare/"))
    assert "「電話番号」" in page
    assert "削除" in page
    assert "3300" in page
    published = text_of(client.get("/builder/dog/publish/"))
    assert "第1版からの変更" in published
    assert client.post("/builder/dog/publish/").status_code == 302
    assert [version.status for version in ProcedureVersion.objects.order_by("number")] == ["superseded", "published"]

    assert act(client, "restore", version="1").url == "/builder/dog/basics/"
    restored = ProcedureVersion.objects.get(number=3)
    assert restored.document == ProcedureVersion.objects.get(number=1).document
    client.post("/builder/dog/basics/travel/", {"go": "undo"})
    restored.refresh_from_db()
    assert restored.document == ProcedureVersion.objects.get(number=2).document

    assert act(client, "share", note="手数料は条例に合わせて").status_code == 302
    assert SharedTemplate.objects.get().source == city
    act(client, "unshare")
    assert not SharedTemplate.objects.exists()
    act(client, "discard")
    act(client, "retire")
    assert Procedure.objects.get().is_retired
    assert "受付は終了しています" in text_of(client.get("/builder/dog/versions/"))
    assert "受付終了" in text_of(client.get("/builder/?state=retired"))


def test_publishing_shows_what_becomes_of_earlier_applications(client, draft, city) -> None:
    from django.utils import timezone

    from madoguchi.procedures.models import Application

    fit_to_publish(client)
    client.post("/builder/dog/publish/")
    procedure = Procedure.objects.get()
    name = {"family": "緑山", "given": "葵", "family_kana": "ミドリヤマ", "given_kana": "アオイ"}
    Application.objects.create(
        municipality=city, number="R8-1", send_key="1", procedure=procedure, version=procedure.published, fiscal_year=2026,
        answers={"name": name, "phone": "0465-33-1111", "yes_no": False}, submitted_at=timezone.now(), fee=3000,
    )  # fmt: skip
    act(client, "start")
    press(client, "form", "add:form.steps.1.fields:date")
    press(client, "form", **{"v.form.steps.1.fields.2.label.ja": "飼い始めた日"})
    press(client, "form", "remove:form.steps.0.fields.1")
    press(client, "fees", **{"v.decisions.fee.table.rows.1.1": "3300"})
    page = text_of(client.get("/builder/dog/publish/"))
    assert "1件は、そのままでは申請できなくなります" in page
    assert "1件で、前は聞いていた回答がなくなります" in page
    assert "3,000円 → 3,300円" in page
    assert "緑山" not in page


@pytest.mark.parametrize("do", ["", "explode", "back_to", "restore", "share", "unshare"])
def test_an_action_that_makes_no_sense_is_refused(do, client, draft) -> None:
    before = document()
    assert act(client, do, revision="x", version="999999999").status_code == 404
    assert document() == before


def test_a_draft_goes_back_to_an_earlier_save_and_forward_again(client, draft) -> None:
    for name in ("一", "二"):
        press(client, "basics", **{"v.name.ja": name})
        DraftEdit.objects.update(edit={"kind": "set", "paths": []})
    first = DraftEdit.objects.get(document__name__ja="一").revision
    assert act(client, "back_to", revision=str(first)).status_code == 302
    assert document()["name"]["ja"] == "一"
    client.post("/builder/dog/basics/travel/", {"go": "undo"})
    assert document()["name"]["ja"] == "二"


def test_a_flow_is_drawn_from_the_houses_own(client, draft) -> None:
    page = client.get("/builder/dog/diagram/")
    assert page.status_code == 200
    from madoguchi.cases.api import default_bpmn

    assert client.post("/builder/dog/workflow/", {"workflow": default_bpmn()}).url == "/builder/dog/flow/"
    assert "この流れは動きます" in text_of(client.get("/builder/dog/flow/"))
