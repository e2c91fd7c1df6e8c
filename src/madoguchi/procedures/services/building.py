"""Editing a draft in the builder: saving, merging what two people did, taking back and doing again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope

from ..enums import VersionStatus
from ..errors import ProceduresError
from ..models import DraftEdit, ProcedureVersion
from ..rules.editing import Edit, apply, find, full, parse_path, rebase, sparse
from .definitions import save_draft

KEPT = 100
"""How many saves of a draft can be taken back."""

TOGETHER = timedelta(seconds=20)
"""Changes of the same places by the same person within this time are one step of "take back"."""


class ClosedDraftError(ProceduresError):
    """The version is no draft any more: somebody published or discarded it meanwhile."""


class TooOldError(ProceduresError):
    """The page is so old that the change cannot be merged; nothing was saved."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What an edit led to: the version as it is now, whether anything changed, and who else's changes came in."""

    version: ProcedureVersion
    is_changed: bool
    merged_with: tuple[str, ...] = ()


@transaction.atomic
def edit_draft(
    *,
    version: ProcedureVersion,
    edits: list[Edit],
    seen_revision: int,
    actor: Account,
    overwrite: bool = False,
) -> Saved:
    """
    Make edits on a draft and save it.

    Edits made on an older state (``seen_revision``) are brought to today's. Raises ``ClashError`` where somebody changed the
    same places (``overwrite`` writes over them), ``EditError`` or ``DefinitionError`` for what no definition can hold,
    ``RefusedError`` without the permission. Nothing is changed then.
    """
    version = _locked(version)
    today = full(version.document)
    others: tuple[str, ...] = ()
    if seen_revision != version.revision:
        before = _document_at(version, seen_revision)
        others = _others_since(version, seen_revision, actor)
        if not overwrite:
            edits = [rebase(edit, before, today) for edit in edits]
    edits = [_only_changes(edit, today) for edit in edits]
    after = apply(today, *edits) if edits else today
    if after == today:
        return Saved(version, is_changed=False, merged_with=others)
    summary = _summary(edits, today, after)
    return Saved(_store(version, after, actor, summary), is_changed=True, merged_with=others)


@transaction.atomic
def undo_edit(*, version: ProcedureVersion, actor: Account) -> Saved:
    """Take back the last save of a draft, whoever made it; does nothing where there is none left."""
    version = _locked(version)
    return _travel(version, _row(version, version.revision), "undo_to", actor)


@transaction.atomic
def redo_edit(*, version: ProcedureVersion, actor: Account) -> Saved:
    """Do again what was taken back last; does nothing where something else was done since."""
    version = _locked(version)
    return _travel(version, _row(version, version.revision), "redo_to", actor)


@transaction.atomic
def restore_state(*, version: ProcedureVersion, revision: int, actor: Account) -> Saved:
    """Bring back the state of a draft after one of its kept saves, as a new save."""
    version = _locked(version)
    document = _document_at(version, revision)
    if document == full(version.document):
        return Saved(version, is_changed=False)
    return Saved(_store(version, document, actor, {"kind": "restore", "revision": revision}), is_changed=True)


@transaction.atomic
def replace_document(
    *, version: ProcedureVersion, document: dict[str, Any], actor: Account, summary: dict[str, Any]
) -> Saved:
    """Give a draft another document as one save that can be taken back (a file, an older version, a template)."""
    version = _locked(version)
    after = full(document)
    if after == full(version.document):
        return Saved(version, is_changed=False)
    return Saved(_store(version, after, actor, summary), is_changed=True)


def _locked(version: ProcedureVersion) -> ProcedureVersion:
    found = ProcedureVersion.objects.select_for_update(of=("self",)).filter(pk=version.pk).first()
    if found is None or found.status != VersionStatus.DRAFT:
        raise ClosedDraftError(
            _("この下書きは、すでに公開されたか、破棄されました。手続の一覧から開き直してください。")
        )
    return found


def _row(version: ProcedureVersion, revision: int) -> DraftEdit | None:
    return DraftEdit.objects.filter(version=version, revision=revision).first()


