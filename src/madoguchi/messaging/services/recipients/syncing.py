"""
Bringing recipients in line with the registry of residents, a few statements for many people at a time.

Whatever was changed in the registry since it was last taken over is read again (``registry_seen_at``), so that doing it twice
changes nothing and a worker that dies loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import F, Q, QuerySet

from madoguchi.kit import clock
from madoguchi.trust.api import Event, Resident, municipality_in_scope, record_event

from ... import events
from ...models import Child, Endpoint, Recipient
from ...rules.audience import births_of_ages
from ...rules.households import CHILD_UNTIL, Member, children_of
from .merging import merge_recipients
from .own import facts_of

M = TypeVar("M", bound=models.Model)
PART = 2000
_COLUMNS = ("name", "birth_date", "postal_code", "town", "language", "registry_seen_at")


@dataclass(frozen=True, slots=True)
class Synced:
    """What a run did: people added, changed and ended, and families (households) whose children were written anew."""

    added: int = 0
    changed: int = 0
    ended: int = 0
    families: int = 0

    @property
    def total(self) -> int:
        """Return how many people were touched."""
        return self.added + self.changed + self.ended


def sync_recipients() -> Synced:
    """
    Bring recipients in line with the registry of the municipality in scope: new people, towns, languages, children, ends.

    Each part of 2,000 people is a transaction of its own. One event counts a run that changed something.
    """
    added = changed = 0
    households: set[str] = set()
    _revive()
    for part in _read(_new()):
        added += _add(part, households)
    for stale in _read(_stale()):
        changed += _change(stale, households)
    ended = _end(households)
    _forget_grown()
    families = _write_children(households)
    done = Synced(added, changed, ended, families)
    if done.total or families:
        with transaction.atomic():
            counts = {"added": added, "changed": changed, "ended": ended, "families": families}
            record_event(
                kind=events.RECIPIENTS_SYNCED, subject=municipality_in_scope(), quantity=done.total, data=counts
            )
    return done


def is_import_new() -> bool:
    """Tell whether residents were imported after recipients were last brought in line."""
    imports = Event.objects.filter(key="trust.registry.imported").order_by("-id").values_list("at", flat=True).first()
    if imports is None:
        return False
    return not Event.objects.filter(key=events.RECIPIENTS_SYNCED.key, at__gte=imports).exists()


def _lives(prefix: str = "") -> Q:
    return Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gt": clock.today()})


def _read(people: QuerySet[M]) -> Iterator[list[M]]:
    """Yield people in parts, each asked for when the one before has been dealt with."""
    last = 0
    while part := list(people.filter(pk__gt=last)[:PART]):
        last = part[-1].pk
        yield part


def _new() -> QuerySet[Resident]:
    return Resident.objects.filter(_lives(), recipient__isnull=True).select_related("account").order_by("pk")


def _revive() -> None:
    """Begin again with people whose end in the registry was taken back."""
    back = Recipient.objects.filter(_lives("resident__"), ended_at__isnull=False, resident__isnull=False)
    back.update(ended_at=None, registry_seen_at=None)


def _stale() -> QuerySet[Recipient]:
    outdated = Q(registry_seen_at__isnull=True) | ~Q(registry_seen_at=F("resident__updated_at"))
    alive = Recipient.objects.filter(_lives("resident__"), resident__isnull=False, ended_at__isnull=True)
    return alive.filter(outdated).select_related("resident").order_by("pk")


@transaction.atomic
def _add(part: list[Resident], households: set[str]) -> int:
    owners = Recipient.objects.in_bulk([one.account_id for one in part if one.account_id], field_name="account_id")
    now, here = clock.now(), municipality_in_scope()
    made = [
        Recipient(municipality=here, resident=one, account_id=one.account_id, created_at=now, **_facts(one))
        for one in part
        if one.account_id not in owners
    ]
    Recipient.objects.bulk_create(made, ignore_conflicts=True)
    for one in part:
        if one.account_id in owners:
            _adopt(owners[one.account_id], one)
        if one.household:
            households.add(one.household)
    return len(part)


def _adopt(owner: Recipient, resident: Resident) -> None:
    """Let the recipient that the account of a resident already has be this resident."""
    if owner.resident_id is not None:
        # An account belongs to one resident: the older bond was loosened in the registry.
        owner.account = None
        owner.save(update_fields=["account"])
        Recipient.objects.create(
            municipality=municipality_in_scope(),
            resident=resident,
            account=resident.account,
            created_at=clock.now(),
            **_facts(resident),
        )
        return
    _take_over(owner, resident)
    owner.resident, owner.ended_at = resident, None
    owner.save()


def _facts(resident: Resident) -> dict[str, Any]:
    facts = facts_of(resident)
    return facts | {"language": facts["language"] or "ja"}


def _take_over(recipient: Recipient, resident: Resident) -> None:
    for name, value in facts_of(resident).items():
        if name != "language" or (value and not recipient.is_language_declared):
            setattr(recipient, name, value)


@transaction.atomic
def _change(part: list[Recipient], households: set[str]) -> int:
    households.update(_families_of([one.resident_id for one in part if one.resident_id is not None]))
    for recipient in part:
        resident = recipient.resident
        if resident is None:
            continue
        if resident.household:
            households.add(resident.household)
        _take_over(recipient, resident)
        if resident.account_id is not None and resident.account_id != recipient.account_id:
            _bind(recipient, resident)
    Recipient.objects.bulk_update(part, _COLUMNS, batch_size=500)
    return len(part)


def _bind(recipient: Recipient, resident: Resident) -> None:
    """Give a recipient the account that was bound to the resident since; what the account had comes along."""
    other = Recipient.objects.filter(account=resident.account).first()
    if other is None:
        recipient.account = resident.account
        recipient.save(update_fields=["account"])
    elif other.resident_id is None:
        merge_recipients(kept=recipient, other=other)
    else:
        other.account = None
        other.save(update_fields=["account"])
        recipient.account = resident.account
        recipient.save(update_fields=["account"])


def _families_of(residents: list[int]) -> set[str]:
    """Return the households in which these residents are, so far, somebody's child or parent."""
    theirs = Child.objects.filter(Q(resident__in=residents) | Q(recipient__resident__in=residents))
    pairs = theirs.values_list("resident__household", "recipient__resident__household")
    return {household for pair in pairs for household in pair if household}


