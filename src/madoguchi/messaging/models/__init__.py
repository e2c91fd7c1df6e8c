"""Models of the messaging room."""

from .delivery import Click, Delivery, Link
from .message import Approval, Attachment, Message
from .recipient import Child, Endpoint, Need, Recipient
from .topic import Subscription, Topic

__all__ = [
    "Approval",
    "Attachment",
    "Child",
    "Click",
    "Delivery",
    "Endpoint",
    "Link",
    "Message",
    "Need",
    "Recipient",
    "Subscription",
    "Topic",
]
