"""Several cases at once: each for itself, so that one that refuses holds up none; what was done can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Unit, municipality_in_scope
from madoguchi.trust.errors import RefusedError

from ..errors import CasesError
from ..models import Case, Undo
from .desk import add_note, assign_case, transfer_case
from .undoing import columns_of

MOST = 200


@dataclass(slots=True)
class BulkResult:
    """What became of a bulk action: the cases done, and per refused case the reason; ``undo`` takes it back."""

    done: list[Case] = field(default_factory=list)
    refused: list[tuple[Case, str]] = field(default_factory=list)
    undo: Undo | None = None


def assign_cases(*, cases: Sequence[Case], assignee: Account | None, actor: Account) -> BulkResult:
    """Give cases to somebody (None: nobody)."""
    return _each(cases, "assign", actor, lambda case: assign_case(case=case, assignee=assignee, actor=actor))


def transfer_cases(*, cases: Sequence[Case], unit: Unit, reason: str, actor: Account) -> BulkResult:
    """Move cases to another section with one reason."""
    return _each(cases, "transfer", actor, lambda case: transfer_case(case=case, unit=unit, reason=reason, actor=actor))


def note_cases(*, cases: Sequence[Case], text: str, actor: Account) -> BulkResult:
    """Write the same note to cases."""
    return _each(cases, "", actor, lambda case: add_note(case=case, text=text, actor=actor))


@transaction.atomic
def _each(cases: Sequence[Case], kind: str, actor: Account, act: Callable[[Case], Any]) -> BulkResult:
    result, before = BulkResult(), []
    for case in cases[:MOST]:
        columns = columns_of(case)
        try:
            with transaction.atomic():
                act(case)
        except (CasesError, RefusedError) as error:
            result.refused.append((case, str(error)))
            continue
        result.done.append(case)
        before.append({**columns, "case": case.pk, "revision": case.revision + 1})
    if kind and before:
        Undo.objects.filter(account=actor, kind=kind).delete()
        result.undo = Undo.objects.create(
            municipality=municipality_in_scope(), account=actor, kind=kind, before=before, at=clock.now()
        )
    return result
