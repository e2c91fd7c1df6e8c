"""Models of the messaging room."""

from .alert import Alert, SafetyCheck
from .delivery import Click, Delivery, Link
from .line import LineChunk, LineEvent, LineNonce
from .message import Approval, Attachment, Message
from .recipient import Child, Endpoint, Need, Recipient
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
from .topic import Subscription, Topic

__all__ = [
    "Alert",
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
    "Message",
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
    "SignageAsset",
    "Subscription",
    "Topic",
]
