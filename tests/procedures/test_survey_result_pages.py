"""Results of surveys and public comment, as pages and files: the numbers that were published, and nobody recognisable."""

# ruff: noqa: F401, F811 - fixtures are asked for by their names

from __future__ import annotations

from datetime import datetime

import pytest

from madoguchi.kit import clock
from madoguchi.procedures.api import load_demonstration_surveys
from madoguchi.procedures.enums import AnswerMode, SurveyStatus
from madoguchi.procedures.models import Survey
from madoguchi.procedures.selectors.own_meters import OWN_METERS
from madoguchi.procedures.selectors.survey_results import response_of, results_of
from madoguchi.procedures.services import surveys
from madoguchi.trust.api import acting_for, add_municipality
from madoguchi.trust.selectors.meters import measure_days
from tests.trust.people import events_of

from .survey_city import NOON, city, clerk, comment, running, signed_in, staff, survey, text_of, visitor

pytestmark = [pytest.mark.database, pytest.mark.django_db]


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
