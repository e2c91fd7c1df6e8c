"""The only door to the procedures room."""

from .errors import ProceduresError
from .models import Application, Draft, Procedure, ProcedureVersion
from .rules.definition import Definition, DefinitionError, read_definition, write_definition

__all__ = [
    "Application",
    "Definition",
    "DefinitionError",
    "Draft",
    "Procedure",
    "ProcedureVersion",
    "ProceduresError",
    "read_definition",
    "write_definition",
]
