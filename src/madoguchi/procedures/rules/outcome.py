"""What a document of an application says: the texts of the definition with their placeholders filled, and chosen answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from madoguchi.kit import era

from .definition import Component, Definition, Output
from .forms import describe

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.-]*)\}")


def document_content(
    definition: Definition, output: Output, answers: Mapping[str, Any], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """
    Return the content of a document for its template: paragraphs, rows of (label, value), number, dates, reason.

    ``{name}``, ``{city}``, ``{number}``, ``{fee}`` … and the codes of fields are filled in the texts; an unknown placeholder
    stays as it is written, so that nobody signs a gap without seeing it.
    """
    shown = shown_values(definition, answers)
    words = {code: value for code, (_label, value) in shown.items()}
    words |= {name: _word(value) for name, value in facts.items()}
    body = [line for line in _fill(output.body.ja, words).split("\n") if line.strip()]
    content: dict[str, Any] = {
        "reference_number": str(facts.get("number", "")),
        "paragraphs": body,
        "rows": [],
        "contact": {"section": definition.contact.section.ja, "phone": definition.contact.phone},
    }
    if facts.get("name") and not _names_person(definition, output):
        content["rows"].append(["氏名", str(facts["name"])])
    content["rows"] += [list(shown[code]) for code in output.fields if code in shown]
    if output.template == "notice":
        content |= {"decision": _decision(facts), "reason": str(facts.get("reason", ""))}
    return content


def _names_person(definition: Definition, output: Output) -> bool:
    """Tell whether the chosen answers name a person themselves."""
    fields = [definition.form.find(code) for code in output.fields]
    return any(field is not None and field.component == Component.PERSON_NAME for field in fields)


def _decision(facts: Mapping[str, Any]) -> str:
    return "申請を承認しないことに決定しました。" if facts.get("decision") == "refused" else ""


def shown_values(definition: Definition, answers: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return code → (label, value as people read it, in Japanese) of the visible fields."""
    found: dict[str, tuple[str, str]] = {}
    for section in describe(definition, dict(answers), "ja"):
        for row in section.rows:
            found[str(row.path)] = (row.label, row.value)
    return found


def _fill(text: str, words: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: words.get(match.group(1), match.group(0)), text)


def _word(value: Any) -> str:
    if isinstance(value, date):
        return era.format_date(value)
    return f"{value:,}" if isinstance(value, int) else str(value)
