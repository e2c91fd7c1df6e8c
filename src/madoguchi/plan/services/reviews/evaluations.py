"""Evaluations of single projects: the section evaluates itself, the secretariat scores, the council decides."""

from __future__ import annotations

from typing import Any

from madoguchi.kit import clock
from madoguchi.trust.api import Account, record_event

from ... import events
from ...enums import EvaluationStatus, RoundStatus
from ...errors import FrozenPeriodError, PlanError, StageError, StaleError
from ...models import Evaluation, ReviewRound
from ...permissions import review_policy
from ...rules.review_flow import PROGRESS_MARKS, evaluation_step, reason_missing, round_name
from ...selectors.scoring import allowed_marks, computed_marks
from ..changes import record_change
from ..refusals import recording_refusals


@recording_refusals(events.EVALUATION_REFUSED, subject="evaluation")
def submit_evaluation(
    *, evaluation: Evaluation, progress: str, reason: str = "", version: int, actor: Account
) -> Evaluation:
    """
    Submit or replace the self-evaluation of a project: ○, △ or ×, the last two with a reason.

    The computed score is worked out anew. ``version`` is the one the actor saw. Raises ``RefusedError`` for another
    section, ``StaleError``, ``StageError`` once the stage has moved, ``FrozenPeriodError``, ``PlanError`` on bad fields.
    """
    evaluation = _locked(evaluation, "submit", "evaluate", version, actor, {"進捗": progress, "理由": reason})
    if progress not in PROGRESS_MARKS:
        raise PlanError(f"進捗は {'・'.join(PROGRESS_MARKS)} から選んでください。")
    if reason_missing(progress, reason):
        raise PlanError(f"進捗を{progress}とするときは、理由を書いてください。")
    before = _said(evaluation.progress, evaluation.reason)
    evaluation.computed = computed_marks(evaluation=evaluation, progress=progress)
    evaluation.progress, evaluation.reason = progress, reason.strip()
    evaluation.submitted_by, evaluation.submitted_at = actor, clock.now()
    after = _said(progress, evaluation.reason)
    _save(evaluation, EvaluationStatus.SUBMITTED, "自己評価", before, after, evaluation.reason, actor)
    record_event(kind=events.EVALUATION_SUBMITTED, subject=evaluation, actor=actor, data={"mark": progress})
    return evaluation


@recording_refusals(events.EVALUATION_REFUSED, subject="evaluation")
def return_evaluation(*, evaluation: Evaluation, reason: str, version: int, actor: Account) -> Evaluation:
    """Send a self-evaluation back to its section with a reason. Raises as ``submit_evaluation``."""
    evaluation = _locked(evaluation, "return", "score", version, actor, {"理由": reason})
    if not reason.strip():
        raise PlanError("差し戻す理由を書いてください。担当課に表示されます。")
    before = evaluation.status
    evaluation.score, evaluation.score_comment, evaluation.scored_by, evaluation.scored_at = "", "", None, None
    _save(evaluation, EvaluationStatus.WAITING, "差し戻し", before, "waiting", reason.strip(), actor)
    record_event(kind=events.EVALUATION_RETURNED, subject=evaluation, actor=actor)
    return evaluation


@recording_refusals(events.EVALUATION_REFUSED, subject="evaluation")
def score_evaluation(
    *, evaluation: Evaluation, score: str, comment: str = "", version: int, actor: Account
) -> Evaluation:
    """
    Score a project as the secretariat; ``score`` is a mark of the round's rule.

    A comment is asked for where the score differs from the computed one or nothing was submitted. Nobody scores what
    they submitted themselves. Raises as ``submit_evaluation``.
    """
    evaluation = _locked(evaluation, "score", "score", version, actor, {"評価": score, "意見": comment})
    _require_other(evaluation.submitted_by_id, actor, "自己評価を提出した人は、同じ事業を採点できません。")
    _require_mark(evaluation, score)
    if not comment.strip() and _needs_comment(evaluation, score):
        raise PlanError("自動採点と違う評価にするとき、または未提出のまま評価するときは、意見を書いてください。")
    _score(evaluation, score, comment.strip(), actor)
    return evaluation


