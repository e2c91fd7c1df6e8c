"""Making the file of an export: a table for a robot, a package per application, or one package of everything."""

from __future__ import annotations

import csv as _csv
import io
import json
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.kit import clock, era, hashing
from madoguchi.records.api import render_pdf
from madoguchi.trust.api import Account, FilePurpose, StoredFile, open_file, record_event, store_file
from madoguchi.trust.enums import RetentionClass

from ... import events
from ...enums import ExportGrade, ExportStatus
from ...models import Application, Attachment, CoreExport, CoreExportItem
from ...permissions import export_policy
from ...rules.exporting import (
    CellLoss,
    Column,
    Package,
    application_xml,
    arrange,
    columns_of,
    fit_cells,
    fit_value,
    flatten,
    protect,
    safe_entry,
    write_table,
)
from ...rules.forms import describe
from ...selectors.exporting import layout_of

FORMAT = "madoguchi.application/1"
_SPOOL = 32 * 1024 * 1024


def _may_read(actor: Account | None, stored: StoredFile) -> bool:
    export = CoreExport.objects.select_related("procedure__unit").filter(stored=stored).first()
    return export is not None and export_policy.allows(actor, "view", export)


PURPOSE = FilePurpose(
    key="procedures.core_export",
    label="基幹システムへの書き出し",
    media_types=frozenset({"text/csv", "text/plain", "application/zip"}),
    max_bytes=1024 * 1024 * 1024,
    retention_class=RetentionClass.YEAR_1,
    may_read=_may_read,
)


def run_export(*, export_id: int) -> int:
    """Make the file of an export and return how many applications it holds; one that is ready is left alone."""
    export = CoreExport.objects.select_related("procedure__published", "created_by").get(pk=export_id)
    if export.status == ExportStatus.READY:
        return 0
    CoreExport.objects.filter(pk=export_id).update(status=ExportStatus.RUNNING, done=0, problem="")
    export.done = 0
    try:
        with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as target:
            name = _WRITERS[ExportGrade(export.grade)](export, target)
            target.seek(0)
            stored = store_file(content=target, name=name, purpose=PURPOSE.key, actor=export.created_by)
    except Exception as error:
        CoreExport.objects.filter(pk=export_id).update(status=ExportStatus.FAILED, problem=type(error).__name__)
        raise
    with transaction.atomic():
        export.stored, export.status, export.done = stored, ExportStatus.READY, export.total
        export.save(update_fields=["stored", "status", "done"])
        data = {"system": export.system, "grade": str(export.grade), "bytes": stored.size}
        record_event(
            kind=events.EXPORT_READY, subject=export, actor=export.created_by, quantity=export.total, data=data
        )
    return export.total


def items_of(export: CoreExport) -> list[CoreExportItem]:
    """Return the items of an export with their applications and the versions they were sent with."""
    found = export.items.select_related("application__procedure", "application__version", "application__on_behalf_of")
    return list(found.order_by("pk"))


def _table(export: CoreExport, target: IO[bytes]) -> str:
    items = items_of(export)
    target.write(table_of(export, items=items))
    return f"{export.procedure.code if export.procedure else 'all'}-{export.reference}.csv"


def table_of(export: CoreExport, *, items: list[CoreExportItem]) -> bytes:
    """Return the applications of one procedure as a table, and note what was lost and handed on."""
    columns = _arranged(export, items)
    rows = []
    for item in items:
        cells, losses = fitted(export, columns=columns, application=item.application)
        _note(item, losses)
        rows.append((item.application.number, cells))
    return write_table(columns, rows, encoding=export.encoding, is_guarded=export.is_guarded)


def _arranged(export: CoreExport, items: list[CoreExportItem]) -> list[Column]:
    # Applications of several versions share a table: the newest form names the columns, older fields follow.
    columns: dict[str, Column] = {}
    versions = {item.application.version_id: item.application.version for item in items}
    for version in sorted(versions.values(), key=lambda one: -one.number):
        answers = [item.application.answers for item in items if item.application.version_id == version.pk]
        for column in columns_of(version.definition, answers):
            columns.setdefault(column.path, column)
    found = _unique(list(columns.values()))
    return arrange(found, layout_of(items[0].application.procedure, export.system)) if items else found


def _unique(columns: list[Column]) -> list[Column]:
    """Give columns of different versions that share a heading headings of their own."""
    seen: set[str] = set()
    kept = []
    for column in columns:
        heading = column.heading if column.heading not in seen else f"{column.heading}（{column.path}）"
        seen.add(heading)
        kept.append(Column(column.path, heading, column.component, column.part))
    return kept


def fitted(
    export: CoreExport, *, columns: list[Column], application: Application
) -> tuple[dict[str, str], list[CellLoss]]:
    """Return an application's cells in the characters of an export, and what was lost."""
    return fit_cells(columns, flatten(columns, application.answers), profile=export.profile, encoding=export.encoding)


def _note(item: CoreExportItem, losses: list[CellLoss]) -> None:
    item.digest = digest_of(item.application.answers)
    item.losses = [[loss.heading, loss.original, loss.printed, loss.kind] for loss in losses]
    item.save(update_fields=["digest", "losses"])
    CoreExport.objects.filter(pk=item.export_id).update(done=item.export.done + 1)
    item.export.done += 1


