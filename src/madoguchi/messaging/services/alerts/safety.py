"""Safety checks (安否確認): people in need are called, one official at a time; everybody can say that they have read it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, log_access, municipality_in_scope, record_event

from ... import events
from ...enums import AcknowledgedBy, CallOutcome, ChannelKey
from ...errors import StatusError
from ...models import Alert, Delivery, Need, Recipient, SafetyCheck
from ...permissions import recipient_policy
from ...rules.audience import parse_rule
from ...rules.tokens import TokenError, sign, unsign
from ...selectors.audience import select_recipients

DELIVERY_TOKEN = "delivery"  # noqa: S105 - the purpose of a token, not one
CLAIM_LASTS = timedelta(minutes=15)
"""A call nobody wrote the outcome of is free again after this."""


def open_call_list(*, alert: Alert) -> int:
    """Put everybody in need in the audience of an issued alert on the call list of its event; returns how many were added."""
    if alert.message is None:
        return 0
    people = select_recipients(parse_rule(alert.message.audience), is_emergency=True)
    in_need = people.filter(pk__in=Need.objects.filter(ended_at__isnull=True).values("recipient_id"))
    first, now = origin_of(alert), clock.now()
    known = SafetyCheck.objects.filter(alert=first, recipient_id__in=in_need.values("pk"), is_in_need=False)
    known.update(is_in_need=True)
    fresh = in_need.exclude(pk__in=SafetyCheck.objects.filter(alert=first).values("recipient_id"))
    rows = [
        SafetyCheck(
            municipality_id=alert.municipality_id, alert=first, recipient_id=pk, is_in_need=True, created_at=now
        )
        for pk in fresh.order_by("pk").values_list("pk", flat=True)
    ]
    SafetyCheck.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)


def origin_of(alert: Alert) -> Alert:
    """Return the first alert of an event, on which its safety checks hang."""
    return alert.origin or alert


def find_by_token(token: str) -> Delivery | None:
    """Return the delivery a reply link belongs to, None for a token that is none of ours or of something else than an alert."""
    try:
        pk = int(unsign(DELIVERY_TOKEN, token))
    except (TokenError, ValueError):
        return None
    return (
        Delivery.objects.select_related("message__alert__origin", "recipient")
        .filter(pk=pk, message__alert__isnull=False)
        .first()
    )


WAYS = {ChannelKey.INBOX: AcknowledgedBy.INBOX, ChannelKey.LINE: AcknowledgedBy.LINE}
"""Channel → how an answer to what came on it is counted; a link for the others."""


def reply_token(*, alert: Alert, account: Account) -> str:
    """Return the token with which somebody who is signed in answers an alert from their inbox; empty where it is not there."""
    mine = Delivery.objects.filter(
        message__alert__event_key=alert.event_key,
        message__alert__status=alert.status,
        recipient__account=account,
        channel=ChannelKey.INBOX,
    )
    pk = mine.order_by("-pk").values_list("pk", flat=True).first()
    return "" if pk is None else sign(DELIVERY_TOKEN, str(pk))


def acknowledge_by_token(*, token: str) -> SafetyCheck:
    """
    Note that the person of a reply link (or of a LINE postback with its token) has read the alert.

    Raises ``StatusError`` for a token that is none of ours.
    """
    delivery = find_by_token(token)
    if delivery is None:
        raise StatusError(_("この確認のリンクは使えません。届いたお知らせのリンクを、もう一度開いてください。"))
    by = WAYS.get(ChannelKey(delivery.channel), AcknowledgedBy.LINK)
    return acknowledge(alert=delivery.message.alert, recipient=delivery.recipient, by=by)


@transaction.atomic
def acknowledge(*, alert: Alert, recipient: Recipient, by: AcknowledgedBy | str) -> SafetyCheck:
    """Note that somebody has read an alert (or a former one of the same event); the first time counts."""
    check, _made = SafetyCheck.objects.get_or_create(
        alert=origin_of(alert),
        recipient=recipient,
        defaults={"municipality": municipality_in_scope(), "created_at": clock.now()},
    )
    marked = SafetyCheck.objects.filter(pk=check.pk, acknowledged_at__isnull=True).update(
        acknowledged_at=clock.now(), acknowledged_by=AcknowledgedBy(by)
    )
    if marked:
        check.refresh_from_db()
        record_event(kind=events.SAFETY_ACKNOWLEDGED, subject=check, quantity=1, data={"by": str(by)})
    return check


@transaction.atomic
def claim_call(*, check: SafetyCheck, actor: Account) -> SafetyCheck:
    """
    Take a call on oneself, so that nobody else calls at the same time; doing it again changes nothing.

    Raises ``RefusedError``, and ``StatusError`` where a colleague is calling or the person is known to be safe.
    """
    recipient_policy.require(actor, "call", check.recipient)
    now = clock.now()
    free = Q(claimed_by__isnull=True) | Q(claimed_by=actor) | Q(claimed_at__lt=now - CLAIM_LASTS)
    mine = SafetyCheck.objects.filter(free, pk=check.pk).exclude(outcome=CallOutcome.SAFE)
    if not mine.update(claimed_by=actor, claimed_at=now):
        current = SafetyCheck.objects.select_related("claimed_by").get(pk=check.pk)
        if current.outcome == CallOutcome.SAFE:
            raise StatusError(_("この方の無事は、もう確かめられています。"))
        raise StatusError(
            _("%(name)sさんが電話しています。ほかの方に電話してください。") % {"name": current.claimed_by}
        )
    check.refresh_from_db()
    log_access(actor=actor, subject=check.recipient, purpose=_("緊急時の安否確認の電話"))
    record_event(kind=events.SAFETY_CLAIMED, subject=check, actor=actor)
    return check


@transaction.atomic
def release_call(*, check: SafetyCheck, actor: Account) -> SafetyCheck:
    """Give a call back that one cannot make; nothing happens for one that is not one's own."""
    recipient_policy.require(actor, "call", check.recipient)
    if SafetyCheck.objects.filter(pk=check.pk, claimed_by=actor).update(claimed_by=None, claimed_at=None):
        record_event(kind=events.SAFETY_RELEASED, subject=check, actor=actor)
    check.refresh_from_db()
    return check


@transaction.atomic
def record_call(*, check: SafetyCheck, outcome: CallOutcome | str, actor: Account, note: str = "") -> SafetyCheck:
    """
    Write what came of a call; it is free for a further one unless the person is safe.

    Raises ``RefusedError``, ``StatusError`` where a colleague holds the call, ``ValueError`` for an outcome there is not.
    """
    recipient_policy.require(actor, "call", check.recipient)
    found = CallOutcome(outcome)
    current = SafetyCheck.objects.select_for_update().get(pk=check.pk)
    now = clock.now()
    if current.claimed_by_id not in (None, actor.pk) and is_fresh(current):
        raise StatusError(_("%(name)sさんが電話しています。結果はその人が書きます。") % {"name": current.claimed_by})
    current.outcome, current.outcome_at, current.outcome_by = found, now, actor
    current.calls, current.note = current.calls + 1, note.strip()[:200]
    current.claimed_by = current.claimed_at = None
    current.save()
    record_event(kind=events.SAFETY_RECORDED, subject=current, actor=actor, quantity=1, data={"outcome": found.value})
    return current


def is_fresh(check: SafetyCheck) -> bool:
    """Tell whether somebody is calling at this moment."""
    return check.claimed_at is not None and check.claimed_at >= clock.now() - CLAIM_LASTS
