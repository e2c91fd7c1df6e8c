"""Who a rule means among real rows: consent, children, pauses, small groups, ways and languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from madoguchi.messaging.enums import EndpointStatus, NeedCode
from madoguchi.messaging.errors import AudienceError
from madoguchi.messaging.models import Recipient
from madoguchi.messaging.registry import AudienceSource, audience_sources
from madoguchi.messaging.rules.audience import parse_rule
from madoguchi.messaging.selectors.audience import (
    audience_choices,
    check_audience,
    count_audience,
    counting,
    describe_audience,
    sample_audience,
    select_recipients,
)
from madoguchi.messaging.services.endpoints import add_endpoint, end_endpoint
from madoguchi.messaging.services.needs import register_need
from madoguchi.messaging.services.subscriptions import subscribe
from tests.messaging.people import NOON, a_city, holder, person, registered, topic

pytestmark = pytest.mark.database

BORN_3 = date(2023, 5, 1)
BORN_9 = date(2017, 5, 1)
PARENTS_OF_THREE = {"all": [{"town": ["栄町"]}, {"child_age": 3}]}


@pytest.fixture(autouse=True)
def _city(db: None) -> Iterator[None]:
    with a_city():
        yield


def chosen(document: Any, **options: Any) -> set[Recipient]:
    return set(select_recipients(parse_rule(document), **options))


def test_parents_of_a_town_are_found_once_however_many_children_they_have() -> None:
    parent = registered(town="栄町", children=[BORN_3, BORN_3, BORN_9])
    registered(town="本町", children=[BORN_3])
    registered(town="栄町", children=[BORN_9])
    assert list(select_recipients(parse_rule(PARENTS_OF_THREE))) == [parent]


def test_what_the_registry_knows_is_used_neither_for_nor_against_those_who_have_not_agreed() -> None:
    silent = registered(agreed=False, town="栄町", birth_date=date(1950, 1, 1), language="en")
    guest = person(town="栄町", birth_date=date(1950, 1, 1), language="en")
    for condition in ({"town": ["栄町"]}, {"age": {"from": 65}}, {"language": ["en"]}, {"postal_code": "250"}):
        assert silent not in chosen(condition)
        assert silent not in chosen({"not": condition})
        assert (guest in chosen(condition)) != (guest in chosen({"not": condition}))
    assert chosen({"everyone": True}) == {silent, guest}
    assert silent in chosen({"town": ["栄町"]}, is_emergency=True)


def test_children_somebody_declared_count_without_consent() -> None:
    declared = registered(agreed=False, children=[BORN_3], declares_children=True)
    registered(agreed=False, children=[BORN_3])
    assert chosen({"child_age": 3}) == {declared}


def test_school_years_are_those_of_the_fiscal_year() -> None:
    first_grader = person(children=[date(2020, 4, 1)])
    next_year = person(children=[date(2020, 4, 2)])
    assert chosen({"child_school_year": ["elementary1"]}) == {first_grader}
    assert chosen({"child_school_year": {"grades": ["elementary1"], "fiscal_year": 2027}}) == {next_year}


def test_a_person_whose_birthday_is_unknown_is_of_no_age() -> None:
    unknown = person()
    old = person(birth_date=date(1950, 1, 1))
    assert chosen({"age": {"from": 65}}) == {old}
    assert chosen({"not": {"age": {"from": 65}}}) == {unknown}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"not": {"all": [{"town": "栄町"}, {"topic": "kids"}]}}, {"any": [{"not": {"town": "栄町"}}, {"not": {"topic": "kids"}}]}),
        ({"not": {"any": [{"town": "栄町"}, {"age": {"from": 65}}]}}, {"all": [{"not": {"town": "栄町"}}, {"not": {"age": {"from": 65}}}]}),
        ({"not": {"not": {"child_age": 3}}}, {"child_age": 3}),
    ],
)  # fmt: skip
def test_the_laws_of_de_morgan_hold_for_everybody(left: Any, right: Any) -> None:
    kids = topic("kids", "子育て")
    for town in ("栄町", "本町", ""):
        for birth in (None, date(1950, 1, 1), date(1990, 1, 1)):
            for agreed in (True, False):
                one = registered(agreed=agreed, town=town, birth_date=birth, children=[BORN_3] if birth else [])
                if town and agreed:
                    subscribe(recipient=one, topic=kids, source="own")
    assert chosen(left) == chosen(right)
    assert chosen(left)


def test_topics_needs_sources_and_keys_choose_people() -> None:
    reader, helped, named = person(), registered(), person()
    subscribe(recipient=reader, topic=topic("kids", "子育て"), source="own")
    register_need(recipient=helped, code=NeedCode.WALKING)
    assert chosen({"topic": "kids"}) == {reader}
    assert chosen({"need": "walking"}) == {helped}
    assert chosen({"recipients": [named.key]}) == {named}
    source = AudienceSource(
        key="library", label="図書館カード", select=lambda people, values: people.filter(name__in=values)
    )
    with audience_sources.registered_temporarily("library", source):
        assert chosen({"source": {"key": "library", "values": ["見本 花子"]}}) == {helped}
        assert "図書館カード" in describe_audience(parse_rule({"source": {"key": "library", "values": ["x"]}}))


def test_an_unknown_source_is_refused_in_words() -> None:
    with pytest.raises(AudienceError, match="この窓口にはありません"):
        chosen({"source": {"key": "nowhere", "values": ["x"]}})


def test_those_who_pause_are_left_out_of_all_but_emergencies() -> None:
    paused = person(town="栄町", paused_until=NOON + timedelta(days=3))
    over = person(town="栄町", paused_until=NOON - timedelta(minutes=1))
    ended = person(town="栄町", ended_at=NOON)
    assert chosen({"town": "栄町"}) == {over}
    assert chosen({"town": "栄町"}, is_emergency=True) == {paused, over}
    assert ended not in chosen({"everyone": True}, is_emergency=True)


def test_the_count_says_by_which_ways_in_which_languages_and_who_falls_out() -> None:
    by_mail = person(town="栄町", language="en")
    add_endpoint(recipient=by_mail, channel="email", address="a@example.jp", is_confirmed=True)
    bounced = person(town="栄町")
    dead = add_endpoint(recipient=bounced, channel="email", address="b@example.jp", is_confirmed=True)
    end_endpoint(endpoint=dead, status=EndpointStatus.BOUNCED)
    add_endpoint(recipient=person(town="栄町"), channel="email", address="c@example.jp")
    with_account = registered(town="栄町", account=holder("hanako"))
    add_endpoint(recipient=with_account, channel="line", address="U" + "a" * 32, is_confirmed=True)
    registered(town="栄町", agreed=False)
    person(town="栄町", paused_until=NOON + timedelta(days=1))
    counted = count_audience(parse_rule({"town": "栄町"}))
    assert counted.people == 4
    assert counted.by_channel == {"inbox": 1, "email": 1, "line": 1, "post": 1}
    assert counted.by_language == {"ja": 3, "en": 1}
    assert counted.unreachable == 2
    assert counted.excluded == {"paused": 1, "no_consent": 1}
    assert counted.is_small


def test_many_people_are_counted_like_few(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        one = registered(town="栄町", agreed=number > 1, language="en" if number % 2 else "ja")
        add_endpoint(recipient=one, channel="email", address=f"p{number}@example.jp", is_confirmed=number % 3 == 0)
    person(town="栄町", paused_until=NOON + timedelta(days=1))
    rule = parse_rule({"town": "栄町"})
    few = count_audience(rule)
    monkeypatch.setattr(counting, "FEW", 0)
    assert count_audience(rule) == few
    assert few.excluded == {"paused": 1, "no_consent": 2}


def test_a_small_group_of_the_registry_is_neither_shown_nor_written_to() -> None:
    rule = parse_rule(PARENTS_OF_THREE)
    for _ in range(4):
        registered(town="栄町", children=[BORN_3])
    for refused in (check_audience, sample_audience):
        with pytest.raises(AudienceError, match="5人より少ない"):
            refused(rule)
    assert check_audience(rule, is_emergency=True).people == 4
    registered(town="栄町", children=[BORN_3])
    assert check_audience(rule).people == 5
    sampled = sample_audience(rule, 3)
    assert [one.name for one in sampled] == ["見●●"] * 3


def test_a_message_to_nobody_is_refused() -> None:
    with pytest.raises(AudienceError, match="当てはまる方がいません"):
        check_audience(parse_rule({"town": "どこにもない町"}))


def test_few_subscribers_of_a_topic_may_be_written_to() -> None:
    subscribe(recipient=person(name="見本"), topic=topic("kids", "子育て"), source="own")
    assert check_audience(parse_rule({"topic": "kids"})).people == 1


def test_staff_can_choose_from_what_there_is() -> None:
    person(town="栄町")
    topic("kids", "子育て")
    choices = audience_choices("ja")
    assert ("栄町", "栄町") in choices["town"]
    assert ("kids", "子育て") in choices["topic"]
    assert describe_audience(parse_rule({"topic": "kids"}), "en") == "people who subscribe to “kids”"