def _document_at(version: ProcedureVersion, revision: int) -> dict[str, Any]:
    row = _row(version, revision)
    if row is None:
        raise TooOldError(
            _("この画面は古くなっています。入力した内容を控えてから、画面を開き直してください。保存はされていません。")
        )
    return full(row.document)


def _others_since(version: ProcedureVersion, revision: int, actor: Account) -> tuple[str, ...]:
    rows = DraftEdit.objects.filter(version=version, revision__gt=revision).exclude(made_by=actor)
    return tuple(dict.fromkeys(row.made_by.name for row in rows.select_related("made_by") if row.made_by is not None))


def _only_changes(edit: Edit, document: dict[str, Any]) -> Edit:
    if edit.kind != "set":
        return edit
    return replace(
        edit, values={path: value for path, value in edit.values.items() if find(document, parse_path(path)) != value}
    )


def _summary(edits: list[Edit], before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return what is remembered of edits: kind and places of the last one that did something, and the thing's name."""
    done = [edit for edit in edits if edit.kind != "set" or edit.values]
    last = done[-1]
    paths = sorted(last.values) if last.kind == "set" else [last.path]
    place = parse_path(paths[0])
    return {"kind": last.kind, "paths": paths[:20], "name": _name_near(before, place) or _name_near(after, place)}


def _name_near(document: dict[str, Any], path: tuple[str | int, ...]) -> str:
    """Return the Japanese name of the nearest thing around a path."""
    for length in range(len(path), 0, -1):
        found = find(document, path[:length])
        for key in ("label", "title", "name", "question"):
            text = found.get(key) if isinstance(found, dict) else None
            if text:
                return str(text.get("ja", "") if isinstance(text, dict) else text)[:60]
    return ""


def _store(
    version: ProcedureVersion, document: dict[str, Any], actor: Account, summary: dict[str, Any]
) -> ProcedureVersion:
    previous = _row(version, version.revision) or _first_row(version)
    undo_to = previous.undo_to if _continues(previous, summary, actor) else previous.revision
    return _write(version, document, actor, summary, undo_to=undo_to, redo_to=None)


def _first_row(version: ProcedureVersion) -> DraftEdit:
    """Return the row of the state before the first edit, which whoever made the draft did not write."""
    return DraftEdit.objects.create(
        municipality=municipality_in_scope(),
        version=version,
        revision=version.revision,
        document=version.document,
        edit={"kind": "start"},
        made_by=version.edited_by,
        made_at=version.edited_at,
    )


def _continues(previous: DraftEdit, summary: dict[str, Any], actor: Account) -> bool:
    return (
        previous.made_by_id == actor.pk
        and previous.undo_to is not None
        and summary["kind"] == "set" == previous.edit.get("kind")
        and summary["paths"] == previous.edit.get("paths")
        and clock.now() - previous.made_at < TOGETHER
    )


def _travel(version: ProcedureVersion, row: DraftEdit | None, pointer: str, actor: Account) -> Saved:
    target = getattr(row, pointer, None)
    wanted = None if target is None else _row(version, target)
    if row is None or wanted is None:
        return Saved(version, is_changed=False)
    undone = pointer == "undo_to"
    summary = {"kind": "undo" if undone else "redo", "of": (row if undone else wanted).edit}
    redo_to = row.revision if undone else wanted.redo_to
    version = _write(version, full(wanted.document), actor, summary, undo_to=wanted.undo_to, redo_to=redo_to)
    return Saved(version, is_changed=True)


def _write(
    version: ProcedureVersion,
    document: dict[str, Any],
    actor: Account,
    summary: dict[str, Any],
    *,
    undo_to: int | None,
    redo_to: int | None,
) -> ProcedureVersion:
    saved = save_draft(version=version, document=sparse(document), seen_revision=version.revision, actor=actor)
    DraftEdit.objects.create(
        municipality=municipality_in_scope(),
        version=saved,
        revision=saved.revision,
        document=saved.document,
        undo_to=undo_to,
        redo_to=redo_to,
        edit=summary,
        made_by=actor,
        made_at=clock.now(),
    )
    DraftEdit.objects.filter(version=saved, revision__lte=saved.revision - KEPT).delete()
    return saved
