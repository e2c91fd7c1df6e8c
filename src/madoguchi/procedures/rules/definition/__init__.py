"""
The definition of a procedure (手続の定義): reading and writing the one document from which every channel is made.

``read_definition`` takes what a file or the database holds, ``write_definition`` gives it back; both speak JSON values.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from .form import Component, Form, FormField, Option, Step
from .keeping import LARGEST_FILE, digest_of, kept_definition, known_definition, write_definition, write_file
from .procedure import (
    FORMAT,
    Assurance,
    Contact,
    Deadline,
    Definition,
    Eligibility,
    Law,
    Minutes,
    Output,
    PaymentTime,
    Question,
    RequiredDocument,
    TestCase,
)
from .tables import Column, Decision, Example, Table
from .text import LANGUAGES, Condition, Part, Text


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a definition and where (``form.steps.0.fields.2.component``)."""

    path: str
    message: str


class DefinitionError(ValueError):
    """The document is no definition; ``faults`` say where and why."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in faults))
        self.faults = faults


def read_definition(document: str | bytes | dict[str, Any]) -> Definition:
    """Return the definition in a JSON document; raises ``DefinitionError``."""
    try:
        data = json.loads(document) if isinstance(document, str | bytes) else document
    except (ValueError, RecursionError) as error:
        raise DefinitionError([Fault("", f"JSON: {error}")]) from error
    try:
        return Definition.model_validate(data)
    except ValidationError as error:
        faults = [Fault(".".join(str(part) for part in item["loc"]), item["msg"]) for item in error.errors()]
        raise DefinitionError(faults) from error


def definition_of(digest: str, document: dict[str, Any]) -> Definition:
    """Return the definition of a stored document, read once while its digest stays the same; do not change it in place."""
    return kept_definition(digest, document, read_definition)


__all__ = [
    "FORMAT",
    "LANGUAGES",
    "LARGEST_FILE",
    "Assurance",
    "Column",
    "Component",
    "Condition",
    "Contact",
    "Deadline",
    "Decision",
    "Definition",
    "DefinitionError",
    "Eligibility",
    "Example",
    "Fault",
    "Form",
    "FormField",
    "Law",
    "Minutes",
    "Option",
    "Output",
    "Part",
    "PaymentTime",
    "Question",
    "RequiredDocument",
    "Step",
    "Table",
    "TestCase",
    "Text",
    "definition_of",
    "digest_of",
    "known_definition",
    "read_definition",
    "write_definition",
    "write_file",
]
