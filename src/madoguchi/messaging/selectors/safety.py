"""The call list of an emergency, and the register of people in need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When

from ..enums import CallOutcome, ChannelKey, EndpointStatus, NeedCode
from ..models import Alert, Endpoint, Need, Recipient, SafetyCheck

FIRST_NEEDS = (NeedCode.MEDICAL, NeedCode.WALKING)
"""Who has the least time: called first."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """One line of the call list."""

    check: SafetyCheck
    name: str
    town: str
    phones: tuple[str, ...]
    needs: tuple[Need, ...]


def call_list(alert: Alert, *, state: str = "") -> QuerySet[SafetyCheck]:
    """
    Return the people in need of an alert's event: those nobody knows of first, then those who need help, the safe last.

    ``state``: ``open`` (nobody knows), ``needs_help``, ``no_answer``, ``known``; empty: all.
    """
    rows = SafetyCheck.objects.filter(alert_id=alert.origin_id or alert.pk, is_in_need=True)
    chosen = _STATES.get(state)
    if chosen is not None:
        rows = rows.filter(chosen)
    place = Case(
        When(outcome=CallOutcome.NEEDS_HELP, then=Value(0)),
        When(acknowledged_at__isnull=False, then=Value(4)),
        When(outcome=CallOutcome.SAFE, then=Value(5)),
        When(outcome=CallOutcome.NO_ANSWER, then=Value(2)),
        When(outcome=CallOutcome.WRONG_NUMBER, then=Value(3)),
        default=Value(1),
        output_field=IntegerField(),
    )
    urgent = Need.objects.filter(code__in=FIRST_NEEDS, ended_at__isnull=True).values("recipient_id")
    first = Case(When(recipient_id__in=urgent, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.annotate(place=place, first=first).order_by("place", "first", "recipient__town", "pk")


_STATES = {
    "open": Q(acknowledged_at__isnull=True, outcome__in=["", CallOutcome.NO_ANSWER, CallOutcome.WRONG_NUMBER]),
    "needs_help": Q(outcome=CallOutcome.NEEDS_HELP),
    "no_answer": Q(acknowledged_at__isnull=True, outcome=CallOutcome.NO_ANSWER),
    "known": Q(outcome=CallOutcome.SAFE) | Q(acknowledged_at__isnull=False) & ~Q(outcome=CallOutcome.NEEDS_HELP),
}


def call_rows(checks: QuerySet[SafetyCheck]) -> list[CallRow]:
    """Return what one needs to call these people: names, towns, telephones, needs. The caller logs that it was read."""
    return [_row(check) for check in _with_people(checks)]


def _with_people(checks: QuerySet[SafetyCheck]) -> Iterable[SafetyCheck]:
    phones = Endpoint.objects.filter(channel=ChannelKey.SMS, ended_at__isnull=True).exclude(status=EndpointStatus.ENDED)
    needs = Need.objects.filter(ended_at__isnull=True)
    return checks.select_related(
        "recipient__resident", "recipient__account", "claimed_by", "outcome_by"
    ).prefetch_related(
        Prefetch("recipient__endpoints", queryset=phones, to_attr="phones"),
        Prefetch("recipient__needs", queryset=needs, to_attr="open_needs"),
    )


def _row(check: SafetyCheck) -> CallRow:
    recipient = check.recipient
    return CallRow(
        check=check,
        name=name_of(recipient),
        town=recipient.town,
        phones=tuple(endpoint.address for endpoint in recipient.phones),  # type: ignore[attr-defined]
        needs=tuple(recipient.open_needs),  # type: ignore[attr-defined]
    )


def name_of(recipient: Recipient) -> str:
    """Return what a person is called: as the registry says, else their account, else as they said."""
    if recipient.resident is not None:
        return str(recipient.resident.name)
    if recipient.account is not None:
        return str(recipient.account.name)
    return recipient.name


def needs_register(*, q: str = "", state: str = "", code: str = "") -> QuerySet[Need]:
    """Return registered needs; ``state``: ``unconfirmed``, ``confirmed``, empty for both; ``q`` searches names and towns."""
    rows = Need.objects.filter(ended_at__isnull=True, recipient__ended_at__isnull=True)
    if state in ("confirmed", "unconfirmed"):
        rows = rows.filter(confirmed_at__isnull=state == "unconfirmed")
    if code in NeedCode.values:
        rows = rows.filter(code=code)
    if q:
        rows = rows.filter(
            Q(recipient__name__icontains=q)
            | Q(recipient__town__icontains=q)
            | Q(recipient__resident__name__icontains=q)
            | Q(recipient__account__name__icontains=q)
        )
    return rows.select_related("recipient__resident", "recipient__account", "confirmed_by").order_by(
        "recipient__town", "recipient_id", "code"
    )
