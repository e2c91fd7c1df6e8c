"""What the templates of the editor ask: values, properties, options, faults, findings, conditions of one draft."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from ...forms.builder import words
from ...forms.builder.options import cell_options, component_options, options_of, question_options
from ...forms.builder.properties import Property, pattern_of, property_at
from ...forms.builder.reading import PREFIX, ROWS, feel_problem
from ...models import DraftEdit, ProcedureVersion
from ...rules.definition import Component, Definition
from ...rules.editing import (
    MISSING,
    OPERATORS,
    WITHOUT_VALUE,
    all_fields,
    find,
    full,
    literal,
    parse_path,
    read_condition,
    uses_of,
    values_of,
)
from ...rules.finder.questions import QUESTIONS, FinderQuestion, QuestionKind
from ...rules.forms import decide, describe
from ...rules.testing import TestResult, run_tests
from ...services.definitions import LintFinding, check_definition

_findings: dict[str, list[LintFinding]] = {}
_MOST_FINDINGS = 500


def findings_of(version: ProcedureVersion) -> list[LintFinding]:
    """Return the findings of a version, judged once per content: a page of the editor is drawn at every save."""
    found = _findings.get(version.digest)
    if found is None or not version.digest:
        if len(_findings) >= _MOST_FINDINGS:
            _findings.clear()
        found = _findings[version.digest] = check_definition(version.definition)
    return found


@dataclass
class Editor:
    """One draft under edit, with what was just posted (``typed``: name → texts) and what is wrong with it (``faults``)."""

    version: ProcedureVersion
    section: str
    at: str = ""
    typed: dict[str, list[str]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    words = words
    operators = OPERATORS
    without_value = WITHOUT_VALUE
    prefix = PREFIX

    @cached_property
    def document(self) -> dict[str, Any]:
        """The whole document with every key."""
        return full(self.version.document)

    @cached_property
    def definition(self) -> Definition:
        """The definition as the form engine takes it."""
        return self.version.definition

    @cached_property
    def findings(self) -> list[LintFinding]:
        """What the linter and the check of the flow say of the draft, errors first."""
        return findings_of(self.version)

    @cached_property
    def results(self) -> list[TestResult]:
        """What comes of the tests kept with the draft, in their order."""
        return run_tests(self.definition)

    @property
    def failed(self) -> int:
        """How many tests do not come out as expected."""
        return sum(1 for result in self.results if not result.passed)

    def example(self, code: str, number: int) -> dict[str, Any]:
        """Return how a golden example of a table comes out: ``passed``, ``is_open`` (nothing expected yet), ``got`` in words."""
        example = self.definition.decisions[code].examples[number]
        got = decide(self.definition, code, example.given) or {}
        said = "、".join(words.shown(value) for value in got.values())
        passed = bool(example.expect) and all(got.get(key) == value for key, value in example.expect.items())
        return {"passed": passed, "is_open": not example.expect, "got": said}

    def answers_in_words(self, answers: dict[str, Any]) -> list[Any]:
        """Return the answers of a test as residents would read them back."""
        return describe(self.definition, answers, "ja")

    def get(self, path: str, default: Any = None) -> Any:
        """Return the value at a path, or the default."""
        found = find(self.document, parse_path(path))
        return default if found is MISSING else found

    def shown(self, path: str) -> Any:
        """Return what stands in an input: what was typed before a refusal, else the value."""
        posted = self.typed.get(PREFIX + path)
        if posted is not None:
            return posted[-1]
        value = self.get(path)
        return "" if value is None else value

    def as_json(self, path: str) -> str:
        """Return a value as JSON for a text area, or what was typed there."""
        shown = self.shown(path)
        return shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False, indent=1)

    def checked(self, path: str) -> list[str]:
        """Return the ticked values of check boxes."""
        posted = self.typed.get(PREFIX + path)
        return [value for value in posted if value] if posted is not None else list(self.get(path) or [])

    def is_on(self, path: str) -> bool:
        """Return whether a single box is ticked."""
        posted = self.typed.get(PREFIX + path)
        return posted[-1] == "on" if posted is not None else bool(self.get(path))

    def asked(self, path: str) -> Property:
        """Return the property at a path; an unknown one is a mistake in a template."""
        found = property_at(path)
        if found is None:
            raise LookupError(pattern_of(path))
        return found

    def options(self, path: str) -> list[tuple[str, str]]:
        """Return the options of a select or of check boxes."""
        return options_of(self.asked(path).options, self.document, path)

    def fault(self, path: str) -> str:
        """Return what is wrong at a place or inside it."""
        inside = (message for place, message in self.faults.items() if place == path or place.startswith(f"{path}."))
        return next(inside, "")

    def other_faults(self, known: list[str]) -> list[tuple[str, str]]:
        """Return the faults as (path, words) for the summary."""
        return [(path, message) for path, message in self.faults.items() if path not in known]

    @cached_property
    def questions(self) -> list[tuple[str, str]]:
        """The fields a condition can ask for."""
        return question_options(self.document)

    @cached_property
    def deciders(self) -> list[tuple[str, str]]:
        """The fields a fee can depend on: those with fixed answers."""
        return question_options(self.document, fixed=True)

    @cached_property
    def _fields(self) -> dict[str, dict[str, Any]]:
        return {item["code"]: item for _path, item in reversed(list(all_fields(self.document)))}

    def field_of(self, code: str) -> dict[str, Any] | None:
        """Return a field of the form by its code."""
        return self._fields.get(code)

    def answers_of(self, code: str) -> list[tuple[str, str]]:
        """Return the fixed answers of a field as (value of an input, words)."""
        found = self.field_of(code)
        if found is not None and found["component"] in (Component.CHOICE, Component.CHOICES):
            return [(option["code"], words.text_of(option["label"]) or option["code"]) for option in found["options"]]
        if found is not None and found["component"] in (Component.YES_NO, Component.CONSENT):
            return [("true", _("はい")), ("false", _("いいえ"))]
        return []

    def input_type(self, code: str) -> str:
        """Return the kind of input for the value a field is compared with."""
        found = self.field_of(code) or {}
        return "date" if found.get("component") in (Component.DATE, Component.BIRTH_DATE) else "text"

    def operators_for(self, code: str) -> list[tuple[str, str]]:
        """Return the comparisons that make sense for a field."""
        component = (self.field_of(code) or {}).get("component")
        if component in (Component.YES_NO, Component.CONSENT):
            keys: tuple[str, ...] = ("=", "filled", "empty")
        elif component == Component.CHOICE:
            keys = ("=", "!=", "filled", "empty")
        elif component == Component.CHOICES:
            keys = ("contains", "lacks", "filled", "empty")
        elif component in (Component.TEXT, Component.TEXTAREA, Component.PHONE, Component.EMAIL):
            keys = ("=", "!=", "filled", "empty")
        elif component in (
            Component.INTEGER, Component.NUMBER, Component.MONEY, Component.DATE, Component.BIRTH_DATE, Component.TIME,
            Component.CALCULATED,
        ):  # fmt: skip
            keys = ("=", "!=", ">=", "<=", ">", "<", "filled", "empty")
        else:
            keys = ("filled", "empty") if component else OPERATORS
        return [(key, str(words.OPERATOR_WORDS[key])) for key in keys]

    def condition(self, path: str) -> dict[str, Any]:
        """
        Return a condition for its inputs: ``is_chosen``, ``join``, ``rows`` (field, operator, value), ``text`` (FEEL), ``problem``.

        There is always one empty row to choose the next clause in.
        """
        text = str(self.get(path) or "")
        typed = self.typed.get(f"{PREFIX}{path}~feel")
        if f"{PREFIX}{path}~0.field" in self.typed:
            return {
                "is_chosen": True,
                "join": self._last(f"{path}~join"),
                "rows": self._typed_rows(path),
                "text": text,
                "problem": "",
            }
        read = None if typed else read_condition(text)
        if read is None:
            shown = typed[-1] if typed else text
            return {"is_chosen": False, "join": "and", "rows": [], "text": shown, "problem": feel_problem(shown)}
        join, clauses = read
        rows = [_row(clause.field, clause.operator, _as_input(clause.value)) for clause in clauses]
        return {"is_chosen": True, "join": join, "rows": [*rows, _row("", "=", "")], "text": text, "problem": ""}

    def _last(self, name: str) -> str:
        return (self.typed.get(PREFIX + name) or [""])[-1]

    def _typed_rows(self, path: str) -> list[dict[str, str]]:
        numbers = [number for number in range(ROWS) if self._last(f"{path}~{number}.field")]
        rows = [
            [self._last(f"{path}~{number}.{part}") for part in ("field", "operator", "value")] for number in numbers
        ]
        return [*(_row(*row) for row in rows), _row("", "=", "")]

    def condition_words(self, text: str) -> str:
        """Return a condition in words, as it is shown beside a question; the FEEL itself where it was written by hand."""
        read = read_condition(text)
        if read is None or not text:
            return text
        join, clauses = read
        said = []
        for clause in clauses:
            found = self.field_of(clause.field)
            name = words.name_of(found) if found else clause.field
            value = dict(self.answers_of(clause.field)).get(_as_input(clause.value), _as_input(clause.value))
            said.append(_say(name, clause.operator, value))
        return (_("、かつ") if join == "and" else _("、または")).join(said)

    def uses(self, code: str) -> list[tuple[str, str]]:
        """Return the places that refer to a field, as (path, words)."""
        places = [".".join(map(str, path)) for path in uses_of(self.document, code)]
        return [(place, words.place_words(self.document, place)) for place in places]

    def problems_at(self, path: str) -> list[LintFinding]:
        """Return the linter's findings at a place or inside it."""
        return [item for item in self.findings if item.path == path or item.path.startswith(f"{path}.")]

    def errors_of(self, section: str) -> int:
        """Return how many findings that stop a publication belong to a section."""
        return sum(1 for item in self.findings if item.severity == "error" and section_of(item.path) == section)

    def cells(self, column: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the menu of a column's cells."""
        return cell_options(self.document, column)

    def branches(self, item: dict[str, Any]) -> list[tuple[str, str]]:
        """Return the answers of a question that can open further ones, as (JSON, words)."""
        return [(cell, words.text_of(label) or cell) for cell, label in values_of(item)] or [
            (json.dumps(option["code"]), words.text_of(option["label"]) or option["code"])
            for option in (item["options"] if item["component"] == Component.CHOICES else [])
        ]

    def test_menu(self, path: str) -> list[tuple[str, str]]:
        """Return the tests of a finder's question to choose from, as (FEEL, words); empty where it is written by hand."""
        question = QUESTIONS.get(str(self.get(path.rpartition(".")[0] + ".question")))
        if question is None or not question.choices:
            return []
        found = [(_test_of(question, choice.code), str(choice.label)) for choice in question.choices]
        now = str(self.shown(path))
        if now in dict(found):
            return found
        return [(now, _("選んでください")), *found] if now in ("true", "false") else []

    def components(self) -> list[tuple[str, str]]:
        """Return every component with its name."""
        return component_options()

    @cached_property
    def row(self) -> DraftEdit | None:
        """The row of the present state."""
        return DraftEdit.objects.filter(version=self.version, revision=self.version.revision).first()

    @property
    def undo(self) -> str:
        """What "take back" would take back, in words; empty for nothing."""
        if self.row is None or self.row.undo_to is None:
            return ""
        return words.edit_words(self.row.edit)

    @property
    def can_redo(self) -> bool:
        """Whether something taken back can be done again."""
        return self.row is not None and self.row.redo_to is not None


def section_of(path: str) -> str:
    """Return the section of the editor in which a place of the document is edited."""
    head = path.split(".", 1)[0]
    known = {
        "form": "form", "decisions": "fees", "payment": "fees", "workflow": "flow", "needs_approval": "flow", "outputs": "outputs",
        "tests": "tests", "assurance": "settings", "applicants": "settings", "delegates": "settings", "channels": "settings",
        "retention": "settings", "minutes": "settings",
    }  # fmt: skip
    return known.get(head, "basics")


def _say(name: str, operator: str, value: str) -> str:
    sentences = {
        "=": _("「%(name)s」が「%(value)s」のとき"),
        "!=": _("「%(name)s」が「%(value)s」でないとき"),
        "contains": _("「%(name)s」に「%(value)s」を含むとき"),
        "lacks": _("「%(name)s」に「%(value)s」を含まないとき"),
        "filled": _("「%(name)s」が入力されたとき"),
        "empty": _("「%(name)s」が入力されていないとき"),
        "<": _("「%(name)s」が%(value)sより小さいとき"),
        "<=": _("「%(name)s」が%(value)s以下のとき"),
        ">": _("「%(name)s」が%(value)sより大きいとき"),
        ">=": _("「%(name)s」が%(value)s以上のとき"),
    }
    return sentences[operator] % {"name": name, "value": value}


def _test_of(question: FinderQuestion, code: str) -> str:
    if question.kind == QuestionKind.YES_NO:
        return "true" if code == "yes" else "false"
    return f"list contains(?, {literal(code)})" if question.kind == QuestionKind.CHOICES else literal(code)


def _row(field: str, operator: str, value: str) -> dict[str, str]:
    return {"field": field, "operator": operator, "value": value}


def _as_input(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
