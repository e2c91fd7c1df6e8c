"""What a new version would have made of the applications sent to earlier ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .definition import Definition
from .forms import Problem, check_all, clean, fee_of


@dataclass(frozen=True, slots=True)
class Sent:
    """An application as it was sent: its number, the version it was sent to, its answers, the day."""

    number: str
    definition: Definition
    answers: dict[str, Any]
    day: date


@dataclass(frozen=True, slots=True)
class Replayed:
    """What would become of one application: what would be refused, which answers would be lost, the fee before and now."""

    number: str
    problems: list[Problem]
    lost: list[str]
    fee_before: int
    fee_now: int

    @property
    def is_same(self) -> bool:
        """True where nothing would change."""
        return not self.problems and not self.lost and self.fee_before == self.fee_now


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What became of all: ``rows`` in the order they were given; answers themselves are never in it."""

    rows: list[Replayed] = field(default_factory=list)

    @property
    def refused(self) -> list[Replayed]:
        """Applications that could not be sent as they were."""
        return [row for row in self.rows if row.problems]

    @property
    def losing(self) -> list[Replayed]:
        """Applications of which an answer would be lost."""
        return [row for row in self.rows if row.lost]

    @property
    def repriced(self) -> list[Replayed]:
        """Applications whose fee would change."""
        return [row for row in self.rows if row.fee_before != row.fee_now]

    def problems_by_field(self) -> list[tuple[str, str, int]]:
        """Return (field, code, number of applications), most frequent first."""
        found: Counter[tuple[str, str]] = Counter()
        for row in self.rows:
            found.update({(problem.field, problem.code) for problem in row.problems})
        return [(name, code, count) for (name, code), count in found.most_common()]

    def lost_by_field(self) -> list[tuple[str, int]]:
        """Return (field, number of applications whose answer would be lost), most frequent first."""
        found: Counter[str] = Counter()
        for row in self.rows:
            found.update({path.split(".", 1)[0] for path in row.lost})
        return found.most_common()


def replay_sent(definition: Definition, applications: Iterable[Sent]) -> ReplayReport:
    """Judge applications by ``definition``, each as of its own day."""
    return ReplayReport([_replayed(definition, item) for item in applications])


def _replayed(definition: Definition, item: Sent) -> Replayed:
    before = clean(item.definition, item.answers, item.day)
    now = clean(definition, item.answers, item.day)
    asked = {each.code for each in item.definition.form.fields() if each.asks}
    # What the old form calculated is nobody's answer.
    before_asked = {code: value for code, value in before.items() if code in asked}
    problems = [problem for problem in check_all(definition, before_asked, item.day) if problem.code != "unknown"]
    return Replayed(
        item.number,
        problems,
        lost_paths(before_asked, now),
        fee_of(item.definition, before, item.day),
        fee_of(definition, now, item.day),
    )


def lost_paths(before: Any, now: Any, path: str = "") -> list[str]:
    """Return the places of answers that are no longer there."""
    if isinstance(before, dict):
        inner = now if isinstance(now, dict) else {}
        return [
            place
            for key, value in before.items()
            for place in lost_paths(value, inner.get(key), f"{path}.{key}" if path else str(key))
        ]
    if isinstance(before, list) and before and isinstance(before[0], dict):
        rows = now if isinstance(now, list) else []
        return [
            place
            for index, value in enumerate(before)
            for place in lost_paths(value, rows[index] if index < len(rows) else None, f"{path}.{index}")
        ]
    return [path] if now is None and before is not None else []
