"""Models of the messaging room."""

from .alert import Alert, SafetyCheck
from .delivery import Click, Delivery, Link
from .line import LineChunk, LineEvent, LineNonce
from .message import Approval, Attachment, MachineRequest, Message, MessageTemplate
from .recipient import Child, Endpoint, Need, Recipient
from .settings import SendingSettings
from .signage import (
    PairingCode,
    PlayBatch,
    Playlist,
    PlaylistItem,
    PlayRecord,
    Schedule,
    Screen,
    SignageAsset,
)
from .telegram import AlertPlace, AlertRule, Telegram, TelegramState
from .topic import Subscription, Topic

__all__ = [
    "Alert",
    "AlertPlace",
    "AlertRule",
    "Approval",
    "Attachment",
    "Child",
    "Click",
    "Delivery",
    "Endpoint",
    "LineChunk",
    "LineEvent",
    "LineNonce",
    "Link",
    "MachineRequest",
    "Message",
    "MessageTemplate",
    "Need",
    "PairingCode",
    "PlayBatch",
    "PlayRecord",
    "Playlist",
    "PlaylistItem",
    "Recipient",
    "SafetyCheck",
    "Schedule",
    "Screen",
    "SendingSettings",
    "SignageAsset",
    "Subscription",
    "Telegram",
    "TelegramState",
    "Topic",
]
