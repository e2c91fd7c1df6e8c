"""Rules in words, so that whoever sends and whoever receives can read who is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from madoguchi.kit import fiscal

from . import nodes
from .words import WORDS, Words

Names = Mapping[str, Mapping[str, str]]
"""What codes are called: ``topic``, ``language``, ``need``, ``source`` → code → name; a source's values as ``key:value``."""

_SHOWN = 4


def describe_rule(rule: nodes.Rule, names: Names, language: str = "ja") -> str:
    """
    Say who is meant, as one noun phrase: 「栄町にお住まいで、3歳のお子さんがいる方」, "people who live in 栄町 and have a child aged 3".

    ``names`` gives the names of codes in the reader's language; a code without one stands for itself. Languages other than
    ``ja`` and ``ja-easy`` are told in English.
    """
    return _Speaker(WORDS.get(language, WORDS["en"]), names, language).people(rule)


def phrase_languages() -> tuple[str, ...]:
    """Return the languages in which rules can be told."""
    return tuple(WORDS)


@dataclass(frozen=True, slots=True)
class _Speaker:
    words: Words
    names: Names
    language: str

    def people(self, rule: nodes.Rule) -> str:
        if isinstance(rule, nodes.Everyone):
            return self.words.everyone
        if isinstance(rule, nodes.Recipients):
            return self.words.chosen.format(x=len(rule.keys))
        if isinstance(rule, nodes.Any):
            return self.words.either.join(self.people(part) for part in rule.parts)
        parts = rule.parts if isinstance(rule, nodes.All) else (rule,)
        clauses = [self.clause(part) for part in parts]
        told = [joining for joining, _ in clauses[:-1]] + [clauses[-1][1]]
        return self.words.phrase.format(x=self.words.joint.join(told))

    def clause(self, rule: nodes.Rule) -> tuple[str, str]:
        """Return what is said of a part before another one and at the end."""
        is_denied = isinstance(rule, nodes.Not)
        part = rule.part if isinstance(rule, nodes.Not) else rule
        if isinstance(part, nodes.All | nodes.Any | nodes.Not | nodes.Everyone | nodes.Recipients):
            kind, value = "group", self.people(part)
        else:
            kind, value = self.value(part)
        forms = [form.replace("{x}", value) for form in self.words.clauses[kind]]
        return (forms[2], forms[3]) if is_denied else (forms[0], forms[1])

    def value(self, rule: nodes.Condition) -> tuple[str, str]:
        """Return the kind of a condition and its value in words."""
        if isinstance(rule, nodes.Age):
            return "age", self.on(self.ages(rule.first, rule.last), rule.on)
        if isinstance(rule, nodes.ChildAge):
            return "child_age", self.on(self.ages(rule.first, rule.last), rule.on)
        if isinstance(rule, nodes.ChildGrade):
            return "child_grade", self.in_year(rule)
        if isinstance(rule, nodes.Born):
            return "born", self.span(rule)
        return self.listed_value(rule)

    def listed_value(self, rule: nodes.Condition) -> tuple[str, str]:
        if isinstance(rule, nodes.Towns):
            return "town", self.listing(rule.names)
        if isinstance(rule, nodes.PostalCodes):
            return "postal_code", self.listing(rule.prefixes)
        if isinstance(rule, nodes.Topics):
            return "topic", self.listing([self.quoted("topic", code) for code in rule.codes])
        if isinstance(rule, nodes.Languages):
            return "language", self.listing([self.name("language", code) for code in rule.codes])
        if isinstance(rule, nodes.Needs):
            return "need", self.listing([self.quoted("need", code) for code in rule.codes])
        if isinstance(rule, nodes.Sources):
            values = self.listing([self.name("source", f"{rule.key}:{value}", value) for value in rule.values])
            told = self.words.value_of.replace("{source}", self.name("source", rule.key)).replace("{x}", values)
            return "source", self.words.quoted.replace("{x}", told)
        return "group", self.people(rule)

    def listing(self, texts: Sequence[str]) -> str:
        shown = self.words.listed.join(texts[:_SHOWN])
        return shown if len(texts) <= _SHOWN else shown + self.words.more.format(x=len(texts))

    def name(self, kind: str, code: str, fallback: str = "") -> str:
        return self.names.get(kind, {}).get(code) or fallback or code

    def quoted(self, kind: str, code: str) -> str:
        return self.words.quoted.replace("{x}", self.name(kind, code))

    def ages(self, first: int | None, last: int | None) -> str:
        exact, between, at_least, at_most = self.words.age
        if first == last:
            form = exact
        elif last is None:
            form = at_least
        else:
            form = at_most if not first else between
        return form.format(a=first, b=last)

    def on(self, ages: str, on: date | None) -> str:
        return ages if on is None else self.words.on.format(x=self.day(on), age=ages)

    def day(self, day: date) -> str:
        return self.words.day.format(y=day.year, m=day.month, d=day.day)

    def span(self, rule: nodes.Born) -> str:
        between, after, before = self.words.span
        form = (before if rule.first is None else after) if rule.first is None or rule.last is None else between
        first, last = (self.day(day) if day else "" for day in (rule.first, rule.last))
        return form.format(a=first, b=last)

    def in_year(self, rule: nodes.ChildGrade) -> str:
        grades = self.listing([self.words.grades[grade] for grade in rule.grades])
        if rule.fiscal_year is None:
            return grades
        return self.words.year.format(x=grades, year=fiscal.label(rule.fiscal_year, self.language))
