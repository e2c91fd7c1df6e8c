"""Pages of surveys as staff and residents use them, without a browser: every state, every refusal, nothing twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from madoguchi.kit import clock
from madoguchi.procedures.api import load_demonstration_surveys
from madoguchi.procedures.enums import AnswerMode, SurveyStatus
from madoguchi.procedures.models import SheetCheck, Survey, SurveyAnswer
from madoguchi.procedures.selectors.own_meters import OWN_METERS
from madoguchi.procedures.selectors.survey_results import response_of, results_of
from madoguchi.procedures.services import surveys
from madoguchi.procedures.services.survey_samples import sample_surveys
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, Municipality, acting_for, add_municipality
from madoguchi.trust.enums import Role
from madoguchi.trust.models import AccessRecord, Resident
from madoguchi.trust.selectors.meters import measure_days
from tests.trust.people import events_of, make_staff

pytestmark = [pytest.mark.database, pytest.mark.django_db]
NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
PEOPLE = 40


@pytest.fixture
def city(db, settings) -> Iterator[Municipality]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR_REQUIRED = False
    host_table.clear()
    municipality = add_municipality(key="hiratsuka", code="142034", name="平塚市", order=1)
    with acting_for(municipality), clock.frozen(NOON):
        Resident.objects.bulk_create(
            Resident(
                municipality=municipality,
                name=f"見本 {n}",
                name_key=f"見本{n}",
                name_print=f"見本 {n}",
                address=f"浅間町{n}",
                birth_date=date(1940 + 2 * n, 6, 1),
                ended_on=date(2026, 1, 1) if n == PEOPLE - 1 else None,
            )
            for n in range(PEOPLE)
        )
        yield municipality
    host_table.clear()


@pytest.fixture
def staff(city) -> dict[str, Account]:
    return {
        "clerk": make_staff("tanto", Role.SECTION_STAFF),
        "second": make_staff("tanto2", Role.SECTION_STAFF),
        "registrar": make_staff("jumin", Role.REGISTRAR),
        "chief": make_staff("kacho", Role.SECTION_CHIEF),
    }


def signed_in(account: Account | None) -> Client:
    client = Client(HTTP_HOST="hiratsuka.localhost")
    if account is not None:
        client.force_login(account)
    return client


@pytest.fixture
def clerk(staff) -> Client:
    return signed_in(staff["clerk"])


@pytest.fixture
def visitor(city) -> Client:
    return signed_in(None)


@pytest.fixture
def survey(city, staff) -> Survey:
    document = next(document for _kind, document in sample_surveys(city) if document["code"] == "digital-needs")
    made = surveys.create_survey(
        code="needs", kind="survey", document={**document, "code": "needs"}, actor=staff["clerk"]
    )
    fields = {"closes_on": date(2026, 12, 11), "minimum_age": 16, "weight_by": "age", "check_share": 100}
    return surveys.save_survey(survey=made, seen_revision=0, actor=staff["clerk"], **fields)


@pytest.fixture
def running(survey, staff) -> Survey:
    surveys.draw_survey(survey=survey, size=20, seed="種", actor=staff["registrar"])
    return surveys.open_survey(survey=survey, actor=staff["clerk"])


@pytest.fixture
def comment(city, staff) -> Survey:
    load_demonstration_surveys()
    return Survey.objects.get(code="digital-plan-opinions")


def text_of(response: Any) -> str:
    return re.sub(r"<wbr/?>", "", response.content.decode())


class TestStaffMakeASurvey:
    def test_from_nothing_from_a_sample_and_from_a_file(self, clerk, survey) -> None:
        begun = clerk.post("/office/surveys/new/", {"kind": "survey", "name": "ごみ", "code": "garbage"})
        assert begun.url == "/office/surveys/garbage/questions/"
        again = clerk.post("/office/surveys/new/", {"kind": "survey", "name": "ごみ", "code": "garbage"})
        assert again.status_code == 422
        sample = clerk.post("/office/surveys/new/sample/", {"sample": "digital-needs", "code": "mine"})
        assert sample.url == "/office/surveys/mine/questions/"
        exported = clerk.get("/office/surveys/mine/export/").content
        renamed = json.dumps({**json.loads(exported), "code": "copied"}).encode()
        file = SimpleUploadedFile("x.json", renamed)
        assert clerk.post("/office/surveys/new/file/", {"file": file, "kind": "survey"}).status_code == 302
        assert Survey.objects.get(code="copied").definition.form == Survey.objects.get(code="mine").definition.form

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"code": "x"}', "日本".encode("cp932"), b"\xff\x00"])
    def test_a_file_that_is_none_is_refused_with_a_reason(self, clerk, city, content) -> None:
        answer = clerk.post("/office/surveys/new/file/", {"file": SimpleUploadedFile("x.json", content)})
        assert answer.status_code == 422
        assert not Survey.objects.exists()

    def test_questions_options_and_conditions_are_written_without_code(self, clerk, city) -> None:
        clerk.post("/office/surveys/new/", {"kind": "survey", "name": "ごみ", "code": "garbage"})

        def press(do: str, **values: Any) -> Any:
            data = {"revision": Survey.objects.get(code="garbage").revision, "do": do} | values
            return clerk.post("/office/surveys/garbage/questions/", data)

        first = press("add:form.steps.0.fields:choice")
        place = "form.steps.0.fields.0"
        assert f"at={place}" in first.url
        options = {f"v:{place}.options.{n}.label.ja": word for n, word in enumerate(["週1回", "週2回"])}
        new = {f"new:{place}.options": ["月1回", ""], f"new-easy:{place}.options": ["つき1", ""]}
        new[f"new-en:{place}.options"] = ["monthly", ""]
        press("", at=place, **{f"v:{place}.label.ja": "回数は", f"b:{place}.required": "on"}, **options, **new)
        press("add:form.steps.0.fields:textarea", at=place)
        second = "form.steps.0.fields.1"
        code = Survey.objects.get(code="garbage").definition.form.steps[0].fields[0].code
        third = Survey.objects.get(code="garbage").definition.form.steps[0].fields[0].options[2].code
        press("", at=second, **{f"v:{second}.label.ja": "理由", f"c:{second}.visible_if": f"{code}={third}"})
        fields = Survey.objects.get(code="garbage").definition.form.steps[0].fields
        assert [option.label.ja for option in fields[0].options] == ["週1回", "週2回", "月1回"]
        assert fields[0].options[2].label.en == "monthly"
        assert fields[0].required
        assert fields[1].visible_if == f'{code} = "{third}"'
        page = text_of(clerk.get(f"/office/surveys/garbage/questions/?at={second}"))
        assert "「回数は」が「月1回」のとき" in page
        press(f"up:{second}", at="")
        assert Survey.objects.get(code="garbage").definition.form.steps[0].fields[0].label.ja == "理由"
        stale = clerk.post("/office/surveys/garbage/questions/", {"revision": 0, "do": f"remove:{place}"})
        assert stale.status_code == 422
        assert len(Survey.objects.get(code="garbage").definition.form.steps[0].fields) == 2

    def test_the_preview_speaks_three_languages(self, clerk, survey) -> None:
        for language, word in (("ja", "あなたの年齢"), ("ja-easy", "あなたの ねんれい"), ("en", "Your age")):
            page = text_of(clerk.get(f"/office/surveys/needs/preview/?language={language}&all=1"))
            assert word in page

    def test_settings_are_kept_and_wrong_days_refused(self, clerk, survey) -> None:
        good = {
            "revision": survey.revision, "opens_on": "令和8年11月25日", "closes_on": "2026-12-20", "minutes": "5",
            "minimum_age": "18", "weight_by": "age", "check_share": "10", "summary": "新しい説明",
            "material_title": "", "material_url": "",
        }  # fmt: skip
        wrong = clerk.post("/office/surveys/needs/settings/", {**good, "closes_on": "そのうち"})
        assert wrong.status_code == 422
        assert clerk.post("/office/surveys/needs/settings/", good).status_code == 302
        after = Survey.objects.get(code="needs")
        assert (after.opens_on, after.minimum_age, after.check_share) == (date(2026, 11, 25), 18, 10)
        assert after.definition.summary.ja == "新しい説明"
        backwards = {**good, "revision": after.revision, "closes_on": "2026-11-01"}
        assert clerk.post("/office/surveys/needs/settings/", backwards).status_code == 422

    def test_a_sample_is_drawn_by_the_registrar_alone_and_every_look_at_names_is_logged(self, staff, survey) -> None:
        registrar, clerk = signed_in(staff["registrar"]), signed_in(staff["clerk"])
        page = text_of(registrar.get("/office/surveys/needs/draw/?size=20"))
        assert "この割当で20人を抽出する" in page
        with_duty = {"size": "20", "seed": "2026-11-20"}
        assert clerk.post("/office/surveys/needs/draw/", with_duty).status_code == 403
        assert registrar.post("/office/surveys/needs/draw/", with_duty).status_code == 302
        drawn = set(survey.invitations.values_list("resident__name", flat=True))
        assert len(drawn) == 20
        assert f"見本 {PEOPLE - 1}" not in drawn
        looks = AccessRecord.objects.count()
        listed = registrar.get("/office/surveys/needs/draw/invitations.csv").content.decode("utf-8-sig")
        assert surveys.code_of(Survey.objects.get(pk=survey.pk), number=1) in listed
        letters = text_of(registrar.get("/office/surveys/needs/draw/letters/"))
        assert letters.count("<article") == 20
        assert AccessRecord.objects.count() == looks + 2
        assert clerk.get("/office/surveys/needs/draw/invitations.csv").status_code == 403


class TestResidentsAnswer:
    def walk(self, client: Client, code: str) -> Any:
        begun = client.post("/surveys/needs/", {"code": code})
        assert begun.url == "/surveys/needs/answer/you/"
        page = text_of(client.get(begun.url))
        key = re.search(r'name="key" value="([^"]+)"', page)
        assert key is not None
        second = client.post(begun.url, {"key": key[1], "age": "age_30_39", "go": "next"})
        assert second.url == "/surveys/needs/answer/use/"
        # The page did not have the question that this answer opens, so it comes before one can go on.
        more = client.post(second.url, {"key": key[1], "online_used": "yes", "go": "next"})
        assert more.status_code == 200
        assert "続きの質問があります" in text_of(more)
        answered = {"key": key[1], "online_used": "yes", "online_ease": "easy", "go": "next"}
        third = client.post(second.url, answered)
        assert client.post(third.url, {"key": key[1], "wish": "夜間も", "go": "next"}).url == "/surveys/needs/confirm/"
        return key[1]

    def test_once_with_a_code_however_often_the_button_is_pressed(self, visitor, running) -> None:
        code = surveys.code_of(running, number=2)
        key = self.walk(visitor, code)
        assert "夜間も" in text_of(visitor.get("/surveys/needs/confirm/"))
        assert visitor.post("/surveys/needs/confirm/", {"key": key}).url == "/surveys/needs/thanks/"
        assert visitor.post("/surveys/needs/confirm/", {"key": key}).url == "/surveys/needs/thanks/"
        answer = SurveyAnswer.objects.get()
        assert answer.answers == {"age": "age_30_39", "online_used": True, "online_ease": "easy", "wish": "夜間も"}
        assert "夜間も" not in json.dumps(dict(visitor.session.items()), default=str)
        again = visitor.post("/surveys/needs/", {"code": code})
        assert again.status_code == 422
        assert "すでに回答" in text_of(again)

    def test_by_the_address_of_the_letter(self, visitor, running) -> None:
        code = surveys.code_of(running, number=3)
        assert visitor.get(f"/surveys/needs/i/{code}/").url == "/surveys/needs/answer/you/"
        assert visitor.get("/surveys/needs/i/0000-0000-0000-0000/").url == "/surveys/needs/"

    def test_but_not_without_a_code_nor_in_the_middle_nor_before_it_begins(self, visitor, running, staff) -> None:
        assert visitor.post("/surveys/needs/", {"code": ""}).status_code == 422
        assert visitor.get("/surveys/needs/answer/you/").url == "/surveys/needs/"
        assert visitor.post("/surveys/needs/confirm/", {"key": "x"}).url == "/surveys/needs/"
        assert SurveyAnswer.objects.count() == 0
        surveys.close_survey(survey=running, actor=staff["clerk"])
        assert "受付は終わりました" in text_of(visitor.get("/surveys/needs/"))
        assert visitor.get("/surveys/needs/results/").status_code == 404

    def test_in_three_languages_and_a_draft_is_nobodys_business(self, visitor, survey, comment) -> None:
        assert visitor.get("/surveys/needs/").status_code == 404
        assert "Survey: how easy" in text_of(visitor.get("/surveys/digital-needs/?lang=en"))
        assert "まどぐちの" in text_of(visitor.get("/surveys/?lang=ja-easy"))

    def test_an_opinion_needs_words_and_says_so_at_the_field(self, visitor, comment) -> None:
        before = SurveyAnswer.objects.count()
        begun = visitor.post("/surveys/digital-plan-opinions/")
        page = text_of(visitor.get(begun.url))
        key = re.search(r'name="key" value="([^"]+)"', page)
        assert key is not None
        empty = visitor.post(begun.url, {"key": key[1], "part": "", "opinion": "", "affiliation": "", "go": "next"})
        assert empty.status_code == 422
        assert 'href="#id_opinion"' in text_of(empty)
        assert SurveyAnswer.objects.count() == before
        data = {"key": key[1], "part": "whole", "opinion": "賛成です", "affiliation": "", "go": "next"}
        assert visitor.post(begun.url, data).url.endswith("/thanks/")
        assert visitor.post(begun.url, data).url.endswith("/thanks/")
        assert SurveyAnswer.objects.count() == before + 1


class TestPaper:
    def enter(self, client: Client, sheet: str, **typed: str) -> Any:
        return client.post("/office/surveys/needs/entry/", {"sheet": sheet} | {f"a:{k}": v for k, v in typed.items()})

    def test_digits_choose_options_and_the_next_number_is_offered(self, clerk, running) -> None:
        assert self.enter(clerk, "0007", age="3", online_used="２", reasons="1,3", wish="早く").status_code == 302
        answer = SurveyAnswer.objects.get()
        expected = {"age": "age_30_39", "online_used": False, "reasons": ["no_need", "difficult"], "wish": "早く"}
        assert answer.answers == expected
        assert 'value="0008"' in text_of(clerk.get("/office/surveys/needs/entry/"))

    @pytest.mark.parametrize("typed", [{"age": "9"}, {"age": "12"}, {"online_used": "a"}, {"reasons": "1,7"}])
    def test_what_is_no_option_is_refused_at_its_question(self, clerk, running, typed) -> None:
        answer = self.enter(clerk, "1", **typed)
        assert answer.status_code == 422
        assert f'href="#a-{next(iter(typed))}"' in text_of(answer)
        assert not SurveyAnswer.objects.exists()

    def test_a_sheet_is_typed_again_by_somebody_else_and_differences_are_settled(self, clerk, staff, running) -> None:
        self.enter(clerk, "1", age="3", online_used="1", online_ease="1")
        self.enter(clerk, "2", age="4")
        assert "二重入力を待つ用紙はありません" in text_of(clerk.get("/office/surveys/needs/check/"))
        second = signed_in(staff["second"])
        same = second.post("/office/surveys/needs/check/", {"sheet": "2", "a:age": "4"})
        assert same.url == "/office/surveys/needs/check/"
        other = second.post(
            "/office/surveys/needs/check/", {"sheet": "1", "a:age": "2", "a:online_used": "1", "a:online_ease": "2"}
        )
        check = SheetCheck.objects.get(answer__sheet="1")
        assert check.differing == ["age", "online_ease"]
        assert "16～19歳" not in text_of(second.get(other.url))
        second.post(other.url, {"take:age": "second", "take:online_ease": "first"})
        after = SurveyAnswer.objects.get(sheet="1").answers
        assert (after["age"], after["online_ease"]) == ("age_20_29", "very_easy")
        assert SheetCheck.objects.filter(settled_at=None).count() == 0

    def test_void_sheets_keep_their_reason_and_returned_envelopes_leave_the_base(self, clerk, running) -> None:
        self.enter(clerk, "1", age="3")
        pk = SurveyAnswer.objects.get().pk
        clerk.post(f"/office/surveys/needs/sheets/{pk}/judge/", {"do": "void", "reason": ""})
        assert not SurveyAnswer.objects.get().is_void
        clerk.post(f"/office/surveys/needs/sheets/{pk}/judge/", {"do": "void", "reason": "白紙"})
        assert "白紙" in text_of(clerk.get("/office/surveys/needs/sheets/?state=void"))
        clerk.post("/office/surveys/needs/returned/", {"numbers": "3, 5-6、99"})
        response = response_of(running)
        assert (response.undeliverable, response.reached, response.valid, response.void) == (3, 17, 0, 1)
        clerk.post("/office/surveys/needs/returned/", {"numbers": "x"})
        assert response_of(running).undeliverable == 3


class TestResults:
    def test_the_survey_of_2020_comes_out_as_published(self, city, visitor) -> None:
        assert load_demonstration_surveys() == 3
        assert load_demonstration_surveys() == 0
        survey = Survey.objects.get(code="ict-2020")
        response = response_of(survey)
        assert (response.sent, response.undeliverable, response.valid) == (3000, 9, 1699)
        assert (response.paper, response.web, str(response.rate)) == (1360, 339, "56.8")
        age, internet = (results_of(survey)[n].table.total for n in (0, 1))
        assert [cell.count for cell in age] == [55, 117, 166, 267, 266, 298, 379, 148, 3]
        shares = ["3.2", "6.9", "9.8", "15.7", "15.7", "17.5", "22.3", "8.7", "0.2"]
        assert [str(cell.percent) for cell in age] == shares
        assert [str(cell.percent) for cell in internet] == ["76.7", "22.8", "0.5"]
        chosen = [str(result.table.total[0].percent) for result in results_of(survey)[2:]]
        assert chosen == ["74.0", "55.8", "82.9", "79.2"]
        page = text_of(visitor.get("/surveys/ict-2020/results/"))
        for word in ("56.8%", "1,699", "22.3%", "76.7%", "公表された集計値から復元した見本"):
            assert word in page

    def test_other_cities_get_the_open_ones_alone(self, city) -> None:
        other = add_municipality(key="oyama", code="092088", name="小山市", order=2)
        with acting_for(other):
            assert load_demonstration_surveys() == 2
            assert set(Survey.objects.values_list("status", flat=True)) == {SurveyStatus.OPEN}

    def test_weighted_shares_stand_beside_the_counted_ones(self, clerk, running, staff) -> None:
        for sheet in range(1, 9):
            answers = {"age": "age_20_29" if sheet < 7 else "age_60_69", "online_used": sheet < 7}
            surveys.enter_sheet(survey=running, sheet=str(sheet), answers=answers, actor=staff["clerk"])
        used = next(result for result in results_of(running) if result.table.question.code == "online_used")
        assert used.weighted is not None
        people = running.population
        expected = people["20-29"] / (people["20-29"] + people["60-69"]) * 100
        assert float(used.weighted.total[0].percent or 0) == pytest.approx(expected, abs=0.06)
        assert str(used.table.total[0].percent) == "75.0"
        page = text_of(clerk.get("/office/surveys/needs/results/"))
        assert "ウエイトを付けた割合" in page
        assert "最大±" in page

    def test_who_was_told_to_skip_a_question_has_not_left_it_out(self, running, staff) -> None:
        for sheet in range(1, 6):
            answers = {"online_used": sheet < 4} | ({"online_ease": "easy"} if sheet < 3 else {})
            surveys.enter_sheet(survey=running, sheet=str(sheet), answers=answers, actor=staff["clerk"])
        ease = next(result for result in results_of(running) if result.table.question.code == "online_ease")
        assert ease.table.bases[0] == 3
        assert [str(cell.percent) for cell in ease.table.total] == ["0.0", "66.7", "0.0", "0.0", "33.3"]

    def test_a_survey_closes_itself_and_forgets_whom_it_asked(self, running) -> None:
        assert surveys.close_due_surveys() == 0
        assert Survey.objects.get(pk=running.pk).status == SurveyStatus.OPEN
        with clock.frozen(datetime(2026, 12, 12, 1, tzinfo=clock.TOKYO)):
            assert surveys.close_due_surveys() == 1
        assert not running.invitations.exclude(resident=None).exists()

    def test_cross_tables_hide_small_groups_and_files_can_be_taken(self, clerk, running, staff) -> None:
        for sheet in range(1, 13):
            answers = {"age": "age_20_29" if sheet < 11 else "age_60_69", "online_used": sheet % 2 == 0}
            surveys.enter_sheet(survey=running, sheet=str(sheet), answers=answers, actor=staff["clerk"])
        page = text_of(clerk.get("/office/surveys/needs/results/cross/?question=online_used&by=age"))
        assert "＊" in page
        assert "1（50.0%）" not in page
        for address in ("?question=age&by=age", "?question=x&by=y", "?question=age&by=reasons", ""):
            assert clerk.get(f"/office/surveys/needs/results/cross/{address}").status_code == 200
        rows = clerk.get("/office/surveys/needs/results/answers.csv").content.decode("utf-8-sig").splitlines()
        assert len(rows) == 13
        assert "online" not in clerk.get("/office/surveys/needs/results/tables.csv").content.decode("utf-8-sig")

    def test_results_are_published_by_the_chief_and_seen_by_everybody(self, clerk, running, staff, visitor) -> None:
        surveys.enter_sheet(survey=running, sheet="1", answers={"age": "age_20_29"}, actor=staff["clerk"])
        clerk.post("/office/surveys/needs/move/close/")
        assert clerk.post("/office/surveys/needs/results/", {"summary": "x"}).status_code == 403
        assert visitor.get("/surveys/needs/results/").status_code == 404
        chief = signed_in(staff["chief"])
        assert chief.post("/office/surveys/needs/results/", {"summary": "分かりました"}).status_code == 302
        assert "分かりました" in text_of(visitor.get("/surveys/needs/results/"))


def test_opinions_become_gists_with_answers_and_only_then_results(clerk, staff, comment, visitor) -> None:
    chief = signed_in(staff["chief"])
    desk = "/office/surveys/digital-plan-opinions/desk/"
    numbers = list(comment.answers.order_by("pk").values_list("pk", flat=True))
    clerk.post(f"{desk}gather/", {"opinion": numbers[:2], "to": "new", "gist": "高齢者への支援"})
    gist = comment.replies.get()
    clerk.post(f"{desk}gather/", {"opinion": numbers[2:], "to": str(gist.pk)})
    assert comment.replies.get().opinions == numbers
    clerk.post(f"{desk}{gist.pk}/", {"do": "save", "gist": "支援", "reply": "", "out": numbers[3:]})
    clerk.post("/office/surveys/digital-plan-opinions/move/close/")
    results = "/office/surveys/digital-plan-opinions/results/"
    refused = chief.post(results, {"summary": ""})
    assert refused.status_code == 422
    assert "4件" in text_of(refused)
    clerk.post(f"{desk}gather/", {"opinion": numbers[3:], "to": "new", "gist": "夜間の利用"})
    for row in comment.replies.all():
        data = {"do": "save", "gist": row.gist, "reply": f"{row.gist}に取り組みます。", "has_effect": "on"}
        clerk.post(f"{desk}{row.pk}/", data)
    assert chief.post(results, {"summary": "4件のご意見"}).status_code == 302
    page = text_of(visitor.get("/surveys/digital-plan-opinions/results/"))
    assert "夜間の利用に取り組みます。" in page
    assert "案に反映しました" in page
    late = clerk.post(f"{desk}{gist.pk}/", {"do": "save", "gist": "変更", "reply": "x"})
    assert late.status_code == 302
    assert not comment.replies.filter(gist="変更").exists()


def test_every_staff_page_opens_in_every_state_and_none_for_residents(clerk, running, staff, comment, visitor) -> None:
    load_demonstration_surveys()
    pages = ("", "settings/", "questions/", "preview/", "draw/", "entry/", "check/", "sheets/", "results/")
    for code in ("needs", "digital-plan-opinions", "ict-2020"):
        for name in pages:
            address = f"/office/surveys/{code}/{name}"
            assert clerk.get(address).status_code == 200, address
            assert visitor.get(address).status_code == 302, address
    for address in (
        "/office/surveys/",
        "/office/surveys/?q=ない",
        "/office/surveys/new/",
        "/surveys/",
        "/surveys/?q=ない",
    ):
        assert clerk.get(address).status_code == 200, address
    assert clerk.get("/office/surveys/none/").status_code == 404


def test_the_meter_counts_answers_by_how_they_came(running, staff, city) -> None:
    surveys.enter_sheet(survey=running, sheet="1", answers={}, actor=staff["clerk"])
    surveys.answer_survey(
        survey=running, key="k", answers={"online_used": True}, code=surveys.code_of(running, number=1)
    )
    meter = next(meter for meter in OWN_METERS if meter.key == "procedures.survey_answers")
    day = NOON.date()
    found = {row.dimension: int(row.value) for row in measure_days(meter, [day])}
    assert found == {"": 2, "paper": 1, "web": 1}
    assert meter.evidence is not None
    modes = {row.mode for row in meter.evidence(city, day, day)}
    assert modes == {AnswerMode.WEB, AnswerMode.PAPER}
    assert len(events_of("procedures.survey.answered")) == 2
