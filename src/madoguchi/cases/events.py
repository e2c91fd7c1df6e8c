"""What happens in the cases room."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.events import declare

CASE_OPENED = declare("cases.case.opened", N_("案件を始めました"))
CASE_CLOSED = declare("cases.case.closed", N_("案件を終えました"))
CASE_ASSIGNED = declare("cases.case.assigned", N_("案件の担当者を決めました"))
CASE_TRANSFERRED = declare("cases.case.transferred", N_("案件をほかの課へ移しました"))
CASE_SPLIT = declare("cases.case.split", N_("案件を分けました"))
CASE_RESCHEDULED = declare("cases.case.rescheduled", N_("案件の期限を変えました"))
CASE_OVERDUE = declare("cases.case.overdue", N_("案件の期限が過ぎました"))
CASE_STUCK = declare("cases.case.stuck", N_("案件の業務フローが止まりました"))
CASE_RESUMED = declare("cases.case.resumed", N_("止まった業務フローをやり直しました"))
CASE_UNDONE = declare("cases.case.undone", N_("操作を元に戻しました"))
CASE_REFUSED = declare("cases.case.refused", N_("案件の操作をお断りしました"), is_refusal=True)
TASK_OPENED = declare("cases.task.opened", N_("作業が始まりました"))
TASK_COMPLETED = declare("cases.task.completed", N_("作業を終えました"))
MESSAGE_DELIVERED = declare("cases.message.delivered", N_("業務フローに知らせが届きました"))
MESSAGE_THROWN = declare("cases.message.thrown", N_("業務フローが知らせを出しました"))
NOTE_ADDED = declare("cases.note.added", N_("メモを書きました"))
WORKFLOW_SAVED = declare("cases.workflow.saved", N_("業務フローの下書きを保存しました"))
WORKFLOW_PUBLISHED = declare("cases.workflow.published", N_("業務フローを公開しました"))
WORKFLOW_RETIRED = declare("cases.workflow.retired", N_("業務フローを廃止しました"))
