"""The finder's judgement, its choice of questions, checklists, search and opening hours."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.procedures.rules.definition import Definition
from madoguchi.procedures.rules.finder.checklist import (
    Group,
    documents_to_bring,
    due_on,
    make_list,
    shared_answers,
)
from madoguchi.procedures.rules.finder.events import DOORS, LIFE_EVENTS, door_of
from madoguchi.procedures.rules.finder.hours import is_open
from madoguchi.procedures.rules.finder.index import Index
from madoguchi.procedures.rules.finder.parts import Status
from madoguchi.procedures.rules.finder.questions import (
    QUESTIONS,
    UNKNOWN,
    Answer,
    FinderQuestion,
    QuestionKind,
    answer_label,
    read_answer,
    write_answer,
)
from madoguchi.procedures.rules.finder.search import search, searchable

CODES = [code for code, question in QUESTIONS.items() if question.kind != QuestionKind.DATE]


def make_definition(code: str = "sample", **fields) -> Definition:
    return Definition.model_validate({"code": code, "name": f"手続 {code}", "life_events": ["moving-in"], **fields})


def condition(question: str, test: str, otherwise: str = "no", reason: str = "") -> dict[str, str]:
    return {"question": question, "test": test, "otherwise": otherwise, "reason": reason}


def answers_to(question: FinderQuestion) -> st.SearchStrategy[Answer]:
    if question.kind == QuestionKind.YES_NO:
        return st.booleans()
    if question.kind == QuestionKind.CHOICE:
        return st.sampled_from([choice.code for choice in question.choices])
    if question.kind == QuestionKind.CHOICES:
        codes = [choice.code for choice in question.choices]
        return st.sets(st.sampled_from(codes)).map(lambda chosen: tuple(code for code in codes if code in chosen))
    return st.integers(question.low, question.high)


def unary_tests_for(question: FinderQuestion) -> st.SearchStrategy[str]:
    codes = [choice.code for choice in question.choices]
    if question.kind == QuestionKind.YES_NO:
        return st.sampled_from(["true", "false"])
    if question.kind == QuestionKind.CHOICE:
        return st.sampled_from([f'"{code}"' for code in codes] + [f'not("{code}")' for code in codes])
    if question.kind == QuestionKind.CHOICES:
        return st.lists(st.sampled_from(codes), min_size=1, max_size=3).map(
            lambda chosen: " or ".join(f'list contains(?, "{code}")' for code in chosen)
        )
    return st.integers(question.low, question.high).map(lambda number: f">= {number}")


@st.composite
def conditions(draw) -> list[dict[str, str]]:
    chosen = draw(st.lists(st.sampled_from(CODES), max_size=4))
    return [
        condition(code, draw(unary_tests_for(QUESTIONS[code])), draw(st.sampled_from(["no", "maybe"])))
        for code in chosen
    ]


@st.composite
def indexes(draw) -> Index:
    rows = draw(st.lists(conditions(), min_size=1, max_size=8))
    return Index(make_definition(f"p{number}", finder=row) for number, row in enumerate(rows))


full_answers = st.fixed_dictionaries({code: answers_to(QUESTIONS[code]) for code in CODES})


def walk(index: Index, truth: dict[str, Answer], event: str = "moving-in") -> dict[str, Answer]:
    """Answer what is asked until nothing is; a question that came twice fails."""
    given_answers: dict[str, Answer] = {}
    while (question := index.next_question(event, given_answers)) is not None:
        assert question.code not in given_answers
        given_answers[question.code] = truth[question.code]
    return given_answers


@settings(max_examples=60, deadline=None)
@given(indexes(), full_answers)
def test_the_questions_asked_lead_to_the_result_that_all_answers_give(index: Index, truth) -> None:
    asked = walk(index, truth)
    short = {item.code: item.answer for item in index.judge("moving-in", asked)}
    assert short == {item.code: item.answer for item in index.judge("moving-in", truth)}


@settings(max_examples=60, deadline=None)
@given(indexes(), full_answers, st.randoms(use_true_random=False))
def test_the_order_of_the_answers_changes_nothing(index: Index, truth, chance: random.Random) -> None:
    codes = list(truth)
    chance.shuffle(codes)
    shuffled = {code: truth[code] for code in codes}
    assert index.judge("moving-in", shuffled) == index.judge("moving-in", truth)
    part = dict(list(shuffled.items())[: len(codes) // 2])
    assert index.next_question("moving-in", part) == index.next_question(
        "moving-in", dict(sorted(part.items(), reverse=True))
    )


@settings(max_examples=60, deadline=None)
@given(indexes(), full_answers)
def test_a_maybe_after_all_questions_is_one_that_only_a_person_can_settle(index: Index, truth) -> None:
    for item in index.judge("moving-in", walk(index, truth)):
        if item.answer == "maybe":
            assert Status.DOUBTFUL in item.statuses
        assert item.reasons(truth) or item.answer == "yes"


@settings(max_examples=60, deadline=None)
@given(indexes(), full_answers, st.sets(st.sampled_from(CODES)))
def test_not_knowing_never_turns_a_yes_into_a_no_or_the_reverse(index: Index, truth, forgotten) -> None:
    clouded = {code: UNKNOWN if code in forgotten else answer for code, answer in truth.items()}
    for clear, cloudy in zip(index.judge("moving-in", truth), index.judge("moving-in", clouded), strict=True):
        assert cloudy.answer in {clear.answer, "maybe"}


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(list(QUESTIONS.values())), st.data())
def test_an_answer_survives_the_address(question: FinderQuestion, data) -> None:
    answer = data.draw(st.dates() if question.kind == QuestionKind.DATE else answers_to(question))
    assert read_answer(question, write_answer(answer)) == answer
    assert isinstance(answer_label(question, answer, "ja"), str)


def test_a_procedure_whose_conditions_all_hold_is_a_yes_and_says_why() -> None:
    finder = [condition("dog", "true"), condition("household", 'list contains(?, "toddler")')]
    (judged,) = Index([make_definition(finder=finder)]).judge("moving-in", {"dog": True, "household": ("toddler",)})
    assert judged.answer == "yes"
    assert [reason.question for reason in judged.reasons({"dog": True, "household": ("toddler",)})] == [
        "dog",
        "household",
    ]


def test_a_no_gives_the_reason_of_the_definition_and_a_maybe_what_would_decide_it() -> None:
    finder = [
        condition("dog", "true", reason="犬を飼っている方の手続です。"),
        condition("age", ">= 75", "maybe", "75歳から"),
    ]
    index = Index([make_definition(finder=finder)])
    (judged,) = index.judge("moving-in", {"dog": False})
    assert (judged.answer, judged.reasons({"dog": False})[0].text.ja) == ("no", "犬を飼っている方の手続です。")
    (judged,) = index.judge("moving-in", {"dog": True, "age": UNKNOWN})
    assert [(item.question, item.status) for item in judged.reasons({"dog": True})] == [("age", Status.OPEN)]
    (judged,) = index.judge("moving-in", {"dog": True, "age": 60})
    assert (judged.answer, judged.reasons({"dog": True, "age": 60})[0].text.ja) == ("maybe", "75歳から")


def test_the_question_that_splits_more_comes_first_and_one_that_splits_nothing_never() -> None:
    rows = [[condition("dog", "true")]] + [[condition("water", "true")]] * 3 + [[condition("car", "true, false")]]
    index = Index(make_definition(f"p{number}", finder=row) for number, row in enumerate(rows))
    first = index.next_question("moving-in", {})
    assert first is not None
    assert first.code == "water"
    second = index.next_question("moving-in", {"water": True})
    assert second is not None
    assert second.code == "dog"
    assert index.next_question("moving-in", {"water": True, "dog": UNKNOWN}) is None
    assert index.judge("moving-in", {})[-1].answer == "yes"


def test_a_question_outside_the_vocabulary_leaves_the_decision_to_a_person() -> None:
    index = Index([make_definition(finder=[condition("shoe_size", "> 25")])])
    assert index.next_question("moving-in", {}) is None
    assert index.judge("moving-in", {})[0].answer == "maybe"


@pytest.mark.parametrize(
    ("code", "values", "answer"),
    [
        ("age", ["６５"], 65),
        ("age", ["-1"], None),
        ("age", ["999"], None),
        ("age", ["²"], None),
        ("household", ["none"], ()),
        ("household", ["none", "toddler", "<script>"], ("toddler",)),
        ("household", [], None),
        ("dog", ["unknown"], UNKNOWN),
        ("dog", ["maybe"], None),
        ("event_on", ["2026-02-30"], None),
    ],
)
def test_answers_in_an_address_are_read_or_left_out(code: str, values: list[str], answer) -> None:
    assert read_answer(QUESTIONS[code], values) == answer


def test_deadlines_count_from_the_day_after_and_move_to_an_open_day() -> None:
    definition = make_definition(deadline={"text": "14日以内", "days": 14, "from_field": "moved_on"})
    assert due_on(definition.deadline, date(2026, 11, 20)) == date(2026, 12, 4)
    assert due_on(definition.deadline, date(2026, 12, 17)) == date(2027, 1, 4)
    before = make_definition(deadline={"text": "7日前", "days": -7, "from_field": "moved_on"})
    assert due_on(before.deadline, date(2026, 11, 20)) == date(2026, 11, 13)
    assert due_on(definition.deadline, None) is None


def test_a_list_is_ordered_by_deadline_and_says_what_to_bring_once() -> None:
    identity = {"code": "identity", "name": "本人確認書類", "online": "identity"}
    passport = {"code": "passport", "name": "旅券", "required_if": 'moved_from = "abroad"'}
    definitions = [
        make_definition("anytime", documents=[identity]),
        make_definition(
            "late", documents=[identity, passport], deadline={"text": "", "days": 14, "from_field": "moved_on"}
        ),
        make_definition("month", deadline={"text": "", "days": 30, "from_field": "moved_on"}),
        make_definition("not", finder=[condition("dog", "true")]),
    ]
    answers: dict[str, Answer] = {"dog": False, "moved_from": "domestic"}
    judged = Index(definitions).judge("moving-in", answers)
    by_code = {item.code: item for item in definitions}
    entries = make_list(by_code, judged, event="moving-in", today=date(2026, 11, 20), happened_on=date(2026, 11, 1))
    assert [(entry.definition.code, entry.group) for entry in entries] == [
        ("late", Group.TODAY),
        ("month", Group.SOON),
        ("anytime", Group.ANYTIME),
    ]
    bring = documents_to_bring(entries, answers)
    assert [(item.document.name.ja, item.codes) for item in bring] == [("本人確認書類", ["late", "anytime"])]
    unsure = documents_to_bring(entries, {})
    assert [item.is_certain for item in unsure] == [True, False]


def test_common_answers_are_carried_to_the_other_procedures_but_never_files_or_consents() -> None:
    def form(*fields: dict[str, object]) -> dict[str, object]:
        return {"steps": [{"code": "one", "title": "1", "fields": list(fields)}]}

    name = {"code": "applicant", "component": "person_name", "label": "氏名", "prefill": "person.name"}
    agreed = {"code": "agreed", "component": "consent", "label": "同意"}
    phone = {"code": "phone", "component": "phone", "label": "電話番号"}
    other = {"code": "claimant", "component": "person_name", "label": "請求者", "prefill": "person.name"}
    first, second = (
        make_definition("a", form=form(name, agreed, phone)),
        make_definition("b", form=form(other, agreed, phone)),
    )
    given_answers = {
        "a": {"applicant": {"family": "青葉"}, "agreed": True, "phone": "0465-00-0000"},
        "b": {"phone": "1"},
    }
    assert shared_answers([first, second], given_answers) == {"a": {}, "b": {"claimant": {"family": "青葉"}}}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("住民票", ["juminhyo"]),
        ("ジュウミンヒョウ", ["juminhyo"]),
        ("じゅうみんひょう", ["juminhyo"]),
        ("ｲﾇ", ["inu"]),
        ("犬を飼いました", ["inu"]),
        ("犬　登録", ["inu"]),
        ("どこにもない言葉", []),
        ("", []),
    ],
)
def test_procedures_are_found_by_name_kana_and_everyday_words(query: str, expected: list[str]) -> None:
    items = [
        searchable(
            make_definition(
                "juminhyo", name="住民票の写しの交付請求", keywords=["じゅうみんひょう"], life_events=["certificate"]
            )
        ),
        searchable(make_definition("inu", name="犬の登録", keywords=["いぬ", "犬を飼い"], life_events=["living"])),
    ]
    assert search(items, query) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 11, 20, 3, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 8, 15, tzinfo=UTC), False),
        (datetime(2026, 11, 21, 3, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 3, 0, tzinfo=UTC), False),
    ],
)
def test_opening_hours_know_weekends_and_holidays(moment: datetime, expected: bool) -> None:
    assert is_open("月〜金 8:30〜17:15", moment) is expected
    assert is_open("月曜日から金曜日 8時30分から17時15分", moment) is expected
    assert is_open("お問い合わせください", moment) is None


def test_every_life_event_stands_behind_one_door() -> None:
    behind = [event for door in DOORS for event in door.events]
    assert sorted(behind) == sorted(LIFE_EVENTS)
    assert door_of("moving-in") is DOORS[0]
