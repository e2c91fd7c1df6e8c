"""What a screen shows when, the codes people type, and texts cut to what can be read at five metres."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.messaging.rules.signage import looks
from madoguchi.messaging.rules.signage.choosing import choose, is_within
from madoguchi.messaging.rules.signage.codes import new_code, read_code, spaced
from madoguchi.messaging.rules.signage.texts import pages_of, width_of


def at(day: int = 20, hour: int = 12, minute: int = 0) -> int:
    return int(datetime(2026, 11, day, hour, minute, tzinfo=clock.TOKYO).timestamp() * 1000)


def slide(name: str, **window: Any) -> dict[str, Any]:
    return {"html": name, "seconds": 10, "window": window, "asset": None}


def manifest(**changes: Any) -> dict[str, Any]:
    return {
        "closed": ["2026-11-21", "2026-11-22", "2026-11-23"],
        "override": None,
        "schedules": [],
        "playlists": {"1": ["11", "12"], "2": ["21"]},
        "items": {
            "11": {"window": {}, "slides": [slide("a"), slide("b")]},
            "12": {"window": {"from": 9 * 60, "until": 17 * 60}, "slides": [slide("c")]},
            "21": {"window": {}, "slides": [slide("d")]},
        },
        "house": [slide("today", starts=at(20, 0), ends=at(21, 0)), slide("always")],
        **changes,
    }


def scheduled(playlist: str, priority: int = 10, **window: Any) -> dict[str, Any]:
    return {"playlist": playlist, "priority": priority, "window": window}


def test_the_house_shows_its_own_when_nothing_is_planned():
    assert choose(manifest(), at()) == [("house", 0), ("house", 1)]
    assert choose(manifest(), at(25)) == [("house", 1)]


def test_the_highest_priority_that_has_something_is_shown_alone():
    plan = manifest(schedules=[scheduled("1"), scheduled("2", 20, days=[4])])
    assert choose(plan, at()) == [("21", 0)]
    assert choose(plan, at(24)) == [("11", 0), ("11", 1), ("12", 0)]


def test_playlists_of_the_same_priority_follow_one_another():
    plan = manifest(schedules=[scheduled("2"), scheduled("1"), scheduled("2")])
    assert choose(plan, at(20, 20)) == [("21", 0), ("11", 0), ("11", 1)]


def test_an_override_goes_first_and_ends_by_itself():
    plan = manifest(schedules=[scheduled("1", 99)], override={"playlist": "2", "until": at(20, 13)})
    assert choose(plan, at(20, 12, 59)) == [("21", 0)]
    assert choose(plan, at(20, 13))[0] == ("11", 0)


def test_what_has_not_arrived_is_left_out():
    plan = manifest(schedules=[scheduled("1")])
    assert choose(plan, at(), lambda one: one["html"] != "b") == [("11", 0), ("12", 0)]
    assert choose(plan, at(), lambda one: one["html"] == "always") == [("house", 1)]


def test_hours_that_end_in_the_morning_belong_to_the_day_they_began_on():
    night = {"from": 22 * 60, "until": 6 * 60, "days": [4]}
    assert is_within(night, at(20, 23), ())
    assert is_within(night, at(21, 5, 59), ())
    assert not is_within(night, at(21, 6), ())
    assert not is_within(night, at(20, 5), ())
    assert not is_within(night, at(21, 23), ())


def test_closed_days_are_left_out_where_asked():
    assert is_within({"open_days": True}, at(20), ["2026-11-21"])
    assert not is_within({"open_days": True}, at(21), ["2026-11-21"])
    assert is_within({}, at(21), ["2026-11-21"])


@given(st.integers(at(1), at(30)))
def test_there_is_always_something_to_show(moment):
    assert choose(manifest(schedules=[scheduled("1", days=[0]), scheduled("2", 5)]), moment)


@given(st.text(max_size=400), st.integers(10, 160))
def test_no_word_is_lost_when_a_text_is_cut_into_pages(text, most):
    pages = pages_of(text, most)
    assert "".join("".join(pages).split()) == "".join(text.split())
    assert all(width_of(line) <= most for page in pages for line in [page.replace("\n", "")])


def test_a_text_is_cut_between_sentences():
    first, second = "明日は市役所の本庁舎が休みです。", "ご用の方は支所へお越しください。"
    assert pages_of(first + second, width_of(first) + 2) == [first, second]


@given(st.data())
def test_a_code_is_read_however_it_is_typed(data):
    code = new_code()
    typed = data.draw(st.sampled_from([spaced(code), code.lower(), f" {code[:2]}-{code[2:]} ", code.replace("1", "l")]))
    assert read_code(typed) == code


def test_what_is_no_code_is_none():
    assert [read_code(text) for text in ("", "12345", "1234567", "ABCDEF", "😀" * 6)] == [None] * 5


def test_every_level_has_a_word_a_colour_and_a_shape_of_its_own():
    levels = [looks.look_of(evacuation_level=level, severity="Severe") for level in range(1, 6)]
    for part in ("colour", "shape"):
        assert len({getattr(look, part) for look in levels}) == 5
    for language in ("ja", "ja-easy", "en", "vi"):
        assert len({looks.word_in(look.words, language) for look in levels}) == 5
    assert looks.look_of(evacuation_level=None, severity="Extreme").colour == "emergency"
    assert looks.look_of(evacuation_level=None, severity="Moderate").colour == "warning"
