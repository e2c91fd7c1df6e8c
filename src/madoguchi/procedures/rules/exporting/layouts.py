"""Which columns a core system's screen or file has, and in which order: one heading per line, as staff write them."""

from __future__ import annotations

from collections.abc import Sequence

from .columns import Column


def read_layout(text: str, columns: Sequence[Column]) -> tuple[list[str], list[str]]:
    """Return the paths of the headings (or paths) named line by line, each once, and the lines that name none."""
    known = {column.heading: column.path for column in columns} | {column.path: column.path for column in columns}
    paths: list[str] = []
    unknown: list[str] = []
    for line in (part.strip() for part in text.splitlines()):
        path = known.get(line)
        if path is None:
            unknown += [line] if line else []
        elif path not in paths:
            paths.append(path)
    return paths, unknown


def arrange(columns: Sequence[Column], layout: Sequence[str]) -> list[Column]:
    """
    Return the columns of a layout in its order; all of them where there is no layout.

    A row that the layout shows for the first person is shown for all: ``children.0.age`` stands for every ``children.n.age``.
    """
    if not layout:
        return list(columns)
    order = {_pattern(path): place for place, path in reversed(list(enumerate(layout)))}
    first: dict[str, int] = {}
    for pattern, place in order.items():
        group = pattern.partition(".")[0]
        first[group] = min(place, first.get(group, place))

    def place_of(column: Column) -> tuple[int, int, int]:
        own = order[_pattern(column.path)]
        has_rows = "*" in _pattern(column.path)
        # The rows of a group stay together, one person after the other.
        return (first[column.path.partition(".")[0]] if has_rows else own, _rows(column.path), own)

    return sorted((column for column in columns if _pattern(column.path) in order), key=place_of)


def _pattern(path: str) -> str:
    return ".".join("*" if step.isdecimal() else step for step in path.split("."))


def _rows(path: str) -> int:
    return sum(int(step) for step in path.split(".") if step.isdecimal())
