"""How the city sends: changed by those who publish for it, one row for each municipality."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.trust.api import Account, municipality_in_scope, record_event

from .. import events
from ..errors import MessagingError
from ..models import SendingSettings
from ..models.settings import USUAL_ORDER
from ..permissions import sending_settings_policy
from ..selectors.settings import sending_settings

MOST_A_WEEK = 100
MOST_PEOPLE = 10_000_000


@transaction.atomic
def change_sending_settings(
    *,
    actor: Account | None,
    channels: Sequence[str],
    quiet_from: time,
    quiet_until: time,
    weekly_cap: int,
    second_approval_from: int,
) -> SendingSettings:
    """
    Change how the municipality in scope sends; what is on its way is sent by the new settings too.

    ``channels`` names every way that rings once, the first to be tried first. Equal times mean no quiet hours, a ``weekly_cap``
    of 0 no limit. Nothing is written where nothing changes. Raises ``RefusedError``, ``MessagingError`` for values out of range.
    """
    sending_settings_policy.require(actor, "edit")
    _check(channels, weekly_cap, second_approval_from)
    SendingSettings.objects.get_or_create(municipality=municipality_in_scope())
    found = SendingSettings.objects.select_for_update().get()
    changes: dict[str, Any] = {
        "channels": [str(channel) for channel in channels],
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "weekly_cap": weekly_cap,
        "second_approval_from": second_approval_from,
    }
    changed = sorted(name for name, value in changes.items() if _current(found, name) != value)
    for name in changed:
        setattr(found, name, changes[name])
    if changed:
        found.save(update_fields=changed)
        data = {"fields": changed, "weekly_cap": weekly_cap, "second_approval_from": second_approval_from}
        record_event(kind=events.SENDING_SETTINGS_CHANGED, subject=found, actor=actor, data=data)
    return sending_settings()


def _current(found: SendingSettings, name: str) -> Any:
    return found.order if name == "channels" else getattr(found, name)


def _check(channels: Sequence[str], weekly_cap: int, second_approval_from: int) -> None:
    if sorted(channels) != sorted(USUAL_ORDER):
        raise MessagingError(_("手段は、どれも1回ずつ、順に選んでください。"))
    if not 0 <= weekly_cap <= MOST_A_WEEK:
        raise MessagingError(_("1週間の上限は、0から%(most)sまでの数にしてください。") % {"most": MOST_A_WEEK})
    if not 1 <= second_approval_from <= MOST_PEOPLE:
        raise MessagingError(_("2人目の承認が要る人数は、1以上の数にしてください。"))
