"""Refusals of identity: what people are told, and the event that says why."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from ... import events
from ...errors import IdentityRefusedError
from ...models import Account, Event, current_municipality
from ..events import record_event

AGAIN = N_("お手数ですが、はじめからやり直してください。")
CALL = N_("しばらくしてからやり直してください。続くときは、お手数ですが市区町村の窓口にご連絡ください。")
COUNTER = N_("窓口では、ほかの方法で本人確認ができます。")

# Reason code → what happened, what to do. Everything else is a fault of the provider's answer, which people need not read.
WORDS: dict[str, tuple[str, str]] = {
    "cancelled": (N_("本人確認は中止されました。"), N_("何も送られていません。続けるときは、もう一度お試しください。")),
    "unknown_state": (N_("この画面からは本人確認を続けられません。"), AGAIN),
    "replayed_state": (N_("この本人確認は、すでに使われました。"), AGAIN),
    "expired_state": (N_("本人確認に時間がかかったため、期限が切れました。"), AGAIN),
    "other_browser": (
        N_("本人確認を始めたブラウザーと違うブラウザーに戻りました。"),
        N_("始めたときと同じ端末・同じブラウザーで、はじめからやり直してください。"),
    ),
    "too_many": (N_("短い間に何度も本人確認が始められました。"), N_("10分ほど待ってから、もう一度お試しください。")),
    "missing_acr": (N_("カードによる確認が行われたことを確かめられませんでした。"), AGAIN),
    "weak_acr": (
        N_("必要な強さの本人確認が行われませんでした。"),
        N_("マイナンバーカードと暗証番号を使って、はじめからやり直してください。"),
    ),
    "old_authentication": (N_("新しい本人確認が行われませんでした。"), AGAIN),
    "expired_token": (N_("本人確認の結果の期限が切れています。"), AGAIN),
    "provider_unavailable": (N_("本人確認のサービスにつながりませんでした。"), CALL),
    "provider_error": (N_("本人確認のサービスが、確認できないと答えました。"), CALL),
    "code_refused": (N_("本人確認のサービスが、この結果をもう受け付けませんでした。"), AGAIN),
    "linked_elsewhere": (
        N_("この本人確認は、別のアカウントに結び付いています。"),
        N_("いったんサインアウトし、この本人確認でサインインしてください。"),
    ),
    "other_person": (
        N_("このアカウントに結び付いている方と、違う方の本人確認でした。"),
        N_("ご本人のカードで、はじめからやり直してください。"),
    ),
    "inactive": (N_("このアカウントは停止されています。"), COUNTER),
    "last_way_in": (
        N_("この結び付けを外すと、サインインできなくなります。"),
        N_("先にメールアドレスとパスワードを設定するか、ほかの本人確認を結び付けてください。"),
    ),
    "redirect_too_long": (N_("設定の誤りで、本人確認を始められません。"), CALL),
    "cannot_sign": (N_("この方法では電子署名ができません。"), COUNTER),
    "wrong_signature": (N_("電子署名が、この文書のものではありませんでした。"), AGAIN),
    "expired_certificate": (
        N_("署名用電子証明書の有効期限が切れています。"),
        N_("市区町村の窓口で、署名用電子証明書を更新してください。"),
    ),
    "revoked_certificate": (
        N_("署名用電子証明書は失効しています。引っ越しや氏名の変更のあとは、失効します。"),
        N_("市区町村の窓口で、署名用電子証明書を新しく発行してください。"),
    ),
    "revocation_unknown": (N_("署名用電子証明書が有効かどうかを確かめられませんでした。"), CALL),
    "signer_differs": (
        N_("署名した方が、このアカウントの方と違います。"),
        N_("申請するご本人のマイナンバーカードで署名してください。"),
    ),
}
_OTHER = (N_("本人確認の結果を、安全に確かめられませんでした。"), CALL)


def words_of(reason: str) -> tuple[str, str]:
    """Return what happened and what to do, in the reader's language."""
    happened, advice = WORDS.get(reason, _OTHER)
    return _(happened), _(advice)


def refused(reason: str, *, detail: str = "") -> IdentityRefusedError:
    """Return the error of a reason, with its words."""
    return IdentityRefusedError(reason, "".join(words_of(reason)), detail=detail)


def record_identity_refusal(
    *, error: IdentityRefusedError, provider: str, account: Account | None = None, is_signature: bool = False
) -> Event:
    """Write why an answer was refused; call it outside the transaction the error rolled back."""
    return record_event(
        kind=events.SIGNATURE_REFUSED if is_signature else events.IDENTITY_REFUSED,
        subject=account or current_municipality(),
        actor=account,
        data={"reason": error.reason, "provider": provider, "detail": error.detail},
    )
