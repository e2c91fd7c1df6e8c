"""Surveys (アンケート調査): drawing samples, weighting answers, counting them in tables. Pure, no Django."""

from .bands import match_bands, population_by_option
from .keying import Mistyped, differences, is_checked, keyed_options, read_keys, write_keys
from .sampling import Allocation, Draw, allocate, draw_sample
from .suppression import SMALL, hidden_cells
from .tables import Cell, CrossTable, Group, Question, Respondent, cross_table, frequency_table
from .weighting import Weights, effective_size, margin_of_error, post_stratify, rake

__all__ = [
    "SMALL",
    "Allocation",
    "Cell",
    "CrossTable",
    "Draw",
    "Group",
    "Mistyped",
    "Question",
    "Respondent",
    "Weights",
    "allocate",
    "cross_table",
    "differences",
    "draw_sample",
    "effective_size",
    "frequency_table",
    "hidden_cells",
    "is_checked",
    "keyed_options",
    "margin_of_error",
    "match_bands",
    "population_by_option",
    "post_stratify",
    "rake",
    "read_keys",
    "write_keys",
]
