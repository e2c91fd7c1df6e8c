"""
Judging procedures and choosing the next question.

A procedure is 「no」 when one condition fails for certain, 「yes」 when all hold, else 「maybe」. The next question is the one
whose answer is expected to tell most about the procedures that are still open (information gain, in bits); see
``docs/algorithms/finder.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log2, prod
from typing import Literal

from ..definition import Definition, Eligibility
from ..definition.text import Text
from .parts import Part, Status
from .questions import ORDER, QUESTIONS, UNKNOWN, Answer, FinderQuestion

Answers = Mapping[str, Answer]
Result = Literal["yes", "maybe", "no"]
LEAST_GAIN = 1e-9


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: the question, what its answer did, the answer (None: not answered), and the definition's own words, if any."""

    question: str
    status: Status
    answer: Answer | None
    text: Text


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the finder says of a procedure; ``statuses`` go with the parts of its conditions."""

    code: str
    answer: Result
    parts: tuple[Part, ...]
    statuses: tuple[Status, ...]

    def reasons(self, answers: Answers) -> list[Reason]:
        """Return the reasons that matter: of a no what failed, of a maybe what is open or doubtful, of a yes what fits."""
        wanted = {
            "no": {Status.FAILS},
            "maybe": {Status.OPEN, Status.DOUBTFUL},
            "yes": {Status.FITS},
        }[self.answer]
        return [
            _reason(part, status, answers)
            for part, status in zip(self.parts, self.statuses, strict=True)
            if status in wanted
        ]


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    events: frozenset[str]
    parts: tuple[Part, ...]


class Index:
    """The published procedures, prepared for the finder; make it once and keep it. Not changed afterwards."""

    def __init__(self, definitions: Iterable[Definition], questions: Mapping[str, FinderQuestion] = QUESTIONS) -> None:
        self.questions = questions
        self._parts: dict[tuple[str, tuple[tuple[str, str, str], ...]], Part] = {}
        self._entries = [
            _Entry(item.code, frozenset(item.life_events), self._split(item.finder)) for item in definitions
        ]

    def judge(self, event: str, answers: Answers) -> list[Judgement]:
        """Return a judgement for every procedure of a life event (of all events for ""), in the order of the index."""
        return [_judge(entry, answers) for entry in self._of(event)]

    def next_question(self, event: str, answers: Answers) -> FinderQuestion | None:
        """Return the question worth asking most, or None when no answer could change the result any more."""
        gains: dict[str, float] = {}
        for entry in self._of(event):
            for question, gain in _gains_of(entry, answers):
                gains[question] = gains.get(question, 0.0) + gain
        found = [code for code, gain in gains.items() if gain > LEAST_GAIN]
        if not found:
            return None
        return self.questions[max(found, key=lambda code: self._rank(code, gains[code]))]

    def askable(self, event: str, answers: Answers) -> set[str]:
        """Return the questions whose answers could still change the result; never more will be asked."""
        return {
            question for entry in self._of(event) for question, gain in _gains_of(entry, answers) if gain > LEAST_GAIN
        }

    def _rank(self, code: str, gain: float) -> tuple[float, int, int]:
        return round(gain, 6), -self.questions[code].ease, -ORDER.get(code, len(ORDER))

    def _of(self, event: str) -> Sequence[_Entry]:
        return [entry for entry in self._entries if event in entry.events] if event else self._entries

    def _split(self, conditions: Sequence[Eligibility]) -> tuple[Part, ...]:
        grouped: dict[str, list[Eligibility]] = {}
        for condition in conditions:
            grouped.setdefault(condition.question, []).append(condition)
        return tuple(self._part(question, tuple(items)) for question, items in grouped.items())

    def _part(self, question: str, conditions: tuple[Eligibility, ...]) -> Part:
        key = question, tuple((item.test, item.otherwise, item.reason.ja) for item in conditions)
        if key not in self._parts:
            self._parts[key] = Part(question, conditions, self.questions.get(question))
        return self._parts[key]


def _judge(entry: _Entry, answers: Answers) -> Judgement:
    statuses = tuple([part.status(answers.get(part.question)) for part in entry.parts])
    if Status.FAILS in statuses:
        result: Result = "no"
    elif Status.OPEN in statuses or Status.DOUBTFUL in statuses:
        result = "maybe"
    else:
        result = "yes"
    return Judgement(entry.code, result, entry.parts, statuses)


def _reason(part: Part, status: Status, answers: Answers) -> Reason:
    answer = answers.get(part.question)
    decided = None if answer is None or status in {Status.OPEN, Status.FITS} else part.failing(answer)
    return Reason(part.question, status, answer, decided.reason if decided else Text())


def _gains_of(entry: _Entry, answers: Answers) -> Sequence[tuple[str, float]]:
    """Return for each question that may still be asked how many bits its answer tells about a procedure."""
    still: list[Part] = []
    doubtful = False
    for part in entry.parts:
        status = part.status(answers.get(part.question))
        if status == Status.FAILS:
            return ()
        doubtful = doubtful or status == Status.DOUBTFUL
        if status == Status.OPEN:
            still.append(part)
    if not still:
        return ()
    asked = tuple([answers.get(part.question) == UNKNOWN for part in still])
    return _gains(tuple(still), asked, doubtful)


@lru_cache(maxsize=32768)
def _gains(parts: tuple[Part, ...], asked: tuple[bool, ...], doubtful: bool) -> Sequence[tuple[str, float]]:
    fits = [part.chances.fits for part in parts]
    lasts = [1 - part.chances.fails for part in parts]
    before = _entropy(0.0 if doubtful else prod(fits), prod(lasts))
    found = []
    for number, part in enumerate(parts):
        if asked[number]:
            continue
        remains = prod(lasts[:number]) * prod(lasts[number + 1 :])
        yes = 0.0 if doubtful else prod(fits[:number]) * prod(fits[number + 1 :])
        after = part.chances.fits * _entropy(yes, remains)
        if part.chances.doubtful:
            after += part.chances.doubtful * _entropy(0.0, remains)
        found.append((part.question, before - after))
    return found


def _entropy(yes: float, remains: float) -> float:
    """
    Return the uncertainty (bits) about yes, maybe and no; ``remains`` is the chance that it is not no.

    The answers to different questions are taken as independent.
    """
    found = 0.0
    for share in (yes, remains - yes, 1 - remains):
        if share > 0:
            found -= share * log2(share)
    return found
