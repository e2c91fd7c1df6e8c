"""``cap``: messages of the Common Alerting Protocol, checked."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from .frame import start_django

BROKEN, UNREADABLE = 1, 2


@click.group()
def cap() -> None:
    """緊急情報の国際規格 CAP（Common Alerting Protocol）の電文を調べます。"""


@cap.command("check")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="結果をJSON（1行に1ファイル）で出力します。")
def check(files: tuple[str, ...], as_json: bool) -> None:
    """
    CAP 1.2（と1.1）の電文が規格に合っているかを、1行ずつ調べます。

    FILE は XML か - （標準入力）です。

    \b
    終了コード: 0 すべて規格どおり（注意はありうる）、1 規格に合わないものがある、2 読めないファイルがある
    """
    start_django()
    from madoguchi.messaging.api import check_cap

    worst = 0
    for name in files:
        data = _read(name)
        if data is None:
            worst = UNREADABLE
            continue
        findings = [finding.as_json() for finding in check_cap(data)]
        is_valid = not any(finding["severity"] == "error" for finding in findings)
        worst = max(worst, 0 if is_valid else BROKEN)
        if as_json:
            click.echo(json.dumps({"file": name, "valid": is_valid, "findings": findings}, ensure_ascii=False))
        else:
            _print(name, findings, is_valid)
    sys.exit(worst)


def _read(name: str) -> bytes | None:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        click.echo(f"madoguchi: {name}: {error.strerror}", err=True)
        return None


def _print(name: str, findings: list[dict[str, object]], is_valid: bool) -> None:
    for finding in findings:
        place = ":".join(str(part) for part in (name, finding["line"]) if part)
        word = "誤り" if finding["severity"] == "error" else "注意"
        path = f" {finding['path']}" if finding["path"] else ""
        click.echo(f"{place}: {word}{path}: {finding['message']}")
    click.echo(f"{name}: {'規格どおりです' if is_valid else '規格に合っていません'}")
