"""Audience sources of emergencies: the city's own staff, people whose town is not known, those who were told of an event."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from madoguchi.kit import clock
from madoguchi.trust.enums import AccountKind

from ..models import Alert, Delivery, Recipient
from ..registry import AudienceSource
from ..rules.alert_audience import DRILL_SOURCE, TOLD_SOURCE, TOWN_SOURCE

MOST_EVENTS = 20
"""Events offered to choose an audience by."""


def _staff(recipients: QuerySet[Recipient], values: Sequence[str]) -> QuerySet[Recipient]:
    return recipients.filter(account__kind=AccountKind.STAFF, account__is_active=True)


def _without_town(recipients: QuerySet[Recipient], values: Sequence[str]) -> QuerySet[Recipient]:
    return recipients.filter(town="")


def _told(recipients: QuerySet[Recipient], values: Sequence[str]) -> QuerySet[Recipient]:
    said = Alert.objects.filter(Q(key__in=values) | Q(origin__key__in=values), message__isnull=False)
    messages = list(said.values_list("message_id", flat=True))
    return recipients.filter(pk__in=Delivery.objects.filter(message_id__in=messages).values("recipient_id"))


def _recent_events() -> list[tuple[str, str]]:
    first = Alert.objects.filter(origin__isnull=True, issued_at__isnull=False).defer("cap_xml").order_by("-id")
    return [
        (alert.key, f"{clock.local(alert.issued_at):%Y/%m/%d} {alert}")
        for alert in first[:MOST_EVENTS]
        if alert.issued_at
    ]


OWN_SOURCES = (
    AudienceSource(
        key=DRILL_SOURCE,
        label=N_("職員"),
        select=_staff,
        choices=lambda: [("all", _("すべての職員"))],
        needs_consent=False,
    ),
    AudienceSource(
        key=TOLD_SOURCE,
        label=N_("緊急情報を送った人"),
        select=_told,
        choices=_recent_events,
        needs_consent=False,
    ),
    AudienceSource(
        key=TOWN_SOURCE,
        label=N_("お住まいの町域"),
        select=_without_town,
        choices=lambda: [("unknown", _("分からない"))],
        needs_consent=False,
    ),
)
"""The audience sources of the room itself."""
