"""Improvement orders (改善指示): the council orders, the section answers and re-plans, the council accepts."""

from __future__ import annotations

from datetime import date

from madoguchi.kit import clock
from madoguchi.trust.api import Account, current_municipality, record_event

from ... import events
from ...enums import EvaluationStatus, OrderStatus, RoundStatus
from ...errors import FrozenPeriodError, PlanError, StageError, StaleError
from ...models import ChangeRecord, Evaluation, ImprovementOrder, ReviewRound
from ...permissions import review_policy
from ..changes import record_change
from ..refusals import recording_refusals


@recording_refusals(events.EVALUATION_REFUSED, subject="evaluation")
def order_improvement(
    *, evaluation: Evaluation, text: str, due_date: date, version: int, actor: Account
) -> ImprovementOrder:
    """
    Order the section of a decided project to improve something by a day.

    Raises ``RefusedError`` for anybody but the council, ``StageError`` before the decision, ``FrozenPeriodError`` after
    the round was closed, ``StaleError``, and ``PlanError`` for an empty text or a day that is over.
    """
    review_policy.require(actor, "order", evaluation.project)
    review = ReviewRound.objects.select_for_update().get(pk=evaluation.round_id)
    found = Evaluation.objects.select_for_update(of=("self",)).select_related("project").get(pk=evaluation.pk)
    found.round = review
    _check_order(found, text, due_date, version)
    order = ImprovementOrder.objects.create(
        municipality=current_municipality(),
        evaluation=found,
        project=found.project,
        text=text.strip(),
        due_date=due_date,
        ordered_by=actor,
        ordered_at=clock.now(),
    )
    found.version += 1
    found.save(update_fields=["version"])
    _note(order, "改善指示", None, {"指示": order.text, "期限": due_date.isoformat()}, "", actor)
    data = {"project": found.project_id, "due_date": due_date.isoformat()}
    record_event(kind=events.IMPROVEMENT_ORDERED, subject=order, actor=actor, data=data)
    return order


def _check_order(evaluation: Evaluation, text: str, due_date: date, version: int) -> None:
    if evaluation.round.status == RoundStatus.CLOSED:
        raise FrozenPeriodError("評価は確定しているため、改善指示を加えられません。")
    if evaluation.version != version:
        theirs = {"調整会議の評価": evaluation.decision, "改善指示": str(evaluation.orders.count())}
        raise StaleError(yours={"指示": text, "期限": due_date.isoformat()}, theirs=theirs)
    if evaluation.round.status != RoundStatus.COUNCIL or evaluation.status != EvaluationStatus.DECIDED:
        raise StageError("改善指示は、調整会議が評価を決めたあとに出せます。")
    if not text.strip():
        raise PlanError("指示の内容を書いてください。")
    if due_date < clock.today():
        raise PlanError("期限には、今日より後の日付を選んでください。")


@recording_refusals(events.EVALUATION_REFUSED, subject="order")
def answer_order(*, order: ImprovementOrder, answer: str, status: str, actor: Account) -> ImprovementOrder:
    """
    Answer an order as the section; the re-planning changes carry the order themselves (``revise_project``).

    ``status`` is the one the actor saw. An answer may be replaced until it is accepted. Raises ``RefusedError`` for
    another section, ``StaleError``, ``StageError`` for an accepted order, ``PlanError`` without a text.
    """
    order = _locked(order, "answer", status, actor, {"対応": answer})
    if order.status == OrderStatus.ACCEPTED:
        raise StageError("この改善指示は確認済みです。対応を変えるときは、事務局にご相談ください。")
    if not answer.strip():
        raise PlanError("対応の内容を書いてください。")
    before = order.answer
    order.answer, order.status = answer.strip(), OrderStatus.ANSWERED
    order.answered_by, order.answered_at = actor, clock.now()
    order.save()
    _note(order, "対応", before or None, order.answer, "", actor)
    changes = ChangeRecord.objects.filter(order=order).exclude(subject_type="improvementorder").count()
    record_event(kind=events.IMPROVEMENT_ANSWERED, subject=order, actor=actor, data={"changes": changes})
    return order


@recording_refusals(events.EVALUATION_REFUSED, subject="order")
def accept_order(*, order: ImprovementOrder, status: str, comment: str = "", actor: Account) -> ImprovementOrder:
    """Accept the answer to an order as the council. Nobody accepts their own answer. Raises as ``answer_order``."""
    order = _answered(order, status, actor, {"意見": comment})
    if order.answered_by_id == actor.pk:
        raise PlanError("対応を書いた人は、同じ改善指示を確認済みにできません。")
    order.status, order.accepted_by, order.accepted_at = OrderStatus.ACCEPTED, actor, clock.now()
    order.save()
    _note(order, "確認", OrderStatus.ANSWERED, OrderStatus.ACCEPTED, comment.strip(), actor)
    record_event(kind=events.IMPROVEMENT_ACCEPTED, subject=order, actor=actor)
    return order


@recording_refusals(events.EVALUATION_REFUSED, subject="order")
def send_back_order(*, order: ImprovementOrder, status: str, reason: str, actor: Account) -> ImprovementOrder:
    """Send the answer to an order back to the section with a reason. Raises as ``answer_order``."""
    order = _answered(order, status, actor, {"理由": reason})
    if not reason.strip():
        raise PlanError("差し戻す理由を書いてください。担当課に表示されます。")
    order.status = OrderStatus.OPEN
    order.save(update_fields=["status"])
    _note(order, "差し戻し", OrderStatus.ANSWERED, OrderStatus.OPEN, reason.strip(), actor)
    record_event(kind=events.IMPROVEMENT_RETURNED, subject=order, actor=actor)
    return order


def _answered(order: ImprovementOrder, status: str, actor: Account, wanted: dict[str, str]) -> ImprovementOrder:
    order = _locked(order, "accept", status, actor, wanted)
    if order.status != OrderStatus.ANSWERED:
        raise StageError("担当課の対応がまだありません。")
    return order


def _locked(
    order: ImprovementOrder, action: str, status: str, actor: Account, wanted: dict[str, str]
) -> ImprovementOrder:
    review_policy.require(actor, action, order.project)
    found = ImprovementOrder.objects.select_for_update().get(pk=order.pk)
    if found.status != status:
        raise StaleError(yours=wanted, theirs={"状態": found.get_status_display(), "対応": found.answer})
    return found


def _note(
    order: ImprovementOrder, field: str, before: object, after: object, reason: str, actor: Account
) -> ChangeRecord:
    return record_change(
        plan=order.project.plan,
        subject=order,
        field=field,
        before=before,
        after=after,
        reason=reason,
        actor=actor,
        order=order,
    )
