"""What a pressed button asks for: ``<command>:<path>[:<more>]`` as edits, and which place is looked at afterwards."""

from __future__ import annotations

import json
from typing import Any

from ...rules.editing import Edit, EditError, find, parse_path
from ...rules.editing.paths import NOT_THERE

Result = tuple[list[Edit], str | None]


def read_command(text: str, posted: dict[str, str], document: dict[str, Any]) -> Result:
    """Return the edits of a button and the place to look at (None: stay); raises ``EditError`` for an unknown button."""
    if not text:
        return [], None
    name, _, rest = text.partition(":")
    path, _, more = rest.partition(":")
    command = COMMANDS.get(name)
    if command is None:
        raise EditError(NOT_THERE, path)
    result: Result = command(path, more, posted, document)
    return result


def _add(path: str, kind: str, posted: dict[str, str], document: dict[str, Any]) -> Result:
    """``kind`` may end in ``@`` and the place in the list."""
    kind, _, place = kind.partition("@")
    items = find(document, parse_path(path))
    index = int(place) if place.isdigit() else (len(items) if isinstance(items, list) else 0)
    return [Edit("add", path, kind_of=kind, index=index)], f"{path}.{index}"


def _remove(path: str, _more: str, _posted: dict[str, str], _document: dict[str, Any]) -> Result:
    above, _, last = path.rpartition(".")
    return [Edit("remove", path)], (above.rpartition(".")[0] if last.isdigit() else "")


def _place(path: str, more: str, _posted: dict[str, str], _document: dict[str, Any]) -> Result:
    above, _, last = path.rpartition(".")
    if not (last.isdigit() and more.isdigit()):
        raise EditError(NOT_THERE, path)
    return [Edit("move", path, index=int(more))], f"{above}.{more}"


def _up(path: str, _more: str, posted: dict[str, str], document: dict[str, Any]) -> Result:
    return _by(path, -1, posted, document)


def _down(path: str, _more: str, posted: dict[str, str], document: dict[str, Any]) -> Result:
    return _by(path, 1, posted, document)


def _by(path: str, step: int, posted: dict[str, str], document: dict[str, Any]) -> Result:
    """Move by one; a field at the end of its step goes to the neighbouring step."""
    above, _, last = path.rpartition(".")
    items = find(document, parse_path(above))
    if not last.isdigit() or not isinstance(items, list):
        raise EditError(NOT_THERE, path)
    wanted = int(last) + step
    if 0 <= wanted < len(items):
        return [Edit("move", path, index=wanted)], f"{above}.{wanted}"
    parts = above.split(".")
    steps = document["form"]["steps"]
    if len(parts) == 4 and parts[0] == "form" and 0 <= int(parts[2]) + step < len(steps):
        number = int(parts[2]) + step
        place = len(steps[number]["fields"]) if step < 0 else 0
        target = f"form.steps.{number}.fields"
        return [Edit("shift", path, target=target, index=place)], f"{target}.{place}"
    return [], path


def _shift(path: str, more: str, posted: dict[str, str], document: dict[str, Any]) -> Result:
    """Move a field to a step (``<path of its list>@<place>``, else as chosen in the field ``to``)."""
    target, _, place = (more or posted.get("to", "")).partition("@")
    items = find(document, parse_path(target))
    if not target or not isinstance(items, list):
        return [], path
    index = int(place) if place.isdigit() else len(items)
    if path.rpartition(".")[0] == target:
        return _place(path, str(min(index, len(items) - 1)), posted, document)
    return [Edit("shift", path, target=target, index=index)], f"{target}.{index}"


def _duplicate(path: str, _more: str, _posted: dict[str, str], _document: dict[str, Any]) -> Result:
    above, _, last = path.rpartition(".")
    return [Edit("duplicate", path)], f"{above}.{int(last) + 1}" if last.isdigit() else path


def _component(path: str, more: str, posted: dict[str, str], _document: dict[str, Any]) -> Result:
    return [Edit("component", path, kind_of=more or posted.get("component", ""))], path


def _branch(path: str, more: str, posted: dict[str, str], document: dict[str, Any]) -> Result:
    """``more`` is the answer as JSON; the component is chosen in the field ``branch``."""
    try:
        when = json.loads(more)
    except ValueError as error:
        raise EditError(NOT_THERE, path) from error
    kind = posted.get("branch", "") or "text"
    return [Edit("branch", path, kind_of=kind, values={"when": when})], f"{path}>"


def _simple(kind: str) -> Any:
    def read(path: str, more: str, _posted: dict[str, str], _document: dict[str, Any]) -> Result:
        return [Edit(kind, path, kind_of=more)], None

    return read


def _column(path: str, more: str, posted: dict[str, str], _document: dict[str, Any]) -> Result:
    return [Edit("column", path, kind_of=more or posted.get("column", ""))], None


def _fee(_path: str, _more: str, posted: dict[str, str], _document: dict[str, Any]) -> Result:
    question, amount = posted.get("fee_by", ""), posted.get("fee_amount", "")
    if question:
        return [Edit("fee", "decisions", kind_of=question)], None
    from .reading import whole_number

    try:
        number = whole_number(amount or "0")
    except ValueError as error:
        raise EditError(str(error).replace("%", "%%"), "fee_amount") from error
    return [Edit("fee", "decisions", values={"amount": number})], None


def _no_fee(_path: str, _more: str, _posted: dict[str, str], document: dict[str, Any]) -> Result:
    edits = [Edit("set", values={"payment": "none"})]
    if "fee" in document["decisions"]:
        edits.append(Edit("remove", "decisions.fee"))
    return edits, None


def _eligibility(_path: str, _more: str, posted: dict[str, str], _document: dict[str, Any]) -> Result:
    return [Edit("eligibility", "decisions", kind_of=posted.get("eligible_by", ""))], None


def _decision(_path: str, _more: str, posted: dict[str, str], _document: dict[str, Any]) -> Result:
    values = {"code": posted.get("decision_code", "")}
    return [Edit("decision", "decisions", kind_of=posted.get("decision_by", ""), values=values)], None


def _put(path: str, more: str, _posted: dict[str, str], _document: dict[str, Any]) -> Result:
    """Give one place a JSON value (a table's cell from its menu, a deadline that begins or ends)."""
    try:
        return [Edit("set", values={path: json.loads(more)})], None
    except ValueError as error:
        raise EditError(NOT_THERE, path) from error


def _paste(path: str, more: str, posted: dict[str, str], _document: dict[str, Any]) -> Result:
    row, _, column = more.partition("@")
    values = {"text": posted.get("pasted", "")}
    return [Edit("paste", path, index=int(row) if row.isdigit() else 0, kind_of=column, values=values)], None


COMMANDS = {
    "add": _add, "remove": _remove, "place": _place, "up": _up, "down": _down, "shift": _shift, "duplicate": _duplicate,
    "component": _component, "branch": _branch, "row": _simple("row"), "column": _column,
    "without_column": _simple("without_column"), "fee": _fee, "no_fee": _no_fee, "eligibility": _eligibility,
    "decision": _decision, "put": _put, "paste": _paste,
}  # fmt: skip
