"""Event types of the records room."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

from madoguchi.trust.events import declare

DOCUMENT_REQUESTED = declare("records.document.requested", N_("文書の作成を始めました"))
DOCUMENT_ISSUED = declare("records.document.issued", N_("文書を発行しました"))
DOCUMENT_REVOKED = declare("records.document.revoked", N_("文書を取り消しました"))
DOCUMENT_REPLACED = declare("records.document.replaced", N_("文書を差し替えました"))
DOCUMENT_FAILED = declare("records.document.failed", N_("文書を作成できませんでした"))
DOCUMENT_RETRIED = declare("records.document.retried", N_("文書の作成をやり直しました"))
DOCUMENT_VERIFIED = declare("records.document.verified", N_("文書が確認されました"))
DOCUMENT_DOWNLOADED = declare("records.document.downloaded", N_("文書がダウンロードされました"))
DOCUMENT_RENEWED = declare("records.document.renewed", N_("文書のタイムスタンプを更新しました"))
VERIFICATION_REFUSED = declare(
    "records.verification.refused", N_("文書の確認を、回数が多いためお断りしました"), is_refusal=True
)
BATCH_STARTED = declare("records.batch.started", N_("文書の一括作成を始めました"))
TEMPLATE_SAVED = declare("records.template.saved", N_("文書のひな形を保存しました"))
TEMPLATE_PUBLISHED = declare("records.template.published", N_("文書のひな形を使い始めました"))
PROFILE_CHANGED = declare("records.profile.changed", N_("発行者の表示を変更しました"))
