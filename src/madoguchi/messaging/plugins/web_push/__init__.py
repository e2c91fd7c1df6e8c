"""Web push: encrypted notifications for browsers (RFC 8030, RFC 8291) under the city's own name (VAPID, RFC 8292)."""

from .channel import WebPushChannel
from .keys import public_key

__all__ = ["WebPushChannel", "public_key"]
