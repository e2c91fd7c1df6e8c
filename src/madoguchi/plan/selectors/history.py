"""Reads of the history: who changed what in a plan, when and why, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from ..models import ChangeRecord, Evaluation, ImprovementOrder, Indicator, Plan, Project
from ..rules.revision import field_label, shown
from .review_words import in_words

SUBJECTS = {
    "plan": "計画",
    "project": "事業",
    "indicator": "指標",
    "reviewround": "評価の段階",
    "evaluation": "事業の評価",
    "improvementorder": "改善指示",
}
CONTENT = ("plan", "project", "indicator")
"""Kinds of subjects whose changes are changes of the plan itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A change as people read it."""

    record: ChangeRecord
    kind: str
    label: str
    before: str
    after: str


def plan_history(plan: Plan, *, kind: str = "", word: str = "") -> QuerySet[ChangeRecord]:
    """Return the changes of a plan, the newest first; ``kind`` is a key of ``SUBJECTS``, ``content`` or empty for all."""
    found = ChangeRecord.objects.filter(plan=plan).select_related("actor", "order").order_by("-at", "-id")
    if kind:
        found = found.filter(subject_type__in=CONTENT if kind == "content" else (kind,))
    return found.filter(Q(subject_title__icontains=word) | Q(reason__icontains=word)) if word else found


def project_history(project: Project) -> QuerySet[ChangeRecord]:
    """Return the changes of a project: its own, those of its indicators, and what its reviews said."""
    parts = Q(subject_type="project", subject_id=project.pk)
    for name, rows in (
        ("indicator", Indicator.objects.filter(project=project)),
        ("evaluation", Evaluation.objects.filter(project=project)),
        ("improvementorder", ImprovementOrder.objects.filter(project=project)),
    ):
        parts |= Q(subject_type=name, subject_id__in=rows.values("pk"))
    return plan_history(project.plan).filter(parts)


def changes_of_order(order: ImprovementOrder) -> QuerySet[ChangeRecord]:
    """Return the re-planning changes that answer an improvement order."""
    found = ChangeRecord.objects.filter(order=order, subject_type__in=CONTENT)
    return found.select_related("actor").order_by("at", "id")


def history_rows(records: Iterable[ChangeRecord]) -> list[HistoryRow]:
    """Return changes as people read them."""
    return [
        HistoryRow(
            record=record,
            kind=in_words(SUBJECTS.get(record.subject_type, record.subject_type)),
            label=in_words(field_label(record.field)),
            before=shown(record.before),
            after=shown(record.after),
        )
        for record in records
    ]


def history_table(records: Iterable[ChangeRecord]) -> list[dict[str, Any]]:
    """Return changes as rows of a CSV file."""
    return [
        {
            "日時": row.record.at.isoformat(timespec="seconds"),
            "対象の種類": row.kind,
            "対象": row.record.subject_title,
            "項目": row.label,
            "変更前": row.before,
            "変更後": row.after,
            "理由": row.record.reason,
            "改善指示": row.record.order_id or "",
            "変更者": str(row.record.actor or ""),
        }
        for row in history_rows(records)
    ]
