"""Event types: dotted names ``room.noun.past_verb``, declared once by the room that writes them."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.kit.registry import Registry


@dataclass(frozen=True, slots=True)
class EventType:
    """A kind of event: its dotted key, the Japanese sentence of an activity feed, and whether it reports a refusal."""

    key: str
    label: str
    is_refusal: bool = False


event_types: Registry[EventType] = Registry("event_types")


def declare(key: str, label: str, *, is_refusal: bool = False) -> EventType:
    """Declare an event type; a key declared twice is refused."""
    kind = EventType(key, label, is_refusal)
    event_types.register(kind.key, kind)
    return kind


SIGNED_IN = declare("trust.account.signed_in", "サインインしました")
SIGNED_OUT = declare("trust.account.signed_out", "サインアウトしました")
SIGN_IN_REFUSED = declare("trust.account.sign_in_refused", "サインインをお断りしました", is_refusal=True)
MUNICIPALITY_ADDED = declare("trust.municipality.added", "自治体を追加しました")
DUTY_ASSIGNED = declare("trust.duty.assigned", "職務を割り当てました")
DUTY_ENDED = declare("trust.duty.ended", "職務を終了しました")
FILE_STORED = declare("trust.file.stored", "ファイルを保管しました")
PERMISSION_REFUSED = declare("trust.permission.refused", "権限がないためお断りしました", is_refusal=True)
ACCOUNT_INVITED = declare("trust.account.invited", "職員を招待しました")
ACCOUNT_REGISTERED = declare("trust.account.registered", "住民が利用登録をしました")
ACCOUNT_CHANGED = declare("trust.account.changed", "アカウントの内容を変更しました")
ACCOUNT_DEACTIVATED = declare("trust.account.deactivated", "アカウントを停止しました")
ACCOUNT_REACTIVATED = declare("trust.account.reactivated", "アカウントを再開しました")
ACCOUNT_UNLOCKED = declare("trust.account.unlocked", "サインインの制限を解除しました")
INVITATION_ACCEPTED = declare("trust.invitation.accepted", "招待を受けて利用を始めました")
INVITATION_WITHDRAWN = declare("trust.invitation.withdrawn", "招待を取り消しました")
PASSWORD_CHANGED = declare("trust.account.password_changed", "パスワードを変更しました")
AUTHENTICATOR_ADDED = declare("trust.authenticator.added", "認証方法を追加しました")
AUTHENTICATOR_REMOVED = declare("trust.authenticator.removed", "認証方法を削除しました")
SESSIONS_ENDED = declare("trust.session.ended", "サインイン中の端末をサインアウトしました")
UNIT_ADDED = declare("trust.unit.added", "組織を追加しました")
UNIT_CHANGED = declare("trust.unit.changed", "組織の内容を変更しました")
UNIT_RENAMED = declare("trust.unit.renamed", "組織を改称しました")
UNIT_MERGED = declare("trust.unit.merged", "組織を統合しました")
UNIT_ABOLISHED = declare("trust.unit.abolished", "組織を廃止しました")
FILE_DISCARDED = declare("trust.file.discarded", "ファイルを廃棄しました")
FILE_REFUSED = declare("trust.file.refused", "ファイルをお断りしました", is_refusal=True)
JOB_FAILED = declare("trust.job.failed", "ジョブが失敗しました")
JOB_RETRIED = declare("trust.job.retried", "ジョブをやり直しました")
CHAIN_VERIFIED = declare("trust.chain.verified", "記録の連鎖を確かめました")
RESTORED = declare("trust.installation.restored", "控えから元に戻しました")
RESIDENT_REGISTERED = declare("trust.resident.registered", "住民を登録しました")
RESIDENT_CHANGED = declare("trust.resident.changed", "住民の情報を変更しました")
