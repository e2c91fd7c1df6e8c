"""``procedure``: definitions in and out, tested and judged."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from .frame import Failure, find_municipality, municipality_option, start_django

if TYPE_CHECKING:
    from madoguchi.procedures.api import Definition, LintFinding

FOUND, UNREADABLE = 1, 2

EXITS = """
    \b
    終了コード:
      0  問題なし
      1  直す必要のある点がある、またはテストが合わない
      2  定義を読めない、またはその手続がない
"""

_json = click.option("--json", "as_json", is_flag=True, help="結果をJSONで出力します。")


@click.group()
def procedure() -> None:
    """手続の定義を取り込み、書き出し、試します。"""


@procedure.command("import", epilog=EXITS)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@municipality_option
@click.option("--publish", is_flag=True, help="点検とテストに合格すれば、そのまま公開します。")
@_json
def import_(file: Path, municipality: str | None, publish: bool, as_json: bool) -> None:
    """
    手続の定義（.procedure.json）を取り込み、下書きにします。

    同じコードの手続があるときは、その新しい版の下書きになります。公開中の版は変わりません。
    """
    start_django()
    from madoguchi.procedures.api import (
        DefinitionError,
        ProceduresError,
        UnfitError,
        import_definition,
        publish_version,
    )
    from madoguchi.trust.api import acting_for

    data = _bytes(file, as_json=as_json)
    with acting_for(find_municipality(municipality)):
        try:
            version = import_definition(data=data, actor=None, system=True)
        except DefinitionError as error:
            _refuse(str(file), error, as_json=as_json)
        except ProceduresError as error:
            raise Failure(f"{file.name}: {error}") from error
        done = {"code": version.procedure.code, "version": version.number, "published": False}
        if publish:
            try:
                publish_version(version=version, actor=None, system=True)
            except UnfitError as error:
                _report(error.findings, error.results, as_json=as_json, done=done)
                click.echo(f"madoguchi: {error}", err=True)
                sys.exit(FOUND)
            done["published"] = True
    if as_json:
        click.echo(json.dumps(done, ensure_ascii=False))
    else:
        state = "公開しました" if publish else "下書きとして取り込みました"
        click.echo(f"{version.procedure.code} 第{version.number}版「{version.name}」を{state}。")


@procedure.command("export", epilog=EXITS)
@click.argument("code", metavar="CODE")
@municipality_option
@click.option("--draft", is_flag=True, help="公開中の版ではなく、下書きを書き出します。")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="書き出すファイル（省略すると標準出力）。"
)
def export(code: str, municipality: str | None, draft: bool, output: Path | None) -> None:
    """
    手続の定義を1つのファイルに書き出します。

    同じ内容なら、どの環境でも1バイトも違わないファイルになります。「procedure import」で取り込めます。
    """
    start_django()
    from madoguchi.procedures.api import export_definition
    from madoguchi.trust.api import acting_for

    with acting_for(find_municipality(municipality)):
        data = export_definition(_version(code, draft=draft))
    if output is None:
        sys.stdout.buffer.write(data)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise Failure(f"{output} に書き込めません: {error.strerror}") from error


@procedure.command("test", epilog=EXITS)
@click.argument("subject", metavar="FILE|CODE")
@municipality_option
@_json
def test(subject: str, municipality: str | None, as_json: bool) -> None:
    """定義に付いているテストを動かします。ファイル、または登録済みの手続のコードを指定します。"""
    start_django()
    from madoguchi.procedures.api import run_tests

    results = run_tests(_definition(subject, municipality, as_json=as_json))
    if as_json:
        click.echo(json.dumps([_plain_result(item) for item in results], ensure_ascii=False, indent=1))
    else:
        for item in results:
            click.echo(f"{'合格' if item.passed else '不合格'}\t{item.name}")
            for difference in item.differences:
                click.echo(f"\t{difference.name}: 期待 {difference.expected!r}、実際 {difference.got!r}")
        click.echo(f"{len(results)}件中 合格{sum(item.passed for item in results)}件")
    sys.exit(0 if all(item.passed for item in results) else FOUND)


@procedure.command("lint", epilog=EXITS)
@click.argument("subject", metavar="FILE|CODE")
@municipality_option
@click.option("--strict", is_flag=True, help="注意（warning）があるときも終了コードを1にします。")
@_json
def lint(subject: str, municipality: str | None, strict: bool, as_json: bool) -> None:
    """
    定義を点検します。ファイル、または登録済みの手続のコードを指定します。

    error は公開できないもの、warning は直すとよいもの、hint は考えてみるとよいものです。
    """
    start_django()
    from madoguchi.procedures.api import check_definition

    findings = check_definition(_definition(subject, municipality, as_json=as_json))
    _report(findings, (), as_json=as_json)
    bad = {"error", "warning"} if strict else {"error"}
    sys.exit(FOUND if any(item.severity in bad for item in findings) else 0)


def _definition(subject: str, municipality: str | None, *, as_json: bool) -> Definition:
    """Return the definition in a file, or of a procedure that is there (its draft before its published version)."""
    from madoguchi.procedures.api import DefinitionError, read_definition_file
    from madoguchi.trust.api import acting_for

    path = Path(subject)
    if path.suffix != ".json" and not path.exists():
        with acting_for(find_municipality(municipality)):
            definition: Definition = _version(subject, draft=True).definition
            return definition
    try:
        return read_definition_file(_bytes(path, as_json=as_json))
    except DefinitionError as error:
        _refuse(subject, error, as_json=as_json)


def _version(code: str, *, draft: bool) -> Any:
    from madoguchi.procedures.api import draft_of, find_procedure

    found = find_procedure(code)
    if found is None:
        _missing(f"手続「{code}」がありません。")
    version = (draft_of(found) if draft else None) or found.published
    if version is None:
        _missing(f"手続「{code}」は公開されていません。下書きは --draft で書き出せます。")
    return version


def _missing(message: str) -> NoReturn:
    click.echo(f"madoguchi: {message}", err=True)
    sys.exit(UNREADABLE)


def _bytes(file: Path, *, as_json: bool) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        if as_json:
            click.echo(json.dumps({"readable": False, "faults": [{"path": "", "message": error.strerror}]}))
        click.echo(f"madoguchi: {file} を読めません（{error.strerror}）。", err=True)
        sys.exit(UNREADABLE)


def _refuse(name: str, error: Any, *, as_json: bool) -> NoReturn:
    faults = [{"path": fault.path, "message": fault.message} for fault in error.faults]
    if as_json:
        click.echo(json.dumps({"readable": False, "faults": faults}, ensure_ascii=False, indent=1))
    else:
        click.echo(f"madoguchi: {name} は手続の定義として読めません。", err=True)
        for fault in faults[:20]:
            click.echo(f"  {fault['path'] or '全体'}: {fault['message']}", err=True)
    sys.exit(UNREADABLE)


def _report(findings: Any, results: Any, *, as_json: bool, done: dict[str, Any] | None = None) -> None:
    if as_json:
        report = {"findings": [_plain_finding(item) for item in findings]}
        if done is not None:
            report = {**done, **report, "tests": [_plain_result(item) for item in results]}
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
        return
    for item in findings:
        click.echo(f"{item.severity}\t{item.code}\t{item.path}\t{item.message % item.params}")
        click.echo(f"\t→ {item.advice % item.params}")
    for item in results:
        click.echo(f"不合格\t{item.name}")
    if not findings and not results:
        click.echo("直すところは見つかりませんでした。")


def _plain_finding(item: LintFinding) -> dict[str, Any]:
    return {
        "code": item.code,
        "severity": str(item.severity),
        "path": item.path,
        "message": item.message % item.params,
        "advice": item.advice % item.params,
    }


def _plain_result(item: Any) -> dict[str, Any]:
    differences = [{"name": one.name, "expected": one.expected, "got": one.got} for one in item.differences]
    return {"name": item.name, "passed": item.passed, "differences": differences}
