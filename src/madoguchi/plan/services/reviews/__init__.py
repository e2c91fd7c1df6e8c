"""Writes of the review cycle (進行管理)."""

from .evaluations import (
    decide_as_scored,
    decide_evaluation,
    return_evaluation,
    score_as_computed,
    score_evaluation,
    submit_evaluation,
    undo_decisions,
    undo_scores,
)
from .freezing import require_open_period
from .orders import accept_order, answer_order, order_improvement, send_back_order
from .rounds import advance_round, close_round, open_round, projects_of_period, return_round

__all__ = [
    "accept_order",
    "advance_round",
    "answer_order",
    "close_round",
    "decide_as_scored",
    "decide_evaluation",
    "open_round",
    "order_improvement",
    "projects_of_period",
    "require_open_period",
    "return_evaluation",
    "return_round",
    "score_as_computed",
    "score_evaluation",
    "send_back_order",
    "submit_evaluation",
    "undo_decisions",
    "undo_scores",
]
