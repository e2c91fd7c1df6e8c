"""What happens in the ledger room."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.events import declare

RAISED = declare("ledger.receivable.raised", N_("納付を求めました（調定）"))
PAID = declare("ledger.receivable.paid", N_("納付がありました"))
EXPIRED = declare("ledger.receivable.expired", N_("納期限が過ぎました"))
CANCELLED = declare("ledger.receivable.cancelled", N_("納付の求めを取り消しました"))
WAIVED = declare("ledger.receivable.waived", N_("納付を減免しました"))
WRITTEN_OFF = declare("ledger.receivable.written_off", N_("不納欠損としました"))
REFUNDED = declare("ledger.receivable.refunded", N_("返金しました"))
WAIVER_REQUESTED = declare("ledger.waiver.requested", N_("減免の承認を求めました"))
WAIVER_REJECTED = declare("ledger.waiver.rejected", N_("減免を却下しました"))
REFUND_REQUESTED = declare("ledger.refund.requested", N_("返金の手続を始めました"))
REFUND_APPROVED = declare("ledger.refund.approved", N_("返金を承認しました"))
REFUND_REJECTED = declare("ledger.refund.rejected", N_("返金を却下しました"))
REFUND_FAILED = declare("ledger.refund.failed", N_("返金できませんでした"))
SESSION_STARTED = declare("ledger.session.started", N_("オンラインでの支払いを始めました"))
WEBHOOK_REFUSED = declare("ledger.webhook.refused", N_("決済代行会社からの通知をお断りしました"), is_refusal=True)
REPORT_QUARANTINED = declare("ledger.report.quarantined", N_("決済代行会社の知らせを確認待ちにしました"))
SURPLUS_RECEIVED = declare("ledger.surplus.received", N_("過誤納の入金を受け、返金を始めました"))
DISCREPANCY_FOUND = declare("ledger.discrepancy.found", N_("帳簿と合わないものが見つかりました"))
DISCREPANCY_RESOLVED = declare("ledger.discrepancy.resolved", N_("帳簿と合わなかったものを処理しました"))
SETTLEMENT_COMPARED = declare("ledger.settlement.compared", N_("精算ファイルを帳簿と照合しました"))
CASH_CLOSED = declare("ledger.cash.closed", N_("窓口の現金を締めました"))
ENTRY_REVERSED = declare("ledger.entry.reversed", N_("仕訳を訂正しました（反対仕訳）"))
SETTINGS_CHANGED = declare("ledger.settings.changed", N_("収納の設定を変えました"))
