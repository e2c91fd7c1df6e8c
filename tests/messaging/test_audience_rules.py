"""Rules of audiences: read strictly, written back the same, told in words; ages and grades as days of birth."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import ages
from madoguchi.messaging.errors import AudienceError
from madoguchi.messaging.rules import audience as rules

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=10)
CODES = st.text("abcdefghij0123456789", min_size=1, max_size=12)
MANY = 3

AGES = st.tuples(st.integers(0, 60), st.integers(0, 60), st.none() | DAYS).map(
    lambda one: (min(one[:2]), max(one[:2]), one[2])
)
CONDITIONS = st.one_of(
    st.just(rules.Everyone()),
    st.lists(CODES, min_size=1, max_size=MANY, unique=True).map(lambda codes: rules.Topics(tuple(codes))),
    AGES.map(lambda one: rules.Age(*one)),
    AGES.map(lambda one: rules.ChildAge(*one)),
    st.tuples(DAYS, DAYS).map(lambda two: rules.Born(min(two), max(two))),
    st.lists(WORDS, min_size=1, max_size=MANY, unique=True).map(lambda names: rules.Towns(tuple(names))),
    st.lists(st.sampled_from(["ja", "en", "ja-easy"]), min_size=1, unique=True).map(
        lambda codes: rules.Languages(tuple(codes))
    ),
    st.lists(st.sampled_from(list(rules.GRADES)), min_size=1, max_size=MANY, unique=True).map(
        lambda grades: rules.ChildGrade(tuple(grades), 2026)
    ),
    st.lists(CODES, min_size=1, max_size=MANY, unique=True).map(lambda codes: rules.Needs(tuple(codes))),
    st.lists(CODES, min_size=1, max_size=MANY, unique=True).map(lambda values: rules.Sources("library", tuple(values))),
)
RULES = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        inner.map(rules.Not),
        st.lists(inner, min_size=1, max_size=MANY).map(lambda parts: rules.All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=MANY).map(lambda parts: rules.Any(tuple(parts))),
    ),
    max_leaves=8,
)

NAMES = ["all", "any", "not", "town", "age", "from", "to", "everyone", "source", "key", "values", "born", "topic"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=2),
    max_leaves=12,
)


def depth(rule: rules.Rule) -> int:
    if isinstance(rule, rules.All | rules.Any):
        return 1 + max(depth(part) for part in rule.parts)
    return 1 + depth(rule.part) if isinstance(rule, rules.Not) else 1


@given(RULES)
def test_a_rule_written_and_read_again_is_the_same(rule: rules.Rule) -> None:
    if depth(rule) <= rules.MAXIMUM_DEPTH:
        assert rules.parse_rule(rules.write_rule(rule)) == rule
    else:
        with pytest.raises(AudienceError, match="深すぎます"):
            rules.parse_rule(rules.write_rule(rule))


@given(RULES, st.sampled_from(["ja", "ja-easy", "en", "pt"]))
def test_every_rule_can_be_told(rule: rules.Rule, language: str) -> None:
    told = rules.describe_rule(rule, {}, language)
    assert told
    assert "{" not in told


@given(RULES)
def test_the_opposite_of_the_opposite_has_the_same_conditions(rule: rules.Rule) -> None:
    twice = rules.negate(rules.negate(rule))
    assert list(rules.conditions_of(twice)) == list(rules.conditions_of(rule))


@given(JSON)
def test_whatever_json_comes_is_read_or_refused_with_the_place(document: object) -> None:
    refused = None
    try:
        rule = rules.parse_rule(document)
    except AudienceError as error:
        refused = error
    if refused is None:
        assert rules.parse_rule(rules.write_rule(rule)) == rule
    else:
        assert refused.path.startswith("対象")
        assert str(refused).startswith(refused.path)


@given(DAYS, st.integers(0, 110), st.integers(0, 110), st.integers(-400, 45000))
def test_ages_as_days_of_birth_agree_with_the_law(on: date, one: int, two: int, back: int) -> None:
    first, last = min(one, two), max(one, two)
    earliest, latest = rules.births_of_ages(first, last, on)
    birth = on - timedelta(days=back)
    is_in = birth <= latest and (earliest is None or birth >= earliest)
    assert is_in == (birth <= on and first <= ages.age_on(birth, on) <= last)


@given(DAYS, st.sampled_from(list(rules.GRADES)), st.integers(2000, 2040))
def test_a_school_year_as_days_of_birth_agrees_with_the_entry_into_school(birth: date, grade: str, year: int) -> None:
    first, last = rules.births_of_grade(grade, year)
    assert (first <= birth <= last) == (ages.school_entry_fiscal_year(birth) == year - rules.GRADES[grade])


def test_a_child_born_on_the_first_of_april_is_in_the_older_year() -> None:
    assert rules.births_of_grade("elementary1", 2026) == (date(2019, 4, 2), date(2020, 4, 1))


@pytest.mark.parametrize(
    ("document", "place", "words"),
    [
        ({}, "対象", "全員に送るときも"),
        ({"all": []}, "対象 › all", "条件が1つもありません"),
        ({"all": [{"town": ["栄町"]}, {"age": {"from": -1}}]}, "対象 › all[2] › age › from", "0から150まで"),
        ({"child_age": {"from": 5, "to": 3}}, "対象 › child_age", "前後が逆"),
        ({"born": {"from": "2020-02-30"}}, "対象 › born › from", "日付"),
        ({"town": []}, "対象 › town", "1つ以上"),
        ({"wealth": 1}, "対象", "という条件はありません"),
        ({"town": ["栄町"], "age": 3}, "対象", "1つずつ"),
        ({"child_school_year": ["class9"]}, "対象 › child_school_year[1]", "という学年はありません"),
        ({"everyone": "yes"}, "対象 › everyone", "true"),
    ],
)
def test_a_rule_that_cannot_be_read_says_where_and_what_to_do(document: object, place: str, words: str) -> None:
    with pytest.raises(AudienceError, match=words) as caught:
        rules.parse_rule(document)
    assert caught.value.path == place


def test_the_ages_of_the_documentation_are_right() -> None:
    assert rules.births_of_ages(3, 3, date(2026, 11, 20)) == (date(2022, 11, 22), date(2023, 11, 21))
    assert rules.births_of_ages(3, 3, date(2027, 2, 28))[1] >= date(2024, 2, 29)
    assert rules.births_of_ages(3, 3, date(2027, 2, 27))[1] < date(2024, 2, 29)
    assert rules.births_of_grade("kinder3", 2026) == (date(2022, 4, 2), date(2023, 4, 1))


def test_a_rule_nested_ten_thousand_times_is_refused() -> None:
    document: object = {"everyone": True}
    for _ in range(10_000):
        document = {"not": document}
    with pytest.raises(AudienceError, match="深すぎます"):
        rules.parse_rule(document)


def test_too_many_conditions_are_refused() -> None:
    part = {"any": [{"town": ["栄町"]}] * 30}
    with pytest.raises(AudienceError, match="条件が多すぎます"):
        rules.parse_rule({"all": [part, part, part]})


@pytest.mark.parametrize(
    ("document", "language", "told"),
    [
        ({"all": [{"town": ["栄町"]}, {"child_age": 3}]}, "ja", "栄町にお住まいで、3歳のお子さんがいる方"),
        (
            {"all": [{"town": ["栄町"]}, {"child_age": 3}]},
            "en",
            "people who live in 栄町 and have a child who is aged 3",
        ),
        ({"not": {"age": {"from": 65}}}, "ja", "65歳以上ではない方"),
        (
            {"all": [{"topic": "kids"}, {"not": {"any": [{"language": "en"}, {"need": "walking"}]}}]},
            "ja",
            "「子育て」を購読していて、（英語での連絡を希望している方、または「歩くこと」と登録している方）に当てはまらない方",
        ),
        (
            {"child_school_year": {"grades": ["elementary1"], "fiscal_year": 2027}},
            "ja",
            "令和9年度に小学1年生のお子さんがいる方",
        ),
    ],
)
def test_a_rule_is_told_as_a_sentence(document: object, language: str, told: str) -> None:
    names = {"topic": {"kids": "子育て"}, "language": {"en": "英語"}, "need": {"walking": "歩くこと"}}
    assert rules.describe_rule(rules.parse_rule(document), names, language) == told
