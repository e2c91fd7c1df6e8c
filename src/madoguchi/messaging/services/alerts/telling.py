"""What an alert becomes on its way out: a message on all ways, and a CAP document."""

from __future__ import annotations

from typing import Any

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope
from madoguchi.trust.enums import AccountKind

from ...enums import AlertMessageType, DeliveryStatus, MessageKind, MessageStatus
from ...models import Alert, Message, Recipient
from ...rules.alert_audience import audience_of, audience_of_end
from ...rules.alert_texts import closing_words_of, message_contents
from ...rules.cap import cap_time
from ..recipients import recipient_of
from ..sending import send_at_once
from .documents import write_document
from .safety import open_call_list


def tell(*, alert: Alert, actor: Account | None, stopped: Alert | None = None) -> int:
    """
    Queue the message of an alert on all ways in the present transaction; return how many people it goes to.

    Of ``stopped`` nothing more goes out: what it said is no longer so.
    """
    if stopped is not None and stopped.message is not None:
        stop(stopped.message)
    now = clock.now()
    message = Message.objects.create(
        municipality=municipality_in_scope(),
        identity=f"alert:{alert.key}",
        kind=MessageKind.EMERGENCY,
        status=MessageStatus.SCHEDULED,
        is_drill=alert.is_drill,
        contents=message_contents(
            alert.contents,
            areas=[area["name"] for area in alert.areas],
            city=municipality_in_scope().name,
            city_en=municipality_in_scope().name_en,
            is_drill=alert.is_drill,
        ),
        audience=_audience(alert),
        path=f"/now/{alert.key}/",
        thread=f"messaging.alert:{(alert.origin or alert).key}",
        expires_at=alert.expires_at,
        author=actor,
        created_at=now,
        changed_at=now,
    )
    alert.message = message
    alert.save(update_fields=["message"])
    if alert.is_drill:
        know_staff()
    people = send_at_once(message=message)
    if alert.msg_type != AlertMessageType.CANCEL:
        open_call_list(alert=alert)
    return people


def _audience(alert: Alert) -> dict[str, Any]:
    if alert.msg_type == AlertMessageType.CANCEL:
        return audience_of_end(alert.towns, is_drill=alert.is_drill, told=(alert.origin or alert).key)
    return audience_of(alert.towns, is_drill=alert.is_drill)


def know_staff() -> None:
    """Make sure that every official can be told of a drill, also those who never opened their inbox."""
    unknown = Account.objects.filter(kind=AccountKind.STAFF, is_active=True).exclude(
        pk__in=Recipient.objects.exclude(account=None).values("account_id")
    )
    for account in unknown:
        recipient_of(account=account)


def stop(message: Message) -> int:
    """Let nothing more of a message go out; what is on its way at this moment cannot be called back. Returns how many."""
    stopped = message.deliveries.filter(status=DeliveryStatus.WAITING).update(
        status=DeliveryStatus.CANCELLED, error="superseded"
    )
    if message.status in (MessageStatus.SCHEDULED, MessageStatus.SENDING):
        message.status, message.cancelled_at = MessageStatus.CANCELLED, clock.now()
        message.save(update_fields=["status", "cancelled_at"])
    return int(stopped)


def closing_words(alert: Alert, *, is_mistake: bool) -> dict[str, dict[str, str]]:
    """Return what is said at the end of an alert, in each language it was told in."""
    return {
        language: closing_words_of(language, event=alert.event_code, headline=texts["headline"], is_mistake=is_mistake)
        for language, texts in alert.contents.items()
    }


def sign_off(alert: Alert) -> None:
    """Give an alert its identifier and sender and write its signed CAP document."""
    city = municipality_in_scope()
    alert.sender = alert.sender or sender_of(city)
    alert.cap_identifier = f"JP{city.code}.{alert.key}"
    alert.cap_xml = write_document(alert)


def sender_of(municipality: Any) -> str:
    """Return the name CAP messages of a municipality are sent under: its host, else its code."""
    host = municipality.hosts.order_by("id").first()
    return str(host.host) if host is not None else f"JP{municipality.code}"


def reference_to(alert: Alert) -> str:
    """Return how a later message refers to an issued one (CAP ``references``)."""
    if alert.issued_at is None:
        raise ValueError("nothing refers to an alert that was not issued")
    return f"{alert.sender},{alert.cap_identifier},{cap_time(alert.issued_at)}"
