"""``municipality``: the cities of an installation."""

from __future__ import annotations

import click

from .frame import Failure, start_django


@click.group()
def municipality() -> None:
    """自治体を登録し、一覧にします。"""


@municipality.command("add")
@click.argument("key")
@click.argument("code")
@click.argument("name")
@click.option("--host", "hosts", multiple=True, help="応答するホスト名（複数可）。省略すると KEY.localhost。")
@click.option("--name-en", default="", help="英語の名称。")
@click.option("--name-kana", default="", help="名称のカナ。")
@click.option("--phone", default="", help="代表電話。")
def add(key: str, code: str, name: str, hosts: tuple[str, ...], name_en: str, name_kana: str, phone: str) -> None:
    """
    自治体を登録します。

    \b
    例: madoguchi municipality add odawara 142069 小田原市 --host www.city.example.jp
      KEY   英小文字の短い名前（URLや指定に使います）
      CODE  全国地方公共団体コード（6桁、検査数字つき）
      NAME  名称
    """
    start_django()
    from django.core.exceptions import ValidationError
    from django.db import DatabaseError

    from madoguchi.kit import check_digits
    from madoguchi.trust.api import add_municipality

    if not check_digits.is_municipality_code(code):
        raise Failure(f"団体コード {code} は検査数字が合いません。6桁の全国地方公共団体コードを指定してください。")
    try:
        found = add_municipality(
            key=key, code=code, name=name, hosts=hosts, name_en=name_en, name_kana=name_kana, phone=phone
        )
    except ValidationError as error:
        raise Failure(" ".join(error.messages)) from error
    except DatabaseError as error:
        raise Failure("データベースの用意ができていません。先に「madoguchi migrate」を実行してください。") from error
    click.echo(
        f"{found.name}（{found.key}, {found.code}）を登録しました: {', '.join(h.host for h in found.hosts.all())}"
    )


@municipality.command("list")
def list_() -> None:
    """
    登録されている自治体を一覧にします。

    1行に1つ、キー、団体コード、名称、ホスト名の順で、タブで区切って表示します。最初の自治体が localhost でも応答します。
    """
    start_django()
    from madoguchi.trust.api import Municipality

    for item in Municipality.objects.prefetch_related("hosts"):
        click.echo(f"{item.key}\t{item.code}\t{item.name}\t{', '.join(host.host for host in item.hosts.all())}")
