"""Beginning an export: which applications, in which grade; each is claimed for the system in the same transaction."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, enqueue, log_access, municipality_in_scope, record_event
from madoguchi.trust.enums import AccessAction

from ... import events
from ...enums import ExportGrade, ExportItemState, ExportStatus
from ...errors import ExportError
from ...models import Application, CoreExport, CoreExportItem, Procedure
from ...permissions import export_policy
from ...rules.exporting import ENCODINGS, PROFILES
from ...selectors.exporting import candidates, exportable_procedures
from .making import note_losses, run_export

AT_MOST = {ExportGrade.SCREEN: 500, ExportGrade.ROBOT: 5000, ExportGrade.IMPORT: 500, ExportGrade.BULK: 2000}
"""Applications in one export; what is left over comes with the next one."""

AT_ONCE = 200
"""Rows of a table a page makes itself; everything else is made by the worker."""

REPORTED = (ExportGrade.SCREEN, ExportGrade.ROBOT)
"""Grades in which somebody reports what was really keyed."""


def start_export(
    *,
    actor: Account,
    procedure: Procedure | None,
    system: str,
    grade: str,
    encoding: str = "utf-8-sig",
    profile: str = "mj",
    is_guarded: bool = True,
    since: date | None = None,
    until: date | None = None,
    again: bool = False,
) -> CoreExport:
    """
    Hand on the applications a system still has to get; without a procedure (bulk alone) those of all the actor may hand on.

    Raises ``RefusedError``, and ``ExportError`` where there is nothing to hand on, the choices contradict each other, or somebody
    else was faster; nothing was changed then.
    """
    export_policy.require(actor, "open")
    if procedure is not None:
        export_policy.require(actor, "make", procedure)
    _check(procedure, system, grade, encoding, profile, since, until)
    procedures = exportable_procedures(actor) if procedure is None else [procedure]
    wanted = candidates(procedures=procedures, system=system.strip(), since=since, until=until, again=again)
    found = list(wanted.select_related("procedure")[: AT_MOST[ExportGrade(grade)]])
    if not found:
        raise ExportError(
            _("書き出す申請はありません。期間を変えるか、「書き出し済みの申請も、もう一度」を選んでください。")
        )
    export = CoreExport(
        municipality=municipality_in_scope(),
        procedure=procedure,
        system=system.strip(),
        grade=grade,
        encoding=encoding,
        profile=profile,
        is_guarded=is_guarded,
        since=since,
        until=until,
        total=len(found),
        created_by=actor,
        created_at=clock.now(),
        status=ExportStatus.READY if grade == ExportGrade.SCREEN else ExportStatus.QUEUED,
    )
    try:
        _claim(export, found, actor)
    except IntegrityError as error:
        raise ExportError(
            _("同じときに、ほかの人が書き出しました。一覧で確かめてから、もう一度書き出してください。")
        ) from error
    if grade == ExportGrade.ROBOT and len(found) <= AT_ONCE:
        run_export(export_id=export.pk)
    elif grade == ExportGrade.SCREEN:
        note_losses(export=export)
    export.refresh_from_db()
    return export


@transaction.atomic
def _claim(export: CoreExport, found: list[Application], actor: Account) -> None:
    export.save()
    numbers = [application.pk for application in found]
    CoreExportItem.objects.filter(system=export.system, application__in=numbers, is_current=True).update(
        is_current=False
    )
    state = ExportItemState.WAITING if export.grade in REPORTED else ExportItemState.HANDED_ON
    CoreExportItem.objects.bulk_create(
        CoreExportItem(
            municipality=export.municipality,
            export=export,
            application=application,
            system=export.system,
            is_again=application.is_again,  # type: ignore[attr-defined]
            state=state,
            exported_at=export.created_at,
        )
        for application in found
    )
    for application in found:
        log_access(
            actor=actor, subject=application, purpose=f"基幹連携: {export.system}"[:80], action=AccessAction.EXPORT
        )
    data = {
        "system": export.system,
        "grade": str(export.grade),
        "procedure": "" if export.procedure is None else export.procedure.code,
    }
    record_event(kind=events.EXPORT_STARTED, subject=export, actor=actor, quantity=len(found), data=data)
    runs_here = export.grade == ExportGrade.ROBOT and len(found) <= AT_ONCE
    if export.grade != ExportGrade.SCREEN and not runs_here:
        enqueue("procedures.tasks.make_export", export_id=export.pk)


def _check(
    procedure: Procedure | None,
    system: str,
    grade: str,
    encoding: str,
    profile: str,
    since: date | None,
    until: date | None,
) -> None:
    if not 0 < len(system.strip()) <= 60:
        raise ExportError(_("連携先のシステムの名前を、60文字以内で入力してください。"))
    if grade not in ExportGrade.values or encoding not in ENCODINGS or profile not in PROFILES:
        raise ExportError(_("方式、文字コード、文字の範囲を、一覧から選んでください。"))
    if procedure is None and grade != ExportGrade.BULK:
        raise ExportError(_("手続を選んでください。すべての手続をまとめられるのは、一括取込だけです。"))
    if encoding == "cp932" and profile != "x0208":
        raise ExportError(
            _("Shift_JISで書き出せるのは、JIS X 0208 の文字だけです。文字の範囲を変えるか、UTF-8にしてください。")
        )
    if since and until and until < since:
        raise ExportError(_("「いつまで」は、「いつから」以降の日にしてください。"))
