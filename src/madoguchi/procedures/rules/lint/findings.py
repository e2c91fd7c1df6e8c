"""What the linter says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ..definition import Definition, FormField, Step, Text
from ..forms.problems import N_


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.HINT: 2}


@dataclass(frozen=True, slots=True)
class LintFinding:
    """
    One finding: a stable ``code``, where (``path`` in the document), what (``message``) and what to do (``advice``).

    Both texts are msgids with the named ``params``.
    """

    code: str
    severity: Severity
    path: str
    message: str
    advice: str
    params: Mapping[str, Any] = field(default_factory=dict)


def sort_findings(findings: Iterable[LintFinding]) -> list[LintFinding]:
    """Return findings without repetitions, worst first, otherwise in their order."""
    kept = {(item.code, item.path, str(dict(item.params))): item for item in findings}
    return sorted(kept.values(), key=lambda item: _ORDER[item.severity])


@dataclass(frozen=True, slots=True)
class Place:
    """A field with where it stands: its path in the document, its step, and the group it is in."""

    path: str
    field: FormField
    step: Step
    group: FormField | None = None

    @property
    def name(self) -> str:
        """How the author knows it."""
        return self.field.label.ja or self.field.code


def places(definition: Definition) -> Iterator[Place]:
    """Yield every field of the form, those in groups after their group."""
    for number, step in enumerate(definition.form.steps):
        for index, item in enumerate(step.fields):
            yield from _below(Place(f"form.steps.{number}.fields.{index}", item, step))


def _below(place: Place) -> Iterator[Place]:
    yield place
    for index, inner in enumerate(place.field.fields):
        yield from _below(Place(f"{place.path}.fields.{index}", inner, place.step, place.field))


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the definition with its path, and whether it is a name (short) or a sentence."""

    path: str
    text: Text
    is_name: bool = False


def texts(definition: Definition) -> Iterator[Said]:
    """Yield everything a definition says to residents."""
    yield Said("name", definition.name, is_name=True)
    for name in ("summary", "who", "when", "fee_text", "counter"):
        yield Said(name, getattr(definition, name))
    for index, text in enumerate(definition.not_for):
        yield Said(f"not_for.{index}", text)
    if definition.deadline is not None:
        yield Said("deadline.text", definition.deadline.text)
    for index, document in enumerate(definition.documents):
        yield Said(f"documents.{index}.name", document.name, is_name=True)
        yield Said(f"documents.{index}.note", document.note)
    for index, output in enumerate(definition.outputs):
        yield Said(f"outputs.{index}.name", output.name, is_name=True)
    for index, item in enumerate(definition.faq):
        yield Said(f"faq.{index}.question", item.question)
        yield Said(f"faq.{index}.answer", item.answer)
    for index, rule in enumerate(definition.finder):
        yield Said(f"finder.{index}.reason", rule.reason)
    for name, decision in definition.decisions.items():
        for code, reason in decision.reasons.items():
            yield Said(f"decisions.{name}.reasons.{code}", reason)
    yield from _form_texts(definition)


def _form_texts(definition: Definition) -> Iterator[Said]:
    for number, step in enumerate(definition.form.steps):
        yield Said(f"form.steps.{number}.title", step.title, is_name=True)
        yield Said(f"form.steps.{number}.lead", step.lead)
    for place in places(definition):
        yield Said(f"{place.path}.label", place.field.label, is_name=True)
        yield Said(f"{place.path}.hint", place.field.hint)
        yield Said(f"{place.path}.message", place.field.message)
        for index, option in enumerate(place.field.options):
            yield Said(f"{place.path}.options.{index}.label", option.label, is_name=True)
            yield Said(f"{place.path}.options.{index}.hint", option.hint)


__all__ = ["N_", "LintFinding", "Place", "Said", "Severity", "places", "sort_findings", "texts"]
