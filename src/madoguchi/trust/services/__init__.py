"""Writes of the trust room: events, accounts, sessions, organisation, jobs."""

from .accesses import log_access
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
from .backup import make_backup, restore_backup
from .caretaker import beat, leave, run_caretaker
from .events import record_event
from .files import access_file, discard_file, open_file, store_file, sweep_files
from .jobs import enqueue, enqueue_once, job, load_jobs, prune_jobs, queue_due_jobs, recover_lost_jobs, retry_job
from .lockout import begin_sign_in, clear_old_failures, finish_sign_in, unlock
from .meters import roll_up_days, roll_up_meters
from .operations import diagnose, quick_checks
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
from .residents import access_resident, add_resident, change_resident, search_residents
from .sealing import Sealer, run_sealer, seal_everything
from .sessions import (
    clear_expired_sessions,
    end_other_sessions,
    end_session,
    end_sessions,
    note_session_use,
    sign_out_everywhere,
)
from .verification import verify_and_record, verify_chains

__all__ = [
    "Sealer",
    "abolish_unit",
    "accept_invitation",
    "access_file",
    "access_resident",
    "add_municipality",
    "add_resident",
    "add_unit",
    "assign_duty",
    "beat",
    "begin_sign_in",
    "change_account",
    "change_password",
    "change_resident",
    "change_unit",
    "clear_expired_sessions",
    "clear_old_failures",
    "deactivate_account",
    "diagnose",
    "discard_file",
    "end_duty",
    "end_other_sessions",
    "end_session",
    "end_sessions",
    "enqueue",
    "enqueue_once",
    "find_invitation",
    "finish_sign_in",
    "invite_staff",
    "job",
    "leave",
    "load_jobs",
    "log_access",
    "make_backup",
    "merge_units",
    "note_authenticator",
    "note_session_use",
    "note_sign_in",
    "note_sign_in_refused",
    "note_sign_out",
    "open_file",
    "prune_jobs",
    "queue_due_jobs",
    "quick_checks",
    "reactivate_account",
    "record_event",
    "record_refusal",
    "recover_lost_jobs",
    "register_resident",
    "rename_unit",
    "renew_invitation",
    "reset_second_factor",
    "restore_backup",
    "retry_job",
    "roll_up_days",
    "roll_up_meters",
    "run_caretaker",
    "run_sealer",
    "seal_everything",
    "search_residents",
    "sign_out_everywhere",
    "store_file",
    "sweep_files",
    "unlock",
    "verify_and_record",
    "verify_chains",
    "withdraw_invitation",
]
