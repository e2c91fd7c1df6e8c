"""Extension points of the messaging room: channels, sources of audiences, threads of the inbox."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from madoguchi.kit.registry import ConfigProblem, Registry

from .enums import DeliveryStatus, EndpointStatus
from .models import Recipient


@dataclass(slots=True)
class Outgoing:
    """
    One message ready to go by one way to one person: everything is filled in and in the person's language.

    ``address`` and ``details`` are those of the endpoint. ``links`` maps addresses in ``body`` to the city's own counting ones,
    already put in. ``page`` is the full address where the message can be read; ``unsubscribe`` the one-click address (RFC 8058),
    empty for what cannot be stopped. ``alert_key`` is the key of the first alert of an event that people can answer with
    「確認しました」, empty for everything else. ``is_emergency`` may ring at any hour; ``is_drill`` is already said in the texts.
    """

    delivery_id: int
    message_key: str
    address: str
    details: Mapping[str, Any]
    language: str
    subject: str
    body: str
    short: str
    page: str
    unsubscribe: str = ""
    alert_key: str = ""
    attachments: tuple[tuple[str, str, bytes], ...] = ()
    is_emergency: bool = False
    is_drill: bool = False
    expires_at: datetime | None = None

    @property
    def gist(self) -> str:
        """Return the short text for ways that show the subject above it: without the subject, where it begins with that."""
        short, subject = self.short.strip(), self.subject.strip()
        rest = short.removeprefix(subject) if subject else short
        if rest == short or (rest and not rest[0].isspace() and rest[0] not in "：:。、"):
            return short
        return rest.lstrip(" \t\n　：:。、")


@dataclass(slots=True)
class Outcome:
    """
    What became of one ``Outgoing``; ``address`` only where it tells something about an address other than the delivery's own.

    ``waiting`` means: not sent, try again after ``retry_seconds`` (the receiver is busy or dead). ``endpoint`` says what it tells
    about the address: ``bounced``, ``blocked``, or None for nothing.
    """

    delivery_id: int
    status: DeliveryStatus
    provider_id: str = ""
    error: str = ""
    retry_seconds: int = 0
    endpoint: EndpointStatus | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """How a message would look on a channel: parts with a heading, and what does not fit, in the reader's language."""

    parts: tuple[tuple[str, str], ...]
    problems: tuple[str, ...] = ()
    html: str = ""


class Channel(ABC):
    """
    A way to reach people. ``key`` is a ``ChannelKey``; ``label`` is a msgid.

    ``needs_endpoint`` is false for ways that need no address of the person's (the inbox). ``batch_size`` is how many
    deliveries are claimed at a time. ``is_automatic`` is false for ways that the sender never claims: the inbox, which is
    delivered by being written, and post, which people take care of. ``rings`` is true for ways that make a noise: they
    keep quiet at night. ``takes_names`` is false for companies that are told nobody's name: texts are written as for
    somebody without one.
    """

    key: str
    label: str
    needs_endpoint: bool = True
    is_automatic: bool = True
    rings: bool = False
    takes_names: bool = True
    batch_size: int = 500

    def is_ready(self) -> bool:
        """Tell whether an operator has set it up; people are offered only ways that are ready."""
        return True

    def setup_words(self) -> str:
        """Say in the reader's language what it is connected to, for the status page; asked where it is ready."""
        return _("設定は要りません。") if not self.is_automatic else ""

    def check_config(self) -> list[ConfigProblem]:
        """Report what an operator has to do, for the status page."""
        return []

    @abstractmethod
    def preview(self, outgoing: Outgoing) -> Preview:
        """Show what would be sent."""

    @abstractmethod
    def deliver(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        """
        Send a batch and yield an outcome for each as soon as it is known; never raises for a receiver that is dead.

        The same delivery may come again after a process died between sending and noting it: the channel must recognise it by
        ``delivery_id`` (a retry key, an idempotency key, its own journal).
        """

    def recover(self) -> Iterable[Outcome]:
        """Yield what is known of deliveries of processes that died while sending; called before anything is sent again."""
        return ()


channels: Registry[Channel] = Registry("channels")
"""Every way the house can reach people by."""


@dataclass(frozen=True, slots=True)
class AudienceSource:
    """
    Something an audience can be chosen by, offered by a room (e.g. the holders of a library card).

    ``select(recipients, values)`` narrows a query of recipients; ``choices()`` are (code, name) pairs, in the reader's language;
    empty where ``values`` are typed. ``needs_consent``: it is known from the city's registers, so only those are chosen who agreed.
    """

    key: str
    label: str
    select: Callable[[QuerySet[Recipient], Sequence[str]], QuerySet[Recipient]]
    choices: Callable[[], list[tuple[str, str]]] = field(default=list)
    needs_consent: bool = True


audience_sources: Registry[AudienceSource] = Registry("audience_sources")
"""What audiences can be chosen by; a room registers its own when the application starts."""


@dataclass(frozen=True, slots=True)
class ThreadEntry:
    """One entry of a thread: who (``city`` or ``person``), when, what, with files as (name, address) pairs."""

    side: str
    author: str
    at: datetime
    text: str
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class InboxSource:
    """
    A room whose matters stand in the inbox as threads (``Message.thread`` is ``<key>:<id>``).

    ``entries(account, id)`` returns the conversation, ``title(account, id)`` its name, ``reply(account, id, text)`` writes back
    (None: answers are not taken here). Each raises ``RefusedError`` for somebody whose matter it is not.
    """

    key: str
    label: str
    title: Callable[[Any, str], str]
    entries: Callable[[Any, str], list[ThreadEntry]]
    reply: Callable[[Any, str, str], None] | None = None


inbox_sources: Registry[InboxSource] = Registry("inbox_sources")
"""Threads of other rooms in the inbox."""


@dataclass(frozen=True, slots=True)
class SignageRow:
    """One line of a page on a screen: what, and at its side when or how many."""

    main: str
    side: str = ""


@dataclass(frozen=True, slots=True)
class SignagePage:
    """
    What a screen shows at a time, few words in one language; nothing personal is ever on a screen.

    ``style`` is ``list`` (heading and rows), ``notice`` (heading and text) or ``clock`` (the heading is the date; the player
    adds the time). From ``starts`` to ``ends`` it is true, which an offline screen goes by.
    """

    heading: str
    style: str = "list"
    rows: tuple[SignageRow, ...] = ()
    text: str = ""
    note: str = ""
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignageSource:
    """
    Pages of a room for screens that change by themselves (waiting times, events): ``pages(screen)`` returns those of now and of
    the next days, in the active language; an empty list when there is nothing to say.
    """

    key: str
    label: str
    pages: Callable[[Any], list[SignagePage]]


signage_sources: Registry[SignageSource] = Registry("signage_sources")
"""What playlists can show beside what staff put in; a room registers its own when the application starts."""
