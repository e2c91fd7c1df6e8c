"""Another code for an item, with everything in the definition that refers to it."""

from __future__ import annotations

from re import escape, sub
from typing import Any

from .errors import N_, EditError
from .naming import CODE, field_codes, renamed_in, rewritten
from .paths import Path, code_of, find, join_path, list_at, replaced, value_at


def renamed(document: dict[str, Any], path: Path, code: str) -> dict[str, Any]:
    """Return the document with another code for the item at a path; raises ``EditError`` for a bad or taken one."""
    item = value_at(document, path)
    old, new = code_of(item), code.strip()
    if old is None or old == new:
        return document
    if not CODE.match(new) or len(new) > 60:
        raise EditError(
            N_("コードは、英小文字で始まる60字以内の英小文字・数字・「_」「-」で書いてください。"),
            join_path((*path, "code")),
        )
    is_field = len(path) > 1 and path[-2] == "fields"
    siblings = list_at(document, path[:-1])
    taken = field_codes(document) if is_field else {code_of(other) for other in siblings}
    if new in taken:
        raise EditError(N_("コード「%(code)s」は、すでに使われています。"), join_path((*path, "code")), code=new)
    document = replaced(document, (*path, "code"), new)
    if path[:1] == ("form",) and path[-2] == "fields":
        return _references_renamed(document, old, new)
    if path[:1] == ("form",) and path[-2] == "options":
        return _option_renamed(document, value_at(document, path[:-2])["code"], old, new)
    return document


def _references_renamed(document: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    document = rewritten(document, lambda text: renamed_in(text, old, new))
    if find(document, ("deadline", "from_field")) == old:
        document = replaced(document, ("deadline", "from_field"), new)
    outputs = [_output_renamed(output, old, new) for output in document.get("outputs") or []]
    tests = [
        {**test, "answers": {new if key == old else key: value for key, value in (test.get("answers") or {}).items()}}
        for test in document.get("tests") or []
    ]
    return {**document, "outputs": outputs, "tests": tests}


def _option_renamed(document: dict[str, Any], field_code: str, old: str, new: str) -> dict[str, Any]:
    """Return the document with the cells and comparisons that name an option of a field following its new code."""
    pattern = rf'(?<![\w.-])({escape(field_code)}\s*!?=\s*)"{escape(old)}"'
    document = rewritten(document, lambda text: sub(pattern, rf'\1"{new}"', text))
    decisions = {}
    for code, decision in (document.get("decisions") or {}).items():
        table = decision["table"]
        places = [
            n for n, column in enumerate(table["inputs"]) if (column.get("expression") or column["name"]) == field_code
        ]
        rows = [
            [f'"{new}"' if n in places and cell == f'"{old}"' else cell for n, cell in enumerate(row)]
            for row in table["rows"]
        ]
        decisions[code] = {**decision, "table": {**table, "rows": rows}}
    tests = [
        {
            **test,
            "answers": {
                k: (new if k == field_code and v == old else v) for k, v in (test.get("answers") or {}).items()
            },
        }
        for test in document.get("tests") or []
    ]
    return {**document, "decisions": decisions, "tests": tests}


def _output_renamed(output: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return an output whose list of fields and whose ``{placeholders}`` follow a new code."""
    texts = {
        key: {language: text.replace(f"{{{old}}}", f"{{{new}}}") for language, text in output[key].items()}
        for key in ("title", "body")
        if isinstance(output.get(key), dict)
    }
    return {**output, **texts, "fields": [new if code == old else code for code in output.get("fields") or []]}
