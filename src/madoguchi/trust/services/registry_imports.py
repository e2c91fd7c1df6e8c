"""
Files of residents on their way in: looked at, applied (long ones by the worker, part by part), doubts decided, forgotten.

A long file is applied in parts, each in a transaction of its own: people are matched by their number, so a part that was done
changes nothing the second time, and a worker that dies leaves nothing half done.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock, hashing, names, places

from .. import events
from ..enums import DoubtDecision, ImportStatus, RetentionClass
from ..errors import TrustError
from ..models import Account, RegistryDoubt, RegistryImport, Resident, StoredFile, municipality_in_scope
from ..permissions import resident_policy
from ..registry import FilePurpose
from ..rules import file_types
from ..rules.resident_layout import RegistryRow, RowProblem
from .accesses import log_access
from .events import record_event
from .files import discard_file, open_file, store_file
from .jobs import enqueue
from .registry_link import (
    Comparison,
    Difference,
    Doubt,
    bring_in_line,
    compare_registry,
    digest_of,
    link_resident,
    note_import,
    steps_of,
)
from .residents import add_resident

AT_ONCE = 2000
"""People a page brings in line itself; a longer file is left to the worker."""

PART = 200
KEPT = timedelta(days=30)
_MEGABYTES = 20

PURPOSE = FilePurpose(
    key="trust.registry_import",
    label="住民記録の取り込み",
    media_types=frozenset({file_types.CSV, file_types.TEXT, file_types.JSON}),
    max_bytes=_MEGABYTES * 1024 * 1024,
    retention_class=RetentionClass.YEAR_1,
    may_read=lambda actor, stored: resident_policy.allows(actor, "import"),
)


def receive_file(*, content: bytes, name: str, actor: Account) -> RegistryImport:
    """
    Take in a file and note what an import would do; no resident is changed.

    Raises ``RefusedError``, ``LayoutError`` for a file that is none of residents, ``FileRefusedError``.
    """
    comparison = compare_registry(content=content, actor=actor)
    counts = counts_of(comparison)
    stored = store_file(content=content, name=name, purpose=PURPOSE.key, actor=actor)
    with transaction.atomic():
        made = RegistryImport.objects.create(
            municipality=municipality_in_scope(),
            stored=stored,
            name=stored.name,
            digest=digest_of(content),
            encoding=comparison.file.encoding,
            counts=counts,
            uploaded_by=actor,
            uploaded_at=clock.now(),
        )
        record_event(
            kind=events.REGISTRY_LOOKED_AT, subject=made, actor=actor, quantity=counts["total"], data=dict(counts)
        )
    return made


def comparison_of(*, source: RegistryImport, actor: Account | None, system: bool = False) -> Comparison:
    """Compare the file of an import anew; raises ``TrustError`` once the file is forgotten. The look is logged."""
    if source.stored is None:
        raise TrustError(_("このファイルは片付けました。もう一度アップロードしてください。"))
    with open_file(source.stored) as file:
        content = file.read()
    comparison = compare_registry(content=content, actor=actor, system=system)
    if not system:
        log_access(actor=actor, subject=source, purpose="住民記録の取り込みの確認")
    return comparison


def counts_of(comparison: Comparison) -> dict[str, int]:
    """Return the numbers of a comparison."""
    rows = comparison.file.rows
    return {
        "total": len(rows),
        "new": len(comparison.new),
        "changed": len(comparison.changed),
        "ended": len(comparison.ended),
        "doubtful": len(comparison.doubtful),
        "refused": len(comparison.file.problems),
        "same": comparison.same,
        "absent": comparison.absent,
        "remarks": sum(bool(remarks_of(row)) for row in rows),
        "losses": sum(bool(losses_of(row)) for row in rows),
    }


def losses_of(row: RegistryRow) -> tuple[names.Loss, ...]:
    """Return the characters of a name that a system with JIS X 0208 alone prints in another way."""
    return names.print_form(str(row.values.get("name", "")), "x0208").losses


def remarks_of(row: RegistryRow) -> tuple[str, ...]:
    """Return what there is to know of a person's data; nothing of it is changed or kept out."""
    return (*row.remarks, *_place_remarks(row))


