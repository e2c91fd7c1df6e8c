"""
Edits of a definition: each is one step that staff take in the builder and can take back.

``apply`` gives the document after an edit and checks that it is still a definition. Documents are complete ones
(``full``): every key that the model knows is there, so that every place of the builder has a path.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..definition import Component, Definition, DefinitionError, read_definition, write_definition
from . import tables
from .clauses import Clause, write_condition
from .components import conditions_follow, with_component
from .errors import MISSING, N_, Clash, ClashError, EditError
from .items import new_field, new_item
from .naming import all_fields, field_codes, free_code, renamed_in, rewritten
from .paths import (
    NOT_THERE,
    Path,
    code_of,
    find,
    inserted,
    join_path,
    list_at,
    parse_path,
    rebased,
    removed,
    replaced,
    value_at,
)
from .renaming import renamed

LARGEST = 2_000_000
"""Characters of a document as JSON: ten times the largest known one, small enough to keep a hundred of them."""


@dataclass(frozen=True, slots=True)
class Edit:
    """
    One step: ``kind`` names the operation, ``path`` the place; what else is needed depends on the kind.

    set: ``values`` (path → value). add: ``kind_of`` (component of a field), ``index``. remove, duplicate: nothing more.
    move: ``index`` (the place among its siblings). shift: ``target`` (the path of the list it moves to), ``index``.
    component: ``kind_of``. rename: ``kind_of`` (the new code). branch: ``kind_of`` (component of the new question) and
    ``values["when"]`` (the answer that opens it). row, column, without_column, paste, fee, eligibility: see ``tables``.
    """

    kind: str
    path: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    kind_of: str = ""
    index: int | None = None
    target: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the edit as JSON values."""
        return asdict(self)


Operation = Callable[[dict[str, Any], Edit], dict[str, Any]]


def full(document: dict[str, Any] | Definition) -> dict[str, Any]:
    """Return a document with every key the model knows; raises ``DefinitionError``."""
    definition = document if isinstance(document, Definition) else read_definition(document)
    return definition.model_dump(mode="json", by_alias=True)


