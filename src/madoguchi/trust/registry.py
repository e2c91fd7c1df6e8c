"""Extension points of the trust room."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import QuerySet

from madoguchi.kit.registry import ConfigProblem, Registry, Severity

from .enums import MeterKind, RetentionClass
from .events import event_types
from .models import Account, Municipality, StoredFile
from .permissions import Policy
from .rules.identity import SignedDigest, Visit, Vouched

# Rooms register their policies under ``room.noun``, so that the overview of permissions can show them.
policies: Registry[Policy] = Registry("policies")


@dataclass(frozen=True, slots=True)
class JobType:
    """
    A kind of background job: its dotted name, the Japanese label people see, and how it is tried again.

    ``every`` is the period of one the worker queues by itself.
    """

    key: str
    label: str
    attempts: int
    backoff: timedelta
    every: timedelta | None = None
    is_per_municipality: bool = True


# Filled by the ``job`` decorator when the tasks of the rooms are loaded.
job_types: Registry[JobType] = Registry("job_types")


@dataclass(frozen=True, slots=True)
class EventSource:
    """
    Events as the source of a meter: their number, or the sum of their quantities.

    ``where`` keeps events whose data has these values (one value, or a tuple of allowed ones); ``by`` names the field of
    the data by whose values the days are broken down beside the total.
    """

    keys: tuple[str, ...]
    adds_quantity: bool = False
    where: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""


def count_events(*keys: str, where: Mapping[str, Any] | None = None, by: str = "") -> EventSource:
    """Return a source that counts the events of these keys."""
    return EventSource(keys, adds_quantity=False, where=dict(where or {}), by=by)


def sum_events(*keys: str, where: Mapping[str, Any] | None = None, by: str = "") -> EventSource:
    """Return a source that adds up the quantities of the events of these keys."""
    return EventSource(keys, adds_quantity=True, where=dict(where or {}), by=by)


Measure = Callable[[Municipality, date], Decimal | int | None]
"""
Measures a municipality on a day. None means that it cannot be known (any more), which leaves a gap instead of an
invention. It may ask only the database of the municipality in scope.
"""

Evidence = Callable[[Municipality, date, date], QuerySet[Any]]
"""The rows behind a reading, from a day to a day."""


@dataclass(frozen=True, slots=True)
class Share:
    """A ratio: one measure (or events) of another. Shown times a hundred where the unit of the meter is %."""

    numerator: EventSource | Measure
    denominator: EventSource | Measure


@dataclass(frozen=True, slots=True)
class Meter:
    """
    A number the house knows by itself, for the plan's indicators.

    A flow (期間の量) belongs to a period and adds up, a stock (時点の量) is what stands at the end of a day, a ratio (割合) is put
    together from its numerators and denominators. ``unit`` and ``label`` are Japanese as shown.
    """

    key: str
    unit: str
    kind: MeterKind
    label: str
    description: str
    source: EventSource | Measure | Share
    evidence: Evidence | None = None

    @property
    def event_sources(self) -> list[EventSource]:
        """The events the meter is made of; empty for one that measures the present state alone."""
        parts = (self.source.numerator, self.source.denominator) if isinstance(self.source, Share) else (self.source,)
        return [part for part in parts if isinstance(part, EventSource)]

    @property
    def event_keys(self) -> set[str]:
        """The keys of the events the meter is made of."""
        return {key for source in self.event_sources for key in source.keys}

    def check_config(self) -> list[ConfigProblem]:
        """Report events nobody declares, and a kind that does not fit the source."""
        problems = [
            ConfigProblem(
                self.key, Severity.ERROR, f"メーター「{self.label}」のもとになる出来事「{key}」は登録されていません。"
            )
            for key in sorted(self.event_keys)
            if key not in event_types
        ]
        if (self.kind == MeterKind.RATIO) != isinstance(self.source, Share):
            problems.append(
                ConfigProblem(self.key, Severity.ERROR, f"メーター「{self.label}」の種類と求め方が合いません。")
            )
        return problems


meters: Registry[Meter] = Registry("meters")
"""Every meter of the installation; a room registers its own when the application starts."""


@dataclass(frozen=True, slots=True)
class FilePurpose:
    """
    What files are taken for: which types, how large, how long they are kept, and who may read them.

    ``media_types`` come from ``rules.file_types``; ``may_read`` judges an actor and a stored file. Reading a file with
    ``is_personal`` is written to the access log.
    """

    key: str
    label: str
    media_types: frozenset[str]
    max_bytes: int
    retention_class: RetentionClass
    may_read: Callable[[Account | None, StoredFile], bool]
    is_personal: bool = True


file_purposes: Registry[FilePurpose] = Registry("file_purposes")
"""Every purpose files are taken for; a room registers its own when the application starts."""


class IdentityProvider(ABC):
    """
    Somebody who vouches for who signs in (本人確認の手段), and may have documents signed.

    ``audience`` is ``person`` or ``business``. ``municipalities`` are the keys of those that offer it; empty: all. The methods
    that ask the provider raise ``IdentityRefusedError`` with a reason code for everything that is not exactly right.
    """

    key: str
    label: str
    audience: str
    level: str
    signs: bool = False
    municipalities: frozenset[str] = frozenset()

    def is_offered_by(self, municipality: Municipality) -> bool:
        """Tell whether people of a municipality may use it."""
        return not self.municipalities or municipality.key in self.municipalities

    @abstractmethod
    def begin(self, visit: Visit) -> str:
        """Return the address at the provider to which the browser is sent."""

    @abstractmethod
    def finish(self, visit: Visit, answer: Mapping[str, str]) -> Vouched:
        """Check the answer the browser brought back and return what the provider vouches for."""

    def request_signature(self, digest: bytes) -> str:
        """Announce the SHA-256 of a document to be signed and return the transaction's id."""
        raise NotImplementedError

    def finish_signature(self, visit: Visit, answer: Mapping[str, str], digest: bytes) -> tuple[Vouched, SignedDigest]:
        """Check the answer, fetch the signature and verify it over the digest."""
        raise NotImplementedError


