"""The results of a finished plan: the document's own summary figures, computed again from its marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

ACHIEVED = frozenset({"○", "〇", "◎"})
_REPORTED = re.compile(
    r"^(?:(?P<whole>基本目標|基本方針|目標|柱)\s*(?P<goal>[0-9]+)\s+)?"
    r"(?P<what>事業数|進捗達成率|重点プロジェクト数|成果を達成した事業数|計画どおりに進捗した事業数)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedProject:
    """A project of a finished plan: the mark of its progress, and the marks of its outcome indicators."""

    goal_code: str
    is_priority: bool
    progress: str
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalResult:
    """What the marks of a goal (or of the whole plan, ``code`` "") add up to."""

    code: str
    projects: int
    as_planned: int
    delayed: int
    stopped: int
    priority: int
    outcomes_met: int

    @property
    def rate(self) -> int | None:
        """Return the share of projects that went as planned (進捗達成率) in whole per cent, fractions cut off."""
        return self.as_planned * 100 // self.projects if self.projects else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A figure the document reports, beside the one its marks give."""

    label: str
    reported_text: str
    reported: float
    computed: float | None
    line: int | None

    @property
    def agrees(self) -> bool:
        """Tell whether both are the same number."""
        return self.computed is not None and float(self.computed) == float(self.reported)


def goal_result(projects: Sequence[MarkedProject], code: str = "") -> GoalResult:
    """Add up the marks of the projects of a goal, or of all projects when no code is given."""
    chosen = [item for item in projects if not code or item.goal_code == code]
    return GoalResult(
        code=code,
        projects=len(chosen),
        as_planned=sum(item.progress in ACHIEVED for item in chosen),
        delayed=sum(item.progress in {"△", "▲"} for item in chosen),
        stopped=sum(item.progress in {"×", "✕"} for item in chosen),
        priority=sum(item.is_priority for item in chosen),
        outcomes_met=sum(bool(item.outcomes) and set(item.outcomes) <= ACHIEVED for item in chosen),
    )


def checks(projects: Sequence[MarkedProject], reported: Sequence[dict[str, object]]) -> list[Check]:
    """Return every reported figure that the marks can give, with both numbers; others are left out."""
    found = []
    for item in reported:
        match = _REPORTED.match(str(item.get("label", "")).strip())
        value = item.get("value")
        if match is None or not isinstance(value, int | float):
            continue
        line = item.get("line")
        found.append(
            Check(
                label=str(item["label"]),
                reported_text=str(item.get("text", "")),
                reported=float(value),
                computed=_computed(goal_result(projects, match["goal"] or ""), match["what"]),
                line=line if isinstance(line, int) else None,
            )
        )
    return found


def _computed(result: GoalResult, what: str) -> float | None:
    return {
        "事業数": result.projects,
        "進捗達成率": result.rate,
        "重点プロジェクト数": result.priority,
        "成果を達成した事業数": result.outcomes_met,
        "計画どおりに進捗した事業数": result.as_planned,
    }[what]
