"""Which units' cases somebody sees: by duty, for whole branches of the organisation, through reorganisations."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import QuerySet

from madoguchi.trust.api import Account, Duty, Unit

from ..models import Case
from ..permissions import WORKERS
from ..registry import case_subjects


def units_seen_by(account: Account) -> frozenset[int] | None:
    """
    Return the ids of the units whose cases an account works on, or None for the whole city.

    A duty at a unit reaches the units below it, the ones that went into it and its predecessors.
    """
    held = set(Duty.objects.held_by(account).filter(role__in=WORKERS).values_list("unit_id", flat=True))
    if None in held:
        return None
    below: dict[int, set[int]] = defaultdict(set)
    rows = Unit.objects.values_list("pk", "parent_id", "merged_into_id", "predecessor_id")
    for pk, parent, merged_into, predecessor in rows:
        for upper in (parent, merged_into):
            if upper:
                below[upper].add(pk)
        if predecessor:
            below[pk].add(predecessor)
    found: set[int] = set()
    waiting = {unit for unit in held if unit is not None}
    while waiting:
        unit = waiting.pop()
        found.add(unit)
        waiting |= below[unit] - found
    return frozenset(found)


def narrowed(cases: list[Case], account: Account) -> list[Case]:
    """Leave out the cases whose subject does not let the account see them."""
    return [
        case for case in cases if (subject := case_subjects.find(case.kind)) is None or subject.may_see(account, case)
    ]


def units_to_choose(units: frozenset[int] | None) -> QuerySet[Unit]:
    """Return the units somebody may choose among in a list, by name."""
    return Unit.objects.all() if units is None else Unit.objects.filter(pk__in=units)
