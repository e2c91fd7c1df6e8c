"""Recipients: got for an account, added for a guest, brought in line with the registry, made one."""

from .merging import merge_recipients
from .own import access_recipient, add_guest, end_recipient, recipient_of
from .syncing import Synced, is_import_new, sync_recipients

__all__ = [
    "Synced",
    "access_recipient",
    "add_guest",
    "end_recipient",
    "is_import_new",
    "merge_recipients",
    "recipient_of",
    "sync_recipients",
]
