"""Writing down what changed in a plan: who, when, why, before and after."""

from __future__ import annotations

from typing import Any

from madoguchi.kit import clock
from madoguchi.trust.api import Account, current_municipality

from ..models import ChangeRecord, Evaluation, ImprovementOrder, Indicator, Plan, Project, ReviewRound

Subject = Plan | Project | Indicator | ReviewRound | Evaluation | ImprovementOrder


def record_change(
    *,
    plan: Plan,
    subject: Subject,
    field: str,
    before: Any,
    after: Any,
    reason: str,
    actor: Account | None,
    order: ImprovementOrder | None = None,
) -> ChangeRecord:
    """Append one row of history; ``before`` and ``after`` are JSON values, ``order`` the improvement order it answers."""
    return ChangeRecord.objects.create(
        municipality=current_municipality(),
        plan=plan,
        subject_type=subject._meta.model_name or "",
        subject_id=subject.pk,
        subject_title=_title(subject)[:300],
        field=field,
        before=before,
        after=after,
        reason=reason,
        order=order,
        actor=actor,
        at=clock.now(),
    )


def _title(subject: Subject) -> str:
    if isinstance(subject, Evaluation | ImprovementOrder):
        return subject.project.title
    return str(subject)
