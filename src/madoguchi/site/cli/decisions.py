"""``decision``: decision tables and their examples."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.group()
def decision() -> None:
    """決定表（DMN）を確かめます。"""


@decision.command("check")
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="結果をJSONで出力します。")
def check(folders: tuple[Path, ...], as_json: bool) -> None:
    """
    フォルダの中の決定表を、隣にある確認例（*-test-*.xml、DMN TCKの形式）で確かめます。

    結果は1件ごとに model, case, passed, refused, expected, got です。対応していない書き方は refused にその名前が入ります。
    1件でも不合格（対応していない場合を除く）があれば、終了コードは1です。
    """
    from madoguchi.kit.dmn.compatibility import check_folders, results_as_json

    results = check_folders(list(folders))
    if as_json:
        click.echo(json.dumps(results_as_json(results), ensure_ascii=False, indent=1))
    else:
        for item in results:
            mark = "合格" if item.passed else f"対応外（{item.refused}）" if item.refused else "不合格"
            click.echo(f"{mark}\t{item.model}\t{item.case}" + ("" if item.passed else f"\t{item.expected}\t{item.got}"))
        passed = sum(item.passed for item in results)
        click.echo(f"{len(results)}件中 合格{passed}件、対応外{sum(bool(i.refused) for i in results)}件")
    if any(not item.passed and not item.refused for item in results):
        sys.exit(1)
