"""Audience sources emergencies need: the city's own staff, and people whose town is not known."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from madoguchi.trust.enums import AccountKind

from ..models import Recipient
from ..registry import AudienceSource
from ..rules.alert_audience import DRILL_SOURCE, TOWN_SOURCE


def _staff(recipients: QuerySet[Recipient], values: Sequence[str]) -> QuerySet[Recipient]:
    return recipients.filter(account__kind=AccountKind.STAFF, account__is_active=True)


def _without_town(recipients: QuerySet[Recipient], values: Sequence[str]) -> QuerySet[Recipient]:
    return recipients.filter(town="")


OWN_SOURCES = (
    AudienceSource(
        key=DRILL_SOURCE,
        label=N_("職員"),
        select=_staff,
        choices=lambda: [("all", _("すべての職員"))],
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
