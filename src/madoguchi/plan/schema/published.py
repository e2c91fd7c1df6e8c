"""Shapes of the public plan API."""

from __future__ import annotations

from typing import Any, get_args

from ninja import Field, Schema


class Problem(Schema):
    """A refusal, after RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] | None = None


class Source(Schema):
    """Where in the plan document a value stands (1-based line)."""

    line: int | None


class Reported(Schema):
    """A summary figure that the document states of itself."""

    label: str
    text: str
    value: float | None
    line: int | None = None


class PlanItem(Schema):
    """A published plan."""

    id: int
    municipality: str
    municipality_code: str
    code: str
    title: str
    start_fiscal_year: int
    end_fiscal_year: int
    philosophy: str
    status: str
    predecessor: str | None
    reported: list[Reported]
    source: Source
    url: str


class RelationItem(Schema):
    """What a project is tied to."""

    kind: str
    target: str


class YearWords(Schema):
    """The schedule words of a fiscal year."""

    fiscal_year: int
    words: list[str]


class Word(Schema):
    """One word of a schedule; ``continued`` where the bar of the year before reaches into this one."""

    fiscal_year: int
    text: str
    continued: bool


class ActionItem(Schema):
    """A row of a project's schedule."""

    label: str
    words: list[Word]


class ProjectItem(Schema):
    """A project of a published plan."""

    id: int
    municipality: str
    plan: str
    plan_code: str
    goal: str
    measure: str | None
    code: str
    title: str
    sections: list[str]
    class_: str | None = Field(None, alias="class")
    priority: bool
    new: bool
    progress: str | None
    sdgs: list[int]
    relations: list[RelationItem]
    schedule: list[YearWords]
    actions: list[ActionItem]
    summary: str
    effects: str
    overall_target: str
    source: Source
    url: str


class BaselineItem(Schema):
    """The baseline of an indicator; ``fiscal_year`` is the western year in which the year starts."""

    fiscal_year: int | None
    value: float | int | None
    text: str
    as_of: str | None
    line: int | None


class TargetItem(Schema):
    """The target of an indicator for a fiscal year: the number, and what the document says."""

    fiscal_year: int
    value: float | int | None
    text: str
    comparison: str
    out_of: float | int | None
    basis: str | None
    line: int | None


class ActualItem(Schema):
    """An approved actual value."""

    fiscal_year: int
    value: float | int | None
    text: str
    as_of: str | None
    source: str
    provisional: bool
    """True while a meter still counts the year."""
    line: int | None


class IndicatorItem(Schema):
    """An indicator of a published plan."""

    id: int
    municipality: str
    plan: str
    plan_code: str
    goal: str
    measure: str | None
    project: str | None
    project_code: str | None
    label: str
    level: str
    unit: str
    type: str
    kind: str
    direction: str
    concept: str | None
    baseline: BaselineItem | None
    targets: list[TargetItem]
    actuals: list[ActualItem]
    evaluation: str | None
    note: str
    source: Source
    url: str


class PlanPage(Schema):
    """A page of plans; ``next`` is the address of the following page, or null."""

    items: list[PlanItem]
    count: int
    next: str | None


class ProjectPage(Schema):
    """A page of projects; ``next`` is the address of the following page, or null."""

    items: list[ProjectItem]
    count: int
    next: str | None


class IndicatorPage(Schema):
    """A page of indicators; ``next`` is the address of the following page, or null."""

    items: list[IndicatorItem]
    count: int
    next: str | None


def columns_of(page: type[Schema]) -> list[str]:
    """Return the names of the fields of a page's items, as they are written: the columns of its CSV form."""
    item = get_args(page.model_fields["items"].annotation)[0]
    return [field.alias or name for name, field in item.model_fields.items()]
