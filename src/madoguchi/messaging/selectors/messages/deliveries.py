"""What became of a message: how many got it by which way, when, who not and why, which links were followed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMinute
from django.utils.translation import gettext as _

from madoguchi.kit import clock

from ...enums import ChannelKey, DeliveryStatus
from ...models import Click, Delivery, Message

REACHED = (DeliveryStatus.SENT, DeliveryStatus.DELIVERED)
OPEN = (DeliveryStatus.WAITING, DeliveryStatus.SENDING)
_STEPS = (1, 2, 5, 10, 15, 30, 60, 180, 360, 1440, 10_080)
_MOST_BARS = 24


@dataclass(frozen=True, slots=True)
class Progress:
    """
    How far a message is, in people: each counts once, whatever ways were tried.

    ``without_way`` were meant when it was approved and have neither an account nor an address.
    """

    people: int = 0
    reached: int = 0
    waiting: int = 0
    opened: int = 0
    clicks: int = 0
    without_way: int = 0

    @property
    def unreached(self) -> int:
        """People no way has reached and none is open to."""
        return max(0, self.people - self.reached - self.waiting) + self.without_way

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return 100 if not self.people else (self.people - self.waiting) * 100 // self.people


def progress_of(message: Message) -> Progress:
    """Return how far a message is."""
    if message.fanned_out_at is None:
        return Progress()
    found = message.deliveries.aggregate(
        people=Count("recipient", distinct=True),
        reached=Count("recipient", distinct=True, filter=Q(status__in=REACHED)),
        opened=Count("recipient", distinct=True, filter=Q(read_at__isnull=False)),
    )
    reached = message.deliveries.filter(status__in=REACHED).values("recipient_id")
    waiting = (
        message.deliveries.filter(status__in=OPEN).exclude(recipient_id__in=reached).values("recipient_id").distinct()
    )
    meant = message.approvals.filter(people__isnull=False).order_by("-id").values_list("people", flat=True).first()
    return Progress(
        people=found["people"],
        reached=found["reached"],
        waiting=waiting.count(),
        opened=found["opened"],
        clicks=Click.objects.filter(link__message=message).aggregate(n=Sum("count"))["n"] or 0,
        without_way=max(0, (meant or 0) - found["people"]),
    )


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """How many deliveries of one way (or language) are in each state."""

    code: str
    total: int
    by_status: dict[str, int]
    opened: int

    @property
    def reached(self) -> int:
        """How many arrived, as far as the way tells."""
        return sum(self.by_status.get(status, 0) for status in REACHED)


def deliveries_by(message: Message, column: str) -> list[DeliveryRow]:
    """Return the deliveries of a message by ``channel`` or ``language`` and state, most first."""
    rows = (
        message.deliveries.order_by()
        .values(column, "status")
        .annotate(n=Count("pk"), opened=Count("pk", filter=Q(read_at__isnull=False)))
    )
    by_status: dict[str, dict[str, int]] = {}
    opened: dict[str, int] = {}
    for row in rows:
        code = row[column]
        by_status.setdefault(code, {})[row["status"]] = row["n"]
        opened[code] = opened.get(code, 0) + row["opened"]
    made = [DeliveryRow(code, sum(states.values()), states, opened[code]) for code, states in by_status.items()]
    return sorted(made, key=lambda row: (-row.total, row.code))


@dataclass(frozen=True, slots=True)
class Minutes:
    """Deliveries by time: the start of each step and how many were sent in it; ``step`` in minutes."""

    step: int = 1
    steps: list[tuple[datetime, int]] = field(default_factory=list)


def minutes_of(message: Message) -> Minutes:
    """
    Return how many deliveries were sent by minute, in longer steps where it took longer than 24 of them.

    The inbox is left out where other ways were used: it is written all at once.
    """
    sent = message.deliveries.filter(sent_at__isnull=False)
    if sent.exclude(channel=ChannelKey.INBOX).exists():
        sent = sent.exclude(channel=ChannelKey.INBOX)
    ends = sent.aggregate(first=Min("sent_at"), last=Max("sent_at"))
    if ends["first"] is None:
        return Minutes()
    first = ends["first"].replace(second=0, microsecond=0)
    minutes = int((ends["last"] - first).total_seconds()) // 60 + 1
    step = next((step for step in _STEPS if minutes <= step * _MOST_BARS), _STEPS[-1])
    counts: dict[int, int] = {}
    for row in sent.order_by().annotate(minute=TruncMinute("sent_at")).values("minute").annotate(n=Count("pk")):
        place = int((row["minute"] - first).total_seconds()) // 60 // step
        counts[place] = counts.get(place, 0) + row["n"]
    last = min(max(counts), _MOST_BARS * 4)
    return Minutes(step, [(first + timedelta(minutes=step * n), counts.get(n, 0)) for n in range(last + 1)])


@dataclass(frozen=True, slots=True)
class Unreached:
    """People whom no way has reached, for one reason: how many, why, and what happens with them."""

    people: int
    why: str
    next: str


def unreached_of(message: Message) -> list[Unreached]:
    """Return whom a message has not reached on any way, by reason, most first."""
    reached = Delivery.objects.filter(message=message, status__in=REACHED).values("recipient_id")
    rest = message.deliveries.exclude(recipient_id__in=reached)
    found = [*_waiting(rest), *_settled(rest)]
    if nobody := progress_of(message).without_way:
        found.append(
            Unreached(
                nobody,
                _("アカウントも確認済みの連絡先もありません"),
                _("郵送や電話、地域の掲示などを考えてください。"),
            )
        )
    return sorted(found, key=lambda row: -row.people)


def _waiting(rest: QuerySet[Delivery]) -> list[Unreached]:
    waiting = rest.filter(status__in=OPEN)
    rows = waiting.order_by().values("channel").annotate(n=Count("recipient", distinct=True), due=Min("due_at"))
    found = []
    for row in rows:
        label = ChannelKey(row["channel"]).label
        if row["channel"] == ChannelKey.POST:
            next_step = _("郵送の一覧から印刷して送ります。")
        elif row["due"] > clock.now():
            at = clock.local(row["due"])
            next_step = _("%(at)sごろ、%(way)sで送ります。") % {"at": f"{at.month}/{at.day} {at:%H:%M}", "way": label}
        else:
            next_step = _("まもなく%(way)sで送ります。") % {"way": label}
        found.append(Unreached(row["n"], _("これから送ります（%(way)s）") % {"way": label}, next_step))
    return found


def _settled(rest: QuerySet[Delivery]) -> list[Unreached]:
    still = rest.filter(status__in=OPEN).values("recipient_id")
    # Of several ways that failed the last one tells why.
    rows = (
        rest.exclude(recipient_id__in=still).order_by().values("recipient_id").annotate(last=Max("id")).values("last")
    )
    counted = (
        Delivery.objects.filter(pk__in=rows).order_by().values("status", "channel", "error").annotate(n=Count("pk"))
    )
    found: dict[tuple[str, str], int] = {}
    for row in counted:
        words = _why(row["status"], row["channel"], row["error"])
        found[words] = found.get(words, 0) + row["n"]
    return [Unreached(people, why, next_step) for (why, next_step), people in found.items()]


def _why(status: str, channel: str, error: str) -> tuple[str, str]:
    way = ChannelKey(channel).label
    known = {
        "frequency_cap": (
            _("1週間に届くお知らせの上限に達しています"),
            _("鳴らさずに見送りました。急ぐものは上限の設定を見直してください。"),
        ),
        "recipient_ended": (_("転出などで送り先が終わっています"), _("送りません。")),
        "unsubscribed": (_("この分野の購読をやめました"), _("送りません。")),
        "no_address": (_("使える連絡先がありません"), _("次の手段もありません。郵送や電話を考えてください。")),
    }
    if error in known:
        return known[error]
    if status == DeliveryStatus.CANCELLED:
        return _("送信前に取り消しました"), _("送りません。")
    if status == DeliveryStatus.EXPIRED:
        return _("有効期限までに送れませんでした"), _("送りません。")
    return (
        _("%(way)sで届きませんでした（%(status)s）") % {"way": way, "status": DeliveryStatus(status).label},
        _("次の手段がないため、郵送や電話を考えてください。"),
    )


@dataclass(frozen=True, slots=True)
class ClickRow:
    """How often an address of a message was followed, in all and by way."""

    address: str
    total: int
    by_channel: dict[str, int]


def clicks_of(message: Message) -> list[ClickRow]:
    """Return the addresses of a message with how often each was followed."""
    counts: dict[int, dict[str, int]] = {}
    rows = Click.objects.filter(link__message=message).order_by().values("link_id", "channel").annotate(n=Sum("count"))
    for row in rows:
        counts.setdefault(row["link_id"], {})[row["channel"]] = row["n"]
    return [
        ClickRow(link.address, sum(counts.get(link.pk, {}).values()), counts.get(link.pk, {}))
        for link in message.links.all()
    ]