def _place_remarks(row: RegistryRow) -> Iterable[str]:
    address, code = str(row.values.get("address") or ""), str(row.values.get("postal_code") or "")
    if address and row.ended_on is None:
        found = places.locate(address, home=municipality_in_scope().name)
        if found is None or not found.town:
            yield _("住所の町名が、郵便番号簿にありません。このまま保存します。")
        elif code and code.replace("-", "") not in found.postal_codes and places.towns_of(code):
            yield _("郵便番号と住所の町名が合いません。このまま保存します。")
    if code and not places.may_exist(code):
        yield _("郵便番号が、郵便番号簿にありません。このまま保存します。")


def fingerprint_of(source: RegistryImport, *, comparison: Comparison) -> str:
    """Return a digest of the file and of everything an import would do: somebody agrees to this and to nothing else."""
    changes = [
        [step.resident_id, step.row.line, sorted(step.fields)] if isinstance(step, Difference) else [0, step.line, []]
        for step in steps_of(comparison)
    ]
    doubts = [[doubt.row.line, list(doubt.resident_ids)] for doubt in comparison.doubtful]
    return hashing.digest({"file": source.digest, "changes": changes, "doubts": doubts})


def start_import(*, source: RegistryImport, fingerprint: str, actor: Account) -> RegistryImport:
    """
    Do what somebody looked at: a short file at once, all or nothing, a long one by the worker.

    Raises ``RefusedError``, and ``TrustError`` where it was begun already or would now do something else than was shown.
    """
    resident_policy.require(actor, "import")
    comparison = comparison_of(source=source, actor=actor)
    if fingerprint != fingerprint_of(source, comparison=comparison):
        raise TrustError(_("確かめたあとに、住民の登録が変わりました。もう一度、内容を確かめてください。"))
    is_long = len(steps_of(comparison)) > AT_ONCE
    with transaction.atomic():
        status = ImportStatus.QUEUED if is_long else ImportStatus.RUNNING
        claimed = RegistryImport.objects.filter(
            pk=source.pk, status__in=(ImportStatus.LOOKED_AT, ImportStatus.FAILED)
        ).update(status=status, applied_by=actor, done=0, problem="", counts=counts_of(comparison))
        if not claimed:
            raise TrustError(_("この取り込みは、もう始まっています。"))
        if is_long:
            enqueue("trust.tasks.import_registry", import_id=source.pk)
        else:
            bring_in_line(steps=steps_of(comparison), actor=actor)
            _finish(source.pk, comparison, actor)
    source.refresh_from_db()
    return source


def run_import(*, import_id: int) -> int:
    """Bring the residents in line with a long file and return how many people that were; done parts are left alone."""
    source = RegistryImport.objects.select_related("applied_by", "stored").get(pk=import_id)
    if source.status == ImportStatus.APPLIED:
        return 0
    RegistryImport.objects.filter(pk=import_id).update(status=ImportStatus.RUNNING)
    try:
        comparison = comparison_of(source=source, actor=None, system=True)
        steps = steps_of(comparison)
        for start in range(0, len(steps), PART):
            part = steps[start : start + PART]
            with transaction.atomic():
                bring_in_line(steps=part, actor=source.applied_by)
                source.done += len(part)
                RegistryImport.objects.filter(pk=import_id).update(done=source.done)
    except Exception as error:
        RegistryImport.objects.filter(pk=import_id).update(
            status=ImportStatus.FAILED, problem=f"{type(error).__name__}"[:300]
        )
        raise
    with transaction.atomic():
        _finish(import_id, comparison, source.applied_by)
    return source.done


def _finish(import_id: int, comparison: Comparison, actor: Account | None) -> None:
    source = RegistryImport.objects.get(pk=import_id)
    for doubt in comparison.doubtful:
        _keep_doubt(source, doubt)
    source.status, source.applied_at = ImportStatus.APPLIED, clock.now()
    source.done = max(source.done, len(steps_of(comparison)))
    source.save(update_fields=["status", "applied_at", "done"])
    note_import(comparison=comparison, actor=actor)