@recording_refusals(events.EVALUATION_REFUSED, subject="review")
def score_as_computed(*, review: ReviewRound, versions: dict[int, int], actor: Account) -> dict[int, int]:
    """
    Give the chosen projects the mark that the rule computed; ``versions`` maps evaluations to the version seen.

    All or nothing. Returns the new versions, which ``undo_scores`` takes back. Raises as ``score_evaluation``, and
    ``PlanError`` naming a project whose mark could not be computed.
    """
    scored: dict[int, int] = {}
    for evaluation in _chosen(review, versions):
        locked = _locked(evaluation, "score", "score", versions[evaluation.pk], actor, {})
        _require_other(locked.submitted_by_id, actor, f"「{locked.project.title}」はご自身の提出のため採点できません。")
        mark = str(locked.computed.get("mark") or "")
        if locked.status == EvaluationStatus.WAITING or not mark or mark == "−":
            raise PlanError(f"「{locked.project.title}」は自動採点できません。個別に評価してください。")
        _score(locked, mark, locked.score_comment, actor)
        scored[locked.pk] = locked.version
    return scored


@recording_refusals(events.EVALUATION_REFUSED, subject="review")
def undo_scores(*, review: ReviewRound, versions: dict[int, int], actor: Account) -> int:
    """Take scores back that nobody changed since; returns how many. Raises as ``score_evaluation``."""
    for evaluation in _chosen(review, versions):
        locked = _locked(evaluation, "unscore", "score", versions[evaluation.pk], actor, {})
        before = _said(locked.score, locked.score_comment)
        locked.score, locked.score_comment, locked.scored_by, locked.scored_at = "", "", None, None
        _save(locked, EvaluationStatus.SUBMITTED, "事務局の評価", before, None, "採点の取り消し", actor)
    return len(versions)


@recording_refusals(events.EVALUATION_REFUSED, subject="evaluation")
def decide_evaluation(
    *, evaluation: Evaluation, decision: str, comment: str = "", version: int, actor: Account
) -> Evaluation:
    """
    Decide the mark of a project as the council (調整会議); orders are issued with ``order_improvement``.

    A comment is asked for where the decision differs from the secretariat's score. Raises as ``submit_evaluation``.
    """
    evaluation = _locked(evaluation, "decide", "decide", version, actor, {"評価": decision, "意見": comment})
    _require_other(evaluation.scored_by_id, actor, "事務局として採点した人は、同じ事業の評価を決定できません。")
    _require_mark(evaluation, decision)
    if decision != evaluation.score and not comment.strip():
        raise PlanError("事務局の評価と違う評価にするときは、意見を書いてください。")
    _decide(evaluation, decision, comment.strip(), actor)
    return evaluation


@recording_refusals(events.EVALUATION_REFUSED, subject="review")
def decide_as_scored(*, review: ReviewRound, versions: dict[int, int], actor: Account) -> dict[int, int]:
    """Decide the chosen projects as the secretariat scored them, all or nothing; returns the new versions."""
    decided: dict[int, int] = {}
    for evaluation in _chosen(review, versions):
        locked = _locked(evaluation, "decide", "decide", versions[evaluation.pk], actor, {})
        _require_other(locked.scored_by_id, actor, f"「{locked.project.title}」はご自身の採点のため決定できません。")
        _decide(locked, locked.score, locked.decision_comment, actor)
        decided[locked.pk] = locked.version
    return decided


@recording_refusals(events.EVALUATION_REFUSED, subject="review")
def undo_decisions(*, review: ReviewRound, versions: dict[int, int], actor: Account) -> int:
    """Take decisions back that nobody changed since and that led to no order; returns how many."""
    for evaluation in _chosen(review, versions):
        locked = _locked(evaluation, "undecide", "decide", versions[evaluation.pk], actor, {})
        if locked.orders.exists():
            raise StageError(f"「{locked.project.title}」には改善指示が出ているため、決定を取り消せません。")
        before = _said(locked.decision, locked.decision_comment)
        locked.decision, locked.decision_comment, locked.decided_by, locked.decided_at = "", "", None, None
        _save(locked, EvaluationStatus.SCORED, "調整会議の評価", before, None, "決定の取り消し", actor)
    return len(versions)


