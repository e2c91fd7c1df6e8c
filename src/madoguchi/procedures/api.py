"""The only door to the procedures room."""

from .errors import ProceduresError
from .models import Application, Draft, Procedure, ProcedureVersion
from .rules.definition import Definition, DefinitionError, read_definition, write_definition
from .selectors.home import HomeDoor, Matter, home_doors, matters_of

__all__ = [
    "Application",
    "Definition",
    "DefinitionError",
    "Draft",
    "HomeDoor",
    "Matter",
    "Procedure",
    "ProcedureVersion",
    "ProceduresError",
    "home_doors",
    "matters_of",
    "read_definition",
    "write_definition",
]
