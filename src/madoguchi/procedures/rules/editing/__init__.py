"""
Editing a definition (手続の編集): pure operations on its document, each giving a new one.

``apply`` makes edits, ``rebase`` brings an edit made on an older document to today's, ``compare`` says what changed.
"""

from .clauses import OPERATORS, WITHOUT_VALUE, Clause, Join, Operator, literal, read_condition, write_condition
from .comparing import Change, compare
from .errors import MISSING, Clash, ClashError, EditError
from .items import PREFILLS, WITH_OPTIONS
from .naming import all_fields, field_codes, free_code, names_in, uses_of
from .operations import Edit, apply, full, rebase, sparse
from .paths import find, join_path, parse_path, value_at
from .tables import ANY, values_of

__all__ = [
    "ANY",
    "MISSING",
    "OPERATORS",
    "PREFILLS",
    "WITHOUT_VALUE",
    "WITH_OPTIONS",
    "Change",
    "Clash",
    "ClashError",
    "Clause",
    "Edit",
    "EditError",
    "Join",
    "Operator",
    "all_fields",
    "apply",
    "compare",
    "field_codes",
    "find",
    "free_code",
    "full",
    "join_path",
    "literal",
    "names_in",
    "parse_path",
    "read_condition",
    "rebase",
    "sparse",
    "uses_of",
    "value_at",
    "values_of",
    "write_condition",
]