def _score(evaluation: Evaluation, score: str, comment: str, actor: Account) -> None:
    before = _said(evaluation.score, evaluation.score_comment)
    evaluation.score, evaluation.score_comment = score, comment
    evaluation.scored_by, evaluation.scored_at = actor, clock.now()
    _save(evaluation, EvaluationStatus.SCORED, "事務局の評価", before, _said(score, comment), comment, actor)
    record_event(kind=events.EVALUATION_SCORED, subject=evaluation, actor=actor, data={"mark": score})


def _decide(evaluation: Evaluation, decision: str, comment: str, actor: Account) -> None:
    before = _said(evaluation.decision, evaluation.decision_comment)
    evaluation.decision, evaluation.decision_comment = decision, comment
    evaluation.decided_by, evaluation.decided_at = actor, clock.now()
    _save(evaluation, EvaluationStatus.DECIDED, "調整会議の評価", before, _said(decision, comment), comment, actor)
    record_event(kind=events.EVALUATION_DECIDED, subject=evaluation, actor=actor, data={"mark": decision})


def _locked(
    evaluation: Evaluation, step: str, action: str, version: int, actor: Account, wanted: dict[str, str]
) -> Evaluation:
    """Return the evaluation locked for the change, after every check that all steps share."""
    review_policy.require(actor, action, evaluation.project)
    # The round is locked first, so that nobody closes it while an evaluation changes.
    review = ReviewRound.objects.select_for_update().get(pk=evaluation.round_id)
    found = Evaluation.objects.select_for_update(of=("self",)).select_related("project").get(pk=evaluation.pk)
    found.round = review
    _require_open(review)
    if found.version != version:
        raise StaleError(yours=wanted, theirs=_facts(found))
    if evaluation_step(step, review.status, found.status) is None:
        stage, state = review.get_status_display(), found.get_status_display()
        raise StageError(f"この事業（{state}）は、いまの段階（{stage}）ではこの操作ができません。")
    return found


def _require_open(review: ReviewRound) -> None:
    if review.status == RoundStatus.CLOSED:
        name = round_name(review.fiscal_year, review.period)
        raise FrozenPeriodError(f"{name}の評価は確定しているため、変更できません。")


def _facts(evaluation: Evaluation) -> dict[str, str]:
    facts = {
        "状態": evaluation.get_status_display(),
        "進捗": evaluation.progress,
        "理由": evaluation.reason,
        "事務局の評価": evaluation.score,
        "事務局の意見": evaluation.score_comment,
        "調整会議の評価": evaluation.decision,
        "調整会議の意見": evaluation.decision_comment,
    }
    return {name: text for name, text in facts.items() if text}


def _require_other(person_id: int | None, actor: Account, message: str) -> None:
    if person_id is not None and person_id == actor.pk:
        raise PlanError(message)


def _require_mark(evaluation: Evaluation, mark: str) -> None:
    marks = allowed_marks(rule=evaluation.round.scoring_rule)
    if mark not in marks:
        raise PlanError(f"評価は {'・'.join(marks)} から選んでください。")


def _needs_comment(evaluation: Evaluation, score: str) -> bool:
    computed = evaluation.computed.get("mark")
    return evaluation.status == EvaluationStatus.WAITING or (computed not in {None, "", "−"} and computed != score)


def _chosen(review: ReviewRound, versions: dict[int, int]) -> list[Evaluation]:
    found = list(Evaluation.objects.filter(round=review, pk__in=versions).select_related("project"))
    if len(found) != len(versions) or not found:
        raise PlanError("事業を1件以上選んでください。この評価にない事業は選べません。")
    return found


def _said(mark: str, text: str) -> dict[str, str] | None:
    return {"評価": mark, "意見": text} if mark else None


def _save(
    evaluation: Evaluation, status: EvaluationStatus, field: str, before: Any, after: Any, reason: str, actor: Account
) -> None:
    evaluation.status = status
    evaluation.version += 1
    evaluation.save()
    record_change(
        plan=evaluation.round.plan,
        subject=evaluation,
        field=field,
        before=before,
        after=after,
        reason=reason,
        actor=actor,
    )
