"""A person corrects what a reader made of a document, before it is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from madoguchi.kit import clock
from madoguchi.trust.api import Account, record_event

from .. import events
from ..enums import DraftStatus
from ..errors import PlanError
from ..models import PlanDraft
from ..permissions import plan_policy
from ..rules import corrections
from ..rules.corrections import Correction

Change = Callable[[dict[str, Any]], tuple[dict[str, Any], Correction]]


def correct_draft(*, draft: PlanDraft, path: str, text: str, reason: str, version: int, actor: Account) -> PlanDraft:
    """Replace one value of a draft; raises ``PlanError`` when the text does not fit or somebody was faster."""
    return _change(draft, version, actor, reason, lambda content: corrections.correct(content, path, text))


def ignore_row(*, draft: PlanDraft, line: int, reason: str, version: int, actor: Account) -> PlanDraft:
    """Set an unplaced row aside, with the reason."""
    if not reason.strip():
        raise PlanError("対象外とする理由を入力してください。")
    return _change(draft, version, actor, reason, lambda content: corrections.ignore_row(content, line, reason))


def place_row(
    *,
    draft: PlanDraft,
    line: int,
    part: str,
    role: str,
    label: str,
    version: int,
    actor: Account,
    fiscal_year: int | None = None,
    text: str = "",
) -> PlanDraft:
    """Place an unplaced row as an action ("action") or as an indicator ("indicator") of a part of the plan."""

    def change(content: dict[str, Any]) -> tuple[dict[str, Any], Correction]:
        if role == "action":
            return corrections.place_as_action(content, line, part, label)
        return corrections.place_as_indicator(content, line, part, label=label, fiscal_year=fiscal_year or 0, text=text)

    return _change(draft, version, actor, "置き場所を決めた", change)


@transaction.atomic
def discard_draft(*, draft: PlanDraft, actor: Account) -> PlanDraft:
    """Throw a draft away; what was published before stays."""
    plan_policy.require(actor, "correct")
    draft = _locked(draft)
    draft.status = DraftStatus.DISCARDED
    draft.save(update_fields=["status"])
    record_event(kind=events.DRAFT_DISCARDED, subject=draft, actor=actor)
    return draft


@transaction.atomic
def _change(draft: PlanDraft, version: int, actor: Account, reason: str, change: Change) -> PlanDraft:
    plan_policy.require(actor, "correct")
    draft = _locked(draft)
    if draft.version != version:
        raise PlanError("ほかの人が先に訂正しました。画面を読み直して、いまの内容を確かめてから訂正してください。")
    content, correction = change(draft.content)
    draft.content = content
    draft.corrections = [
        *draft.corrections,
        {
            "path": correction.path,
            "before": correction.before,
            "after": correction.after,
            "reason": reason,
            "actor": actor.pk,
            "at": clock.now().isoformat(),
        },
    ]
    draft.version += 1
    draft.save(update_fields=["content", "corrections", "version"])
    record_event(kind=events.DRAFT_CORRECTED, subject=draft, actor=actor, data={"path": correction.path})
    return draft


def _locked(draft: PlanDraft) -> PlanDraft:
    found = PlanDraft.objects.select_for_update().get(pk=draft.pk)
    if found.status != DraftStatus.OPEN:
        raise PlanError("この読み取り結果は、すでに公開または破棄されています。")
    return found
