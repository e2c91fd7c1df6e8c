"""Pages of surveys as staff and residents use them, without a browser: making, drawing, answering, typing in."""

# ruff: noqa: F401, F811 - fixtures are asked for by their names

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from madoguchi.procedures.models import SheetCheck, Survey, SurveyAnswer
from madoguchi.procedures.selectors.survey_results import response_of
from madoguchi.procedures.services import surveys
from madoguchi.trust.models import AccessRecord

from .survey_city import PEOPLE, city, clerk, comment, running, signed_in, staff, survey, text_of, visitor

pytestmark = [pytest.mark.database, pytest.mark.django_db]


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
