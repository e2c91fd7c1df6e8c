"""The screen of grade 1: one application, its fields in the order of the core system's screen."""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.trust.api import Account, log_access

from ...models import Application, CoreExport, CoreExportItem
from ...permissions import export_policy
from ...rules.exporting import arrange, columns_of, flatten
from ...rules.forms import describe
from ...selectors.exporting import layout_of
from .making import fitted


@dataclass(frozen=True, slots=True)
class Cell:
    """One field to key: what it is called, what to key, how it was before other characters were needed."""

    path: str
    label: str
    text: str
    original: str


def sheet_of(*, item: CoreExportItem, actor: Account | None) -> list[Cell]:
    """Return the fields of an application to key, empty ones left out; the look is logged. Raises ``RefusedError``."""
    export: CoreExport = item.export
    export_policy.require(actor, "view", export)
    application: Application = item.application
    log_access(actor=actor, subject=application, purpose=f"画面転記: {export.system}"[:80])
    columns = columns_of(application.version.definition, [application.answers])
    columns = arrange(columns, layout_of(application.procedure, export.system))
    plain = flatten(columns, application.answers)
    cells, _losses = fitted(export, columns=columns, application=application)
    words = {
        row.path: row.value
        for section in describe(application.version.definition, application.answers, "ja", empty=False)
        for row in section.rows
    }
    return [
        Cell(column.path, column.heading, cells[column.path], _hint(words, column.path, plain, cells))
        for column in columns
        if cells[column.path]
    ]


def _hint(words: dict[str, str], path: str, plain: dict[str, str], cells: dict[str, str]) -> str:
    """Return the answer in words where it is not what is keyed: a code's label, a name before it lost characters."""
    if plain[path] != cells[path]:
        return plain[path]
    shown = words.get(path, "")
    return shown if shown != cells[path] else ""
