"""What happens in the procedures room. Data carry codes, ids and quantities, never names."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.events import declare

# Applications on their way through the office; ``data`` holds the procedure's code and the channel.
APPLICATION_ACCEPTED = declare("procedures.application.accepted", N_("担当が申請を受け取りました"))
FEE_REQUESTED = declare("procedures.application.fee_requested", N_("手数料のお支払いをお願いしました"))
FEE_PAID = declare("procedures.application.fee_paid", N_("手数料のお支払いを確認しました"))
FEE_EXPIRED = declare("procedures.application.fee_expired", N_("お支払いの期限が過ぎました"))
CORRECTION_REQUESTED = declare("procedures.correction.requested", N_("補正をお願いしました"))
CORRECTION_CANCELLED = declare("procedures.correction.cancelled", N_("補正のお願いを取り消しました"))
APPLICATION_DECIDED = declare("procedures.application.decided", N_("結果が決まりました"))
DOCUMENT_READY = declare("procedures.application.document_ready", N_("文書ができました"))
APPLICATION_COMPLETED = declare("procedures.application.completed", N_("手続が終わりました"))
MINUTES_SAVED = declare("procedures.minutes.saved", N_("削減した時間を計上しました"))

# What the applicant does. Sending carries the language and, as quantity, the minutes from the start.
DRAFT_STARTED = declare("procedures.draft.started", N_("申請の入力を始めました"))
DRAFT_DISCARDED = declare("procedures.draft.discarded", N_("入力途中の申請を破棄しました"))
DRAFT_EXPIRED = declare("procedures.draft.expired", N_("保存期限を過ぎた入力途中の申請を消しました"))
DRAFT_REFUSED = declare("procedures.draft.refused", N_("ほかの人の入力途中の申請をお断りしました"), is_refusal=True)
SENDING_REFUSED = declare("procedures.application.refused", N_("申請の送信をお断りしました"), is_refusal=True)
APPLICATION_SUBMITTED = declare("procedures.application.submitted", N_("申請を受け付けました"))
APPLICATION_WITHDRAWN = declare("procedures.application.withdrawn", N_("申請が取り下げられました"))
APPLICATION_CORRECTED = declare("procedures.application.corrected", N_("補正を受け付けました"))
MESSAGE_SENT = declare("procedures.message.sent", N_("メッセージを送りました"))
CALENDAR_RENEWED = declare("procedures.calendar.renewed", N_("カレンダーの配信アドレスを新しくしました"))

# Checklists of the finder; ``data`` holds the life event.
CHECKLIST_SAVED = declare("procedures.checklist.saved", N_("手続リストを保存しました"))
CHECKLIST_TICKED = declare("procedures.checklist.ticked", N_("手続リストに済みの印を付けました"))
CHECKLIST_MAILED = declare("procedures.checklist.mailed", N_("手続リストをメールで送りました"))
FINDER_USED = declare("procedures.finder.used", N_("手続探しで結果を見ました"))
BUNDLE_STARTED = declare("procedures.checklist.bundle_started", N_("手続リストからまとめて申請を始めました"))

# Definitions; ``data`` holds the procedure's code and the number of the version.
PROCEDURE_CREATED = declare("procedures.procedure.created", N_("手続をつくりました"))
DRAFT_SAVED = declare("procedures.version.saved", N_("手続の下書きを保存しました"))
VERSION_OPENED = declare("procedures.version.opened", N_("手続の新しい版を書き始めました"))
VERSION_DISCARDED = declare("procedures.version.discarded", N_("手続の下書きを破棄しました"))
VERSION_PUBLISHED = declare("procedures.version.published", N_("手続を公開しました"))
PROCEDURE_RETIRED = declare("procedures.procedure.retired", N_("手続の受付を終えました"))
PROCEDURE_CHECKED = declare("procedures.procedure.checked", N_("手続の内容を確かめました"))
DEFINITION_IMPORTED = declare("procedures.version.imported", N_("手続の定義を取り込みました"))
DEFINITION_REPLAYED = declare("procedures.version.replayed", N_("前の版の申請を新しい版で試しました"))
TEMPLATE_SHARED = declare("procedures.template.shared", N_("手続のひな形を共有しました"))
TEMPLATE_USED = declare("procedures.template.used", N_("手続のひな形から手続をつくりました"))

# Surveys; ``data`` never says who answered.
SURVEY_CREATED = declare("procedures.survey.created", N_("アンケートを作りました"))
SURVEY_CHANGED = declare("procedures.survey.changed", N_("アンケートを変更しました"))
SURVEY_DRAWN = declare("procedures.survey.drawn", N_("アンケートの標本を抽出しました"))
SURVEY_MOVED = declare("procedures.survey.moved", N_("アンケートの段階を進めました"))
SURVEY_ANSWERED = declare("procedures.survey.answered", N_("アンケートの回答を受け付けました"))
SURVEY_RETURNED = declare("procedures.survey.returned", N_("調査票の戻りを記録しました"))
SURVEY_SHEET_JUDGED = declare("procedures.survey.sheet_judged", N_("回答の有効・無効を変えました"))
SURVEY_SHEET_CHECKED = declare("procedures.survey.sheet_checked", N_("用紙を二重に入力して確かめました"))
COMMENT_ANSWERED = declare("procedures.comment.answered", N_("意見に対する市の考え方を書きました"))

# Handing on to core systems; ``data`` holds the system, the grade and the procedure's code.
EXPORT_STARTED = declare("procedures.export.started", N_("申請を基幹システム用に書き出しました"))
EXPORT_READY = declare("procedures.export.ready", N_("基幹システム用のファイルができました"))
EXPORT_REPORTED = declare("procedures.export.reported", N_("基幹システムへの入力の結果を記録しました"))
