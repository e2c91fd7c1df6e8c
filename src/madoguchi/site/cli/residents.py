"""``residents``: the core system's file of residents."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from .frame import find_municipality, municipality_option, start_django

FOUND, UNREADABLE = 1, 2


@click.group()
def residents() -> None:
    """住民記録システムのファイルと登録を合わせます。"""


@residents.command("import")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="比べるだけで、何も変えません。")
@municipality_option
@click.option("--json", "as_json", is_flag=True, help="結果をJSONで出力します。")
def import_(file: Path, dry_run: bool, municipality: str | None, as_json: bool) -> None:
    """
    住民記録のファイル（CSVまたはJSON）を取り込みます。全部取り込むか、何も変えないかのどちらかです。

    同じ方かどうかは宛名番号だけで決めます。似ている方は推測で結び付けず、画面で確かめるために残します。

    \b
    終了コード:
      0  取り込んだ（または比べた）
      1  読み取れない行か、確かめる方がある（ほかは取り込んだ）
      2  ファイルを読めない。何も変えていない
    """
    start_django()
    from madoguchi.trust.api import LayoutError, acting_for, import_residents

    try:
        content = file.read_bytes()
    except OSError as error:
        click.echo(f"madoguchi: {file} を読めません（{error.strerror}）。", err=True)
        sys.exit(UNREADABLE)
    with acting_for(find_municipality(municipality)):
        try:
            counts, problems = import_residents(content=content, name=file.name, dry_run=dry_run)
        except LayoutError as error:
            click.echo(f"madoguchi: {file.name}: {error}", err=True)
            sys.exit(UNREADABLE)
    if as_json:
        lines = [{"line": one.line, "column": one.column, "message": one.message} for one in problems]
        click.echo(json.dumps({"applied": not dry_run, **counts, "problems": lines}, ensure_ascii=False, indent=1))
    else:
        done = "比べました（何も変えていません）" if dry_run else "取り込みました"
        click.echo(
            f"{done}: 新しい方{counts['new']}、変わる方{counts['changed']}、消除{counts['ended']}、"
            f"変わらない方{counts['same']}、確かめる方{counts['doubtful']}、読み取れない行{counts['refused']}"
        )
        for one in problems:
            click.echo(f"{one.line}行目\t{one.column}\t{one.message}", err=True)
    sys.exit(FOUND if problems or counts["doubtful"] else 0)
