"""The plan book (計画書) as a document to typeset."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from . import words
from .compose import Data, compose


def book_document(data: Data, *, printed_on: date) -> Data:
    """Return the plan book, ready for the template ``book``; ``data`` is what ``selectors.printing.book_data`` gives."""
    title = _("{plan} 計画書").format(plan=data["plan"]["title"])
    extra = {
        "has-new": any(project["new"] for project in _projects(data)),
        "has-class": any(project["class"] for project in _projects(data)),
        "has-lines": any(project["line"] is not None for project in _projects(data)),
    }
    return compose(
        {**data, **extra}, title=title, printed_on=printed_on, texts=words.book_words(), headings=dict(_headings(data))
    )


def _projects(data: Data) -> Iterator[dict[str, Any]]:
    for goal in data["goals"]:
        for measure in goal["measures"]:
            yield from measure["projects"]
        yield from goal["projects"]


def _headings(data: Data) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the name of a heading's label with the two parts of its text: what it is called by, and its title."""
    for name, title in words.part_titles().items():
        yield name, ("", title)
    for goal in data["goals"]:
        yield f"goal-{goal['id']}", (f"{_('基本目標')}{_gap()}{goal['code']}".strip(), goal["title"])
        for measure in goal["measures"]:
            yield f"measure-{measure['id']}", (f"{_('施策')}{_gap()}{measure['code']}".strip(), measure["title"])
    for project in _projects(data):
        yield f"project-{project['id']}", (project["code"], project["title"])


def _gap() -> str:
    return "" if words.language().startswith("ja") else " "
