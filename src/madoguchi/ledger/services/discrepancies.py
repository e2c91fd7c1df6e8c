"""What does not fit between the books and the world: noted once, settled by a person or by a later report."""

from __future__ import annotations

from typing import Any

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from .. import events
from ..enums import DiscrepancyKind, Resolution
from ..models import Discrepancy


def note_discrepancy(*, key: str, kind: DiscrepancyKind, **facts: Any) -> Discrepancy:
    """
    Put something before a person; the same ``key`` again brings its facts up to date, and back if it was settled.

    ``facts``: ``provider``, ``provider_session_id``, ``session``, ``receivable``, ``settlement``, ``amount_books``,
    ``amount_provider``. Call it inside the transaction that found it.
    """
    found, is_new = Discrepancy.objects.get_or_create(
        municipality=municipality_in_scope(), key=key, defaults={"kind": kind, "found_at": clock.now(), **facts}
    )
    if not is_new and any(getattr(found, name) != value for name, value in facts.items()):
        for name, value in {**facts, "kind": kind, "resolution": "", "resolved_at": None, "resolved_by": None}.items():
            setattr(found, name, value)
        found.save()
    if is_new:
        record_event(kind=events.DISCREPANCY_FOUND, subject=found, data={"kind": kind})
    return found


def settle_quietly(*, key: str, resolution: Resolution) -> None:
    """Settle what a later report has explained, if it is there and open."""
    for found in Discrepancy.objects.select_for_update().filter(key=key, resolution=""):
        settle(discrepancy=found, resolution=resolution, actor=None)


def settle(*, discrepancy: Discrepancy, resolution: Resolution, actor: Account | None, note: str = "") -> None:
    """Write down how a discrepancy was settled, with its event."""
    discrepancy.resolution, discrepancy.note = resolution, note[:400]
    discrepancy.resolved_by, discrepancy.resolved_at = actor, clock.now()
    discrepancy.save()
    record_event(
        kind=events.DISCREPANCY_RESOLVED,
        subject=discrepancy,
        actor=actor,
        data={"kind": discrepancy.kind, "resolution": resolution},
    )
