"""The audience as rows of conditions: from the rule's document to a form and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from madoguchi.kit.numbers import parse_number

from ..errors import AudienceError
from ..rules.audience import parse_rule, write_rule

LISTS = {"topic": "topic", "town": "town", "language": "language", "need": "need", "grade": "child_school_year"}
"""Kinds of rows whose values are chosen from a list, and their names in documents."""
RANGES = {"age": "age", "child_age": "child_age", "born": "born"}
KINDS = {
    "topic": _lazy("分野を購読している"),
    "town": _lazy("住んでいる町"),
    "child_age": _lazy("子どもの年齢"),
    "grade": _lazy("子どもの学年"),
    "age": _lazy("本人の年齢"),
    "born": _lazy("生まれた日"),
    "language": _lazy("受け取る言語"),
    "need": _lazy("必要な配慮"),
    "postal_code": _lazy("郵便番号"),
    "source": _lazy("そのほかの登録"),
}
"""Kinds of rows, in the order they are offered."""
MOST_ROWS = 20


@dataclass
class Row:
    """One condition: its kind, whether it is denied, the chosen values or the ends of a range as typed."""

    kind: str
    is_denied: bool = False
    values: list[str] = field(default_factory=list)
    first: str = ""
    last: str = ""


@dataclass
class AudienceForm:
    """
    What is chosen: ``mode`` none, everyone, rules, or other (a rule too deep for rows, kept as it is in ``document``).

    ``join`` is all or any. ``errors`` are sentences, in the order of the rows.
    """

    mode: str = "none"
    join: str = "all"
    rows: list[Row] = field(default_factory=list)
    document: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def form_of(document: Mapping[str, Any]) -> AudienceForm:
    """Return a stored rule as rows."""
    if not document:
        return AudienceForm()
    if document.get("everyone"):
        return AudienceForm(mode="everyone", document=dict(document))
    join = "any" if "any" in document else "all"
    parts = document.get(join, [document])
    rows = [_row_of(part) for part in parts]
    if any(row is None for row in rows) or len(rows) > MOST_ROWS:
        return AudienceForm(mode="other", document=dict(document))
    return AudienceForm("rules", join, [row for row in rows if row is not None], dict(document))


def _row_of(part: Mapping[str, Any]) -> Row | None:
    is_denied = "not" in part
    leaf = part["not"] if is_denied else part
    if not isinstance(leaf, Mapping) or len(leaf) != 1:
        return None
    name, value = next(iter(leaf.items()))
    if name in RANGES:
        return _range_row(name, value, is_denied)
    if name == "postal_code":
        return Row("postal_code", is_denied, first="、".join(value))
    if name == "source":
        return Row("source", is_denied, [f"{value['key']}:{one}" for one in value["values"]])
    kind = next((kind for kind, written in LISTS.items() if written == name), "")
    if kind == "grade":
        return None if value.get("fiscal_year") else Row("grade", is_denied, list(value["grades"]))
    return Row(kind, is_denied, list(value)) if kind else None


def _range_row(name: str, value: Mapping[str, Any], is_denied: bool) -> Row | None:
    if value.get("on"):
        return None
    ends = ["" if value.get(end) is None else str(value[end]) for end in ("from", "to")]
    return Row(name, is_denied, first=ends[0], last=ends[1])


def read_form(data: QueryDict) -> AudienceForm:
    """
    Return what was chosen, with its document where it can be read; buttons that add and remove rows are followed.

    Rows without a value are kept in the form and told as an error: a condition that says nothing would mean everybody.
    """
    mode = data.get("audience_mode", "none")
    if mode == "other":
        return _kept(data)
    if mode not in ("everyone", "rules"):
        return AudienceForm()
    found = AudienceForm(mode=mode, join="any" if data.get("audience_join") == "any" else "all")
    removed = data.get("remove_row", "")
    places = list(dict.fromkeys(place for place in data.getlist("row") if place.isdecimal()))[:MOST_ROWS]
    found.rows = [_read_row(data, place) for place in places if place != removed]
    added = data.get("add_kind", "")
    if data.get("do") == "add_row" and added in KINDS and len(found.rows) < MOST_ROWS:
        found.mode = "rules"
        found.rows.append(Row(added))
    if found.mode == "everyone":
        found.document = {"everyone": True}
    elif data.get("do") != "add_row" and not removed:
        _write(found)
    return found


def _kept(data: QueryDict) -> AudienceForm:
    try:
        document = write_rule(parse_rule(json.loads(data.get("audience_document", ""))))
    except (ValueError, AudienceError, RecursionError):
        return AudienceForm(errors=[_("対象の条件を読み取れません。選び直してください。")])
    return AudienceForm(mode="other", document=document)


def _read_row(data: QueryDict, place: str) -> Row:
    kind = data.get(f"row{place}_kind", "")
    return Row(
        kind=kind if kind in KINDS else "topic",
        is_denied=data.get(f"row{place}_not") == "1",
        values=data.getlist(f"row{place}_value")[:1000],
        first=data.get(f"row{place}_from", "").strip()[:500],
        last=data.get(f"row{place}_to", "").strip()[:40],
    )


def _write(found: AudienceForm) -> None:
    parts = []
    for number, row in enumerate(found.rows, start=1):
        try:
            leaf = _leaf(row)
            parse_rule(leaf)
        except AudienceError as error:
            words = str(error).rpartition("：")[2]
            found.errors.append(
                _("条件%(n)s（%(kind)s）：%(words)s") % {"n": number, "kind": KINDS[row.kind], "words": words}
            )
            continue
        parts.append({"not": leaf} if row.is_denied else leaf)
    if not found.rows:
        found.errors.append(_("条件が1つもありません。条件を足すか、「すべての方」を選んでください。"))
    if not found.errors:
        found.document = {found.join: parts}


def _leaf(row: Row) -> dict[str, Any]:
    if row.kind in RANGES:
        return {row.kind: _range(row)}
    if row.kind == "postal_code":
        return {"postal_code": [one for one in row.first.replace("、", ",").replace(" ", ",").split(",") if one]}
    if row.kind == "source":
        keys = {value.partition(":")[0] for value in row.values}
        if len(keys) > 1:
            raise AudienceError(_("1つの条件では、1種類の登録だけを選んでください。"))
        values = [value.partition(":")[2] for value in row.values]
        return {"source": {"key": next(iter(keys), ""), "values": values}}
    if row.kind == "grade":
        return {"child_school_year": {"grades": row.values}}
    return {row.kind: row.values}


def _range(row: Row) -> dict[str, Any]:
    if row.kind == "born":
        return {name: value for name, value in (("from", row.first), ("to", row.last)) if value}
    return {name: _age(value) for name, value in (("from", row.first), ("to", row.last)) if value}


def _age(text: str) -> int:
    number = parse_number(text.removesuffix("歳").removesuffix("才"))
    if number is None or number != int(number):
        raise AudienceError(_("年齢は数字で書いてください。"))
    return int(number)
