"""Faults of a plan that can be seen before its first year is over (指標の点検)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

JUMP = 3.0
"""A target that asks for more than three times the best step of the past per year is called out of reach."""
NUMERIC = frozenset({"count", "ratio", "duration", "money"})
_ACTION = re.compile(
    r"(導入|実施|検討|整備|構築|開始|策定|着手|作成|設置|開催|移行|更新)(する(こと)?|の(有無|完了|実施)|状況|完了)?$"
)
_KEEPS = re.compile(r"維持|継続|以内|以下を保|100\s*[%％]")


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Fault(StrEnum):
    """What is wrong."""

    NO_BASELINE = "no_baseline"
    NO_SOURCE = "no_source"
    NO_BINDING = "no_binding"
    NO_OWNER = "no_owner"
    NO_UNIT = "no_unit"
    NO_TARGET = "no_target"
    NOT_NUMERIC = "not_numeric"
    OVER_HUNDRED = "over_hundred"
    OUTSIDE_PLAN = "outside_plan"
    UNREACHABLE = "unreachable"
    ALREADY_MET = "already_met"
    NO_INDICATOR = "no_indicator"
    NO_OUTCOME = "no_outcome"


SEVERITIES = {
    Fault.NO_BASELINE: Severity.WARNING,
    Fault.NO_SOURCE: Severity.HINT,
    Fault.NO_BINDING: Severity.ERROR,
    Fault.NO_OWNER: Severity.WARNING,
    Fault.NO_UNIT: Severity.WARNING,
    Fault.NO_TARGET: Severity.ERROR,
    Fault.NOT_NUMERIC: Severity.ERROR,
    Fault.OVER_HUNDRED: Severity.ERROR,
    Fault.OUTSIDE_PLAN: Severity.ERROR,
    Fault.UNREACHABLE: Severity.WARNING,
    Fault.ALREADY_MET: Severity.WARNING,
    Fault.NO_INDICATOR: Severity.WARNING,
    Fault.NO_OUTCOME: Severity.HINT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """A target: fiscal year, number where there is one, and what the plan says."""

    fiscal_year: int
    value: float | None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorFacts:
    """What the checks must know of an indicator; ``past`` are (fiscal year, value) with the baseline among them."""

    id: int
    label: str
    unit: str = ""
    type: str = "count"
    kind: str = "annual"
    direction: str = "up"
    project_id: int | None = None
    baseline: float | None = None
    targets: Sequence[TargetFacts] = ()
    past: Sequence[tuple[int, float]] = ()
    binding_kind: str = "manual"
    is_bound: bool = False
    has_source: bool = False
    has_owner: bool = False

    @property
    def is_numeric(self) -> bool:
        """True for indicators that are measured in numbers."""
        return self.type in NUMERIC

    @property
    def is_action(self) -> bool:
        """True where only doing something is measured, not what it brings."""
        return not self.is_numeric or bool(_ACTION.search(self.label.strip("」』）)。 　")))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFacts:
    """What the checks must know of a project."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of an indicator or project; ``values`` are the figures of its sentence."""

    fault: Fault
    subject: str
    subject_id: int
    title: str
    values: dict[str, float | int | str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return SEVERITIES[self.fault]


def check_plan(years: range, projects: Iterable[ProjectFacts], indicators: Sequence[IndicatorFacts]) -> list[Finding]:
    """Return what is wrong with a plan, indicator by indicator in their order, then project by project."""
    found = [finding for indicator in indicators for finding in check_indicator(years, indicator)]
    by_project: dict[int | None, list[IndicatorFacts]] = {}
    for indicator in indicators:
        by_project.setdefault(indicator.project_id, []).append(indicator)
    for project in projects:
        found.extend(_check_project(project, by_project.get(project.id, [])))
    return found


def _check_project(project: ProjectFacts, own: Sequence[IndicatorFacts]) -> Iterator[Finding]:
    if not own:
        yield Finding(Fault.NO_INDICATOR, "project", project.id, project.title)
    elif all(indicator.is_action for indicator in own):
        yield Finding(Fault.NO_OUTCOME, "project", project.id, project.title, {"label": own[0].label})


def check_indicator(years: range, indicator: IndicatorFacts) -> list[Finding]:
    """Return what is wrong with one indicator of a plan over these fiscal years."""
    faults = [*_measuring(indicator), *_targets(years, indicator)]
    return [Finding(fault, "indicator", indicator.id, indicator.label, values) for fault, values in faults]


Fact = tuple[Fault, dict[str, float | int | str]]


def _measuring(indicator: IndicatorFacts) -> Iterator[Fact]:
    if indicator.is_numeric and indicator.baseline is None:
        yield Fault.NO_BASELINE, {}
    if indicator.binding_kind != "manual" and not indicator.is_bound:
        yield Fault.NO_BINDING, {"binding": indicator.binding_kind}
    if indicator.binding_kind == "manual" and not indicator.has_source:
        yield Fault.NO_SOURCE, {}
    if not indicator.has_owner:
        yield Fault.NO_OWNER, {}
    if indicator.is_numeric and not indicator.unit:
        yield Fault.NO_UNIT, {}


def _targets(years: range, indicator: IndicatorFacts) -> Iterator[Fact]:
    if not indicator.targets:
        yield Fault.NO_TARGET, {}
        return
    outside = [target.fiscal_year for target in indicator.targets if target.fiscal_year not in years]
    if outside:
        yield Fault.OUTSIDE_PLAN, {"year": outside[0]}
    if not indicator.is_numeric:
        return
    wordy = [target for target in indicator.targets if target.value is None]
    if wordy:
        yield Fault.NOT_NUMERIC, {"year": wordy[0].fiscal_year, "text": wordy[0].text}
    over = [target for target in indicator.targets if indicator.unit == "%" and (target.value or 0) > 100]
    if over and indicator.kind == "stock":
        yield Fault.OVER_HUNDRED, {"year": over[0].fiscal_year, "value": over[0].value or 0}
    yield from _ambition(indicator)


def _ambition(indicator: IndicatorFacts) -> Iterator[Fact]:
    numbers = [target for target in indicator.targets if target.value is not None]
    if not numbers:
        return
    final = max(numbers, key=lambda target: target.fiscal_year)
    target = final.value or 0.0
    if indicator.baseline is not None and _met(indicator, indicator.baseline, target):
        if not _KEEPS.search(final.text):
            yield Fault.ALREADY_MET, {"baseline": indicator.baseline, "value": target}
        return
    step, best = needed_step(indicator, final.fiscal_year, target), best_step(indicator)
    if step is not None and best is not None and best > 0 and step > JUMP * best:
        yield Fault.UNREACHABLE, {"step": step, "best": best, "value": target, "year": final.fiscal_year}


def _met(indicator: IndicatorFacts, value: float, target: float) -> bool:
    return value >= target if indicator.direction == "up" else value <= target


def needed_step(indicator: IndicatorFacts, year: int, target: float) -> float | None:
    """
    Return by how much the value must improve each year from the newest known one to reach the target; None unknown.

    Of an annual or stock value that is the distance divided by the years; of a cumulative one likewise.
    """
    before = [item for item in indicator.past if item[0] < year]
    if not before:
        return None
    last_year, last = max(before)
    sign = 1.0 if indicator.direction == "up" else -1.0
    return sign * (target - last) / (year - last_year)


def best_step(indicator: IndicatorFacts) -> float | None:
    """Return the largest yearly improvement of the past; None with fewer than two values."""
    known = sorted(dict(indicator.past).items())
    sign = 1.0 if indicator.direction == "up" else -1.0
    steps = [sign * (later[1] - earlier[1]) / (later[0] - earlier[0]) for earlier, later in pairwise(known)]
    return max(steps, default=None)


def count_by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Return how many findings there are of each severity."""
    counts = dict.fromkeys(Severity, 0)
    for finding in findings:
        counts[finding.severity] += 1
    return counts