def _keep_doubt(source: RegistryImport, doubt: Doubt) -> None:
    values = {key: value.isoformat() if isinstance(value, date) else value for key, value in doubt.row.values.items()}
    RegistryDoubt.objects.update_or_create(
        municipality=municipality_in_scope(),
        registry_number=doubt.row.registry_number,
        decision=DoubtDecision.WAITING,
        defaults={
            "source": source,
            "line": doubt.row.line,
            "values": values,
            "ended_on": doubt.row.ended_on,
            "resident_ids": list(doubt.resident_ids),
        },
    )


def row_of(doubt: RegistryDoubt) -> RegistryRow:
    """Return the person of a doubt as the file had them."""
    values: dict[str, Any] = dict(doubt.values)
    if isinstance(values.get("birth_date"), str):
        values["birth_date"] = date.fromisoformat(values["birth_date"])
    return RegistryRow(doubt.line, doubt.registry_number, values, doubt.ended_on)


@transaction.atomic
def decide_doubt(*, doubt: RegistryDoubt, actor: Account, resident: Resident | None) -> RegistryDoubt:
    """
    Decide that a person of the file is ``resident``, or (None) somebody else, who is then registered.

    Raises ``RefusedError``, and ``TrustError`` where it was decided already, the resident is not one of those who look alike,
    or the number or the resident was taken meanwhile; nothing is changed then.
    """
    resident_policy.require(actor, "import")
    locked = RegistryDoubt.objects.select_for_update().get(pk=doubt.pk)
    if locked.decision != DoubtDecision.WAITING:
        raise TrustError(_("この方については、もう判断されています。"))
    if Resident.objects.filter(registry_number=locked.registry_number).exists():
        raise TrustError(_("この宛名番号の方は、もう登録されています。最新のファイルで取り込み直してください。"))
    row = row_of(locked)
    if resident is None:
        decision, person = DoubtDecision.ANOTHER, _register(row, actor)
    else:
        if resident.pk not in locked.resident_ids or resident.registry_number:
            raise TrustError(_("この住民は選べません。もう一度、候補から選んでください。"))
        decision, person = DoubtDecision.SAME, link_resident(resident=resident, row=row, actor=actor)
    locked.decision, locked.resident = decision, person
    locked.decided_by, locked.decided_at = actor, clock.now()
    locked.values, locked.resident_ids = {}, []
    locked.save()
    record_event(kind=events.REGISTRY_DECIDED, subject=locked, actor=actor, data={"decision": str(decision)})
    return locked


def _register(row: RegistryRow, actor: Account) -> Resident:
    return add_resident(actor=actor, registry_number=row.registry_number, ended_on=row.ended_on, **row.values)


def import_residents(
    *, content: bytes, name: str, dry_run: bool = False
) -> tuple[dict[str, int], tuple[RowProblem, ...]]:
    """
    Bring the residents in line with a file for the operator at the command line, all or nothing; returns the counts and the
    records that could not be read. Raises ``LayoutError``.
    """
    comparison = compare_registry(content=content, actor=None, system=True)
    counts = counts_of(comparison)
    if not dry_run:
        with transaction.atomic():
            source = RegistryImport.objects.create(
                municipality=municipality_in_scope(),
                name=file_types.safe_name(name),
                digest=digest_of(content),
                encoding=comparison.file.encoding,
                status=ImportStatus.RUNNING,
                counts=counts,
                uploaded_at=clock.now(),
            )
            bring_in_line(steps=steps_of(comparison), actor=None)
            _finish(source.pk, comparison, None)
    return counts, comparison.file.problems


def forget_files() -> int:
    """Discard the files of imports that were applied, and of those nobody applied for 30 days; returns how many."""
    over = RegistryImport.objects.filter(stored__isnull=False).select_related("stored")
    forgotten = 0
    for source in over:
        is_done = source.status == ImportStatus.APPLIED and source.applied_at is not None
        if not (is_done or source.uploaded_at < clock.now() - KEPT) or source.is_running:
            continue
        stored: StoredFile | None = source.stored
        RegistryImport.objects.filter(pk=source.pk).update(stored=None)
        # Two imports of one file share nothing but the content: each has a row of its own.
        if stored is not None:
            discard_file(stored=stored)
        forgotten += 1
    return forgotten
