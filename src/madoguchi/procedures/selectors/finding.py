"""What residents find: the published procedures with what the finder and the search need, kept between requests."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any

from django.db.models import QuerySet

from madoguchi.kit import clock
from madoguchi.trust.api import municipality_in_scope

from ..models import Checklist, Procedure, ProcedureVersion
from ..rules.definition import Definition
from ..rules.finder.checklist import ListEntry, make_list
from ..rules.finder.events import CATEGORIES, LIFE_EVENTS
from ..rules.finder.index import Index
from ..rules.finder.questions import QUESTIONS, Answer, read_answer
from ..rules.finder.search import Searchable, search, searchable

HAPPENED = "event_on"
"""The question for the day it happened: never asked to judge, only to compute deadlines."""
_KEPT = 64
"""Municipalities whose catalogue stays in memory."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A published procedure: its row, its version, what it says, who answers for it."""

    procedure_id: int
    version_id: int
    number: int
    definition: Definition
    checked_on: date | None
    unit: str

    @property
    def code(self) -> str:
        """The code in addresses."""
        return self.definition.code

    @property
    def is_online(self) -> bool:
        """True where one can apply without coming."""
        return "online" in self.definition.channels


@dataclass(frozen=True)
class Catalogue:
    """All published procedures of a municipality, by name; changes of what is published make a new one."""

    offers: Mapping[str, Offer]

    @cached_property
    def definitions(self) -> dict[str, Definition]:
        """Definitions by code."""
        return {code: offer.definition for code, offer in self.offers.items()}

    @cached_property
    def index(self) -> Index:
        """The finder over them."""
        return Index(self.definitions.values())

    @cached_property
    def _searchable(self) -> list[Searchable]:
        return [searchable(definition) for definition in self.definitions.values()]

    def list_for(self, event: str, answers: Mapping[str, Answer]) -> list[ListEntry]:
        """Return what one has or may have to do, nearest deadline first; the day it happened is an answer too."""
        day = answers.get(HAPPENED)
        return make_list(
            self.definitions,
            self.index.judge(event, answers),
            event=event,
            today=clock.today(),
            happened_on=day if isinstance(day, date) else None,
        )

    def search(self, query: str) -> list[Offer]:
        """Return the procedures that words find, best first."""
        return [self.offers[code] for code in search(self._searchable, query)]

    def of_event(self, event: str) -> list[Offer]:
        """Return the procedures of a life event."""
        return [offer for offer in self.offers.values() if event in offer.definition.life_events]

    @cached_property
    def events(self) -> list[str]:
        """The life events that have procedures, in the order of the vocabulary, then those a municipality made up."""
        used = {event for offer in self.offers.values() for event in offer.definition.life_events}
        return [event for event in LIFE_EVENTS if event in used] + sorted(used - LIFE_EVENTS.keys())

    @cached_property
    def categories(self) -> list[str]:
        """The categories that have procedures, in the order of the vocabulary, then others."""
        used = {offer.definition.category for offer in self.offers.values() if offer.definition.category}
        return [code for code in CATEGORIES if code in used] + sorted(used - CATEGORIES.keys())


_Rows = tuple[tuple[Any, ...], ...]
_catalogues: OrderedDict[int, tuple[_Rows, Catalogue]] = OrderedDict()
_lock = Lock()


def catalogue() -> Catalogue:
    """
    Return the catalogue of the municipality in scope.

    One query says what is published; documents are read only when that changed, and the index is made only then.
    """
    municipality = municipality_in_scope()
    rows: _Rows = tuple(
        Procedure.objects.filter(published__isnull=False, is_retired=False)
        .order_by("pk")
        .values_list("pk", "published_id", "published__digest", "published__edited_at", "checked_on", "unit__name")
    )
    with _lock:
        kept = _catalogues.get(municipality.pk)
        if kept is not None and kept[0] == rows:
            _catalogues.move_to_end(municipality.pk)
            return kept[1]
    made = Catalogue(_offers(rows))
    with _lock:
        _catalogues[municipality.pk] = (rows, made)
        while len(_catalogues) > _KEPT:
            _catalogues.popitem(last=False)
    return made


def _offers(rows: _Rows) -> dict[str, Offer]:
    by_version = {row[1]: row for row in rows}
    offers = []
    for version in ProcedureVersion.objects.filter(pk__in=list(by_version)):
        pk, _version, _digest, _edited, checked_on, unit = by_version[version.pk]
        offers.append(Offer(pk, version.pk, version.number, version.definition, checked_on, unit or ""))
    offers.sort(key=lambda offer: (offer.definition.name.ja, offer.code))
    return {offer.code: offer for offer in offers}


def retired(code: str) -> Procedure | None:
    """Return a procedure that is no longer offered, or None."""
    return Procedure.objects.filter(code=code, is_retired=True).select_related("published", "unit").first()


def version_of(offer: Offer) -> ProcedureVersion:
    """Return the version an offer shows."""
    return ProcedureVersion.objects.select_related("procedure").get(pk=offer.version_id)


def find_checklist(key: str) -> Checklist | None:
    """Return a checklist that is still kept, by the key of its address."""
    return _kept().filter(key=key).first() if len(key) == 26 and key.isalnum() else None


def find_checklist_by_number(number: str) -> Checklist | None:
    """Return a checklist that is still kept, by the number people say at the counter."""
    return _kept().filter(number=number).first()


def _kept() -> QuerySet[Checklist]:
    return Checklist.objects.filter(expires_at__gt=clock.now()).prefetch_related("items__procedure")


def answers_of(checklist: Checklist) -> dict[str, Answer]:
    """Return the answers a checklist keeps, as the finder reads them; what the vocabulary no longer knows is left out."""
    answers = {}
    for code, values in checklist.answers.items():
        question = QUESTIONS.get(code)
        answer = read_answer(question, values) if question else None
        if answer is not None:
            answers[code] = answer
    return answers


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far one gets online in a life event: its procedures, and which of them end in 「窓口へ」."""

    event: str
    offers: list[Offer]

    @property
    def online(self) -> int:
        """How many can be applied for online."""
        return sum(offer.is_online for offer in self.offers)

    @property
    def at_counter(self) -> list[Offer]:
        """Those one has to come for."""
        return [offer for offer in self.offers if not offer.is_online]


def coverage(found: Catalogue) -> list[Coverage]:
    """Return for every life event how far it gets online, also for those without any procedure."""
    events = [*LIFE_EVENTS, *(event for event in found.events if event not in LIFE_EVENTS)]
    return [Coverage(event, found.of_event(event)) for event in events]
