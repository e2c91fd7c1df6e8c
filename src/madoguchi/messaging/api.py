"""The only door to the messaging room."""

from .errors import (
    AudienceError,
    ContentError,
    MessagingError,
)
from .models import (
    Delivery,
    Message,
    Recipient,
    Topic,
)
from .selectors.inbox import unread_count
from .services.notices import (
    notify,
)

__all__ = [
    "AudienceError",
    "ContentError",
    "Delivery",
    "Message",
    "MessagingError",
    "Recipient",
    "Topic",
    "notify",
    "unread_count",
]
