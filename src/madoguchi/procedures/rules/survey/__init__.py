"""Surveys (アンケート調査): drawing samples, weighting answers, counting them in tables. Pure, no Django."""

from .sampling import Allocation, Draw, allocate, draw_sample
from .tables import Cell, CrossTable, Group, Question, Respondent, cross_table, frequency_table
from .weighting import Weights, effective_size, margin_of_error, post_stratify, rake

__all__ = [
    "Allocation",
    "Cell",
    "CrossTable",
    "Draw",
    "Group",
    "Question",
    "Respondent",
    "Weights",
    "allocate",
    "cross_table",
    "draw_sample",
    "effective_size",
    "frequency_table",
    "margin_of_error",
    "post_stratify",
    "rake",
]
