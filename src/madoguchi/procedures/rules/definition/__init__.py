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


def write_definition(definition: Definition) -> dict[str, Any]:
    """Return the document of a definition as JSON values, without what is only a default."""
    document: dict[str, Any] = definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"format": FORMAT, **document}


__all__ = [
    "FORMAT",
    "LANGUAGES",
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
    "read_definition",
    "write_definition",
]
