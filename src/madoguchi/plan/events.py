"""What happens in the plan room."""

from __future__ import annotations

from madoguchi.trust.events import declare

DRAFT_IMPORTED = declare("plan.draft.imported", "計画書を読み取りました")
DRAFT_CORRECTED = declare("plan.draft.corrected", "読み取り結果を訂正しました")
DRAFT_DISCARDED = declare("plan.draft.discarded", "読み取り結果を破棄しました")
IMPORT_REFUSED = declare("plan.draft.refused", "計画書の取り込みをお断りしました", is_refusal=True)
PLAN_PUBLISHED = declare("plan.plan.published", "計画を公開しました")
ACTUAL_ENTERED = declare("plan.actual.entered", "実績を入力しました")
ACTUAL_APPROVED = declare("plan.actual.approved", "実績を承認しました")
ACTUAL_RETURNED = declare("plan.actual.returned", "実績を差し戻しました")
ACTUAL_REFUSED = declare("plan.actual.refused", "実績の登録をお断りしました", is_refusal=True)
INDICATOR_BOUND = declare("plan.indicator.bound", "指標の実績の取り方を変えました")
TOKEN_ISSUED = declare("plan.token.issued", "送信トークンを発行しました")
TOKEN_REVOKED = declare("plan.token.revoked", "送信トークンを失効させました")
ROUND_OPENED = declare("plan.round.opened", "評価を開始しました")
ROUND_ADVANCED = declare("plan.round.advanced", "評価を次の段階へ進めました")
ROUND_CLOSED = declare("plan.round.closed", "評価を確定しました")
EVALUATION_SUBMITTED = declare("plan.evaluation.submitted", "自己評価を提出しました")
EVALUATION_SCORED = declare("plan.evaluation.scored", "事務局が確認しました")
EVALUATION_DECIDED = declare("plan.evaluation.decided", "調整会議が評価を決めました")
EVALUATION_REFUSED = declare("plan.evaluation.refused", "評価の操作をお断りしました", is_refusal=True)
IMPROVEMENT_ORDERED = declare("plan.order.issued", "改善を指示しました")
IMPROVEMENT_ANSWERED = declare("plan.order.answered", "改善指示に回答しました")
IMPROVEMENT_ACCEPTED = declare("plan.order.accepted", "改善を確認しました")
PROJECT_REVISED = declare("plan.project.revised", "事業の計画を見直しました")
PROJECT_MOVED = declare("plan.project.moved", "事業区分を変えました")
