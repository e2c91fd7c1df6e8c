"""Rounds of the review cycle: opening, bringing to the next stage and back, closing."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from madoguchi.kit import clock, fiscal
from madoguchi.trust.api import Account, current_municipality, record_event

from ... import events
from ...enums import EvaluationStatus, RoundPeriod, RoundStatus
from ...errors import PlanError, StageError, StaleError
from ...models import Evaluation, Plan, Project, ReviewRound, ScoringRule
from ...permissions import review_policy
from ...rules.review_flow import RoundStep, round_name, round_step
from ..changes import record_change
from ..refusals import recording_refusals
from .freezing import freeze, require_open_period


@recording_refusals(events.EVALUATION_REFUSED, subject="plan")
def open_round(
    *,
    plan: Plan,
    fiscal_year: int,
    period: RoundPeriod | str,
    self_evaluation_due: date,
    rule: ScoringRule,
    actor: Account,
    council_date: date | None = None,
) -> ReviewRound:
    """
    Open a round: the half-yearly one covers the priority projects, the yearly one all that are carried out that year.

    The round keeps the version of the scoring rule it was opened with. Raises ``RefusedError`` without the duty and
    ``PlanError`` for a year outside the plan, a period opened before, a draft rule, dates out of order, or no project.
    """
    review_policy.require(actor, "open", plan)
    _check_opening(plan, fiscal_year, self_evaluation_due, council_date, rule)
    projects = projects_of_period(plan=plan, fiscal_year=fiscal_year, period=period)
    if not projects:
        raise PlanError("この期間に評価する事業がありません。上半期の評価は重点事業だけが対象です。")
    review = _create(plan, fiscal_year, RoundPeriod(period), self_evaluation_due, council_date, rule, actor)
    Evaluation.objects.bulk_create(
        Evaluation(municipality=review.municipality, round=review, project=project) for project in projects
    )
    data = {"fiscal_year": fiscal_year, "period": str(period), "rule": rule.pk}
    record_event(kind=events.ROUND_OPENED, subject=review, actor=actor, quantity=len(projects), data=data)
    return review


def projects_of_period(*, plan: Plan, fiscal_year: int, period: RoundPeriod | str) -> list[Project]:
    """Return the projects that a round looks at; one discontinued in an earlier year is no longer evaluated."""
    found = Project.objects.filter(plan=plan).exclude(discontinued_from__lt=fiscal_year)
    if period == RoundPeriod.FIRST_HALF:
        found = found.filter(is_priority=True)
    return list(found)


def _check_opening(plan: Plan, fiscal_year: int, due: date, council_date: date | None, rule: ScoringRule) -> None:
    if fiscal_year not in plan.fiscal_years:
        first, last = fiscal.label(plan.start_fiscal_year), fiscal.label(plan.end_fiscal_year)
        raise PlanError(f"{fiscal.label(fiscal_year)}は計画期間（{first}〜{last}）の外です。")
    if rule.version < 1:
        raise PlanError("下書きの採点規則では評価を開始できません。先に公開してください。")
    if council_date is not None and council_date < due:
        raise PlanError("調整会議の開催日は、自己評価の期限より後にしてください。")
    require_open_period(plan=plan, fiscal_year=fiscal_year)


def _create(
    plan: Plan,
    fiscal_year: int,
    period: RoundPeriod,
    due: date,
    council_date: date | None,
    rule: ScoringRule,
    actor: Account,
) -> ReviewRound:
    try:
        with transaction.atomic():
            return ReviewRound.objects.create(
                municipality=current_municipality(),
                plan=plan,
                fiscal_year=fiscal_year,
                period=period,
                scoring_rule=rule,
                self_evaluation_due=due,
                council_date=council_date,
                opened_by=actor,
                opened_at=clock.now(),
            )
    except IntegrityError as error:
        message = f"{round_name(fiscal_year, period)}の評価は、すでに開始されています。"
        raise PlanError(message) from error


@recording_refusals(events.EVALUATION_REFUSED, subject="review")
def advance_round(*, review: ReviewRound, status: str, actor: Account, reason: str = "") -> ReviewRound:
    """
    Bring a round to the next stage; ``status`` is the stage the actor saw.

    Raises ``RefusedError``, ``StaleError`` when the stage has moved meanwhile, and ``StageError`` when something is
    missing: self-evaluations (unless ``reason`` says why one goes on without them), or scores.
    """
    review = _locked(review, "advance", status, actor)
    step = _step("advance", review)
    _require_complete(review, step, reason)
    _move(review, step, reason, actor)
    record_event(kind=events.ROUND_ADVANCED, subject=review, actor=actor, data={"from": step.start, "to": step.end})
    return review


@recording_refusals(events.EVALUATION_REFUSED, subject="review")
def return_round(*, review: ReviewRound, status: str, reason: str, actor: Account) -> ReviewRound:
    """Bring a round back to the stage before, with a reason. Raises as ``advance_round``."""
    review = _locked(review, "advance", status, actor)
    step = _step("return", review)
    if not reason.strip():
        raise StageError("前の段階へ戻す理由を書いてください。")
    if step.start == RoundStatus.COUNCIL and review.evaluations.filter(status=EvaluationStatus.DECIDED).exists():
        raise StageError("調整会議が決めた評価があります。先に決定を取り消してください。")
    _move(review, step, reason, actor)
    record_event(kind=events.ROUND_RETURNED, subject=review, actor=actor, data={"from": step.start, "to": step.end})
    return review


@recording_refusals(events.EVALUATION_REFUSED, subject="review")
def close_round(*, review: ReviewRound, status: str, actor: Account) -> ReviewRound:
    """
    Close a round and freeze its period: figures and marks are written down with their digest and cannot change.

    Raises ``RefusedError``, ``StaleError``, and ``StageError`` while a project has no decision of the council.
    """
    review = _locked(review, "close", status, actor)
    step = _step("close", review)
    _require_complete(review, step, "")
    freeze(review=review)
    _move(review, step, "", actor)
    record_event(
        kind=events.ROUND_CLOSED,
        subject=review,
        actor=actor,
        quantity=review.evaluations.count(),
        data={"digest": review.digest, "fiscal_year": review.fiscal_year, "period": review.period},
    )
    return review


def _locked(review: ReviewRound, action: str, status: str, actor: Account) -> ReviewRound:
    review_policy.require(actor, action, review)
    found = ReviewRound.objects.select_for_update(of=("self",)).select_related("plan").get(pk=review.pk)
    if found.status != status:
        now = RoundStatus(found.status).label
        yours = {"段階": RoundStatus(status).label if status in RoundStatus else status}
        raise StaleError(
            f"評価の段階は、すでに「{now}」に変わっています。画面を開き直してください。",
            yours=yours,
            theirs={"段階": now},
        )
    return found


def _step(action: str, review: ReviewRound) -> RoundStep:
    step = round_step(action, review.status)
    if step is None:
        raise StageError(f"いまの段階（{review.get_status_display()}）では、この操作はできません。")
    return step


def _require_complete(review: ReviewRound, step: RoundStep, reason: str) -> None:
    missing = review.evaluations.exclude(status__in=_COMPLETE[step.start]).count()
    if not missing or (step.start == RoundStatus.SELF_EVALUATION and reason.strip()):
        return
    raise StageError(f"{missing}件の事業が残っています。次の段階へ進む条件: {step.condition}。")


_COMPLETE: dict[str, tuple[EvaluationStatus, ...]] = {
    RoundStatus.SELF_EVALUATION: (EvaluationStatus.SUBMITTED, EvaluationStatus.SCORED, EvaluationStatus.DECIDED),
    RoundStatus.SECRETARIAT: (EvaluationStatus.SCORED, EvaluationStatus.DECIDED),
    RoundStatus.COUNCIL: (EvaluationStatus.DECIDED,),
}


def _move(review: ReviewRound, step: RoundStep, reason: str, actor: Account) -> None:
    review.status = step.end
    review.save(update_fields=["status"])
    record_change(
        plan=review.plan, subject=review, field="段階", before=step.start, after=step.end, reason=reason, actor=actor
    )