def note_losses(*, export: CoreExport) -> None:
    """Note for an export without a file what its screen changes, and the answers it shows."""
    export.done = 0
    for item in items_of(export):
        columns = columns_of(item.application.version.definition, [item.application.answers])
        _cells, losses = fitted(export, columns=columns, application=item.application)
        _note(item, losses)


def digest_of(answers: dict[str, Any]) -> str:
    """Return the digest of answers as they were handed on."""
    return hashing.digest(_exact(answers))


def _exact(value: Any) -> Any:
    """Return JSON values with floats as texts: canonical JSON has none."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    return [_exact(item) for item in value] if isinstance(value, list) else value


def _packages(export: CoreExport, target: IO[bytes]) -> str:
    """Write one package per application; a single one is the file itself."""
    items = items_of(export)
    if len(items) == 1:
        _application_package(export, items[0], target)
        return f"{items[0].application.number}.zip"
    outer = Package(target, {"format": "madoguchi.export/1", **_facts(export)})
    for item in items:
        inner = io.BytesIO()
        _application_package(export, item, inner)
        outer.add(f"{item.application.number}.zip", inner.getvalue())
    outer.close()
    return f"{export.reference}.zip"


def _application_package(export: CoreExport, item: CoreExportItem, target: IO[bytes]) -> None:
    package = Package(target, {"format": FORMAT, **_facts(export), "number": item.application.number})
    for path, content in files_of(export, item=item):
        package.add(path, content)
    package.close()


def _bulk(export: CoreExport, target: IO[bytes]) -> str:
    """Write one package: a table per procedure, a folder per application, what was lost, the manifest."""
    items = items_of(export)
    package = Package(target, {"format": "madoguchi.export/1", **_facts(export), "total": len(items)})
    by_code: dict[str, list[CoreExportItem]] = {}
    for item in items:
        for path, content in files_of(export, item=item):
            package.add(f"applications/{item.application.number}/{path}", content)
        by_code.setdefault(item.application.procedure.code, []).append(item)
    for code, together in by_code.items():
        export.done -= len(together)
        package.add(f"tables/{code}.csv", table_of(export, items=together))
    package.add("losses.csv", _losses(items))
    package.close()
    return f"{export.reference}.zip"


def _losses(items: list[CoreExportItem]) -> bytes:
    out = io.StringIO()
    lines = _csv.writer(out, lineterminator="\r\n")
    lines.writerow(["受付番号", "項目", "もとの字", "書き出した字", "種類"])
    for item in items:
        lines.writerows([[item.application.number, *(protect(text) for text in loss)] for loss in item.losses])
    return out.getvalue().encode("utf-8-sig")


def files_of(export: CoreExport, *, item: CoreExportItem) -> Iterator[tuple[str, bytes]]:
    """Yield (path, content) of everything an application is handed on as; notes what was lost."""
    application = item.application
    definition = application.version.definition
    columns = columns_of(definition, [application.answers])
    _cells, losses = fitted(export, columns=columns, application=application)
    _note(item, losses)
    answers = fit_value(application.answers, profile=export.profile)
    received = clock.local(application.submitted_at).isoformat(timespec="seconds")
    document = {
        "format": FORMAT,
        "number": application.number,
        "procedure": definition.code,
        "version": application.version.number,
        "received": received,
        "channel": str(application.channel),
        "assurance": application.assurance,
        "fee": application.fee,
        "is_again": item.is_again,
        "profile": export.profile,
        "losses": [
            {"path": loss.path, "original": loss.original, "written": loss.printed, "kind": loss.kind}
            for loss in losses
        ],
        "answers": answers,
    }
    yield "application.json", json.dumps(document, ensure_ascii=False, indent=1).encode()
    yield (
        "application.xml",
        application_xml(
            definition,
            version=application.version.number,
            number=application.number,
            received=received,
            answers=answers,
        ),
    )
    yield "form.pdf", _pdf(application)
    for attachment in Attachment.objects.filter(application=application, message=None).select_related("stored"):
        with open_file(attachment.stored) as file:
            yield f"attachments/{attachment.stored_id}-{safe_entry(attachment.stored.name)}", file.read()


def _pdf(application: Application) -> bytes:
    at = clock.local(application.submitted_at)
    definition = application.version.definition
    content = {
        "title": definition.name.ja,
        "reference": application.number,
        "received": _("%(when)s 受付") % {"when": f"{era.format_date(at.date())} {at:%H:%M}"},
        "sections": [
            {"title": section.title, "rows": [[row.label, row.value] for row in section.rows]}
            for section in describe(definition, application.answers, "ja", empty=False)
        ],
    }
    return render_pdf(template="receipt", content=content, language="ja")


def _facts(export: CoreExport) -> dict[str, Any]:
    return {
        "system": export.system,
        "export": export.reference,
        "made": clock.local(export.created_at).isoformat(timespec="seconds"),
        "profile": export.profile,
        "encoding": export.encoding,
    }


_WRITERS = {ExportGrade.ROBOT: _table, ExportGrade.IMPORT: _packages, ExportGrade.BULK: _bulk}
