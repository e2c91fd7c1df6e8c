"""``workflow``: BPMN files checked element by element."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .frame import start_django

if TYPE_CHECKING:
    from madoguchi.cases.api import BpmnReport

NOT_SUPPORTED, UNREADABLE = 1, 2


@click.group()
def workflow() -> None:
    """業務フロー（BPMN）を確かめます。"""


@workflow.command("check")
@click.argument("file", metavar="FILE.bpmn", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="結果をJSONで出力します。")
def check(file: Path, as_json: bool) -> None:
    """
    BPMN 2.0 のファイルを要素ごとに確かめ、そのまま動かせるか、動かせないならどの要素がなぜかを示します。

    \b
    終了コード:
      0  すべての要素を扱える
      1  扱えない要素がある（行、種類、名前、理由を示す）
      2  ファイルを読めない（XMLとして壊れている、実体参照を含む、大きすぎる、BPMN 2.0 でない）
    """
    start_django()
    from madoguchi.cases.api import UnreadableBpmnError, check_bpmn

    try:
        report = check_bpmn(file.read_bytes())
    except OSError as error:
        _refuse(file, error.strerror or str(error), as_json=as_json)
    except UnreadableBpmnError as error:
        _refuse(file, str(error), as_json=as_json)
    else:
        _show(file, report, as_json=as_json)
        sys.exit(0 if report.supported else NOT_SUPPORTED)


def _refuse(file: Path, reason: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"file": file.name, "readable": False, "reason": reason}, ensure_ascii=False))
    else:
        click.echo(f"{file}: 読めません。{reason}", err=True)
    sys.exit(UNREADABLE)


def _show(file: Path, report: BpmnReport, *, as_json: bool) -> None:
    if as_json:
        elements = [
            {
                "id": element.id,
                "name": element.name,
                "kind": element.kind,
                "supported": element.is_supported,
                "reason": element.reason,
                "line": element.line,
            }
            for element in report.elements
        ]
        found = {"file": file.name, "readable": True, "supported": report.supported, "elements": elements}
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for element in report.elements:
        mark = "○" if element.is_supported else "×"
        reason = f"\t{element.reason}" if element.reason else ""
        click.echo(f"{mark}\t{element.line}行目\t{element.kind_name}\t{element.name}\t{element.id}{reason}")
    total, faulty = len(report.elements), len(report.faulty)
    verdict = "そのまま動かせます" if report.supported else f"動かせません（扱えない要素 {faulty}個）"
    click.echo(f"{file.name}: 要素{total}個。{verdict}。")
