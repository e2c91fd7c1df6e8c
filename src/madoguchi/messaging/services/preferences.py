"""How somebody wants to be written to: language, order of ways, quiet hours, pause, consent, what they say of themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, record_event

from .. import events
from ..enums import ChannelKey, EndpointStatus, SubscriptionSource
from ..errors import MessagingError
from ..models import Child, Endpoint, Need, Recipient
from ..permissions import recipient_policy
from .endpoints import end_endpoint
from .needs import end_need
from .recipients import end_recipient
from .subscriptions import unsubscribe_all

MOST_CHILDREN = 12
_PLAIN = frozenset(
    {"language", "quiet_from", "quiet_until", "paused_until", "name", "town", "postal_code", "birth_date"}
)
_OF_REGISTRY = frozenset({"name", "town", "postal_code", "birth_date"})


@transaction.atomic
def set_preferences(
    *,
    recipient: Recipient,
    actor: Account | None = None,
    channels: Collection[str] | None = None,
    has_consented: bool | None = None,
    **changes: Any,
) -> Recipient:
    """
    Change how a person is written to, and write one event with the names of what was changed.

    ``channels``: the order of ways, those left out are used in emergencies alone. ``changes``: ``language``, ``quiet_from`` and
    ``quiet_until`` (times, both or neither), ``paused_until``, and for people the registry does not know ``name``, ``town``,
    ``postal_code``, ``birth_date``. Raises ``RefusedError``, ``TypeError`` for something else, ``MessagingError`` for what the
    registry keeps or hours that are half said.
    """
    _require(actor, recipient)
    if unknown := set(changes) - _PLAIN:
        raise TypeError(f"there is no preference {', '.join(sorted(unknown))}")
    if recipient.resident_id is not None and set(changes) & _OF_REGISTRY:
        raise MessagingError(
            _("お名前や住所は住民記録から反映しています。変わったときは、市民課で手続をしてください。")
        )
    wanted = dict(changes)
    if channels is not None:
        wanted["channels"] = [key for key in dict.fromkeys(channels) if key in ChannelKey.values]
    if "language" in changes:
        wanted["is_language_declared"] = True
    if has_consented is not None and has_consented != (recipient.consented_at is not None):
        wanted["consented_at"] = clock.now() if has_consented else None
    changed = sorted(name for name, value in wanted.items() if getattr(recipient, name) != value)
    for name in changed:
        setattr(recipient, name, wanted[name])
    if (recipient.quiet_from is None) != (recipient.quiet_until is None):
        raise MessagingError(_("静かな時間は、始まりと終わりの両方を入力してください。"))
    if changed:
        recipient.save(update_fields=changed)
        record_event(
            kind=events.PREFERENCES_CHANGED, subject=recipient, actor=actor, quantity=1, data={"fields": changed}
        )
    return recipient


def pause(*, recipient: Recipient, until: datetime | None, actor: Account | None = None) -> Recipient:
    """Send nothing but emergencies until a moment, or again from now on (None)."""
    return set_preferences(recipient=recipient, actor=actor, paused_until=until)


@transaction.atomic
def set_children(*, recipient: Recipient, births: Collection[date], actor: Account | None = None) -> None:
    """
    Replace the children a person declared by days of birth (the first of a month where only the month is known).

    Children the registry knows stay. Raises ``RefusedError``, ``MessagingError`` for a day to come or too many.
    """
    _require(actor, recipient)
    if len(births) > MOST_CHILDREN or any(birth > clock.today() for birth in births):
        raise MessagingError(_("お子さんの生まれた年月は、今日までの日付で、12人まで入力できます。"))
    declared = Child.objects.filter(recipient=recipient, is_declared=True)
    before = sorted(declared.values_list("birth_date", flat=True))
    if before == sorted(births):
        return
    declared.delete()
    Child.objects.bulk_create(
        Child(municipality_id=recipient.municipality_id, recipient=recipient, birth_date=birth, is_declared=True)
        for birth in sorted(births)
    )
    record_event(
        kind=events.PREFERENCES_CHANGED, subject=recipient, actor=actor, quantity=1, data={"fields": ["children"]}
    )


@transaction.atomic
def end_everything(*, recipient: Recipient, actor: Account | None = None) -> None:
    """
    End every subscription, address, need, declared child, and the consent of a person.

    Somebody the registry knows still finds notices of their own matters and emergencies in the inbox; everybody else is nobody
    to the city's messages from now on. Raises ``RefusedError``.
    """
    _require(actor, recipient)
    unsubscribe_all(recipient=recipient, source=SubscriptionSource.OWN, actor=actor)
    for endpoint in Endpoint.objects.filter(recipient=recipient, ended_at__isnull=True):
        end_endpoint(endpoint=endpoint, status=EndpointStatus.ENDED, actor=actor)
    for need in Need.objects.filter(recipient=recipient, ended_at__isnull=True):
        end_need(need=need, actor=actor)
    set_children(recipient=recipient, births=(), actor=actor)
    set_preferences(
        recipient=recipient,
        actor=actor,
        channels=(),
        has_consented=False,
        quiet_from=None,
        quiet_until=None,
        paused_until=None,
    )
    if recipient.resident_id is None:
        end_recipient(recipient=recipient, actor=actor)


def _require(actor: Account | None, recipient: Recipient) -> None:
    if actor is not None:
        recipient_policy.require(actor, "edit", recipient)
