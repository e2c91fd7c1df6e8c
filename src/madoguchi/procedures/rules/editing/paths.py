"""
Places in a document: ``form.steps.0.fields.2.label.ja``. Numbers are places in lists.

Every function returns a new document and leaves the old one as it was; what did not change is shared between the two.
"""

from __future__ import annotations

from typing import Any

from .errors import MISSING, N_, EditError

Path = tuple[str | int, ...]

NOT_THERE = N_("この場所は見つかりません。ほかの人が消したか、移した可能性があります。画面を開き直してください。")
LONGEST = 200


def parse_path(text: str) -> Path:
    """Return the parts of a path; an empty text is the whole document."""
    if len(text) > LONGEST:
        raise EditError(NOT_THERE, text[:LONGEST])
    parts = text.split(".") if text else []
    return tuple(int(part) if part.isascii() and part.isdigit() and len(part) < 6 else part for part in parts)


def join_path(path: Path) -> str:
    """Return a path as text."""
    return ".".join(str(part) for part in path)


def find(document: Any, path: Path) -> Any:
    """Return the value at a path, or ``MISSING``."""
    for part in path:
        if isinstance(document, list) and isinstance(part, int) and part < len(document):
            document = document[part]
        elif isinstance(document, dict) and str(part) in document:
            document = document[str(part)]
        else:
            return MISSING
    return document


def value_at(document: Any, path: Path) -> Any:
    """Return the value at a path; raises ``EditError`` where there is none."""
    found = find(document, path)
    if found is MISSING:
        raise EditError(NOT_THERE, join_path(path))
    return found


def list_at(document: Any, path: Path) -> list[Any]:
    """Return the list at a path; raises ``EditError`` where there is no list."""
    found = value_at(document, path)
    if not isinstance(found, list):
        raise EditError(NOT_THERE, join_path(path))
    return found


def replaced(document: Any, path: Path, value: Any) -> Any:
    """Return the document with another value at a path. A key of an object may be new, a place in a list may not."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(document, list):
        if not isinstance(head, int) or head >= len(document):
            raise EditError(NOT_THERE, join_path(path))
        return [*document[:head], replaced(document[head], rest, value), *document[head + 1 :]]
    if document is None or isinstance(document, dict):
        inside = document or {}
        key = str(head)
        if rest and key not in inside:
            return {**inside, key: replaced({}, rest, value)}
        return {**inside, key: replaced(inside.get(key), rest, value)}
    raise EditError(NOT_THERE, join_path(path))


def removed(document: Any, path: Path) -> Any:
    """Return the document without the item or key at a path."""
    value_at(document, path)
    if not path:
        raise EditError(NOT_THERE, "")
    *above, last = path
    holder = value_at(document, tuple(above))
    if isinstance(holder, list):
        left: Any = [item for number, item in enumerate(holder) if number != last]
    else:
        left = {key: item for key, item in holder.items() if key != str(last)}
    return replaced(document, tuple(above), left)


def inserted(document: Any, path: Path, index: int, item: Any) -> Any:
    """Return the document with an item put into the list at a path, before ``index`` (beyond the end: at the end)."""
    items = list_at(document, path)
    place = min(max(index, 0), len(items))
    return replaced(document, path, [*items[:place], item, *items[place:]])


def rebased(path: Path, old: Any, new: Any) -> Path | None:
    """
    Return where the place that ``path`` names in ``old`` is found in ``new``; None when it was taken away.

    Items of lists are known by their ``code``, else by what they say, else by their place in a list of equal length.
    """
    found: list[str | int] = []
    for part in path:
        if isinstance(old, list) and isinstance(part, int):
            if not isinstance(new, list) or part >= len(old):
                return None
            place = _same_item(part, old, new)
            if place is None:
                return None
            found.append(place)
            old, new = old[part], new[place]
            continue
        found.append(part)
        old = old.get(str(part), MISSING) if isinstance(old, dict) else MISSING
        new = new.get(str(part), MISSING) if isinstance(new, dict) else MISSING
    return tuple(found)


def code_of(item: Any) -> str | None:
    """Return the code of an item, if it has one."""
    code = item.get("code") if isinstance(item, dict) else None
    return code if isinstance(code, str) and code else None


def _same_item(index: int, old: list[Any], new: list[Any]) -> int | None:
    item = old[index]
    code = code_of(item)
    if code is not None:
        return next((number for number, other in enumerate(new) if code_of(other) == code), None)
    if index < len(new) and new[index] == item:
        return index
    same = [number for number, other in enumerate(new) if other == item]
    if same:
        return same[0]
    return index if len(old) == len(new) else None
