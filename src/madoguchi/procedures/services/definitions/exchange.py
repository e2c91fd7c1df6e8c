"""Definitions as one file, in and out (``.procedure.json``)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.trust.api import Account, Unit, record_event

from ... import events
from ...models import Procedure, ProcedureVersion
from ...rules.definition import (
    LARGEST_FILE,
    Definition,
    DefinitionError,
    Fault,
    read_definition,
    write_definition,
    write_file,
)
from .drafting import create_procedure, new_draft, require, save_draft


@transaction.atomic
def import_definition(
    *, data: bytes, actor: Account | None, unit: Unit | None = None, system: bool = False
) -> ProcedureVersion:
    """
    Take in a definition's file and return the draft that holds it.

    A procedure of the same code gets a draft with the file's content (the one it has is written over), otherwise a new
    procedure is made. Raises ``DefinitionError`` with the places for a file that is no definition.
    """
    require(actor, action="edit", system=system)
    definition = read_definition_file(data)
    document = write_definition(definition)
    procedure = Procedure.objects.filter(code=definition.code).first()
    if procedure is None:
        version = create_procedure(code=definition.code, document=document, actor=actor, unit=unit, system=system)
    else:
        draft = new_draft(procedure=procedure, actor=actor, system=system)
        version = save_draft(version=draft, document=document, seen_revision=draft.revision, actor=actor, system=system)
    facts = {"procedure": definition.code, "version": version.number}
    record_event(kind=events.DEFINITION_IMPORTED, subject=version, actor=actor, data=facts)
    return version


def read_definition_file(data: bytes) -> Definition:
    """Return the definition in a file; raises ``DefinitionError``."""
    if len(data) > LARGEST_FILE:
        raise DefinitionError([Fault("", _("ファイルが大きすぎます（4MBまで）。"))])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DefinitionError([Fault("", _("文字コードがUTF-8ではありません。"))]) from error
    return read_definition(text)


def export_definition(version: ProcedureVersion) -> bytes:
    """Return the file of a version: the same bytes on every installation for the same definition."""
    return write_file(version.definition)
