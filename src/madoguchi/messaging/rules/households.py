"""Who is whose child in a household (世帯), by the relationship to its head (続柄) as registers write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from madoguchi.kit import ages

YOUNGEST_PARENT = 15
CHILD_UNTIL = 19
"""Children are listed until the day they complete these years (the age of the third year of high school is over then)."""

_HEAD = "世帯主"
_CHILD = re.compile(r"(長|[二三四五六七八九十]+|次|[1-9１-９]+)?(男|女)|養子|養女|子")
_SPOUSE = re.compile(r"(妻|夫)(（未届）|\(未届\))?")
_STEP = re.compile(r"(.+)の(子|養子|(長|[二三四五六七八九十]+|次)(男|女))")


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a household: an id, the relationship to its head as written, the day of birth."""

    id: int
    relationship: str
    birth_date: date | None


def parents_in(household: Sequence[Member], child: Member) -> list[int]:
    """
    Return the ids of a child's parents in the household, or of its head where none of them lives there.

    「子」「長男」 are children of the head and of the spouse; 「妻の子」 of the spouse and, as the one who brings it up, the head;
    「子の子」 of those who are 「子」 and of their spouses. Nobody younger than fifteen is taken for a parent.
    """
    adults = [one for one in household if one.id != child.id and _may_be_parent(one, child)]
    said = _plain(child.relationship)
    wanted = _parents_of(said)
    found = [one.id for one in adults if _kind(one.relationship) in wanted]
    if found:
        return found
    return [one.id for one in adults if _kind(one.relationship) == _HEAD]


def children_of(household: Iterable[Member], today: date) -> list[tuple[int, Member]]:
    """Return (id of a parent, child) for everybody in a household who has not completed ``CHILD_UNTIL`` years."""
    members = list(household)
    return [
        (parent, one)
        for one in members
        if _is_child(one, today) and _kind(one.relationship) not in (_HEAD, "配偶者")
        for parent in parents_in(members, one)
    ]


def _is_child(one: Member, today: date) -> bool:
    return one.birth_date is not None and one.birth_date <= today and ages.age_on(one.birth_date, today) < CHILD_UNTIL


def _may_be_parent(one: Member, child: Member) -> bool:
    if one.birth_date is None or child.birth_date is None:
        return True
    return one.birth_date <= child.birth_date and ages.age_on(one.birth_date, child.birth_date) >= YOUNGEST_PARENT


def _plain(relationship: str) -> str:
    return re.sub(r"[\s　]", "", relationship)


def _kind(relationship: str) -> str:
    """Return a relationship in one writing: 世帯主, 配偶者, 子, or as it is with both of these inside (子の配偶者)."""
    text = _plain(relationship)
    if text in (_HEAD, "本人", "主"):
        return _HEAD
    if _SPOUSE.fullmatch(text):
        return "配偶者"
    if _CHILD.fullmatch(text):
        return "子"
    owner, of, last = text.rpartition("の")
    return f"{_kind(owner)}の{_kind(last)}" if of and owner and last else text


def _parents_of(relationship: str) -> set[str]:
    if _CHILD.fullmatch(relationship):
        return {_HEAD, "配偶者"}
    step = _STEP.fullmatch(relationship)
    if step is None:
        return set()
    owner = _kind(step[1])
    return {_HEAD, "配偶者"} if owner == "配偶者" else {owner, f"{owner}の配偶者"}
