"""``plan``: plan documents in, plan data out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from .frame import Failure, find_municipality, municipality_option, start_django


@click.group()
def plan() -> None:
    """計画書を読み取り、計画のデータを書き出します。"""


@plan.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@municipality_option
@click.option("--reader", default="", help="読み取り方式（省略すると文書の様式から判別します）。")
@click.option("--publish", is_flag=True, help="確認の画面を経ずに、そのまま公開します。")
@click.option("--dry-run", is_flag=True, help="保存せずに、読み取れたものだけを表示します。")
@click.option("--json", "as_json", is_flag=True, help="読み取り結果をJSONで出力します。")
def import_(file: Path, municipality: str | None, reader: str, publish: bool, dry_run: bool, as_json: bool) -> None:
    """
    計画書（テキスト）または計画データ（JSON）を読み取り、確認待ちの下書きにします。

    読み取った値には元の文書の行番号が付きます。表の行は1行も捨てません。置き場所の決まらない行は一覧になり、確認の画面
    （/steering/drafts/）で人が直してから公開します。
    """
    start_django()
    from madoguchi.plan.api import (
        PlanError,
        import_data_file,
        import_document,
        publish_draft,
        read_document,
        read_result,
    )
    from madoguchi.trust.api import acting_for

    data = file.read_bytes()
    try:
        if dry_run:
            _report(read_document(data, reader=reader), as_json=as_json)
            return
        owner = find_municipality(municipality or _key_of(data, file, reader))
        with acting_for(owner):
            if file.suffix == ".json":
                draft = import_data_file(name=file.name, data=data)
            else:
                draft = import_document(name=file.name, data=data, reader=reader)
            _report(read_result(draft), as_json=as_json)
            if publish:
                plans = publish_draft(draft=draft, actor=None, system=True)
                click.echo(f"公開しました: {', '.join(item.title for item in plans)}", err=True)
            else:
                click.echo(
                    f"下書き {draft.pk} として保存しました。/steering/drafts/{draft.pk}/ で確認してください。", err=True
                )
    except PlanError as error:
        raise Failure(f"{file.name}: {error}") from error


def _key_of(data: bytes, file: Path, reader: str) -> str | None:
    """Return the municipality that the document itself names, when it is registered here."""
    from madoguchi.plan.api import read_document
    from madoguchi.trust.api import Municipality

    plans: list[Any] = []
    if file.suffix == ".json":
        try:
            plans = json.loads(data).get("plans", [])
        except (ValueError, AttributeError):
            return None
        key = plans[0]["municipality"] if plans else ""
    else:
        key = next((item.municipality for item in read_document(data, reader=reader).plans), "")
    return key if Municipality.objects.filter(key=key).exists() else None


def _report(result: Any, *, as_json: bool) -> None:
    from madoguchi.plan.api import draft_to_json, summarise

    if as_json:
        click.echo(json.dumps(draft_to_json(result), ensure_ascii=False, indent=1))
        return
    for line in summarise(result):
        click.echo(line)


@plan.command("data")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reader", default="", help="読み取り方式（省略すると文書の様式から判別します）。")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="書き出すファイル（省略すると標準出力）。"
)
def data(file: Path, reader: str, output: Path | None) -> None:
    """
    計画書から計画データ（名称・数値・単位・予定・担当課・行番号）を作ります。本文の段落は含みません。

    できたファイルは「plan import」で読み込めます。データベースは使いません。
    """
    start_django()
    from madoguchi.plan.api import PlanError, data_file, draft_to_json, read_document

    try:
        text = data_file(draft_to_json(read_document(file.read_bytes(), reader=reader)))
    except PlanError as error:
        raise Failure(f"{file.name}: {error}") from error
    _write(text, output)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failure(f"{output} に書き込めません: {error.strerror}") from error
    click.echo(f"{output} に書き出しました。", err=True)


@plan.command("export")
@municipality_option
@click.option("--format", "form", type=click.Choice(["json", "csv", "data"]), default="json", show_default=True)
@click.option("--what", type=click.Choice(["plans", "projects", "indicators"]), default="indicators", show_default=True)
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="書き出すファイル（省略すると標準出力）。"
)
def export(municipality: str | None, form: str, what: str, output: Path | None) -> None:
    """
    公開している計画を書き出します。

    json と csv は公開APIと同じ項目です。data は「plan import」で読み戻せる計画データ（名称・数値・単位・予定・担当課・行番号）です。
    """
    start_django()
    from madoguchi.plan.api import PlanError, export_plans
    from madoguchi.trust.api import acting_for

    owner = find_municipality(municipality)
    try:
        with acting_for(owner):
            text = export_plans(form=form, what=what)
    except PlanError as error:
        raise Failure(str(error)) from error
    _write(text, output)
