"""What the page of a step has to know beside the answers, worked out once for all its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.kit import era, places
from madoguchi.kit.places import Town

from ..definition import Component, Definition, FormField
from . import banks
from .banks import Place as BankPlace
from .describing import shown_value
from .evaluation import Evaluation, json_value
from .parts import (
    ACCOUNT_KINDS,
    HOUSEHOLD_FIELDS,
    PARTS,
    PREFECTURES,
    RELATIONSHIPS,
    ROWS,
    Part,
    is_empty,
    least_rows,
    row_fields,
)
from .problems import N_, Problem

_OWN = ("person.", "account.", "business.")
_SHOWN = (
    *(N_("西暦"), N_("令和"), N_("平成"), N_("昭和"), N_("大正"), N_("明治")),
    *(N_("普通"), N_("当座"), N_("貯蓄"), N_("住民記録"), N_("本人確認"), N_("アカウント")),
)
"""Names that the page shows translated though answers keep them in Japanese."""


@dataclass(frozen=True)
class FormContext:
    """The look-ups of ``form/fields.html`` for one state of the answers; ``finding`` is the path of a pressed look-up."""

    evaluation: Evaluation
    finding: str = ""

    prefectures = PREFECTURES
    relationships = RELATIONSHIPS
    account_kinds = ACCOUNT_KINDS
    eras = ("西暦", *(item.name for item in reversed(era.ERAS)))
    era_years = ",".join(f"{item.name}:{item.start.year}" for item in reversed(era.ERAS))

    hinted = frozenset({"phone", "email", "corporate_number", "birth_date", "date"})

    def described_by(self, path: str, problems: Iterable[Problem], origins: Any, hint: str) -> str:
        """Return the ids of what describes an input: its hint, where its value came from, what is wrong with it."""
        ids = [
            f"id_{path}-hint" if hint else "",
            f"id_{path}-origin" if origins and self.origin(origins, path) else "",
            f"id_{path}-error" if problems and self.errors(problems, path) else "",
        ]
        return " ".join(item for item in ids if item)

    def required(self, field: FormField, group: FormField | None = None, row: Mapping[str, Any] | None = None) -> bool:
        """Tell whether a field must be answered, in the form or in a row of a group."""
        if group is not None:
            return self.evaluation.is_row_required(group, field, row or {})
        return self.evaluation.is_required(field)

    def rows(self, field: FormField, value: Any) -> list[dict[str, Any]]:
        """Return the rows to draw: what there is, filled up to what is needed, at least one where one is required."""
        found = [row if isinstance(row, dict) else {} for row in value] if isinstance(value, list) else []
        least = least_rows(field, self.evaluation.is_required(field))
        return found + [{} for _index in range(len(found), least)]

    def inner(self, field: FormField, row: Mapping[str, Any]) -> list[FormField]:
        """Return the fields of a row that are shown."""
        return [item for item in row_fields(field) if self.evaluation.is_row_visible(field, item, row)]

    def parts(self, field: FormField) -> dict[str, Part]:
        """Return the parts of a composite by their code."""
        return {part.code: part for part in PARTS.get(field.component, ())}

    def is_rows(self, field: FormField) -> bool:
        """Tell whether a field holds rows."""
        return field.component in ROWS

    def errors(self, problems: Iterable[Problem], path: str) -> list[Problem]:
        """Return the problems at exactly this path."""
        return [problem for problem in problems if problem.path == path]

    def has_errors(self, problems: Iterable[Problem], path: str) -> bool:
        """Tell whether something is wrong at this path or below it."""
        return any(problem.path == path or problem.path.startswith(f"{path}.") for problem in problems)

    def text(self, value: Any, part: str = "") -> str:
        """Return what stands in an input: the text of an answer or of a part of it."""
        found = (value.get(part) if isinstance(value, Mapping) else None) if part else value
        if is_empty(found) or isinstance(found, Mapping | list):
            return ""
        if isinstance(found, bool):
            return "yes" if found else "no"
        return f"{found:,}" if isinstance(found, int) else str(found)

    def date_parts(self, value: Any, language: str, *, eras: bool = False) -> dict[str, str]:
        """Return era, year, month and day for the inputs; a date that could not be read comes back as typed."""
        if isinstance(value, Mapping):
            return {part: str(value.get(part) or "") for part in ("era", "year", "month", "day")}
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            return {"era": "", "year": value if isinstance(value, str) else "", "month": "", "day": ""}
        known = era.to_era(day) if eras and language.startswith("ja") else None
        year = era.era_year(known[1]) if known else str(day.year)
        return {"era": known[0].name if known else "西暦", "year": year, "month": str(day.month), "day": str(day.day)}

    def era_hint(self, value: Any) -> str:
        """Return the other writing of the year of a date: 令和8年 beside 2026."""
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            return ""
        known = era.to_era(day)
        return f"{day.year}年＝{known[0].name}{era.era_year(known[1])}年" if known else ""

    def towns(self, value: Any, path: str) -> list[Town]:
        """Return the towns of a typed postal code, when they were asked for or the town is still missing."""
        if not isinstance(value, Mapping) or (self.finding != path and not is_empty(value.get("town"))):
            return []
        code = value.get("postal_code")
        return list(places.towns_of(code)) if isinstance(code, str) else []

    def banks(self, value: Any, path: str) -> list[BankPlace]:
        """Return the banks that a typed name may mean, when it is not the code of one."""
        typed = value.get("bank") if isinstance(value, Mapping) else None
        if not isinstance(typed, str) or not typed or banks.bank(typed):
            return []
        return banks.find_banks(typed)

    def branches(self, value: Any, path: str) -> list[BankPlace]:
        """Return the branches that a typed name may mean, when the bank is known and the branch is not."""
        if not isinstance(value, Mapping) or not isinstance(value.get("bank"), str):
            return []
        typed = value.get("branch") if isinstance(value.get("branch"), str) else ""
        if banks.branch(value["bank"], typed or "") or not (typed or self.finding == path):
            return []
        return banks.find_branches(value["bank"], typed or "")

    def bank_name(self, value: Any) -> str:
        """Return the name of the bank of an account, "" for an unknown one."""
        code = value.get("bank") if isinstance(value, Mapping) else None
        found = banks.bank(code) if isinstance(code, str) else None
        return found.name if found else ""

    def branch_name(self, value: Any) -> str:
        """Return the name of the branch of an account, "" for an unknown one."""
        if not isinstance(value, Mapping):
            return ""
        found = banks.branch(str(value.get("bank") or ""), str(value.get("branch") or ""))
        return found.name if found else ""

    def calculated(
        self, field: FormField, language: str, group: FormField | None = None, row: Mapping[str, Any] | None = None
    ) -> str:
        """Return the value of a calculated field as people read it, "" where it cannot be worked out yet."""
        found = self.evaluation
        value = found.value(field.code) if group is None else found.row_value(group, field, row or {})
        return shown_value(field, json_value(value), language)

    def autocomplete(self, field: FormField, token: str, group: FormField | None = None) -> str:
        """
        Return the ``autocomplete`` token (WCAG 1.3.5) where a field asks for the person at the screen, else "off".

        Of somebody else's name or address the browser must not offer one's own.
        """
        if group is not None or not token:
            return "off"
        own = field.prefill.startswith(_OWN) or field.component in {Component.PHONE, Component.EMAIL}
        return token if own else "off"

    def is_live(self, field: FormField, group: FormField | None = None) -> bool:
        """Tell whether other fields on the page come, go or are worked out by this one."""
        step = self.evaluation.form.step_of.get((group or field).code)
        names = self.evaluation.form.live(step.code) if step else frozenset()
        return field.code in names or (group is not None and group.code in names)

    def origin(self, origins: Any, path: str) -> str:
        """Return where a prefilled value came from, in words, "" for a typed one."""
        found = origins.get(path) if isinstance(origins, Mapping) else None
        if isinstance(found, Mapping):
            return str(found.get("label") or found.get("source") or "")
        return found if isinstance(found, str) else ""

    def household(self) -> tuple[FormField, ...]:
        """Return the fields of a row of a household."""
        return HOUSEHOLD_FIELDS


def form_context(
    definition: Definition, answers: Mapping[str, Any], today: date | None = None, *, finding: str = ""
) -> FormContext:
    """Return the context for the macros of ``form/fields.html``; ``finding`` is the path of a ``find`` action."""
    return FormContext(Evaluation(definition, answers, today), finding)
