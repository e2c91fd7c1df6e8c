"""What a rule is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Everyone:
    """Everybody messages can go to."""


@dataclass(frozen=True, slots=True)
class Topics:
    """Whoever subscribes to one of the topics."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Age:
    """Whoever has completed from ``first`` to ``last`` years (None: no limit) at the end of a day (None: of today)."""

    first: int | None
    last: int | None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Born:
    """Whoever was born from ``first`` to ``last``, both included (None: no limit)."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Towns:
    """Whoever lives in one of the towns (町域)."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostalCodes:
    """Whoever's postal code begins with one of these digits."""

    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Languages:
    """Whoever is written to in one of the languages."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChildAge:
    """Whoever has a child of that age; the bounds are those of ``Age``."""

    first: int | None
    last: int | None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ChildGrade:
    """Whoever has a child in one of the school years (学年, keys of ``times.GRADES``) in a fiscal year (None: the present)."""

    grades: tuple[str, ...]
    fiscal_year: int | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """Whoever has registered one of the needs."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """Whoever a room knows as one of the values of its ``AudienceSource``."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipients:
    """These people, by their keys."""

    keys: tuple[str, ...]


Condition = (
    Everyone
    | Topics
    | Age
    | Born
    | Towns
    | PostalCodes
    | Languages
    | ChildAge
    | ChildGrade
    | Needs
    | Sources
    | Recipients
)


@dataclass(frozen=True, slots=True)
class All:
    """Whoever falls under every one of the rules."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Whoever falls under at least one of the rules."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Whoever does not fall under the rule."""

    part: Rule


Rule = All | Any | Not | Condition

_REGISTRY = (Age, Born, Towns, PostalCodes, Languages, ChildAge, ChildGrade, Needs, Sources)


def conditions_of(rule: Rule) -> Iterator[Condition]:
    """Yield every condition of a rule, in order."""
    if isinstance(rule, All | Any):
        for part in rule.parts:
            yield from conditions_of(part)
    elif isinstance(rule, Not):
        yield from conditions_of(rule.part)
    else:
        yield rule


def uses_registry(rule: Rule) -> bool:
    """Tell whether a rule asks for something the city's registers know of people, so that a small group shows who it is."""
    return any(isinstance(condition, _REGISTRY) for condition in conditions_of(rule))


def negate(rule: Rule) -> Rule:
    """
    Return the opposite of a rule with the negation moved to its conditions (De Morgan's laws).

    Two negations of a condition cancel each other; the opposite of ``All`` is ``Any`` of the opposites.
    """
    if isinstance(rule, Not):
        return rule.part
    if isinstance(rule, All):
        return Any(tuple(negate(part) for part in rule.parts))
    if isinstance(rule, Any):
        return All(tuple(negate(part) for part in rule.parts))
    return Not(rule)
