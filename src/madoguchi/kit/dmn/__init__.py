"""Decision models and decision tables (OMG DMN 1.5): values, XML and JSON forms, evaluation with its reasons, checks.

``read_model`` and ``write_model`` are the XML, ``to_json`` and ``from_json`` the form for the database,
``table_from_rows`` makes tables, :class:`DecisionModel` evaluates them, ``check_table`` looks for mistakes.
"""

from madoguchi.kit.dmn.build import definitions_of_table, model_of_table, names_used, table_from_rows
from madoguchi.kit.dmn.checks import Finding, check_table
from madoguchi.kit.dmn.engine import DecisionModel, DecisionResult
from madoguchi.kit.dmn.errors import Diagnostic, DmnError
from madoguchi.kit.dmn.json_form import from_json, to_json
from madoguchi.kit.dmn.model import (
    Aggregation,
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    DecisionTable,
    Definitions,
    HitPolicy,
    InformationItem,
    InputClause,
    InputData,
    ItemDefinition,
    LiteralExpression,
    OutputClause,
    Rule,
)
from madoguchi.kit.dmn.tables import TableTrace
from madoguchi.kit.dmn.xml_reader import read_file, read_model
from madoguchi.kit.dmn.xml_writer import write_model

__all__ = [
    "Aggregation",
    "BusinessKnowledgeModel",
    "Decision",
    "DecisionModel",
    "DecisionResult",
    "DecisionService",
    "DecisionTable",
    "Definitions",
    "Diagnostic",
    "DmnError",
    "Finding",
    "HitPolicy",
    "InformationItem",
    "InputClause",
    "InputData",
    "ItemDefinition",
    "LiteralExpression",
    "OutputClause",
    "Rule",
    "TableTrace",
    "check_table",
    "definitions_of_table",
    "from_json",
    "model_of_table",
    "names_used",
    "read_file",
    "read_model",
    "table_from_rows",
    "to_json",
    "write_model",
]
