"""What happens in the plan room."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.events import declare

DRAFT_IMPORTED = declare("plan.draft.imported", N_("計画書を読み取りました"))
DRAFT_CORRECTED = declare("plan.draft.corrected", N_("読み取り結果を訂正しました"))
DRAFT_DISCARDED = declare("plan.draft.discarded", N_("読み取り結果を破棄しました"))
IMPORT_REFUSED = declare("plan.draft.refused", N_("計画書の取り込みをお断りしました"), is_refusal=True)
PLAN_PUBLISHED = declare("plan.plan.published", N_("計画を公開しました"))
ACTUAL_ENTERED = declare("plan.actual.entered", N_("実績を入力しました"))
ACTUAL_APPROVED = declare("plan.actual.approved", N_("実績を承認しました"))
ACTUAL_RETURNED = declare("plan.actual.returned", N_("実績を差し戻しました"))
ACTUAL_UNAPPROVED = declare("plan.actual.unapproved", N_("実績の承認を取り消しました"))
ACTUAL_REFUSED = declare("plan.actual.refused", N_("実績の登録をお断りしました"), is_refusal=True)
INDICATOR_BOUND = declare("plan.indicator.bound", N_("指標の実績の取り方を変えました"))
INDICATOR_ASSIGNED = declare("plan.indicator.assigned", N_("指標の担当を決めました"))
PUSH_REFUSED = declare("plan.push.refused", N_("外部システムからの実績をお断りしました"), is_refusal=True)
TOKEN_ISSUED = declare("plan.token.issued", N_("送信トークンを発行しました"))
TOKEN_REVOKED = declare("plan.token.revoked", N_("送信トークンを失効させました"))
ROUND_OPENED = declare("plan.round.opened", N_("評価を開始しました"))
ROUND_ADVANCED = declare("plan.round.advanced", N_("評価を次の段階へ進めました"))
ROUND_CLOSED = declare("plan.round.closed", N_("評価を確定しました"))
EVALUATION_SUBMITTED = declare("plan.evaluation.submitted", N_("自己評価を提出しました"))
EVALUATION_SCORED = declare("plan.evaluation.scored", N_("事務局が確認しました"))
EVALUATION_DECIDED = declare("plan.evaluation.decided", N_("調整会議が評価を決めました"))
EVALUATION_REFUSED = declare("plan.evaluation.refused", N_("評価の操作をお断りしました"), is_refusal=True)
IMPROVEMENT_ORDERED = declare("plan.order.issued", N_("改善を指示しました"))
IMPROVEMENT_ANSWERED = declare("plan.order.answered", N_("改善指示に回答しました"))
IMPROVEMENT_ACCEPTED = declare("plan.order.accepted", N_("改善を確認しました"))
PROJECT_REVISED = declare("plan.project.revised", N_("事業の計画を見直しました"))
PROJECT_MOVED = declare("plan.project.moved", N_("事業区分を変えました"))
ROUND_RETURNED = declare("plan.round.returned", N_("評価を前の段階へ戻しました"))
EVALUATION_RETURNED = declare("plan.evaluation.returned", N_("自己評価を担当課へ差し戻しました"))
IMPROVEMENT_RETURNED = declare("plan.order.returned", N_("改善指示への回答を差し戻しました"))
SCORING_PUBLISHED = declare("plan.scoring.published", N_("採点規則の新しい版を公開しました"))
REVISION_REFUSED = declare("plan.project.refused", N_("計画の見直しをお断りしました"), is_refusal=True)
