"""``token``: keys of programs, issued, listed and revoked."""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import Any

import click

from .frame import Failure, find_municipality, municipality_option, start_django

UNKNOWN = 2
USUAL_DAYS = 180

_json = click.option("--json", "as_json", is_flag=True, help="結果をJSONで出力します。")


@click.group()
def token() -> None:
    """ほかのシステムが使う鍵（機械連携のトークン）を扱います。"""


@token.command("issue")
@click.argument("name", metavar="NAME")
@click.option("--scope", "scopes", multiple=True, required=True, metavar="SCOPE", help="できること。何回でも書けます。")
@click.option("--days", default=USUAL_DAYS, show_default=True, help="今日から何日使えるか（1年まで）。")
@municipality_option
@_json
def issue(name: str, scopes: tuple[str, ...], days: int, municipality: str | None, as_json: bool) -> None:
    """
    トークンを発行し、その秘密を1度だけ表示します。

    \b
    SCOPE:
      applications.send    申請を送る、補正に答える、取り下げる
      applications.read    申請の内容とやりとりを読む
      applications.vouch   公的な本人確認をしたものとして申請を送る

    \b
    例: madoguchi token issue 予約システム --scope applications.send --scope applications.read --days 90
    """
    start_django()
    from madoguchi.kit import clock
    from madoguchi.trust.api import TrustError, acting_for, issue_token
    from madoguchi.trust.api import scopes as known

    if unknown := sorted(set(scopes) - set(known.keys())):
        raise Failure(f"できること「{'」「'.join(unknown)}」はありません。あるもの: {', '.join(sorted(known.keys()))}")
    if not 0 <= days <= 366:
        raise Failure("--days は0から366までの数にしてください。")
    with acting_for(find_municipality(municipality)):
        try:
            made, secret = issue_token(
                name=name, scopes=scopes, expires_on=clock.today() + timedelta(days=days), actor=None, system=True
            )
        except TrustError as error:
            raise Failure(str(error)) from error
    if as_json:
        click.echo(json.dumps({**_line(made), "token": secret}, ensure_ascii=False))
        return
    click.echo(secret)
    click.echo(f"「{made.name}」のトークンです。{made.expires_on} まで使えます。もう表示されません。", err=True)


@token.command("list")
@click.option("--all", "everything", is_flag=True, help="失効したもの、期限の切れたものも載せます。")
@municipality_option
@_json
def list_(everything: bool, municipality: str | None, as_json: bool) -> None:
    """トークンの一覧を表示します。秘密は表示されません。"""
    start_django()
    from madoguchi.trust.api import MachineToken, acting_for

    with acting_for(find_municipality(municipality)):
        lines = [_line(found) for found in MachineToken.objects.all()]
    lines = [line for line in lines if everything or line["state"] == "active"]
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False, indent=1))
        return
    for line in lines:
        click.echo(
            "\t".join([str(line["id"]), line["state"], line["expires_on"], ",".join(line["scopes"]), line["name"]])
        )
    if not lines:
        click.echo("使えるトークンはありません。", err=True)


def _line(found: Any) -> dict[str, Any]:
    from madoguchi.kit import clock

    state = "revoked" if found.revoked_at else "expired" if found.expires_on < clock.today() else "active"
    return {
        "id": found.pk,
        "name": found.name,
        "hint": found.hint,
        "scopes": found.scopes,
        "state": state,
        "expires_on": found.expires_on.isoformat(),
        "used_on": found.used_on.isoformat() if found.used_on else None,
    }


@token.command("revoke")
@click.argument("number", metavar="ID", type=int)
@municipality_option
def revoke(number: int, municipality: str | None) -> None:
    """トークンをすぐに使えなくします。ID は「token list」の先頭の数です。なければ終了コードは2です。"""
    start_django()
    from madoguchi.trust.api import MachineToken, acting_for, revoke_token

    with acting_for(find_municipality(municipality)):
        found = MachineToken.objects.filter(pk=number).first()
        if found is None:
            click.echo(f"madoguchi: ID {number} のトークンはありません。「token list」で確かめてください。", err=True)
            sys.exit(UNKNOWN)
        revoke_token(token=found, actor=None, system=True)
    click.echo(f"「{found.name}」のトークンを失効させました。")
