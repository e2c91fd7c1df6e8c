"""The life of a message to many: written, approved by somebody else, sent or taken back."""

from .approving import approve_message, cancel_message, return_message, submit_message
from .attachments import PURPOSE, add_attachment, remove_attachment
from .drafting import allowed_units, change_message, copy_message, create_message
from .links import follow_link
from .machines import create_by_machine
from .templates import retire_template, save_template, start_from_template

__all__ = [
    "PURPOSE",
    "add_attachment",
    "allowed_units",
    "approve_message",
    "cancel_message",
    "change_message",
    "copy_message",
    "create_by_machine",
    "create_message",
    "follow_link",
    "remove_attachment",
    "retire_template",
    "return_message",
    "save_template",
    "start_from_template",
    "submit_message",
]
