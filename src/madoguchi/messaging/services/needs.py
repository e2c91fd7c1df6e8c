"""What people need help in, in a disaster (要配慮者): registered by themselves or at the counter, confirmed by staff, ended."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from madoguchi.kit import clock
from madoguchi.trust.api import Account, record_event

from .. import events
from ..enums import NeedCode
from ..models import Need, Recipient
from ..permissions import recipient_policy


def register_need(*, recipient: Recipient, code: NeedCode | str, note: str = "", actor: Account | None = None) -> Need:
    """
    Register a need, or change what is said about one; a changed note has to be confirmed again.

    Raises ``RefusedError``, and ``ValueError`` for a need there is not.
    """
    _require(actor, recipient)
    wanted, text = NeedCode(code), note.strip()[:200]
    found = Need.objects.filter(recipient=recipient, code=wanted, ended_at__isnull=True).first()
    if found is not None and found.note == text:
        return found
    with transaction.atomic():
        if found is None:
            try:
                with transaction.atomic():
                    found = Need.objects.create(
                        municipality_id=recipient.municipality_id,
                        recipient=recipient,
                        code=wanted,
                        note=text,
                        registered_at=clock.now(),
                    )
            except IntegrityError:  # the same form was sent twice at once
                return Need.objects.get(recipient=recipient, code=wanted, ended_at__isnull=True)
        else:
            found.note, found.confirmed_at, found.confirmed_by = text, None, None
            found.save()
        record_event(kind=events.NEED_REGISTERED, subject=found, actor=actor, quantity=1, data={"code": wanted.value})
    return found


@transaction.atomic
def confirm_need(*, need: Need, actor: Account) -> Need:
    """Note that staff have checked a need with the person (避難行動要支援者名簿); raises ``RefusedError``."""
    recipient_policy.require(actor, "confirm_need", need.recipient)
    if need.confirmed_at is None and need.ended_at is None:
        need.confirmed_at, need.confirmed_by = clock.now(), actor
        need.save(update_fields=["confirmed_at", "confirmed_by"])
        record_event(kind=events.NEED_CONFIRMED, subject=need, actor=actor, quantity=1, data={"code": need.code})
    return need


@transaction.atomic
def end_need(*, need: Need, actor: Account | None = None) -> None:
    """End a need; what was written about it is emptied. Raises ``RefusedError``."""
    _require(actor, need.recipient)
    if need.ended_at is not None:
        return
    need.ended_at, need.note = clock.now(), ""
    need.save(update_fields=["ended_at", "note"])
    record_event(kind=events.NEED_ENDED, subject=need, actor=actor, quantity=1, data={"code": need.code})


def _require(actor: Account | None, recipient: Recipient) -> None:
    if actor is not None:
        recipient_policy.require(actor, "edit", recipient)
