"""
Bringing residents in line with the core system's file (住民記録システムとの連携): compared first, changed on demand.

The core system keeps the register; this house holds a copy of what counters need. A person is the same one by the
registry number (宛名番号) alone. Where a person without a number looks like one of the file, it is listed for somebody to
decide, never matched by guess.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from madoguchi.kit.names import search_key

from .. import events
from ..enums import AccessAction
from ..models import Account, Resident, municipality_in_scope
from ..permissions import resident_policy
from ..rules.resident_layout import RegistryFile, RegistryRow, read_registry
from .accesses import log_access
from .events import record_event
from .residents import add_resident, change_resident

BATCH = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """A person whose data differ: what is here and what the file says, by field."""

    row: RegistryRow
    resident_id: int
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A new person who looks like somebody without a registry number here: the ids, to be decided by a registrar."""

    row: RegistryRow
    resident_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an import would do; nothing is changed by making one."""

    file: RegistryFile
    new: tuple[RegistryRow, ...]
    changed: tuple[Difference, ...]
    doubtful: tuple[Doubt, ...]
    ended: tuple[Difference, ...]
    same: int
    absent: int

    @property
    def is_empty(self) -> bool:
        """True where an import would change nothing."""
        return not (self.new or self.changed or self.ended)


def compare_registry(*, content: bytes, actor: Account | None, system: bool = False) -> Comparison:
    """
    Return what a file of the core system would change; raises ``RefusedError`` and ``LayoutError``.

    ``absent`` counts people with a registry number who are not in the file: a file may hold a part of the city.
    """
    if not system:
        resident_policy.require(actor, "import")
    file = read_registry(content)
    known = {
        person.registry_number: person
        for person in Resident.objects.exclude(registry_number=None).iterator(chunk_size=BATCH)
    }
    without = _unnumbered()
    new, changed, ended, doubtful, same = [], [], [], [], 0
    for row in file.rows:
        person = known.get(row.registry_number)
        if person is None:
            alike = without.get(_likeness(row), ())
            if alike:
                doubtful.append(Doubt(row, tuple(alike)))
            elif row.ended_on is None:
                new.append(row)
            continue
        differing = dict(_differences(row, person))
        if row.ended_on is not None and person.ended_on != row.ended_on:
            ended.append(Difference(row, person.pk, {"ended_on": (person.ended_on, row.ended_on)}))
        elif differing:
            changed.append(Difference(row, person.pk, differing))
        else:
            same += 1
    numbers = {row.registry_number for row in file.rows}
    absent = sum(number not in numbers for number in known)
    return Comparison(file, tuple(new), tuple(changed), tuple(doubtful), tuple(ended), same, absent)


def _unnumbered() -> dict[tuple[str, Any], list[int]]:
    found: dict[tuple[str, Any], list[int]] = {}
    rows = Resident.objects.filter(registry_number=None).values_list("pk", "name_key", "birth_date")
    for pk, key, born in rows:
        found.setdefault((key, born), []).append(pk)
    return found


def _likeness(row: RegistryRow) -> tuple[str, Any]:
    return search_key(str(row.values.get("name", ""))), row.values.get("birth_date")


def _differences(row: RegistryRow, person: Resident) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name, value in row.values.items():
        here = getattr(person, name)
        if (here or None) != (value or None):
            yield name, (here, value)


@transaction.atomic
def apply_registry(*, content: bytes, actor: Account | None, digest: str = "", system: bool = False) -> Comparison:
    """
    Bring the residents in line with a file: new ones added, changed ones changed, ended ones marked; all or nothing.

    ``digest`` is that of the file somebody looked at: another file is refused (``ValueError``). Doubtful people are left for
    a registrar. Raises ``RefusedError`` and ``LayoutError``.
    """
    comparison = compare_registry(content=content, actor=actor, system=system)
    if digest and digest != digest_of(content):
        raise ValueError("the file is not the one that was looked at")
    bring_in_line(steps=steps_of(comparison), actor=actor)
    note_import(comparison=comparison, actor=actor)
    return comparison


Step = RegistryRow | Difference


def steps_of(comparison: Comparison) -> list[Step]:
    """Return what an import does, person by person."""
    return [*comparison.new, *comparison.changed, *comparison.ended]


@transaction.atomic
def bring_in_line(*, steps: Sequence[Step], actor: Account | None) -> None:
    """Add or change the people of some steps; all or nothing. Who calls has asked the policy."""
    for step in steps:
        if isinstance(step, RegistryRow):
            add_resident(actor=actor, registry_number=step.registry_number, **step.values)
            continue
        person = Resident.objects.select_for_update().get(pk=step.resident_id)
        values = {name: value for name, (_here, value) in step.fields.items()}
        change_resident(resident=person, actor=actor, system=True, **values)


def note_import(*, comparison: Comparison, actor: Account | None) -> None:
    """Write down that a file was imported, with its counts."""
    municipality = municipality_in_scope()
    log_access(actor=actor, subject=municipality, purpose="住民記録の取り込み", action=AccessAction.VIEW)
    record_event(
        kind=events.REGISTRY_IMPORTED,
        subject=municipality,
        actor=actor,
        quantity=len(steps_of(comparison)),
        data={
            "new": len(comparison.new),
            "changed": len(comparison.changed),
            "ended": len(comparison.ended),
            "doubtful": len(comparison.doubtful),
            "refused": len(comparison.file.problems),
        },
    )


def digest_of(content: bytes) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(content).hexdigest()


@transaction.atomic
def link_resident(*, resident: Resident, row: RegistryRow, actor: Account) -> Resident:
    """Decide that a person here is the one of the file: the number and the data of the core system are taken over."""
    resident_policy.require(actor, "import")
    ended = {} if row.ended_on is None else {"ended_on": row.ended_on}
    return change_resident(
        resident=resident, actor=actor, system=True, registry_number=row.registry_number, **ended, **row.values
    )
