"""Surveys: a sample anybody can draw again, answers nobody can trace, tables as the city printed them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.procedures.enums import AnswerMode, InvitationStatus, SurveyStatus
from madoguchi.procedures.errors import IncompleteError, StaleSurveyError, SurveyError
from madoguchi.procedures.models import Survey, SurveyAnswer, SurveyInvitation
from madoguchi.procedures.rules.survey import allocate, draw_sample, post_stratify, rake
from madoguchi.procedures.selectors.survey_results import answers_csv, crossed, response_of, results_of
from madoguchi.procedures.services import surveys
from madoguchi.trust.api import Account, acting_for
from madoguchi.trust.enums import Role
from madoguchi.trust.errors import RefusedError
from madoguchi.trust.models import AccessRecord, Resident
from tests.shared import shared_path
from tests.trust.people import event_keys, make_odawara, make_staff

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
BANDS = ("16-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-")
PEOPLE = 60


def questions() -> dict[str, object]:
    options = [{"code": f"b{band}".replace("-", "_").rstrip("_"), "label": band} for band in BANDS]
    yes_no = {"code": "internet", "component": "yes_no", "label": "インターネットを使いますか", "required": False}
    return {
        "code": "ict",
        "name": "ICTアンケート",
        "form": {
            "steps": [
                {
                    "code": "all",
                    "title": "質問",
                    "fields": [
                        {"code": "age", "component": "choice", "label": "年齢", "options": options, "required": False},
                        yes_no,
                        {"code": "wish", "component": "text", "label": "望むこと", "required": True},
                    ],
                }
            ]
        },
    }


def band_code(band: str) -> str:
    return f"b{band}".replace("-", "_").rstrip("_")


@pytest.fixture
def staff(db, settings) -> Iterator[dict[str, Account]]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    city = make_odawara()
    with acting_for(city), clock.frozen(NOON):
        Resident.objects.bulk_create(
            Resident(
                municipality=city,
                name=f"人{n}",
                name_key=f"人{n}",
                name_print=f"人{n}",
                birth_date=date(1930 + n, 6, 1),
            )
            for n in range(PEOPLE)
        )
        yield {
            "clerk": make_staff("tanto", Role.SECTION_STAFF),
            "registrar": make_staff("jumin", Role.REGISTRAR),
            "chief": make_staff("kacho", Role.SECTION_CHIEF),
        }


@pytest.fixture
def survey(staff) -> Survey:
    made = surveys.create_survey(code="ict", kind="survey", document=questions(), actor=staff["clerk"])
    return surveys.save_survey(
        survey=made, seen_revision=0, actor=staff["clerk"], closes_on=date(2026, 12, 11), minimum_age=16
    )


@pytest.fixture
def running(survey, staff) -> Survey:
    surveys.draw_survey(survey=survey, size=20, seed="令和8年11月20日", actor=staff["registrar"])
    return surveys.open_survey(survey=survey, actor=staff["clerk"])


database = [pytest.mark.django_db, pytest.mark.database]


class TestTheDraw:
    pytestmark = database

    def test_takes_each_band_in_proportion_and_leaves_a_trace_in_the_access_log(self, survey, staff) -> None:
        assert surveys.draw_survey(survey=survey, size=20, seed="s", actor=staff["registrar"]) == 20
        after = Survey.objects.get(pk=survey.pk)
        assert sum(after.population.values()) == Resident.objects.filter(birth_date__lte=date(2010, 11, 20)).count()
        assert AccessRecord.objects.filter(action="export").count() == 1
        assert set(SurveyInvitation.objects.values_list("stratum", flat=True)) <= {*BANDS}

    def test_gives_the_same_people_for_the_same_seed_and_others_for_another(self, survey, staff) -> None:
        drawn = []
        for seed in ("a", "b", "a"):
            surveys.draw_survey(survey=survey, size=20, seed=seed, actor=staff["registrar"])
            drawn.append(list(survey.invitations.values_list("resident_id", flat=True)))
        assert drawn[0] == drawn[2] != drawn[1]

    @pytest.mark.parametrize(
        ("size", "seed", "who"), [(0, "s", "registrar"), (20, " ", "registrar"), (20, "s", "clerk")]
    )
    def test_is_refused_without_sense_or_duty_and_changes_nothing(self, survey, staff, size, seed, who) -> None:
        with pytest.raises((SurveyError, RefusedError)):
            surveys.draw_survey(survey=survey, size=size, seed=seed, actor=staff[who])
        assert survey.invitations.count() == 0


class TestAnswering:
    pytestmark = database

    def test_marks_the_invitation_but_ties_the_answer_to_nobody(self, running) -> None:
        code = surveys.code_of(running, number=3)
        surveys.answer_survey(survey=running, key="k1", answers={"wish": "早く"}, code=code.lower().replace("-", " "))
        assert running.invitations.get(number=3).status == InvitationStatus.ANSWERED
        names = {field.name for field in SurveyAnswer._meta.get_fields()}
        assert not names & {"invitation", "resident", "account", "number", "stratum"}
        assert "procedures.survey.answered" in event_keys()

    def test_counts_a_sheet_sent_twice_once_and_a_code_once(self, running) -> None:
        code = surveys.code_of(running, number=3)
        first = surveys.answer_survey(survey=running, key="k1", answers={"wish": "a"}, code=code)
        assert surveys.answer_survey(survey=running, key="k1", answers={"wish": "a"}, code=code) == first
        with pytest.raises(SurveyError, match="すでに回答"):
            surveys.answer_survey(survey=running, key="k2", answers={"wish": "b"}, code=code)
        assert SurveyAnswer.objects.count() == 1

    @pytest.mark.parametrize("code", ["", "0000-0000-0000-0000", "でたらめ"])
    def test_needs_a_code_of_the_sample(self, running, code) -> None:
        with pytest.raises(SurveyError):
            surveys.answer_survey(survey=running, key="k", answers={"wish": "a"}, code=code)
        assert SurveyAnswer.objects.count() == 0

    def test_asks_the_web_for_what_is_required_but_takes_paper_as_it_is(self, running, staff) -> None:
        code = surveys.code_of(running, number=1)
        with pytest.raises(IncompleteError):
            surveys.answer_survey(survey=running, key="k", answers={"internet": True}, code=code)
        assert running.invitations.get(number=1).status == InvitationStatus.SENT
        surveys.enter_sheet(survey=running, sheet="0001", answers={"internet": True}, actor=staff["clerk"])
        with pytest.raises(SurveyError, match="すでに入力"):
            surveys.enter_sheet(survey=running, sheet="0001", answers={}, actor=staff["clerk"])
        assert SurveyAnswer.objects.get().mode == AnswerMode.PAPER

    def test_ends_with_the_last_day(self, running) -> None:
        code = surveys.code_of(running, number=1)
        with clock.frozen(datetime(2026, 12, 12, 0, 1, tzinfo=clock.TOKYO)), pytest.raises(SurveyError, match="終わり"):
            surveys.answer_survey(survey=running, key="k", answers={"wish": "a"}, code=code)

    def test_forgets_who_was_invited_when_it_is_closed(self, running, staff) -> None:
        surveys.close_survey(survey=running, actor=staff["clerk"])
        assert not running.invitations.exclude(resident=None).exists()


def test_the_questions_are_fixed_once_answers_are_taken(running, staff) -> None:
    changed = questions() | {"name": "別の調査"}
    with pytest.raises(SurveyError):
        surveys.save_survey(survey=running, seen_revision=running.revision, actor=staff["clerk"], document=changed)
    with pytest.raises(StaleSurveyError):
        surveys.save_survey(survey=running, seen_revision=0, actor=staff["clerk"], summary="x")
    assert Survey.objects.get(pk=running.pk).name == "ICTアンケート"


test_the_questions_are_fixed_once_answers_are_taken = pytest.mark.database(
    pytest.mark.django_db(test_the_questions_are_fixed_once_answers_are_taken)
)


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.shared
def test_the_survey_of_hiratsuka_comes_out_as_it_was_printed(survey, staff) -> None:
    text = shared_path("seeds", "004_b774b5e0510156c9.txt").read_text(encoding="utf-8")
    printed = {
        band.replace("～", "-").replace("歳以上", "-").replace("歳", ""): (int(count.replace(",", "")), Decimal(share))
        for band, count, share in re.findall(r"^(\d\d(?:～\d\d)?歳(?:以上)?|無回答)\t([\d,]+)\t([\d.]+)%$", text, re.M)
    }
    assert sum(count for count, _share in printed.values()) == 1699
    city = survey.municipality
    SurveyInvitation.objects.bulk_create(
        SurveyInvitation(
            municipality=city,
            survey=survey,
            number=n,
            code_digest=f"{n:064}",
            status="undeliverable" if n <= 9 else "sent",
        )
        for n in range(1, 3001)
    )
    sheets = [band for band, (count, _share) in printed.items() for _ in range(count)]
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            municipality=city,
            survey=survey,
            key=str(number),
            mode="web" if number < 339 else "paper",
            answers={} if band == "無回答" else {"age": band_code(band)},
            received_on=date(2020, 12, 1),
        )
        for number, band in enumerate(sheets)
    )
    response = response_of(survey)
    assert (response.sent, response.reached, response.valid) == (3000, 2991, 1699)
    assert (response.paper, response.web, response.rate) == (1360, 339, Decimal("56.8"))
    table = results_of(survey)[0].table
    found = [(cell.count, cell.percent) for cell in table.total]
    assert found == list(printed.values())


@pytest.mark.django_db
@pytest.mark.database
def test_opinions_are_published_only_with_what_the_city_thinks_of_each(staff) -> None:
    made = surveys.create_survey(code="plan", kind="comment", document=questions(), actor=staff["clerk"])
    made = surveys.save_survey(survey=made, seen_revision=0, actor=staff["clerk"], closes_on=date(2026, 12, 20))
    surveys.open_survey(survey=made, actor=staff["clerk"])
    opinions = [surveys.answer_survey(survey=made, key=f"k{n}", answers={"wish": f"意見{n}"}).pk for n in range(3)]
    surveys.close_survey(survey=made, actor=staff["clerk"])
    surveys.save_reply(survey=made, gist="賛成", reply="進めます。", opinions=opinions[:2], actor=staff["clerk"])
    with pytest.raises(SurveyError, match="1件"):
        surveys.publish_results(survey=made, actor=staff["chief"])
    surveys.save_reply(survey=made, gist="反対", reply="検討します。", opinions=opinions[1:], actor=staff["clerk"])
    assert made.replies.get(gist="賛成").opinions == opinions[:1]
    published = surveys.publish_results(survey=made, actor=staff["chief"])
    assert published.status == SurveyStatus.PUBLISHED
    with pytest.raises(SurveyError):
        surveys.save_reply(survey=made, gist="別", reply="x", opinions=[], actor=staff["clerk"])


@pytest.mark.django_db
@pytest.mark.database
def test_small_groups_are_hidden_in_cross_tables_and_void_sheets_do_not_count(running, staff) -> None:
    for number in range(1, 8):
        surveys.enter_sheet(
            survey=running,
            sheet=str(number),
            answers={"internet": number < 3, "age": band_code("70-79" if number % 2 else "20-29")},
            actor=staff["clerk"],
        )
    voided = SurveyAnswer.objects.get(sheet="7")
    surveys.void_sheet(answer=voided, reason="全問同じ", actor=staff["clerk"])
    table = crossed(running, "internet", "age")
    assert table is not None
    assert table.bases[0] == 6
    assert [cell.is_small for cell in table.cells[0][1:] if cell.count] == [True, True]
    assert answers_csv(running).decode("utf-8-sig").count("\r\n") == 8


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 500), min_size=1, max_size=8), st.integers(0, 3000))
def test_an_allocation_is_exact_fair_and_never_more_than_there_are(populations, size) -> None:
    shares = allocate(populations, size)
    total = sum(populations.values())
    assert sum(shares.values()) == min(size, total)
    for name, number in populations.items():
        assert shares[name] <= number
        if total:
            assert abs(shares[name] - number * min(size, total) / total) < 1


@given(st.sets(st.text(min_size=1, max_size=4), max_size=40), st.integers(0, 30), st.text(min_size=1, max_size=5))
def test_a_draw_does_not_depend_on_the_order_of_the_register(references, size, seed) -> None:
    people = [(reference, len(reference)) for reference in references]
    forwards = draw_sample(people, size=size, seed=seed)
    backwards = draw_sample(list(reversed(people)), size=size, seed=seed)
    assert forwards.chosen == backwards.chosen
    assert len(set(forwards.chosen)) == min(size, len(references))


@given(st.lists(st.sampled_from("abc"), min_size=3, max_size=60), st.tuples(*[st.integers(1, 1000)] * 3))
def test_weights_bring_the_answers_to_the_shares_of_the_population(groups, numbers) -> None:
    population = dict(zip("abc", map(float, numbers), strict=True))
    weights = post_stratify(list(groups), population)
    assert sum(weights.values) == pytest.approx(len(groups))
    present = {group: population[group] for group in set(groups)}
    if not weights.trimmed:
        for group, number in present.items():
            share = sum(value for value, one in zip(weights.values, groups, strict=True) if one == group) / len(groups)
            assert share == pytest.approx(number / sum(present.values()))
    assert set(weights.missing) == set("abc") - set(groups)


def test_raking_fits_two_margins_at_once() -> None:
    ages, towns = ["young", "young", "old", "old", "old"], ["a", "b", "a", "b", "b"]
    weights = rake([ages, towns], [{"young": 60.0, "old": 40.0}, {"a": 50.0, "b": 50.0}]).values
    young = sum(value for value, age in zip(weights, ages, strict=True) if age == "young")
    first = sum(value for value, town in zip(weights, towns, strict=True) if town == "a")
    assert young / 5 == pytest.approx(0.6)
    assert first / 5 == pytest.approx(0.5)