def sparse(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document without what is only a default, as it is stored; raises ``DefinitionError``."""
    return write_definition(read_definition(document))


def apply(document: dict[str, Any], *edits: Edit) -> dict[str, Any]:
    """Return the full document after edits; raises ``EditError`` or ``DefinitionError``, and then nothing is changed."""
    for edit in edits:
        operation = OPERATIONS.get(edit.kind)
        if operation is None:
            raise EditError(NOT_THERE, edit.path)
        document = full(operation(document, edit))
    _check_codes(document)
    if len(json.dumps(document, ensure_ascii=False)) > LARGEST:
        raise EditError(N_("定義が大きくなりすぎました。項目や表の行を減らしてください。"), edits[-1].path)
    return document


def rebase(edit: Edit, old: dict[str, Any], new: dict[str, Any]) -> Edit:
    """Return an edit made while looking at ``old`` for today's document; raises ``ClashError`` where both changed one place."""
    if edit.kind == "set":
        return _rebase_values(edit, old, new)
    path = rebased(parse_path(edit.path), old, new)
    target = rebased(parse_path(edit.target), old, new)
    if path is None or target is None:
        raise ClashError([Clash(edit.path, edit.kind, MISSING)])
    before, now = find(old, parse_path(edit.path)), find(new, path)
    if edit.kind in ("remove", "without_column") and before != now:
        raise ClashError([Clash(join_path(path), MISSING, now)])
    return replace(edit, path=join_path(path), target=join_path(target))


def _rebase_values(edit: Edit, old: dict[str, Any], new: dict[str, Any]) -> Edit:
    values: dict[str, Any] = {}
    clashes = []
    for text, mine in edit.values.items():
        before = find(old, parse_path(text))
        if before == mine:
            continue
        path = rebased(parse_path(text), old, new)
        now = MISSING if path is None else find(new, path)
        if path is None or (now not in (before, mine)):
            clashes.append(Clash(text if path is None else join_path(path), mine, now))
        else:
            values[join_path(path)] = mine
    if clashes:
        raise ClashError(clashes)
    return replace(edit, values=values)


def _set(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    values = {parse_path(text): value for text, value in edit.values.items()}
    codes = [path for path in values if len(path) > 1 and path[-1] == "code"]
    for path in codes:
        document = renamed(document, path[:-1], str(values[path]))
    for path, value in values.items():
        if path not in codes:
            document = _document(replaced(document, path, value))
    return document


def _add(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    path = parse_path(edit.path)
    index = len(list_at(document, path)) if edit.index is None else edit.index
    item = new_item(document, path, edit.kind_of)
    if edit.values and isinstance(item, dict):
        item = {**item, **edit.values}
    return _document(inserted(document, path, index, item))


def _remove(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    path = parse_path(edit.path)
    if not path or (isinstance(path[-1], str) and path[0] != "decisions"):
        raise EditError(NOT_THERE, edit.path)
    return _document(removed(document, path))


def _move(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    path, index = _item_path(edit.path)
    item = value_at(document, (*path, index))
    wanted = min(max(edit.index or 0, 0), len(list_at(document, path)) - 1)
    return _document(inserted(removed(document, (*path, index)), path, wanted, item))


def _shift(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    """Move a field to another step. The target is looked up first: lists above it do not change by the removal."""
    path, index = _item_path(edit.path)
    target = parse_path(edit.target)
    item = value_at(document, (*path, index))
    items = list_at(document, target)
    if target[:1] != ("form",) or path[:1] != ("form",) or len(target) != len(path) or path[-1] != target[-1]:
        raise EditError(NOT_THERE, edit.target)
    if target == path:
        return _move(document, replace(edit, index=len(items) - 1 if edit.index is None else edit.index))
    if "fields" in target[:-1] or "fields" in path[:-1]:
        raise EditError(N_("くり返しの中の項目は、外へ移せません。"), edit.path)
    place = len(items) if edit.index is None else edit.index
    return _document(inserted(removed(document, (*path, index)), target, place, item))


def _duplicate(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    path, index = _item_path(edit.path)
    item = json.loads(json.dumps(value_at(document, (*path, index))))
    if code_of(item):
        taken = (
            field_codes(document)
            if path[-1] == "fields"
            else {code_of(other) or "" for other in list_at(document, path)}
        )
        item["code"] = free_code(item["code"], taken)
        item = _fresh_inside(item, field_codes(document))
    return _document(inserted(document, path, index + 1, item))


def _fresh_inside(item: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    """Return a copied step with fields of new codes, its own conditions following them."""
    if "title" not in item:
        return item
    names = {}
    fields = []
    for each in item.get("fields") or []:
        code = free_code(each["code"], taken)
        taken.add(code)
        names[each["code"]] = code
        fields.append({**each, "code": code})
    alone = {"form": {"steps": [{**item, "fields": fields}]}}
    for old, new in names.items():
        alone = rewritten(alone, lambda text, old=old, new=new: renamed_in(text, old, new))  # type: ignore[misc]
    step: dict[str, Any] = alone["form"]["steps"][0]
    return step


def _component(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    path = parse_path(edit.path)
    item = value_at(document, path)
    if edit.kind_of not in set(Component) or not isinstance(item, dict) or "component" not in item:
        raise EditError(NOT_THERE, edit.path)
    old, new = Component(item["component"]), Component(edit.kind_of)
    changed = _document(replaced(document, path, with_component(item, new)))
    return conditions_follow(changed, item["code"], old, new)


def _rename(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    return renamed(document, parse_path(edit.path), edit.kind_of)


def _branch(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    """Put a question behind a field that is only asked when the field has a certain answer."""
    path, index = _item_path(edit.path)
    asked = value_at(document, (*path, index))
    when = edit.values.get("when")
    operator = "contains" if asked.get("component") == Component.CHOICES else "="
    condition = write_condition([Clause(asked["code"], operator, when)])  # type: ignore[arg-type]
    item = {**new_field(document, edit.kind_of or "text"), "visible_if": condition}
    place = index + 1
    items = list_at(document, path)
    while place < len(items) and asked["code"] in str(items[place].get("visible_if") or ""):
        place += 1
    return _document(inserted(document, path, place, item))


def _row(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    return tables.with_row(document, parse_path(edit.path))


def _column(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    path = parse_path(edit.path)
    taken = {str(column.get("name")) for column in list_at(document, path)}
    found = next((item for _path, item in all_fields(document) if item["code"] == edit.kind_of), None)
    if path[-1] == "inputs" and found is not None:
        column = {
            "name": free_code(found["code"], taken),
            "expression": found["code"],
            "label": found.get("label") or {},
        }
    else:
        name = free_code(edit.kind_of or "result", taken)
        column = {"name": name, "expression": name if path[-1] == "inputs" else ""}
    return tables.with_column(document, path, column)


def _without_column(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    _item_path(edit.path)
    return tables.without_column(document, parse_path(edit.path))


def _paste(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    cells = [line.split("\t") for line in str(edit.values.get("text", "")).rstrip("\r\n").splitlines()]
    row, column = edit.index or 0, _number(edit.kind_of or 0, edit.path)
    return tables.pasted(document, parse_path(edit.path), row, column, cells)


def _fee(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    """Make the fee table: flat (``values["amount"]``) or by the question ``kind_of``."""
    found = next((item for _path, item in all_fields(document) if item["code"] == edit.kind_of), None)
    if edit.kind_of and found is None:
        raise EditError(NOT_THERE, edit.path)
    made = (
        tables.table_by(found, "amount", "0")
        if found
        else tables.flat_fee(_number(edit.values.get("amount", 0), edit.path))
    )
    payment = document.get("payment")
    document = {**document, "payment": "before" if payment in (None, "none") else payment}
    return {**document, "decisions": {**(document.get("decisions") or {}), "fee": made}}


def _eligibility(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    found = next((item for _path, item in all_fields(document) if item["code"] == edit.kind_of), None)
    if found is None:
        raise EditError(NOT_THERE, edit.path)
    made = tables.eligibility_table(found)
    return {**document, "decisions": {**(document.get("decisions") or {}), "eligibility": made}}


def _decision(document: dict[str, Any], edit: Edit) -> dict[str, Any]:
    """Make a table of its own name that the flow can ask for."""
    decisions = document.get("decisions") or {}
    found = next((item for _path, item in all_fields(document) if item["code"] == edit.kind_of), None)
    code = free_code(str(edit.values.get("code") or "decision"), set(decisions))
    made = tables.table_by(found, "result", "") if found else tables.flat_fee(0)
    return {**document, "decisions": {**decisions, code: made}}


OPERATIONS: dict[str, Operation] = {
    "set": _set,
    "add": _add,
    "remove": _remove,
    "move": _move,
    "shift": _shift,
    "duplicate": _duplicate,
    "component": _component,
    "rename": _rename,
    "branch": _branch,
    "row": _row,
    "column": _column,
    "without_column": _without_column,
    "paste": _paste,
    "fee": _fee,
    "eligibility": _eligibility,
    "decision": _decision,
}


def _check_codes(document: dict[str, Any]) -> None:
    """Refuse what the model cannot see: codes twice. Fields are unique in the form, those of a group in the group."""
    tops = [field["code"] for step in document["form"]["steps"] for field in step["fields"]]
    lists = [("form.steps", [step["code"] for step in document["form"]["steps"]]), ("form", tops)]
    for key in ("documents", "outputs"):
        lists.append((key, [item["code"] for item in document[key]]))
    for path, item in all_fields(document):
        lists.append((join_path((*path, "fields")), [inner["code"] for inner in item["fields"]]))
        lists.append((join_path((*path, "options")), [option["code"] for option in item["options"]]))
    for place, codes in lists:
        twice = next((code for code in codes if codes.count(code) > 1), None)
        if twice is not None:
            raise EditError(N_("コード「%(code)s」が2回使われています。片方を変えてください。"), place, code=twice)


def _item_path(text: str) -> tuple[Path, int]:
    path = parse_path(text)
    if not path or not isinstance(path[-1], int):
        raise EditError(NOT_THERE, text)
    return path[:-1], path[-1]


def _number(value: Any, path: str) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise EditError(N_("「%(text)s」は0以上の整数で書いてください。"), path, text=text[:40])
    return int(text)


def _document(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise EditError(NOT_THERE, "")
    return value


__all__ = ["OPERATIONS", "DefinitionError", "Edit", "apply", "full", "rebase", "sparse"]
