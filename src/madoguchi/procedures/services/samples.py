"""The procedures of the demonstration, from the files in ``data/procedures``."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from django.db import transaction

from madoguchi.kit import clock
from madoguchi.trust.api import Municipality, Unit, municipality_in_scope

from ..models import Procedure
from ..rules.blocks import expand, fill
from ..rules.definition import read_definition
from .definitions import create_procedure, publish

PHONE = "0123-00-0000"
"""Shown where a municipality has no telephone number yet; nobody has it."""


def sample_documents(municipality: Municipality) -> Iterator[dict[str, Any]]:
    """Yield the documents of the sample procedures with the names of a municipality, in the order of their codes."""
    values = {
        "city": municipality.name,
        "prefecture": municipality.prefecture,
        "phone": municipality.phone or PHONE,
    }
    english = {**values, "city": municipality.name_en or municipality.name}
    for document in _documents():
        yield fill(document, values, english)


@cache
def _documents() -> tuple[dict[str, Any], ...]:
    folder = resources.files("madoguchi.procedures") / "data"
    blocks = {
        file.name.removesuffix(".json"): json.loads(file.read_text("utf-8")) for file in (folder / "blocks").iterdir()
    }
    files = sorted((folder / "procedures").iterdir(), key=lambda file: file.name)
    return tuple(expand(json.loads(file.read_text("utf-8")), blocks) for file in files if file.name.endswith(".json"))


_judged: set[tuple[str, date]] = set()
"""Codes of sample procedures that passed the linter and their tests in this process, and the day on which they did."""


@transaction.atomic
def load_demonstration_procedures(*, unit: Unit | None = None, codes: Collection[str] | None = None) -> int:
    """
    Publish the sample procedures (or those of ``codes``) for the municipality in scope; returns how many were added.

    What is there already stays as it is, so it may be called again. Procedures belong to ``unit``, or where none is given to
    the unit that has the name of their section. Each passes the linter and its own tests, since it is published like any other; that of
    another municipality differs in the names of the city alone and is not judged a second time.
    """
    known = set(Procedure.objects.values_list("code", flat=True))
    units = {found.name: found for found in Unit.objects.all()}
    added = 0
    for document in sample_documents(municipality_in_scope()):
        if document["code"] in known or (codes is not None and document["code"] not in codes):
            continue
        owner = unit or units.get(read_definition(document).contact.section.ja)
        draft = create_procedure(code=document["code"], document=document, actor=None, unit=owner, system=True)
        seen = (draft.procedure.code, clock.today())
        publish(version=draft, actor=None, system=True, is_judged=seen in _judged)
        _judged.add(seen)
        added += 1
    return added
