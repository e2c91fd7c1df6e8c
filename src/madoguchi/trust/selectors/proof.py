"""Where an event is sealed: the link of the chain that a printed document can name as proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from ..enums import Stream
from ..models import Event, Seal
from ..rules.seals import member_ids


@dataclass(frozen=True, slots=True)
class SealMark:
    """A link of the chain of events: its number, its hash (64 hexadecimal digits) and when it was set."""

    number: int
    hash: str
    at: datetime


def seal_of(*, key: str, subject: models.Model) -> SealMark | None:
    """Return the seal that holds the newest event of a kind about a subject, or None while it is not sealed."""
    found = Event.objects.filter(key=key, subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    event = found.order_by("-id").first()
    if event is None:
        return None
    candidates = Seal.objects.filter(stream=Stream.EVENTS, first_id__lte=event.pk, last_id__gte=event.pk)
    for seal in candidates.order_by("number"):
        if event.pk in member_ids(bytes(seal.members), seal.count):
            return SealMark(number=seal.number, hash=seal.hash, at=seal.at)
    return None
