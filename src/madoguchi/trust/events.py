"""Event types: dotted names ``room.noun.past_verb``, declared once by the room that writes them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as N_

from madoguchi.kit.registry import Registry


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of event: its dotted key, the sentence of an activity feed (a msgid), and whether it reports a refusal."""

    key: str
    label: str
    is_refusal: bool = False


event_types: Registry[EventType] = Registry("event_types")


def declare(key: str, label: str, *, is_refusal: bool = False) -> EventType:
    """Declare an event type; a key declared twice is refused."""
    kind = EventType(key, label, is_refusal)
    event_types.register(kind.key, kind)
    return kind


SIGNED_IN = declare("trust.account.signed_in", N_("サインインしました"))
SIGNED_OUT = declare("trust.account.signed_out", N_("サインアウトしました"))
SIGN_IN_REFUSED = declare("trust.account.sign_in_refused", N_("サインインをお断りしました"), is_refusal=True)
MUNICIPALITY_ADDED = declare("trust.municipality.added", N_("自治体を追加しました"))
DUTY_ASSIGNED = declare("trust.duty.assigned", N_("職務を割り当てました"))
DUTY_ENDED = declare("trust.duty.ended", N_("職務を終了しました"))
FILE_STORED = declare("trust.file.stored", N_("ファイルを保管しました"))
PERMISSION_REFUSED = declare("trust.permission.refused", N_("権限がないためお断りしました"), is_refusal=True)
ACCOUNT_INVITED = declare("trust.account.invited", N_("職員を招待しました"))
ACCOUNT_REGISTERED = declare("trust.account.registered", N_("住民が利用登録をしました"))
ACCOUNT_CHANGED = declare("trust.account.changed", N_("アカウントの内容を変更しました"))
ACCOUNT_DEACTIVATED = declare("trust.account.deactivated", N_("アカウントを停止しました"))
ACCOUNT_REACTIVATED = declare("trust.account.reactivated", N_("アカウントを再開しました"))
ACCOUNT_UNLOCKED = declare("trust.account.unlocked", N_("サインインの制限を解除しました"))
INVITATION_ACCEPTED = declare("trust.invitation.accepted", N_("招待を受けて利用を始めました"))
INVITATION_WITHDRAWN = declare("trust.invitation.withdrawn", N_("招待を取り消しました"))
PASSWORD_CHANGED = declare("trust.account.password_changed", N_("パスワードを変更しました"))
AUTHENTICATOR_ADDED = declare("trust.authenticator.added", N_("認証方法を追加しました"))
AUTHENTICATOR_REMOVED = declare("trust.authenticator.removed", N_("認証方法を削除しました"))
SESSIONS_ENDED = declare("trust.session.ended", N_("サインイン中の端末をサインアウトしました"))
UNIT_ADDED = declare("trust.unit.added", N_("組織を追加しました"))
UNIT_CHANGED = declare("trust.unit.changed", N_("組織の内容を変更しました"))
UNIT_RENAMED = declare("trust.unit.renamed", N_("組織を改称しました"))
UNIT_MERGED = declare("trust.unit.merged", N_("組織を統合しました"))
UNIT_ABOLISHED = declare("trust.unit.abolished", N_("組織を廃止しました"))
FILE_DISCARDED = declare("trust.file.discarded", N_("ファイルを廃棄しました"))
FILE_REFUSED = declare("trust.file.refused", N_("ファイルをお断りしました"), is_refusal=True)
JOB_FAILED = declare("trust.job.failed", N_("ジョブが失敗しました"))
JOB_RETRIED = declare("trust.job.retried", N_("ジョブをやり直しました"))
CHAIN_VERIFIED = declare("trust.chain.verified", N_("記録の連鎖を確かめました"))
RESTORED = declare("trust.installation.restored", N_("控えから元に戻しました"))
RESIDENT_REGISTERED = declare("trust.resident.registered", N_("住民を登録しました"))
RESIDENT_CHANGED = declare("trust.resident.changed", N_("住民の情報を変更しました"))
IDENTITY_LINKED = declare("trust.identity.linked", N_("公的な本人確認を結び付けました"))
IDENTITY_UNLINKED = declare("trust.identity.unlinked", N_("公的な本人確認の結び付けを外しました"))
IDENTITY_CONFIRMED = declare("trust.identity.confirmed", N_("公的な本人確認をしました"))
IDENTITY_REFUSED = declare("trust.identity.refused", N_("公的な本人確認を受け付けませんでした"), is_refusal=True)
IDENTITY_MATCHED = declare("trust.identity.matched", N_("住民の情報と結び付けました"))
IDENTITY_MATCH_WAITING = declare("trust.identity.match_waiting", N_("住民の情報との照合を待っています"))
IDENTITY_MATCH_REFUSED = declare("trust.identity.match_refused", N_("住民の情報と結び付けませんでした"))
CONSENT_GIVEN = declare("trust.consent.given", N_("情報の利用に同意しました"))
CONSENT_WITHDRAWN = declare("trust.consent.withdrawn", N_("情報の利用の同意を取り消しました"))
SIGNATURE_REQUESTED = declare("trust.signature.requested", N_("電子署名を依頼しました"))
SIGNATURE_VERIFIED = declare("trust.signature.verified", N_("電子署名を確かめました"))
SIGNATURE_REFUSED = declare("trust.signature.refused", N_("電子署名を受け付けませんでした"), is_refusal=True)
DELEGATION_OFFERED = declare("trust.delegation.offered", N_("代理を頼みました"))
DELEGATION_ACCEPTED = declare("trust.delegation.accepted", N_("代理を引き受けました"))
DELEGATION_GRANTED = declare("trust.delegation.granted", N_("代理が有効になりました"))
DELEGATION_REFUSED = declare("trust.delegation.refused", N_("代理を認めませんでした"), is_refusal=True)
DELEGATION_REVOKED = declare("trust.delegation.revoked", N_("代理を取り消しました"))
DELEGATION_EXPIRED = declare("trust.delegation.expired", N_("代理の期限が過ぎました"))
INFORMATION_DOWNLOADED = declare("trust.information.downloaded", N_("自分の情報をダウンロードしました"))
MACHINE_TOKEN_ISSUED = declare("trust.machine_token.issued", N_("機械連携のトークンを発行しました"))
MACHINE_TOKEN_REVOKED = declare("trust.machine_token.revoked", N_("機械連携のトークンを失効させました"))
WEBHOOK_CHANGED = declare("trust.webhook.changed", N_("Webhookの配信先を変えました"))
REGISTRY_IMPORTED = declare("trust.registry.imported", N_("住民記録を取り込みました"))
REGISTRY_LOOKED_AT = declare("trust.registry.looked_at", N_("住民記録のファイルを登録と比べました"))
REGISTRY_DECIDED = declare("trust.registry.decided", N_("住民記録の同じ方かどうかを判断しました"))
