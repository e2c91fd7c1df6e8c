"""The components of the catalogue, read from the example templates in ``jinja2/design/examples``.

An example file starts with ``{#: title｜category｜macro file｜what it is for :#}``; each example in it starts with
``{#= name of the state =#}`` and is an ordinary template, shown as rendered and as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[1] / "jinja2" / "design"
CATEGORIES = ("操作", "案内と移動", "入力", "一覧と表", "数値と図", "知らせ", "状態")
_HEAD = re.compile(r"\{#:(.+?):#\}\s*", re.DOTALL)
_PART = re.compile(r"^\{#= (.+?) =#\}\n", re.MULTILINE)
_USAGE = re.compile(r"\{#-?(.+?)-?#\}", re.DOTALL)


class BrokenExampleError(Exception):
    """An example file has no head or no example."""


@dataclass(frozen=True, slots=True)
class Example:
    """One state of a component: its name and its template."""

    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Component:
    """A component: key (of its address), title, category, purpose, the macros' usage, its examples."""

    key: str
    title: str
    category: str
    purpose: str
    macros: str
    usage: str
    examples: tuple[Example, ...]


@lru_cache(maxsize=1)
def components() -> dict[str, Component]:
    """Return all components by key, in the order of the categories."""
    found = [read_component(path) for path in sorted((TEMPLATES / "examples").glob("*.html"))]
    found.sort(key=lambda component: (CATEGORIES.index(component.category), component.key))
    return {component.key: component for component in found}


def by_category() -> list[tuple[str, list[Component]]]:
    """Return the categories with their components."""
    everything = components().values()
    return [(name, [one for one in everything if one.category == name]) for name in CATEGORIES]


def read_component(path: Path) -> Component:
    """Read one example file; raises BrokenExampleError when it does not have the form this module describes."""
    text = path.read_text(encoding="utf-8")
    head = _HEAD.match(text)
    parts = _PART.split(text[head.end() :] if head else "")
    fields = [field.strip() for field in head[1].split("｜")] if head else []
    if len(fields) != 4 or len(parts) < 3 or fields[1] not in CATEGORIES:
        raise BrokenExampleError(path.name)
    title, category, macros, purpose = fields
    examples = tuple(Example(name, source.strip()) for name, source in zip(parts[1::2], parts[2::2], strict=True))
    return Component(path.stem, title, category, purpose, macros, _usage(macros), examples)


def _usage(macros: str) -> str:
    found = _USAGE.match((TEMPLATES / f"{macros}.html").read_text(encoding="utf-8"))
    lines = found[1].strip("\n").splitlines() if found else []
    return "\n".join(line.removeprefix("  ").rstrip() for line in lines).strip()
