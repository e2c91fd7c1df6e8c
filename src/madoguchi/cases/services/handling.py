"""How long staff really works on a case: the time between the signs of life of those who have its record open."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Sum

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope

from ..enums import Sign
from ..models import Case, Presence

LONGEST_SILENCE = timedelta(minutes=2)
"""What counts at most between two signs; an open page whose reader went to lunch is no work."""
LONGEST_READING = timedelta(minutes=20)
"""What counts at most from opening a record to acting on it where the browser gave no sign in between (no JavaScript)."""


@transaction.atomic
def note_sign(*, case: Case, actor: Account, sign: Sign) -> int:
    """
    Note that somebody has a case open, and add the time since their last sign to the case.

    Returns the seconds added. Acting alone leaves no mark of somebody looking, so that an action on many cases or by a
    machine is not taken for reading. A look never waits for a step of the case that runs: it is not counted then.
    """
    row = Case.objects.select_for_update(skip_locked=sign != Sign.ACTED).filter(pk=case.pk, closed_at__isnull=True)
    is_counted = row.values_list("pk", flat=True).first() is not None
    now = clock.now()
    seen = Presence.objects.filter(case=case, account=actor)
    last = seen.select_for_update().first()
    if last is None:
        if sign != Sign.ACTED:
            Presence.objects.update_or_create(
                municipality=municipality_in_scope(), case=case, account=actor, defaults={"seen_at": now, "sign": sign}
            )
        return 0
    seen.update(seen_at=now, sign=sign)
    is_unbroken = last.sign == Sign.OPENED and sign == Sign.ACTED
    longest = LONGEST_READING if is_unbroken else LONGEST_SILENCE
    seconds = int(min(max(now - last.seen_at, timedelta()), longest).total_seconds()) if is_counted else 0
    if seconds:
        Case.objects.filter(pk=case.pk).update(handled_seconds=F("handled_seconds") + seconds)
        case.handled_seconds += seconds
    return seconds


def handling_seconds(case: Case) -> int:
    """Return how long staff had a case and the parts split off it in work, in seconds; 0 where nobody opened its record."""
    return case.handled_seconds + int(case.parts.aggregate(sum=Sum("handled_seconds"))["sum"] or 0)
