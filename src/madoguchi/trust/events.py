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
