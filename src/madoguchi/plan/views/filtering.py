"""Filters of project lists: by goal, section, SDG, class and status, each with its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ..rules.progress import Status
from ..selectors import words
from ..selectors.tree import PlanTree, ProjectNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A filter: its name in the address, its label, its options (value, text with count), and the chosen value."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filtered:
    """The projects that pass, in the order of the plan, and the filters to show."""

    projects: tuple[ProjectNode, ...]
    filters: tuple[Filter, ...]
    is_active: bool


Values = Callable[[ProjectNode], Iterable[str]]

READERS: dict[str, Values] = {
    "goal": lambda node: [str(node.project.goal_id)],
    "section": lambda node: node.project.sections,
    "sdg": lambda node: [str(number) for number in node.sdgs],
    "class": lambda node: [
        *([node.project.portfolio_class] if node.project.portfolio_class else []),
        *(["priority"] if node.project.is_priority else []),
        *(["new"] if node.project.is_new else []),
    ],
    "status": lambda node: [node.status.value],
}


def filtered(tree: PlanTree, request: HttpRequest) -> Filtered:
    """Return the projects that pass all filters of the address; each filter counts what it alone would leave."""
    wanted = {name: request.GET.get(name, "") for name in READERS}
    known = {
        name: Counter(value for node in tree.projects for value in reader(node)) for name, reader in READERS.items()
    }
    # A value that no project has is a mistyped address: it filters nothing rather than everything.
    active = {name: value for name, value in wanted.items() if value in known[name]}
    projects = tuple(
        node for node in tree.projects if all(value in READERS[name](node) for name, value in active.items())
    )
    filters = tuple(
        Filter(name=name, label=label, options=options, value=active.get(name, ""))
        for name, label in _labels().items()
        if len(options := _options(name, known[name], tree)) > 2
    )
    return Filtered(projects=projects, filters=filters, is_active=bool(active))


def _labels() -> dict[str, str]:
    return {
        "goal": _("基本目標"),
        "section": _("担当課"),
        "sdg": _("SDGs"),
        "class": _("区分"),
        "status": _("状態"),
    }


def _options(name: str, counts: Counter[str], tree: PlanTree) -> tuple[tuple[str, str], ...]:
    ordered = _order(name, counts, tree)
    return (("", _("すべて")), *((value, f"{_text(name, value, tree)}（{counts[value]}）") for value in ordered))


def _order(name: str, counts: Counter[str], tree: PlanTree) -> list[str]:
    if name == "goal":
        return [str(node.goal.pk) for node in tree.goals if str(node.goal.pk) in counts]
    if name == "status":
        return [status.value for status in Status if status.value in counts]
    if name == "class":
        return [value for value in ("priority", "new", "A", "B", "C", "candidate") if value in counts]
    if name == "sdg":
        return sorted(counts, key=int)
    return sorted(counts, key=lambda value: (-counts[value], value))


def _text(name: str, value: str, tree: PlanTree) -> str:
    if name == "goal":
        goal: Any = next(node.goal for node in tree.goals if str(node.goal.pk) == value)
        return str(goal)
    if name == "sdg":
        return f"{value} {words.sdg_name(int(value))}"
    if name == "status":
        return words.status_word(Status(value))
    if name == "class":
        return {"priority": _("重点"), "new": _("新規")}.get(value) or words.class_short(value)
    return value
