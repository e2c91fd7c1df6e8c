"""The channels of the installation, in the city's usual order."""

from __future__ import annotations

from ..registry import Channel
from .email.channel import EmailChannel
from .inbox import InboxChannel
from .line.channel import LineChannel
from .post import PostChannel
from .sms import SmsChannel
from .web_push import WebPushChannel

CHANNELS: tuple[Channel, ...] = (
    InboxChannel(),
    EmailChannel(),
    LineChannel(),
    WebPushChannel(),
    SmsChannel(),
    PostChannel(),
)
"""Every channel; what an operator has not set up says so itself (``is_ready``)."""
