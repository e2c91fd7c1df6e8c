"""Approval by somebody else (決裁), and taking back what was decided."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, record_event

from ... import events
from ...enums import ApprovalDecision, DeliveryStatus, MessageStatus
from ...errors import ConfirmationError, ContentError, MessagingError, StatusError
from ...models import Approval, Message
from ...permissions import message_policy
from ...selectors.messages import Plan, approvals_of, errors_of, plan_of
from ..sending import queue_message
from .common import event_data, locked, require_revision, require_status, snapshot_of


@transaction.atomic
def submit_message(
    *, message: Message, actor: Account | None, seen_revision: int, confirmed_count: int | None = None
) -> Message:
    """
    Ask for approval and return the message.

    Raises ``ContentError`` with everything that has to be put right (a message to nobody among it), ``ConfirmationError`` for a
    broad audience unless ``confirmed_count`` is the number of people it means.
    """
    found = locked(message)
    message_policy.require(actor, "edit", found)
    require_revision(found, seen=seen_revision)
    require_status(found, MessageStatus.DRAFT, MessageStatus.RETURNED)
    plan = _judged(found)
    _confirmed(plan, confirmed_count)
    found.status = MessageStatus.WAITING
    found.planned_count = plan.people
    found.submitted_at, found.submitted_by = clock.now(), actor
    found.save()
    data = event_data(found) | {"needed": plan.needed_approvals}
    record_event(kind=events.MESSAGE_SUBMITTED, subject=found, actor=actor, quantity=plan.people, data=data)
    return found


@transaction.atomic
def approve_message(
    *, message: Message, actor: Account, seen_revision: int, confirmed_count: int | None = None
) -> Message:
    """
    Approve the version somebody saw; with the last approval needed it is queued for sending in the same transaction.

    The approver is nobody who wrote, changed or submitted it, and each of two is another person. Raises like
    ``submit_message``, and ``StatusError`` for a second approval by the same person.
    """
    found = locked(message)
    message_policy.require(actor, "approve", found)
    require_status(found, MessageStatus.WAITING)
    require_revision(found, seen=seen_revision)
    if any(approval.actor_id == actor.pk for approval in approvals_of(found)):
        raise StatusError(_("あなたはもう承認しています。2人目は、別の人の承認が要ります。"))
    plan = _judged(found, is_sent_now=True)
    _confirmed(plan, confirmed_count)
    _decide(found, actor, ApprovalDecision.APPROVED, people=plan.people)
    given = len(approvals_of(found))
    found.planned_count = plan.people
    found.save(update_fields=["planned_count"])
    data = event_data(found) | {"given": given, "needed": plan.needed_approvals}
    record_event(kind=events.MESSAGE_APPROVED, subject=found, actor=actor, quantity=plan.people, data=data)
    if given >= plan.needed_approvals:
        queue_message(message=found)
        found.refresh_from_db()
    return found


@transaction.atomic
def return_message(*, message: Message, actor: Account, seen_revision: int, reason: str) -> Message:
    """Send a waiting message back to its author with the reason; approvals of this version count no longer."""
    found = locked(message)
    message_policy.require(actor, "approve", found)
    require_status(found, MessageStatus.WAITING)
    require_revision(found, seen=seen_revision)
    if not reason.strip():
        raise MessagingError(_("差し戻す理由を書いてください。"))
    _decide(found, actor, ApprovalDecision.RETURNED, note=reason.strip()[:2000])
    found.status = MessageStatus.RETURNED
    found.revision += 1
    found.save(update_fields=["status", "revision"])
    record_event(kind=events.MESSAGE_RETURNED, subject=found, actor=actor, data=event_data(found))
    return found


@transaction.atomic
def cancel_message(*, message: Message, actor: Account | None) -> int:
    """
    Stop a message, also while it is being sent, and return how many deliveries were still waiting.

    Those become cancelled; what is in a provider's hands already cannot be called back.
    """
    found = locked(message)
    message_policy.require(actor, "cancel", found)
    waiting = found.deliveries.filter(status=DeliveryStatus.WAITING)
    if found.status == MessageStatus.CANCELLED or (found.status == MessageStatus.SENT and not waiting.exists()):
        raise StatusError(
            _("このお知らせは「%(status)s」なので、取り消せません。") % {"status": found.get_status_display()}
        )
    stopped = waiting.update(status=DeliveryStatus.CANCELLED, error="cancelled")
    found.status, found.cancelled_at = MessageStatus.CANCELLED, clock.now()
    found.save(update_fields=["status", "cancelled_at"])
    record_event(kind=events.MESSAGE_CANCELLED, subject=found, actor=actor, quantity=stopped, data=event_data(found))
    return stopped


def _judged(message: Message, *, is_sent_now: bool = False) -> Plan:
    """Return what sending would do; raises with everything that keeps it from being sent."""
    if not message.audience:
        text = _("だれに送るかを選んでください。全員に送るときも「すべての方」を選びます。")
        raise ContentError(text, [("audience", text)])
    plan = plan_of(message.audience)
    errors = errors_of(message, plan, is_sent_now=is_sent_now)
    if errors:
        text = errors[0].text if len(errors) == 1 else _("直すところが%(n)s件あります。") % {"n": len(errors)}
        raise ContentError(text, [(error.field, error.text) for error in errors])
    return plan


def _confirmed(plan: Plan, typed: int | None) -> None:
    if not plan.is_broad or typed == plan.people:
        return
    number = f"{plan.people:,}"
    if typed is None:
        text = _("全員またはとても多くの人（%(n)s人）に送ります。間違いでなければ、人数を入力してください。") % {
            "n": number
        }
    else:
        text = _("入力した人数が、いまの対象の人数（%(n)s人）と違います。対象を確かめて、入力し直してください。") % {
            "n": number
        }
    raise ConfirmationError(text, people=plan.people)


def _decide(
    message: Message, actor: Account, decision: ApprovalDecision, *, note: str = "", people: int | None = None
) -> Approval:
    return Approval.objects.create(
        municipality=message.municipality,
        message=message,
        decision=decision,
        actor=actor,
        revision=message.revision,
        note=note,
        snapshot=snapshot_of(message),
        people=people,
        at=clock.now(),
    )
