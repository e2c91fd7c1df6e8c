"""What became of applications in the core system: ticked by hand, or reported by a robot and compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from ... import events
from ...enums import ExportItemState
from ...errors import ExportError
from ...models import CoreExport, CoreExportItem, CoreLayout, Procedure
from ...permissions import export_policy
from ...rules.exporting import ResultLine, ResultsError, read_results


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A robot's report beside what it was given: keyed, failed, lines that say nothing we know, and who is missing."""

    keyed: int
    failed: int
    unknown: tuple[ResultLine, ...]
    repeated: tuple[ResultLine, ...]
    unread: tuple[ResultLine, ...]
    missing: tuple[str, ...]


@transaction.atomic
def report_keyed(*, item: CoreExportItem, actor: Account, is_keyed: bool, message: str = "") -> CoreExportItem:
    """Note that an application was keyed, or could not be and why; raises ``RefusedError``, ``ExportError``."""
    export_policy.require(actor, "make", item.export)
    locked = CoreExportItem.objects.select_for_update().get(pk=item.pk)
    if not locked.is_current:
        raise ExportError(_("この申請は、あとからもう一度書き出されています。新しいほうで転記してください。"))
    if not is_keyed and not message.strip():
        raise ExportError(_("入力できなかった理由を書いてください。"))
    _note(locked, actor, is_keyed, message)
    _record(locked.export, actor, 1)
    return locked


def _note(item: CoreExportItem, actor: Account, is_keyed: bool, message: str) -> None:
    item.state = ExportItemState.KEYED if is_keyed else ExportItemState.FAILED
    item.message = message.strip()[:300]
    item.reported_by, item.reported_at = actor, clock.now()
    item.save(update_fields=["state", "message", "reported_by", "reported_at"])


def _record(export: CoreExport, actor: Account, count: int) -> None:
    data = {"system": export.system, "grade": str(export.grade)}
    record_event(kind=events.EXPORT_REPORTED, subject=export, actor=actor, quantity=count, data=data)


@transaction.atomic
def reconcile(*, export: CoreExport, content: bytes, actor: Account) -> Reconciliation:
    """
    Take in a robot's report (受付番号, 結果, メッセージ) and compare it with what the robot was given.

    A number that comes twice counts as it came first. Raises ``RefusedError``, and ``ExportError`` for a file that is none.
    """
    export_policy.require(actor, "make", export)
    try:
        lines = read_results(content)
    except ResultsError as error:
        raise ExportError(str(error)) from error
    items = {item.application.number: item for item in export.items.select_related("application")}
    seen: set[str] = set()
    unknown, repeated, unread = [], [], []
    counts = {True: 0, False: 0}
    for line in lines:
        item = items.get(line.number)
        if item is None:
            unknown.append(line)
        elif line.number in seen:
            repeated.append(line)
        elif line.is_keyed is None:
            unread.append(line)
        else:
            seen.add(line.number)
            counts[line.is_keyed] += 1
            _note(item, actor, line.is_keyed, line.message)
    _record(export, actor, len(seen))
    missing = tuple(
        number for number, item in items.items() if number not in seen and item.state == ExportItemState.WAITING
    )
    return Reconciliation(counts[True], counts[False], tuple(unknown), tuple(repeated), tuple(unread), missing)


@transaction.atomic
def save_layout(*, procedure: Procedure, system: str, paths: Sequence[str], actor: Account) -> CoreLayout | None:
    """Keep the columns of a system's screen for a procedure; none takes the arrangement away. Raises ``RefusedError``."""
    export_policy.require(actor, "make", procedure)
    name = system.strip()
    if not 0 < len(name) <= 60:
        raise ExportError(_("連携先のシステムの名前を、60文字以内で入力してください。"))
    if not paths:
        CoreLayout.objects.filter(procedure=procedure, system=name).delete()
        return None
    made, _is_new = CoreLayout.objects.update_or_create(
        municipality=municipality_in_scope(), procedure=procedure, system=name, defaults={"paths": list(paths)}
    )
    return made
