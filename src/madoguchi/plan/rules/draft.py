"""
What a reader makes of a plan document: a draft that a person checks before it is published.

Every extracted value keeps the line of the source it came from (1-based), so that the review page can show both side by
side. Paragraph texts (``summary``, ``effects``, ``note``, ``opinion``) are kept apart from names and figures: files that
travel without the document leave them out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

IndicatorType = Literal["count", "ratio", "duration", "money", "milestone", "existence"]
IndicatorKind = Literal["annual", "cumulative", "stock"]
Direction = Literal["up", "down"]
Level = Literal["kgi", "kpi"]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearValue:
    """
    One cell of an indicator: what the document says for a fiscal year.

    ``value`` is the number the text holds in the indicator's unit (万 and 千 multiplied out, 割 as per cent), or None
    where it holds none (完了, 全校). ``fiscal_year`` is the western year in which the year starts (令和5年度 = 2023),
    None where the document gives no year. ``out_of`` is the whole of 「4箇所（16箇所中）」. ``comparison`` is ``>=`` for
    以上, ``<=`` for 以下, ``=`` otherwise. ``basis`` says what a change is measured against (「前年比10%増」 →
    "previous_year", 「平成30年度の10%減」 → "FY2018"), empty for a plain level. ``as_of`` is the date or note of a baseline
    (「2月末時点」).
    """

    fiscal_year: int | None
    text: str
    value: float | None = None
    comparison: Literal["=", ">=", "<="] = "="
    out_of: float | None = None
    basis: str = ""
    as_of: str = ""
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftIndicator:
    """An indicator (KGI of a goal or measure, KPI of a project) with its baseline, yearly targets and actuals."""

    label: str
    level: Level = "kpi"
    unit: str = ""
    type: IndicatorType = "count"
    kind: IndicatorKind = "annual"
    direction: Direction = "up"
    baseline: YearValue | None = None
    targets: tuple[YearValue, ...] = ()
    actuals: tuple[YearValue, ...] = ()
    evaluation: str = ""
    """The document's own mark (○△×) where it reports a result."""
    note: str = ""
    opinion: str = ""
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleWord:
    """What a project does in one fiscal year: a word of a schedule bar (検討, 導入, 拡大) or an action line (行動目標)."""

    fiscal_year: int
    text: str
    line: int
    continued: bool = False
    """True where the bar of the year before reaches into this year and the document repeats no word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftAction:
    """A row of a schedule: the task (may be empty when the project has one bar) and its words by fiscal year."""

    label: str
    words: tuple[ScheduleWord, ...] = ()
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """
    A tie of a plan, goal, measure or project to something outside it.

    ``kind``: "sdg" (``target`` = goal number), "basic_policy" (基本法5方針), "dx_priority" (自治体DX重点事項),
    "superior_plan" (上位・関連計画), "policy_field" (施策分野), "goal_category" (目標区分), "predecessor" (前計画の事業),
    "legend" (a mark the document explains itself, such as 【新】).
    """

    kind: str
    target: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftProject:
    """A project (事業・取組): what a section does over the years, and how it is measured."""

    title: str
    code: str = ""
    line: int
    sections: tuple[str, ...] = ()
    portfolio_class: Literal["A", "B", "C", "candidate", ""] = ""
    is_priority: bool = False
    is_new: bool = False
    progress: str = ""
    """The document's own progress mark (○△×) where it reports on a finished plan."""
    summary: str = ""
    effects: str = ""
    overall_target: str = ""
    """The sentence of an overall target (全体計画目標) that the indicators were taken from."""
    actions: tuple[DraftAction, ...] = ()
    indicators: tuple[DraftIndicator, ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftMeasure:
    """A measure (施策) of a goal."""

    title: str
    code: str = ""
    line: int
    summary: str = ""
    indicators: tuple[DraftIndicator, ...] = ()
    relations: tuple[Relation, ...] = ()
    projects: tuple[DraftProject, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftGoal:
    """A goal (基本目標・基本方針・柱). ``projects`` hang on the goal itself where the document knows no measures."""

    title: str
    code: str = ""
    line: int
    summary: str = ""
    indicators: tuple[DraftIndicator, ...] = ()
    relations: tuple[Relation, ...] = ()
    measures: tuple[DraftMeasure, ...] = ()
    projects: tuple[DraftProject, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedFigure:
    """A summary figure that the document states of itself (「進捗達成率：66%」), to be checked against our own count."""

    label: str
    text: str
    value: float | None = None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlan:
    """One plan: its name, its years, its philosophy and its goals."""

    code: str
    """Stable key inside the municipality, e.g. ``ict-2020``."""
    title: str
    municipality: str
    """Key of the municipality, e.g. ``odawara``."""
    start_fiscal_year: int
    end_fiscal_year: int
    philosophy: str = ""
    is_previous: bool = False
    predecessor: str = ""
    """Code of the plan that this one replaces."""
    goals: tuple[DraftGoal, ...] = ()
    relations: tuple[Relation, ...] = ()
    reported: tuple[ReportedFigure, ...] = ()
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlacement:
    """Where a table row of the source went: ``place`` is a path such as ``goal 1/measure 1-1/project …/indicator …``."""

    line: int
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """A table row (or a value in it) that no rule could place, with the reason in Japanese for the person who reviews."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResult:
    """Everything a reader made of one document. Each table row of the source is in ``placed``, ``ignored`` or ``unplaced``."""

    reader: str
    plans: tuple[DraftPlan, ...] = ()
    placed: tuple[RowPlacement, ...] = ()
    ignored: tuple[RowPlacement, ...] = ()
    """Rows that carry nothing of the plan's own (page furniture, table headers, glossary, committee lists); ``place`` says why."""
    unplaced: tuple[Unplaced, ...] = ()
    warnings: tuple[Unplaced, ...] = field(default=())
    """Things that were placed but that a person should look at (a code used twice, a total that does not add up)."""
