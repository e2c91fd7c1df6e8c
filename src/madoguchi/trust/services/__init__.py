"""Writes of the trust room: events, accounts, sessions, organisation, jobs."""

from .accounts import (
    accept_invitation,
    change_account,
    change_password,
    deactivate_account,
    find_invitation,
    invite_staff,
    note_authenticator,
    note_sign_in,
    note_sign_in_refused,
    note_sign_out,
    reactivate_account,
    register_resident,
    renew_invitation,
    reset_second_factor,
    withdraw_invitation,
)
from .events import record_event
from .jobs import enqueue
from .lockout import begin_sign_in, clear_old_failures, finish_sign_in, unlock
from .organisation import (
    abolish_unit,
    add_municipality,
    add_unit,
    assign_duty,
    change_unit,
    end_duty,
    merge_units,
    rename_unit,
)
from .refusals import record_refusal
from .sessions import end_other_sessions, end_session, end_sessions, note_session_use, sign_out_everywhere

__all__ = [
    "abolish_unit",
    "accept_invitation",
    "add_municipality",
    "add_unit",
    "assign_duty",
    "begin_sign_in",
    "change_account",
    "change_password",
    "change_unit",
    "clear_old_failures",
    "deactivate_account",
    "end_duty",
    "end_other_sessions",
    "end_session",
    "end_sessions",
    "enqueue",
    "find_invitation",
    "finish_sign_in",
    "invite_staff",
    "merge_units",
    "note_authenticator",
    "note_session_use",
    "note_sign_in",
    "note_sign_in_refused",
    "note_sign_out",
    "reactivate_account",
    "record_event",
    "record_refusal",
    "register_resident",
    "rename_unit",
    "renew_invitation",
    "reset_second_factor",
    "sign_out_everywhere",
    "unlock",
    "withdraw_invitation",
]
