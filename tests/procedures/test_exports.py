"""Applications handed on to core systems: once per system, exact to read back, losses named, results compared."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.procedures.enums import ApplicationStatus, ExportGrade, ExportItemState, ExportStatus
from madoguchi.procedures.errors import ExportError
from madoguchi.procedures.models import Application, CoreExport, CoreExportItem, Correction, Procedure
from madoguchi.procedures.rules.definition import read_definition
from madoguchi.procedures.rules.exporting import (
    arrange,
    columns_of,
    fit_cells,
    flatten,
    form_id,
    read_layout,
    read_results,
    read_table,
    unflatten,
    without_empty,
    write_table,
)
from madoguchi.procedures.selectors.exporting import corrected_since
from madoguchi.procedures.services.applying import attach_file, start_draft, submit
from madoguchi.procedures.services.exporting import reconcile, report_keyed, run_export, start_export
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, acting_for, open_file
from madoguchi.trust.enums import AccessAction, Role
from madoguchi.trust.errors import RefusedError
from madoguchi.trust.models import AccessRecord
from tests.trust.people import event_keys, make_odawara, make_oyama, make_staff, make_unit

from .residents import ANSWERS, document, png, publish

RARE = {"family": "辻󠄀", "given": "𠮷子", "family_kana": "ツジ", "given_kana": "ヨシコ"}
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
ROWS = st.lists(st.fixed_dictionaries({"nickname": TEXTS, "age": st.integers(0, 130)}), min_size=1, max_size=4)


class TestTables:
    definition = read_definition(document())

    @settings(max_examples=60)
    @given(family=TEXTS, rows=ROWS, agreed=st.booleans(), guarded=st.booleans())
    def test_give_back_exactly_what_was_written(self, family, rows, agreed, guarded) -> None:
        answers = {**ANSWERS, "name": {**RARE, "family": family}, "children": rows, "has_children": agreed}
        columns = columns_of(self.definition, [answers, ANSWERS])
        content = write_table(columns, [("1", flatten(columns, answers))], encoding="utf-8-sig", is_guarded=guarded)
        [(number, cells)] = read_table(content, columns, is_guarded=guarded)
        assert number == "1"
        assert unflatten(columns, cells) == without_empty(answers)

    def test_carry_no_formula_a_spreadsheet_would_run(self) -> None:
        answers = {**ANSWERS, "name": {**RARE, "family": '=HYPERLINK("http://evil","x")', "given": "@SUM(1)"}}
        columns = columns_of(self.definition, [answers])
        rows = [("1", flatten(columns, answers))]
        safe = write_table(columns, rows, encoding="utf-8-sig", is_guarded=True).decode("utf-8-sig")
        assert "'=HYPERLINK" in safe
        assert "'@SUM" in safe

    def test_have_headings_of_their_own_and_an_order_somebody_chose(self) -> None:
        columns = columns_of(self.definition, [{**ANSWERS, "children": [{"nickname": "あ", "age": 1}] * 2}])
        headings = [column.heading for column in columns]
        assert len(set(headings)) == len(headings)
        paths, unknown = read_layout("生年月日\n氏名 姓（名字）\n子ども 1 年齢\n存在しない項目\n\n生年月日", columns)
        assert unknown == ["存在しない項目"]
        assert [column.path for column in arrange(columns, paths)] == [
            "birth_date",
            "name.family",
            "children.0.age",
            "children.1.age",
        ]

    def test_say_which_characters_had_to_change(self) -> None:
        answers = {**ANSWERS, "name": {**RARE, "given": "髙〜花"}}
        columns = columns_of(self.definition, [answers])
        cells = flatten(columns, answers)
        kept, none = fit_cells(columns, cells, profile="mj", encoding="utf-8-sig")
        assert kept["name.family"] == "辻󠄀"
        assert none == []
        old, losses = fit_cells(columns, cells, profile="x0208", encoding="cp932")
        assert (old["name.family"], old["name.given"]) == ("辻", "高～花")
        assert [(loss.path, loss.original, loss.printed) for loss in losses] == [
            ("name.family", "辻󠄀", "辻"),
            ("name.given", "髙", "高"),
        ]

    @settings(max_examples=60)
    @given(st.text(st.characters(exclude_categories=("Cs",)), max_size=20))
    def test_never_hold_what_the_encoding_lacks(self, text) -> None:
        answers = {"name": {"family": text}}
        columns = columns_of(self.definition, [answers])
        cells, _losses = fit_cells(columns, flatten(columns, answers), profile="x0208", encoding="cp932")
        write_table(columns, [("1", cells)], encoding="cp932", is_guarded=True)


@pytest.mark.parametrize("code", ["dog", "a-very-long-procedure-code-of-all", "a-very-long-procedure-code-of-many"])
def test_the_id_of_a_form_fits_the_national_pattern(code) -> None:
    assert form_id(code).isalnum()
    assert len(form_id(code)) <= 18
    assert form_id("a-very-long-procedure-code-of-all") != form_id("a-very-long-procedure-code-of-many")


def test_a_robots_report_is_read_however_it_is_written() -> None:
    lines = read_results("受付番号,結果,メッセージ\nx,OK,\ny,×,見つからない\nz,たぶん,\n".encode("cp932"))
    assert [line.is_keyed for line in lines] == [True, False, None]


@pytest.fixture
def city(db, settings, tmp_path) -> Iterator[dict[str, Any]]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT, settings.SECOND_FACTOR_REQUIRED = tmp_path, False
    host_table.clear()
    with acting_for(make_odawara()):
        unit = make_unit("市民課")
        version = publish(unit)
        yield {
            "version": version,
            "procedure": version.procedure,
            "clerk": make_staff("tanto", Role.SECTION_STAFF, unit=unit),
            "registrar": make_staff("jumin", Role.REGISTRAR),
            "elsewhere": make_staff("yoso", Role.SECTION_STAFF, unit=make_unit("税務課")),
        }
    host_table.clear()


def send(city: dict[str, Any], **changes: Any) -> Application:
    draft = start_draft(version=city["version"], account=None, browser_secret="s")
    draft.answers = {**ANSWERS, **changes}
    draft.save()
    return submit(draft=draft, actor=None)


def start(city: dict[str, Any], grade: str, **changes: Any) -> CoreExport:
    facts = {"actor": city["clerk"], "procedure": city["procedure"], "system": "児童手当", "grade": grade}
    made = start_export(**{**facts, **changes})
    if made.status == ExportStatus.QUEUED:
        run_export(export_id=made.pk)
        made.refresh_from_db()
    return made


def content_of(export: CoreExport) -> bytes:
    assert export.stored is not None
    with open_file(export.stored) as file:
        return file.read()


def correct(application: Application, **changes: Any) -> None:
    application.answers = {**application.answers, **changes}
    application.save()
    Correction.objects.create(
        municipality=application.municipality,
        application=application,
        fields=list(changes),
        requested_at=clock.now(),
        answered_at=clock.now() + timedelta(seconds=1),
    )


@pytest.mark.django_db
@pytest.mark.database
class TestHandingOn:
    def test_takes_each_application_once_per_system_unless_asked_again(self, city) -> None:
        first, second = send(city), send(city)
        export = start(city, ExportGrade.ROBOT)
        assert {item.application_id for item in export.items.all()} == {first.pk, second.pk}
        with pytest.raises(ExportError):
            start(city, ExportGrade.BULK)
        assert start(city, ExportGrade.ROBOT, system="税").total == 2
        third = send(city)
        assert [item.application_id for item in start(city, ExportGrade.ROBOT).items.all()] == [third.pk]
        again = start(city, ExportGrade.ROBOT, again=True)
        assert again.total == 3
        assert all(item.is_again for item in again.items.all())
        assert CoreExportItem.objects.filter(system="児童手当", is_current=True).count() == 3

    def test_writes_down_who_took_what_and_keeps_it(self, city) -> None:
        application = send(city)
        export = start(city, ExportGrade.ROBOT)
        looks = AccessRecord.objects.filter(action=AccessAction.EXPORT, subject_id=str(application.pk))
        assert [look.actor for look in looks] == [city["clerk"]]
        assert {"procedures.export.started", "procedures.export.ready"} <= set(event_keys())
        assert export.items.get().digest

    def test_flags_what_was_corrected_afterwards_and_takes_it_once_more(self, city) -> None:
        application = send(city)
        export = start(city, ExportGrade.ROBOT)
        assert not corrected_since(export.items.all()).exists()
        correct(application, name=RARE)
        assert corrected_since(export.items.all()).exists()
        with clock.frozen(clock.now() + timedelta(minutes=1)):
            newer = start(city, ExportGrade.ROBOT)
        assert (newer.total, newer.items.get().is_again) == (1, True)
        assert newer.items.get().digest != export.items.get().digest
        assert not corrected_since(CoreExportItem.objects.all()).exists()

    def test_leaves_out_what_is_over_or_about_to_change(self, city) -> None:
        for status in (ApplicationStatus.WITHDRAWN, ApplicationStatus.AWAITING_CORRECTION, ApplicationStatus.REJECTED):
            application = send(city)
            Application.objects.filter(pk=application.pk).update(status=status)
        with pytest.raises(ExportError):
            start(city, ExportGrade.ROBOT)
        good = send(city)
        tomorrow = clock.today() + timedelta(days=1)
        with pytest.raises(ExportError):
            start(city, ExportGrade.ROBOT, since=tomorrow)
        assert [item.application for item in start(city, ExportGrade.ROBOT, until=clock.today()).items.all()] == [good]

    @pytest.mark.parametrize(
        "changes",
        [
            {"system": " "},
            {"grade": "magic"},
            {"encoding": "cp932"},
            {"procedure": None},
            {"since": date(2027, 1, 2), "until": date(2027, 1, 1)},
        ],
    )
    def test_refuses_what_contradicts_itself_and_claims_nothing(self, city, changes) -> None:
        send(city)
        with pytest.raises(ExportError):
            start(city, **{"grade": ExportGrade.ROBOT, **changes})
        assert CoreExportItem.objects.count() == 0

    def test_lets_staff_of_the_unit_and_the_registrar_alone(self, city) -> None:
        send(city)
        with pytest.raises(RefusedError):
            start(city, ExportGrade.ROBOT, actor=city["elsewhere"])
        assert CoreExport.objects.count() == 0
        assert start(city, ExportGrade.ROBOT, actor=city["registrar"]).total == 1
        with acting_for(make_oyama()):
            assert CoreExport.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.database
class TestFiles:
    def test_a_table_reads_back_as_the_answers_that_were_sent(self, city) -> None:
        application = send(city, name=RARE)
        export = start(city, ExportGrade.ROBOT)
        columns = columns_of(city["version"].definition, [application.answers])
        [(number, cells)] = read_table(content_of(export), columns, is_guarded=True)
        assert number == application.number
        assert unflatten(columns, cells) == without_empty(application.answers)
        assert export.items.get().losses == []

    def test_an_old_system_gets_its_characters_and_the_losses_are_listed(self, city) -> None:
        send(city, name=RARE)
        export = start(city, ExportGrade.ROBOT, profile="x0208", encoding="cp932")
        assert "辻,吉子" in content_of(export).decode("cp932")
        assert [loss[1:3] for loss in export.items.get().losses] == [["辻󠄀", "辻"], ["𠮷", "吉"]]

    def test_a_package_holds_json_xml_pdf_attachments_and_a_manifest_that_is_true(self, city) -> None:
        draft = start_draft(version=city["version"], account=None, browser_secret="s")
        field = city["version"].definition.form.find("papers")
        file = SimpleUploadedFile("../../証明 書.png", png())
        kept = attach_file(subject=draft, field=field, file=file, actor=None)
        draft.answers = {**ANSWERS, "name": RARE, "papers": [kept]}
        draft.save()
        application = submit(draft=draft, actor=None)
        archive = zipfile.ZipFile(io.BytesIO(content_of(start(city, ExportGrade.IMPORT))))
        manifest = json.loads(archive.read("manifest.json"))
        assert {entry["path"] for entry in manifest["files"]} | {"manifest.json"} == set(archive.namelist())
        for entry in manifest["files"]:
            assert hashlib.sha256(archive.read(entry["path"])).hexdigest() == entry["sha256"]
        data = json.loads(archive.read("application.json"))
        assert data["answers"] == application.answers
        assert data["losses"] == []
        root = ElementTree.fromstring(archive.read("application.xml"))
        assert root.tag == "DataRoot"
        assert [child.text for child in root][:4] == ["SAMPLEGRANT", "0001", "sample-grant.xsl", "0"]
        assert root.findtext("申請/name/family") == "辻󠄀"
        assert [child.text for child in root.find("申請/birth_date")] == ["平成", "2", "5", "1"]
        assert archive.read("form.pdf").startswith(b"%PDF-")
        names = [name for name in archive.namelist() if name.startswith("attachments/")]
        assert len(names) == 1
        assert ".." not in names[0]

    def test_everything_since_the_last_time_comes_as_one_file(self, city) -> None:
        sent = [send(city, name=RARE), send(city)]
        export = start(city, ExportGrade.BULK, procedure=None, profile="x0208")
        assert (export.status, export.done, export.total) == (ExportStatus.READY, 2, 2)
        archive = zipfile.ZipFile(io.BytesIO(content_of(export)))
        for application in sent:
            assert f"applications/{application.number}/application.json" in archive.namelist()
        assert archive.read("losses.csv").decode("utf-8-sig").count(sent[0].number) == 2
        assert len(archive.read("tables/sample-grant.csv").decode("utf-8-sig").strip().splitlines()) == 3
        assert run_export(export_id=export.pk) == 0
        with pytest.raises(ExportError):
            start(city, ExportGrade.BULK, procedure=None)
        late = send(city)
        assert [item.application for item in start(city, ExportGrade.BULK, procedure=None).items.all()] == [late]


@pytest.mark.django_db
@pytest.mark.database
class TestWhatWasKeyed:
    def test_a_robots_report_is_compared_with_what_it_was_given(self, city) -> None:
        one, two, three = (send(city) for _number in range(3))
        export = start(city, ExportGrade.ROBOT)
        report = (
            f"受付番号,結果,メッセージ\n{one.number},ok,\n{two.number},ng,宛名番号なし\n{one.number},ng,\nA-1,ok,\n"
        )
        found = reconcile(export=export, content=report.encode(), actor=city["clerk"])
        assert (found.keyed, found.failed, found.missing) == (1, 1, (three.number,))
        assert [line.typed for line in found.unknown] == ["A-1"]
        assert [line.typed for line in found.repeated] == [one.number]
        again = start(city, ExportGrade.ROBOT)
        assert [item.application for item in again.items.all()] == [two]
        with pytest.raises(ExportError):
            reconcile(export=export, content=b"a,b\n1,2", actor=city["clerk"])

    def test_keying_by_hand_is_ticked_with_a_name_and_a_reason_where_it_failed(self, city) -> None:
        send(city, name=RARE), send(city)
        first, second = start(city, ExportGrade.SCREEN, profile="x0208").items.all()
        assert [loss[1] for loss in first.losses] == ["辻󠄀", "𠮷"]
        report_keyed(item=first, actor=city["clerk"], is_keyed=True)
        with pytest.raises(ExportError):
            report_keyed(item=second, actor=city["clerk"], is_keyed=False)
        with pytest.raises(RefusedError):
            report_keyed(item=second, actor=city["elsewhere"], is_keyed=True)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, first.reported_by) == (ExportItemState.KEYED, city["clerk"])
        assert second.state == ExportItemState.WAITING


def signed_in(account: Account) -> Client:
    made = Client(headers={"host": "odawara.localhost"})
    made.force_login(account)
    return made


def body(response: Any) -> str:
    return response.content.decode().replace("<wbr>", "")


@pytest.mark.django_db
@pytest.mark.database
class TestPages:
    HOME: ClassVar[str] = "/office/exports/"
    FACTS: ClassVar[dict[str, str]] = {
        "procedure": "sample-grant",
        "system": "児童手当",
        "profile": "mj",
        "encoding": "utf-8-sig",
        "guard": "on",
    }

    def test_lead_a_clerk_through_keying_in_the_order_of_the_other_screen(self, city) -> None:
        send(city, name=RARE), send(city)
        browser = signed_in(city["clerk"])
        layout = {"procedure": "sample-grant", "system": "児童手当"}
        assert "氏名 姓（名字）" in body(browser.get(f"{self.HOME}layout/", layout))
        bad = browser.post(f"{self.HOME}layout/", {**layout, "columns": "ない項目"})
        assert bad.status_code == 422
        assert (
            browser.post(f"{self.HOME}layout/", {**layout, "columns": "生年月日\n氏名 姓（名字）"}).status_code == 302
        )
        page = browser.post(f"{self.HOME}new/", {**self.FACTS, "grade": "screen"}).url
        shown = body(browser.get(page))
        assert shown.index("1990-05-01") < shown.index("辻󠄀")
        assert "ツジ" not in shown.partition("<main")[2]
        items = list(CoreExportItem.objects.order_by("pk"))
        refused = browser.post(page, {"item": items[0].pk, "action": "failed"})
        assert refused.status_code == 422
        for item in items:
            browser.post(page, {"item": item.pk, "action": "keyed"})
        assert "すべての申請の転記が終わりました" in body(browser.get(page, follow=True))
        assert AccessRecord.objects.filter(purpose__startswith="画面転記").exists()

    def test_hand_out_the_file_and_take_in_the_results(self, city) -> None:
        application = send(city)
        browser = signed_in(city["clerk"])
        page = browser.post(f"{self.HOME}new/", {**self.FACTS, "grade": "robot"}).url
        export = CoreExport.objects.get()
        assert f"/files/{export.stored_id}/" in body(browser.get(page))
        handed_out = browser.get(f"/files/{export.stored_id}/")
        assert application.number in b"".join(handed_out.streaming_content).decode("utf-8-sig")
        report = SimpleUploadedFile("r.csv", f"受付番号,結果\n{application.number},ok\n".encode())
        assert "転記済み1件" in body(browser.post(f"{page}results/", {"file": report}))
        assert browser.post(f"{page}results/", {}).status_code == 422
        stranger = signed_in(city["elsewhere"])
        for address in (page, f"/files/{export.stored_id}/", f"{page}keying/"):
            assert stranger.get(address).status_code == 403
        assert export.system not in body(stranger.get(self.HOME))

    def test_explain_what_is_wrong_and_keep_what_was_typed(self, city) -> None:
        browser = signed_in(city["clerk"])
        for changes in ({"grade": "robot"}, {"since": "いつか"}, {"procedure": "nothing"}, {"system": ""}):
            response = browser.post(f"{self.HOME}new/", {**self.FACTS, "grade": "robot", **changes})
            assert response.status_code == 422
            assert "入力内容をご確認ください" in body(response)
        assert CoreExport.objects.count() == 0
        assert "書き出しはまだありません" in body(browser.get(self.HOME))
        assert Procedure.objects.count() == 1
        assert signed_in(make_staff("kansa", Role.AUDITOR)).get(self.HOME).status_code == 403
