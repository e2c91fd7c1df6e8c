"""Drafts of definitions: created, saved, opened anew, discarded."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Unit, municipality_in_scope, record_event

from ... import events
from ...enums import VersionStatus
from ...errors import CodeTakenError, FixedVersionError, StaleError
from ...models import Application, Procedure, ProcedureVersion
from ...permissions import procedure_policy
from ...rules.definition import Definition, digest_of, read_definition, write_definition


def create_procedure(
    *,
    code: str,
    document: dict[str, Any],
    actor: Account | None,
    unit: Unit | None = None,
    system: bool = False,
) -> ProcedureVersion:
    """
    Create a procedure with its first draft and return the draft.

    ``code`` takes the place of the document's own. ``system`` is for the command line and installations, where no account
    acts. Raises ``CodeTakenError``, ``DefinitionError``, ``RefusedError``.
    """
    require(actor, action="edit", system=system)
    definition = read_definition({**document, "code": code})
    try:
        with transaction.atomic():
            procedure = Procedure.objects.create(municipality=municipality_in_scope(), code=definition.code, unit=unit)
            version = _write(_fresh(procedure, 1), definition, actor)
            _record(events.PROCEDURE_CREATED, version, actor)
    except IntegrityError as error:
        if not Procedure.objects.filter(code=code).exists():
            raise
        raise CodeTakenError(
            _("コード「%(code)s」の手続は、すでにあります。別のコードを付けてください。") % {"code": code}
        ) from error
    return version


@transaction.atomic
def save_draft(
    *,
    version: ProcedureVersion,
    document: dict[str, Any],
    seen_revision: int,
    actor: Account | None,
    system: bool = False,
) -> ProcedureVersion:
    """
    Write a draft's document and return the version with its new revision.

    ``seen_revision`` is the one the editor began with. Raises ``StaleError`` where somebody saved since, ``FixedVersionError``
    for a version that is no draft, ``DefinitionError`` for a document that is none. The code of a procedure stays.
    """
    require(actor, action="edit", subject=version, system=system)
    current = locked_draft(version)
    if current.revision != seen_revision:
        raise StaleError(
            _("この下書きは、ほかの人が先に保存しました。最新の内容を確かめてから、もう一度保存してください。"),
            revision=current.revision,
        )
    definition = read_definition({**document, "code": current.procedure.code})
    current.revision += 1
    _write(current, definition, actor)
    _record(events.DRAFT_SAVED, current, actor)
    return current


@transaction.atomic
def new_draft(*, procedure: Procedure, actor: Account | None, system: bool = False) -> ProcedureVersion:
    """Return the draft of a procedure: the one there is, or a new version that begins with the newest published one."""
    require(actor, action="edit", subject=procedure, system=system)
    locked = Procedure.objects.select_for_update().get(pk=procedure.pk)
    draft = locked.versions.filter(status=VersionStatus.DRAFT).order_by("-number").first()
    if draft is not None:
        return draft
    base = locked.versions.exclude(status=VersionStatus.DRAFT).order_by("-number").first()
    if base is None:
        raise FixedVersionError(_("この手続には、もとになる版がありません。"))
    number = (locked.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = _write(_fresh(locked, number, base), base.definition, actor)
    _record(events.VERSION_OPENED, version, actor)
    return version


@transaction.atomic
def discard_draft(*, version: ProcedureVersion, actor: Account | None) -> None:
    """Throw a draft away, and with its only version the procedure; what was ever published stays."""
    require(actor, action="edit", subject=version)
    current = locked_draft(version)
    procedure = current.procedure
    _record(events.VERSION_DISCARDED, current, actor)
    current.delete()
    if not procedure.versions.exists() and not Application.objects.filter(procedure=procedure).exists():
        procedure.delete()


def require(actor: Account | None, *, action: str, subject: Any = None, system: bool = False) -> None:
    """Ask the policy of procedures, unless the installation itself acts."""
    if not system:
        procedure_policy.require(actor, action, subject)


def locked_draft(version: ProcedureVersion) -> ProcedureVersion:
    """Return the draft as it stands, locked; raises ``FixedVersionError`` for anything but a draft."""
    found = (
        ProcedureVersion.objects.select_for_update(of=("self",))
        .select_related("procedure")
        .filter(pk=version.pk)
        .first()
    )
    if found is None or found.status != VersionStatus.DRAFT:
        raise FixedVersionError(
            _("この版は、すでに公開されたか、破棄されました。変更するときは、新しい版の下書きをつくってください。")
        )
    return found


def _fresh(procedure: Procedure, number: int, based_on: ProcedureVersion | None = None) -> ProcedureVersion:
    return ProcedureVersion(municipality=municipality_in_scope(), procedure=procedure, number=number, based_on=based_on)


def _write(version: ProcedureVersion, definition: Definition, actor: Account | None) -> ProcedureVersion:
    version.document = write_definition(definition)
    version.digest = digest_of(definition)
    version.name = definition.name.ja[:200]
    version.category = definition.category
    version.edited_by = actor
    version.edited_at = clock.now()
    # The property remembers what it read: the row says something else now.
    version.__dict__.pop("definition", None)
    version.save()
    return version


def _record(kind: Any, version: ProcedureVersion, actor: Account | None) -> None:
    data = {"procedure": version.procedure.code, "version": version.number}
    record_event(kind=kind, subject=version, actor=actor, data=data)
