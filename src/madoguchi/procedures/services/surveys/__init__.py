"""Surveys from the draft to the published result: sampling, answers on the web and on paper, public comment."""

from .answering import answer_survey, enter_sheet, mark_undeliverable, open_invitation, restore_sheet, void_sheet
from .checking import check_sheet, settle_sheet, sheets_to_check
from .comments import order_replies, remove_reply, save_reply
from .drawing import Letter, Plan, access_invitations, code_of, draw_survey, plan_draw
from .running import (
    close_due_surveys,
    close_survey,
    create_survey,
    open_survey,
    publish_results,
    save_survey,
    withdraw_results,
)

__all__ = [
    "Letter",
    "Plan",
    "access_invitations",
    "answer_survey",
    "check_sheet",
    "close_due_surveys",
    "close_survey",
    "code_of",
    "create_survey",
    "draw_survey",
    "enter_sheet",
    "mark_undeliverable",
    "open_invitation",
    "open_survey",
    "order_replies",
    "plan_draw",
    "publish_results",
    "remove_reply",
    "restore_sheet",
    "save_reply",
    "save_survey",
    "settle_sheet",
    "sheets_to_check",
    "void_sheet",
    "withdraw_results",
]
