"""Shapes of the API of procedures and applications."""

from .applications import (
    ApplicationIn,
    ApplicationList,
    ApplicationOut,
    CorrectionIn,
    CorrectionOut,
    MessageIn,
    MessageOut,
    WithdrawalIn,
)
from .common import Problem
from .definitions import (
    CheckIn,
    CheckOut,
    FinderAnswer,
    FinderIn,
    FinderOut,
    FinderQuestionOut,
    ProcedureList,
    ProcedureOut,
)

__all__ = [
    "ApplicationIn",
    "ApplicationList",
    "ApplicationOut",
    "CheckIn",
    "CheckOut",
    "CorrectionIn",
    "CorrectionOut",
    "FinderAnswer",
    "FinderIn",
    "FinderOut",
    "FinderQuestionOut",
    "MessageIn",
    "MessageOut",
    "Problem",
    "ProcedureList",
    "ProcedureOut",
    "WithdrawalIn",
]