identity_providers: Registry[IdentityProvider] = Registry("identity_providers")
"""The identity providers an operator has configured; none by default, and then nobody outside is ever asked."""


@dataclass(frozen=True, slots=True)
class DelegationScope:
    """What can be delegated one by one: ``choices`` returns (code, name) pairs, in the reader's language."""

    key: str
    choices: Callable[[], list[tuple[str, str]]]


delegation_scopes: Registry[DelegationScope] = Registry("delegation_scopes")
"""The rooms whose procedures a person may delegate singly; without any, a delegation covers everything."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Something a machine token can be good for; ``key`` is ``noun.verb``, ``label`` what people read (a msgid)."""

    key: str
    label: str


scopes: Registry[Scope] = Registry("scopes")
"""What machine tokens can be good for; a room registers its own when the application starts."""


class WebhookSender(Protocol):
    """Carries a signed message to an address."""

    def send(self, url: str, headers: dict[str, str], body: bytes) -> tuple[bool, str]:
        """Return whether it was taken, and the answer in a few words."""
        ...


webhook_senders: Registry[WebhookSender] = Registry("webhook_senders")
"""How other systems are told; ``http`` is the house's own."""


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """How something outside is connected: ``on``, ``off`` or ``faulty``, and in words what it is or what to do."""

    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Connection:
    """
    Something outside the house that an operator connects (a mail server, a company that sends short messages).

    ``label`` is a msgid; ``ask()`` tells how it is for the municipality in scope, without asking the outside.
    """

    key: str
    label: str
    ask: Callable[[], ConnectionState]


connections: Registry[Connection] = Registry("connections")
"""What the status page says of every connection: set up, off or misconfigured; rooms register theirs when they start."""
