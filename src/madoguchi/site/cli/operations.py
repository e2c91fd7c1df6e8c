"""``migrate``, ``backup``, ``restore``, ``doctor``, ``demonstration``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from .frame import Failure, start_django


@click.command()
def migrate() -> None:
    """
    データベースを用意し、新しい版に合わせます。

    何度実行しても安全です。はじめての設置のときと、新しい版に入れ替えたときに実行してください。入れ替えの前には
    「madoguchi backup」で控えを取ることをお勧めします。PostgreSQLでは表の所有者の役で実行してください。MADOGUCHI_DATABASE_ROLE に
    名指した役には、行を読み書きする権限を与えます。
    """
    start_django()
    from django.core.management import call_command
    from django.db import DatabaseError, connection

    from madoguchi.trust.api import grant_to_application_role

    try:
        call_command("migrate", verbosity=0, interactive=False)
        # Not by the migrations alone: the role may have been named, or made, after they ran.
        grant_to_application_role(connection)
    except DatabaseError as error:
        raise Failure(f"データベースを用意できませんでした: {str(error).splitlines()[0]}") from error
    click.echo("データベースの用意ができました。")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """
    データベースと保管ファイルを1つのファイルに控えます。

    動かしたままで構いません。控えには目録と検査値が入り、「madoguchi restore」が確かめてから戻します。控えは別の場所に置き、
    ときどき空の設置先に戻してみてください。

    
    例: madoguchi backup /mnt/backup/madoguchi-2026-11-20.tar
    """
    start_django()
    from madoguchi.trust.api import OperationError, make_backup

    try:
        manifest = make_backup(path=file)
    except OperationError as error:
        raise Failure(str(error)) from error
    click.echo(f"{file} に控えました（ファイル{manifest['files']}件、{manifest['bytes']:,}バイト）。")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="すでにデータがあっても置き換えます。元のデータは消えます。")
def restore(file: Path, force: bool) -> None:
    """
    控えから元に戻します。

    空の設置先に戻し、目録の検査値と、出来事の記録の連鎖が正しいことまで確かめます。すでにデータがある設置先には、--force を
    付けないかぎり何もしません。
    """
    start_django()
    from madoguchi.trust.api import OperationError, restore_backup

    try:
        findings = restore_backup(path=file, force=force)
    except OperationError as error:
        raise Failure(str(error)) from error
    for finding in findings:
        click.echo(f"{finding.severity}: {finding.message}")
    click.echo("元に戻しました。")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="結果をJSONで出力します。")
def doctor(as_json: bool) -> None:
    """
    設置のようすを診断します: 記録の連鎖（変更・挿入・削除された行を名指し）、保管ファイル、移行、設定。

    問題があれば終了コードは1です。
    """
    start_django()
    from madoguchi.trust.api import describe_database, diagnose

    findings = diagnose()
    if as_json:
        click.echo(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=1))
    else:
        click.echo(describe_database())
        for finding in findings:
            click.echo(f"{finding.severity}\t{finding.subject}\t{finding.message}")
        if not findings:
            click.echo("問題は見つかりませんでした。")
    if any(finding.severity == "error" for finding in findings):
        sys.exit(1)


@click.group()
def demonstration() -> None:
    """見本の自治体・職員・計画を用意します。"""


@demonstration.command("load")
@click.option("--seed", default=20260401, show_default=True, help="架空の職員・住民を作る種。")
@click.option("--municipality", "-m", "keys", metavar="KEY", multiple=True, help="入れる市（複数可）。省略すると5市。")
def load(seed: int, keys: tuple[str, ...]) -> None:
    """5市の計画（公表されたもの）と、架空の職員・住民を入れます。すでにあるものはそのまま残します。"""
    start_django()
    from madoguchi.site.demonstration import MUNICIPALITIES, load_demonstration

    known = [facts[0] for facts in MUNICIPALITIES]
    if unknown := [key for key in keys if key not in known]:
        raise Failure(f"見本の市にありません: {', '.join(unknown)}。次から選んでください: {', '.join(known)}")
    for line in load_demonstration(seed=seed, keys=keys):
        click.echo(line)


@demonstration.command("accounts")
def accounts() -> None:
    """見本のサインイン情報を表示します。"""
    start_django()
    from madoguchi.site.demonstration import sign_in_lines

    for line in sign_in_lines():
        click.echo(line)
