"""From judgements to a checklist: deadlines as dates, groups, documents to bring once for all, common answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from madoguchi.kit.deadlines import deadline as period_end
from madoguchi.kit.feel import FeelError, cached_expression
from madoguchi.kit.holidays import next_open_day

from ..definition import Component, Deadline, Definition, RequiredDocument
from ..definition.text import Text
from .events import LIFE_EVENTS
from .index import Answers, Judgement

SOON = timedelta(days=14)
ANY_EVENT = "event_on"
"""The field that means the day of whatever happened."""


class Group(StrEnum):
    """When something has to be done."""

    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    ANYTIME = "anytime"


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A procedure of a checklist; ``due_on`` where the date can be computed."""

    definition: Definition
    judgement: Judgement
    due_on: date | None
    group: Group

    @property
    def is_online(self) -> bool:
        """True where one can apply without coming."""
        return "online" in self.definition.channels


@dataclass(slots=True)
class Item:
    """A document to bring: for which procedures, and for which of them only in some cases."""

    document: RequiredDocument
    codes: list[str] = field(default_factory=list)
    sometimes: list[str] = field(default_factory=list)

    @property
    def is_certain(self) -> bool:
        """True when at least one procedure needs it in any case."""
        return bool(self.codes)


def due_on(deadline: Deadline | None, happened_on: date | None) -> date | None:
    """Return the last day, counted from the day something happened; None where there is no rule, no day, or no calendar."""
    if deadline is None or deadline.days is None or happened_on is None:
        return None
    try:
        if deadline.days > 0:
            return period_end(happened_on, days=deadline.days, roll_forward=deadline.rolls)
        end = happened_on + timedelta(days=deadline.days)
        return next_open_day(end) if deadline.rolls and deadline.days == 0 else end
    except OverflowError:
        return None


def counts_from_event(definition: Definition, event: str) -> bool:
    """Say whether the deadline of a procedure counts from the day a life event happened."""
    if definition.deadline is None or definition.deadline.days is None:
        return False
    known = LIFE_EVENTS.get(event)
    return definition.deadline.from_field in {ANY_EVENT, *(known.dates if known else ())}


def make_list(
    definitions: Mapping[str, Definition],
    judgements: Iterable[Judgement],
    *,
    event: str,
    today: date,
    happened_on: date | None = None,
) -> list[ListEntry]:
    """Return the procedures that apply or may apply, those with the nearest deadline first, certain ones before others."""
    entries = []
    for judgement in judgements:
        definition = definitions[judgement.code]
        if judgement.answer == "no":
            continue
        due = due_on(definition.deadline, happened_on) if counts_from_event(definition, event) else None
        entries.append(ListEntry(definition, judgement, due, _group(definition, due, today)))
    return sorted(entries, key=lambda entry: _place(entry, today))


def _group(definition: Definition, due: date | None, today: date) -> Group:
    if due is not None:
        if due <= today:
            return Group.TODAY
        return Group.SOON if due <= today + SOON else Group.LATER
    rule = definition.deadline
    if rule is None or rule.days is None:
        return Group.ANYTIME
    return Group.SOON if rule.days <= SOON.days else Group.LATER


def _place(entry: ListEntry, today: date) -> tuple[int, date, bool, int, str]:
    """Return where an entry stands: what everybody has to do comes before what hangs on conditions, and is often needed first."""
    definition = entry.definition
    days = definition.deadline.days if definition.deadline else None
    due = entry.due_on or today + timedelta(days=9999 if days is None else max(days, 0))
    doubtful = entry.judgement.answer != "yes"
    return list(Group).index(entry.group), due, doubtful, len(definition.finder), definition.code


def documents_to_bring(entries: Iterable[ListEntry], answers: Answers) -> list[Item]:
    """Return every document once, those that are certain first; what the answers rule out is left out."""
    items: dict[str, Item] = {}
    for entry in entries:
        for document in entry.definition.documents:
            needed = _holds(document.required_if, answers)
            if needed is False:
                continue
            item = items.setdefault(document.name.ja, Item(document))
            certain = needed is True and entry.judgement.answer == "yes"
            (item.codes if certain else item.sometimes).append(entry.definition.code)
    return sorted(items.values(), key=lambda item: (not item.is_certain, -len(item.codes)))


def _holds(condition: str, answers: Answers) -> bool | None:
    """Return whether a condition over answers holds; None where it asks for what the finder does not know."""
    if not condition:
        return True
    try:
        expression = cached_expression(condition)
        scope = {key: list(value) if isinstance(value, tuple) else value for key, value in answers.items()}
        if not expression.unknown_names <= scope.keys():
            return None
        return expression.holds(scope)
    except FeelError:
        return None


def shared_answers(
    definitions: Sequence[Definition], answers: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """
    Return what was answered in one procedure and the others ask too: code of the procedure → field → answer.

    ``answers`` are those given so far (code → field → answer). A field takes over an answer when it has the same component
    and means the same: the same verified attribute (``prefill``), or the same code and the same Japanese label. What a
    procedure already knows stays; the first procedure in the order of ``definitions`` wins. Files, consents and signatures
    are never taken over: they are given for one matter.
    """
    known: dict[tuple[Component, str], Any] = {}
    for definition in definitions:
        for one in definition.form.fields():
            value = answers.get(definition.code, {}).get(one.code)
            if one.component not in _OWN and value not in (None, "", [], {}):
                for meaning in _meanings(one.code, one.label, one.prefill):
                    known.setdefault((one.component, meaning), value)
    return {definition.code: _taken(definition, answers.get(definition.code, {}), known) for definition in definitions}


_OWN = {Component.FILE, Component.CONSENT, Component.SIGNATURE, Component.NOTE, Component.CALCULATED, Component.GROUP}


def _meanings(code: str, label: Text, prefill: str) -> list[str]:
    named = f"{code}\n{label.ja}"
    return [f"prefill\n{prefill}", named] if prefill else [named]


def _taken(
    definition: Definition, own: Mapping[str, Any], known: Mapping[tuple[Component, str], Any]
) -> dict[str, Any]:
    taken = {}
    for one in definition.form.fields():
        if one.code in own:
            continue
        keys = [(one.component, meaning) for meaning in _meanings(one.code, one.label, one.prefill)]
        found = next((key for key in keys if key in known), None)
        if found is not None:
            taken[one.code] = known[found]
    return taken
