"""One question's conditions within a procedure: what an answer makes of them, and how likely that is beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import chain, combinations

from madoguchi.kit.feel import FeelError, cached_unary_tests

from ..definition import Eligibility
from .questions import UNKNOWN, Answer, FinderQuestion, QuestionKind

MOST_OPTIONS = 10
"""Of more options than these the combinations are not tried one by one."""
DOUBT = 0.02
"""What is kept for answers nobody thought of, where not every answer was tried."""
_DATE = re.compile(r'date\("(\d{4}-\d{2}-\d{2})"\)')


class Status(StrEnum):
    """What is known of a condition: it holds, it fails for certain, it fails but a person may decide, not asked yet."""

    FITS = "fits"
    FAILS = "fails"
    DOUBTFUL = "doubtful"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Chances:
    """How likely a part turns out to fit, to be doubtful, to fail; together 1."""

    fits: float
    doubtful: float
    fails: float


@lru_cache(maxsize=65536, typed=True)
def passes(test: str, answer: Answer) -> bool:
    """Say whether an answer satisfies a unary test; a test that cannot be read is satisfied by nothing."""
    try:
        return cached_unary_tests(test).matches(list(answer) if isinstance(answer, tuple) else answer)
    except FeelError:
        return False


@dataclass(slots=True, eq=False)
class Part:
    """
    The conditions of one procedure on one question; procedures with the same conditions share it.

    ``settled`` is the status where every possible answer gives the same. A question the vocabulary lacks is doubtful.
    """

    question: str
    conditions: tuple[Eligibility, ...]
    known: FinderQuestion | None
    chances: Chances = field(init=False)
    settled: Status | None = field(init=False)
    _statuses: dict[Answer, Status] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.settled = None if self.known else Status.DOUBTFUL
        self.chances = Chances(0, 1, 0)
        if self.known is not None:
            self._weigh(self.known)

    def status(self, answer: Answer | None) -> Status:
        """Return what an answer makes of the conditions; None and わからない leave them open."""
        if self.settled is not None:
            return self.settled
        if answer is None or answer == UNKNOWN:
            return Status.OPEN
        found = self._statuses.get(answer)
        if found is None:
            found = self._statuses[answer] = self._judge(answer)
        return found

    def failing(self, answer: Answer) -> Eligibility | None:
        """Return the condition that decided against an answer: one that says no before one that only doubts."""
        failed = [condition for condition in self.conditions if not passes(condition.test, answer)]
        return min(failed, key=lambda condition: condition.otherwise != "no", default=None)

    def _judge(self, answer: Answer) -> Status:
        failed = self.failing(answer)
        if failed is None:
            return Status.FITS
        return Status.FAILS if failed.otherwise == "no" else Status.DOUBTFUL

    def _weigh(self, question: FinderQuestion) -> None:
        weights = dict.fromkeys((Status.FITS, Status.DOUBTFUL, Status.FAILS), 0.0)
        for answer, weight in self._possible(question):
            weights[self._judge(answer)] += weight
        total = sum(weights.values()) or 1.0
        shares = {status: weight / total for status, weight in weights.items()}
        if question.kind in {QuestionKind.CHOICES, QuestionKind.DATE}:
            shares = self._leave_doubt(shares)
        else:
            self.settled = next((status for status, weight in weights.items() if weight == sum(weights.values())), None)
        self.chances = Chances(shares[Status.FITS], shares[Status.DOUBTFUL], shares[Status.FAILS])

    def _leave_doubt(self, shares: Mapping[Status, float]) -> dict[Status, float]:
        outcomes = {Status.FITS} | {
            Status.FAILS if condition.otherwise == "no" else Status.DOUBTFUL for condition in self.conditions
        }
        return {
            status: share * (1 - DOUBT) + (DOUBT / len(outcomes) if status in outcomes else 0)
            for status, share in shares.items()
        }

    def _possible(self, question: FinderQuestion) -> Iterator[tuple[Answer, float]]:
        if question.kind == QuestionKind.YES_NO:
            yield from ((choice.code == "yes", choice.share) for choice in question.choices)
        elif question.kind == QuestionKind.CHOICE:
            yield from ((choice.code, choice.share) for choice in question.choices)
        elif question.kind == QuestionKind.NUMBER:
            yield from ((number, 1.0) for number in range(question.low, question.high + 1))
        elif question.kind == QuestionKind.DATE:
            yield from ((day, 1.0) for day in self._days())
        else:
            yield from self._combinations(question)

    def _combinations(self, question: FinderQuestion) -> Iterator[tuple[Answer, float]]:
        """Yield the combinations of the options that the tests name; the others change nothing."""
        texts = " ".join(condition.test for condition in self.conditions)
        named = [choice for choice in question.choices if f'"{choice.code}"' in texts][:MOST_OPTIONS]
        for chosen in _subsets(range(len(named))):
            weight = 1.0
            for number, choice in enumerate(named):
                weight *= choice.share if number in chosen else 1 - choice.share
            yield tuple(named[number].code for number in sorted(chosen)), weight

    def _days(self) -> Iterator[date]:
        for condition in self.conditions:
            for text in _DATE.findall(condition.test):
                day = date.fromisoformat(text)
                yield from (day - timedelta(days=1), day, day + timedelta(days=1))


def _subsets(items: Iterable[int]) -> Iterator[frozenset[int]]:
    listed = list(items)
    return map(frozenset, chain.from_iterable(combinations(listed, size) for size in range(len(listed) + 1)))
