"""What a person finds in the inbox (受信箱): their own entries, narrowed, counted, gathered by matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Value, When

from madoguchi.kit import clock
from madoguchi.trust.api import Account, PreparedQuery

from ..enums import ChannelKey, DeliveryStatus, MessageKind, MessageStatus
from ..models import Delivery, Message, Recipient, Topic

MOST_COUNTED = 99
"""The bell says "99+" beyond that, so that no one's inbox makes a page slow."""

LONGEST_SEARCH = 80
LANGUAGES = ("ja", "en", "ja-easy")
EMERGENCY_STAYS = timedelta(days=3)
"""How long an emergency without an end stands on top."""


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """
    What somebody wants to see of their inbox.

    ``show`` is ``all`` (everything not archived), ``unread`` or ``archived``; ``topic`` the code of a topic; ``source`` the key
    of an ``InboxSource``; ``text`` words looked for in subject and body in every language.
    """

    show: str = "all"
    topic: str = ""
    source: str = ""
    text: str = ""

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing but archived or not is asked."""
        return not (self.topic or self.source or self.text) and self.show != "unread"


def inbox_of(account: Account) -> QuerySet[Delivery]:
    """Return everything in the inbox of an account, archived or not; nobody else's, and nothing that was taken back."""
    mine = Delivery.objects.filter(recipient__account=account, channel=ChannelKey.INBOX)
    return mine.filter(status=DeliveryStatus.DELIVERED).select_related("message__topic", "message__unit", "recipient")


def narrowed(entries: QuerySet[Delivery], wanted: InboxFilter) -> QuerySet[Delivery]:
    """Return the entries somebody wants to see."""
    if wanted.show == "archived":
        entries = entries.filter(archived_at__isnull=False)
    elif wanted.show == "unread":
        entries = entries.filter(archived_at__isnull=True, read_at__isnull=True)
    elif not wanted.text:
        entries = entries.filter(archived_at__isnull=True)
    if wanted.topic:
        entries = entries.filter(message__topic__code=wanted.topic)
    if wanted.source:
        entries = entries.filter(message__thread__startswith=f"{wanted.source}:")
    for word in wanted.text[:LONGEST_SEARCH].split()[:5]:
        entries = entries.filter(_says(word))
    return entries


def _says(word: str) -> Q:
    found = Q()
    for language in LANGUAGES:
        for part in ("subject", "body"):
            found |= Q(**{f"message__contents__{language}__{part}__icontains": word})
    return found


def gathered(entries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """
    Return one entry of each matter, the newest, and every entry without one: emergencies first, then unread, then by time.

    ``is_unread`` says whether one entry of the matter is unread.
    """
    threaded = entries.exclude(message__thread="").order_by()
    newest = threaded.values("message__thread").annotate(newest=Max("id")).values("newest")
    unread = threaded.filter(read_at__isnull=True).values("message__thread")
    return ordered(entries.filter(Q(message__thread="") | Q(pk__in=newest)), Q(message__thread__in=unread))


def ordered(entries: QuerySet[Delivery], unread: Q | None = None) -> QuerySet[Delivery]:
    """Return entries with emergencies first, then what is unread (or of a matter that ``unread`` says is), then by time."""
    now = clock.now()
    alive = Q(message__expires_at__gt=now) | Q(message__expires_at__isnull=True, queued_at__gt=now - EMERGENCY_STAYS)
    urgent = Q(message__kind=MessageKind.EMERGENCY, archived_at__isnull=True) & alive
    is_unread = Q(read_at__isnull=True) if unread is None else Q(read_at__isnull=True) | unread
    return entries.annotate(is_urgent=_flag(urgent), is_unread=_flag(is_unread)).order_by(
        "-is_urgent", "-is_unread", "-queued_at", "-id"
    )


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def thread_counts(account: Account, threads: list[str]) -> dict[str, int]:
    """Return how many entries the inbox of an account has of each matter."""
    found = inbox_of(account).filter(message__thread__in=[thread for thread in threads if thread])
    return dict(found.order_by().values_list("message__thread").annotate(number=Count("id")))


def thread_of(account: Account, thread: str) -> list[Delivery]:
    """Return the entries of one matter, the first first."""
    return list(inbox_of(account).filter(message__thread=thread).order_by("queued_at", "id")) if thread else []


_unread = PreparedQuery(
    Delivery,
    lambda rows, account: (
        rows.filter(
            recipient__account=account,
            channel="inbox",
            status="delivered",
            read_at__isnull=True,
            archived_at__isnull=True,
        )
        .only("id")
        .order_by()[: MOST_COUNTED + 1]
    ),
)


def unread_count(account: Account) -> int:
    """Return how many entries an account has not read, at most one more than ``MOST_COUNTED``; one indexed question."""
    return len(_unread.rows(account=account.pk))


def topics_in(account: Account) -> list[Topic]:
    """Return the topics there are entries of in the inbox of an account."""
    found = Delivery.objects.filter(recipient__account=account, channel=ChannelKey.INBOX, message__topic__isnull=False)
    return list(Topic.objects.filter(pk__in=found.order_by().values("message__topic")))


def sources_in(account: Account) -> set[str]:
    """Return the keys of the rooms whose matters stand in the inbox of an account."""
    found = Delivery.objects.filter(recipient__account=account, channel=ChannelKey.INBOX).exclude(message__thread="")
    threads = found.order_by().values_list("message__thread", flat=True).distinct()[:1000]
    return {thread.partition(":")[0] for thread in threads}


def recipient_of_account(account: Account) -> Recipient | None:
    """Return whom messages for an account go to, or None where nothing was ever sent."""
    return Recipient.objects.filter(account=account).first()


def public_messages(topic: str = "") -> QuerySet[Message]:
    """
    Return what the city said to everybody and may be read by anybody: sent broadcasts and emergencies, the last first.

    That is what went to everyone or to the subscribers of a topic alone, never what was chosen by what somebody is.
    """
    found = (
        Message.objects.filter(
            kind__in=(MessageKind.BROADCAST, MessageKind.EMERGENCY),
            status__in=(MessageStatus.SENDING, MessageStatus.SENT),
            fanned_out_at__isnull=False,
        )
        .select_related("topic", "unit")
        .order_by("-fanned_out_at", "-id")
    )
    return found.filter(topic__code=topic) if topic else found


def published_at(message: Message) -> datetime:
    """Return when a message was first to be read."""
    return message.fanned_out_at or message.send_at or message.created_at