@transaction.atomic
def _end(households: set[str]) -> int:
    """End the people whose entry in the registry has ended: they moved away or died, and nobody may write to them."""
    now = clock.now()
    over = Recipient.objects.filter(ended_at__isnull=True, resident__ended_on__lte=clock.local(now).date())
    found = list(over.values_list("pk", "resident"))
    for part in _parts(found):
        households.update(_families_of([resident for _pk, resident in part if resident is not None]))
        keys = [pk for pk, _resident in part]
        Child.objects.filter(Q(recipient__in=keys) | Q(resident__in=[resident for _pk, resident in part])).delete()
        Endpoint.objects.filter(recipient__in=keys, ended_at__isnull=True).update(ended_at=now, status="ended")
        Recipient.objects.filter(pk__in=keys).update(ended_at=now)
    return len(found)


def _forget_grown() -> None:
    """Forget the children of the registry who have grown up; what people declared stays theirs to change."""
    _first, youngest_adult = births_of_ages(CHILD_UNTIL, None, clock.today())
    Child.objects.filter(is_declared=False, birth_date__lte=youngest_adult).delete()


def _write_children(households: Iterable[str]) -> int:
    count = 0
    for part in _parts(sorted(households)):
        count += len(part)
        _write_part(part)
    return count


@transaction.atomic
def _write_part(households: list[str]) -> None:
    people = Resident.objects.filter(_lives(), household__in=households).order_by("household", "pk")
    families: dict[str, list[Member]] = {}
    rows = people.values_list("pk", "household", "relationship", "birth_date")
    for pk, household, relationship, birth_date in rows:
        families.setdefault(household or "", []).append(Member(pk, relationship, birth_date))
    wanted = _wanted(families.values(), clock.today())
    members = [one.id for family in families.values() for one in family]
    known = {
        (recipient, resident): (pk, birth)
        for pk, recipient, resident, birth in Child.objects.filter(
            Q(resident__in=members) | Q(recipient__resident__in=members), is_declared=False
        ).values_list("pk", "recipient", "resident", "birth_date")
    }
    gone = [pk for pair, (pk, birth) in known.items() if wanted.get(pair) != birth]
    Child.objects.filter(pk__in=gone).delete()
    here = municipality_in_scope()
    Child.objects.bulk_create(
        Child(municipality=here, recipient_id=recipient, resident_id=resident, birth_date=birth)
        for (recipient, resident), birth in wanted.items()
        if known.get((recipient, resident), (0, None))[1] != birth
    )


def _wanted(families: Iterable[list[Member]], today: date) -> dict[tuple[int, int], date]:
    """Return (recipient, resident of the child) → day of birth for every pair the households give."""
    pairs = [(parent, child) for family in families for parent, child in children_of(family, today)]
    recipients: dict[int, int] = {}
    for part in _parts(sorted({parent for parent, _child in pairs})):
        alive = Recipient.objects.filter(resident__in=part, ended_at__isnull=True)
        recipients.update(alive.values_list("resident", "pk"))
    return {
        (recipients[parent], child.id): child.birth_date
        for parent, child in pairs
        if parent in recipients and child.birth_date is not None
    }


def _parts(values: Iterable[Any], size: int = PART) -> Iterator[list[Any]]:
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part
