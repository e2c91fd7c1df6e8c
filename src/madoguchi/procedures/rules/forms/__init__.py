"""
The form engine: what every channel does with the form of a definition.

``parse_step`` reads a POST, ``clean`` gives answers their one writing, ``check_step`` and ``check_all`` judge them (people's
and machines' alike), ``visible_steps`` and ``visible_fields`` say what is asked, ``describe`` reads answers back, ``fee_of``,
``eligibility_of``, ``documents_of`` and ``deadline_of`` ask the tables. Nothing here knows of requests or databases, and
nothing raises for what somebody typed or sent.
"""

from .answers import clean, compute, defaults, required, visible_fields, visible_steps
from .checking import check_all, check_field, check_step
from .compiled import compiled, table_of
from .deciding import deadline_of, decide, documents_of, eligibility_of, fee_of
from .describing import Row, Section, describe, describe_step, shown_value
from .drawing import FormContext, form_context
from .evaluation import Evaluation
from .normalising import normalise
from .parts import PREFECTURES, RELATIONSHIPS, ROWS, is_empty, row_fields
from .posting import RowAction, change_rows, file_inputs, parse_step, row_action
from .problems import Problem
from .schema import json_schema

__all__ = [
    "PREFECTURES",
    "RELATIONSHIPS",
    "ROWS",
    "Evaluation",
    "FormContext",
    "Problem",
    "Row",
    "RowAction",
    "Section",
    "change_rows",
    "check_all",
    "check_field",
    "check_step",
    "clean",
    "compiled",
    "compute",
    "deadline_of",
    "decide",
    "defaults",
    "describe",
    "describe_step",
    "documents_of",
    "eligibility_of",
    "fee_of",
    "file_inputs",
    "form_context",
    "is_empty",
    "json_schema",
    "normalise",
    "parse_step",
    "required",
    "row_action",
    "row_fields",
    "shown_value",
    "table_of",
    "visible_fields",
    "visible_steps",
]
