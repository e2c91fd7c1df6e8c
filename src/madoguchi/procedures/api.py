"""The only door to the procedures room."""

from .errors import CodeTakenError, FixedVersionError, ProceduresError, StaleError, UnfitError
from .models import Application, Draft, Procedure, ProcedureVersion
from .rules.definition import Definition, DefinitionError, read_definition, write_definition
from .rules.forms import json_schema
from .rules.lint import LintFinding
from .rules.testing import TestResult
from .selectors.definitions import draft_of, find_procedure, published_definitions, published_version
from .selectors.home import HomeDoor, Matter, home_doors, matters_of
from .services.applying import start_draft, submit
from .services.casework import open_case_for
from .services.definitions import (
    check_definition,
    create_procedure,
    export_definition,
    import_definition,
    lint,
    read_definition_file,
    run_tests,
    share_template,
)
from .services.definitions import publish as publish_version
from .services.samples import load_demonstration_procedures
from .services.survey_samples import load_demonstration_surveys

__all__ = [
    "Application",
    "CodeTakenError",
    "Definition",
    "DefinitionError",
    "Draft",
    "FixedVersionError",
    "HomeDoor",
    "LintFinding",
    "Matter",
    "Procedure",
    "ProcedureVersion",
    "ProceduresError",
    "StaleError",
    "TestResult",
    "UnfitError",
    "check_definition",
    "create_procedure",
    "draft_of",
    "export_definition",
    "find_procedure",
    "home_doors",
    "import_definition",
    "json_schema",
    "lint",
    "load_demonstration_procedures",
    "load_demonstration_surveys",
    "matters_of",
    "open_case_for",
    "publish_version",
    "published_definitions",
    "published_version",
    "read_definition",
    "read_definition_file",
    "run_tests",
    "share_template",
    "start_draft",
    "submit",
    "write_definition",
]
