"""What sending a message would do: to how many, by which ways, who has to approve, and what the same people got already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count

from madoguchi.kit import clock

from ...enums import ApprovalDecision, MessageKind, MessageStatus
from ...models import Approval, Delivery, Message, Recipient
from ...rules import audience as rules
from ..audience import AudienceCount, count_audience, select_recipients
from ..settings import sending_settings

SECOND_PERCENT = 50
"""Above this share of all recipients a second person has to approve, however few they are."""
LOOKED_BACK = timedelta(days=7)
_LISTED = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What a rule comes to now: ``people`` it means, of ``total``; ``limit`` from which on two have to approve.

    ``is_everybody``: the rule has no condition at all.
    """

    count: AudienceCount
    total: int
    limit: int
    is_everybody: bool

    @property
    def people(self) -> int:
        """How many people the rule means."""
        return self.count.people

    @property
    def is_broad(self) -> bool:
        """Tell whether it is everybody, or so many that it could be everybody by mistake."""
        if self.people == 0:
            return False
        return self.is_everybody or self.people >= self.limit or self.people * 100 > self.total * SECOND_PERCENT

    @property
    def needed_approvals(self) -> int:
        """How many people have to approve."""
        return 2 if self.is_broad else 1


def plan_of(document: Any) -> Plan:
    """Return what an audience's rule comes to now; raises ``AudienceError`` for one that cannot be read."""
    rule = rules.parse_rule(document)
    return Plan(
        count=count_audience(rule),
        total=Recipient.objects.filter(ended_at__isnull=True).count(),
        limit=sending_settings().second_approval_from,
        is_everybody=_means_everybody(rule),
    )


def _means_everybody(rule: rules.Rule) -> bool:
    if isinstance(rule, rules.All):
        return all(_means_everybody(part) for part in rule.parts)
    if isinstance(rule, rules.Any):
        return any(_means_everybody(part) for part in rule.parts)
    return isinstance(rule, rules.Everyone)


def approvals_of(message: Message) -> list[Approval]:
    """Return the approvals that count: of the message as it is now, one of each person."""
    found = (
        message.approvals.filter(decision=ApprovalDecision.APPROVED, revision=message.revision)
        .select_related("actor")
        .order_by("id")
    )
    return list({approval.actor_id: approval for approval in found}.values())


def last_approved(message: Message) -> Approval | None:
    """Return the newest approval of an earlier version, to compare with."""
    return (
        message.approvals.filter(decision=ApprovalDecision.APPROVED, revision__lt=message.revision)
        .order_by("-id")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another message and how many of the same people it went, or will go, to."""

    message: Message
    people: int


def others_to_the_same(message: Message) -> list[Overlap]:
    """
    Return the messages to many that reached people of this audience in the last seven days, whatever section sent them.

    Counted by the people really written to; after the fan-out of the message itself, among those.
    """
    if message.fanned_out_at is not None:
        same: Any = Delivery.objects.filter(message=message).values("recipient_id")
        until = message.fanned_out_at
    else:
        same = select_recipients(rules.parse_rule(message.audience)).values("pk")
        until = clock.now()
    found = (
        Delivery.objects.filter(
            message__kind=MessageKind.BROADCAST,
            message__fanned_out_at__gte=until - LOOKED_BACK,
            message__fanned_out_at__lte=until,
            recipient_id__in=same,
        )
        .exclude(message=message)
        .values("message_id")
        .annotate(people=Count("recipient_id", distinct=True))
        .order_by("-people")[:_LISTED]
    )
    counted = {row["message_id"]: row["people"] for row in found}
    rows = Message.objects.filter(pk__in=counted).exclude(status=MessageStatus.DRAFT).select_related("unit", "topic")
    return sorted((Overlap(row, counted[row.pk]) for row in rows), key=lambda one: -one.people)
