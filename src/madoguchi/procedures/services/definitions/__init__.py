"""Definitions from the first draft to the version residents see: written, tested, judged, published, exchanged."""

from ...rules.lint import LintFinding, lint
from ...rules.testing import TestResult, run_tests
from .drafting import create_procedure, discard_draft, new_draft, save_draft
from .exchange import export_definition, import_definition, read_definition_file
from .publishing import check_definition, confirm_procedure, publish, replay, retire
from .templates import share_template, unshare_template, use_template

__all__ = [
    "LintFinding",
    "TestResult",
    "check_definition",
    "confirm_procedure",
    "create_procedure",
    "discard_draft",
    "export_definition",
    "import_definition",
    "lint",
    "new_draft",
    "publish",
    "read_definition_file",
    "replay",
    "retire",
    "run_tests",
    "save_draft",
    "share_template",
    "unshare_template",
    "use_template",
]
