"""
The linter of definitions: what an author should put right before publishing.

Errors stop the publication: something would not work, or somebody could not read it. Warnings cost residents time; hints
are worth a thought. Paths are places in the document (``form.steps.0.fields.2.label``).
"""

from ..definition import Definition
from . import content, fields, logic, tables, words
from .findings import LintFinding, Severity, sort_findings


def lint(definition: Definition) -> list[LintFinding]:
    """Return the findings for a definition, worst first; never raises."""
    found: list[LintFinding] = []
    for check in (content.check, words.check, fields.check, logic.check, tables.check):
        found += check(definition)
    return sort_findings(found)


__all__ = ["LintFinding", "Severity", "lint", "sort_findings"]
