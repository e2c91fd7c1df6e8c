"""``line``: the LINE official account of a municipality."""

from __future__ import annotations

import click

from .frame import Failure, find_municipality, municipality_option, start_django


@click.group()
def line() -> None:
    """LINE公式アカウントの準備をします。"""


@line.command()
@municipality_option
@click.option("--publish", is_flag=True, help="LINEに公開する（付けなければ内容を表示するだけ）。")
def menu(municipality: str | None, publish: bool) -> None:
    """
    トーク画面のメニュー（リッチメニュー）の内容を表示し、--publish で公開します。

    何度行っても同じ結果になります。変わったメニューだけを作り直し、古いものは消します。
    """
    start_django()
    from madoguchi.messaging.api import MessagingError, line_menu_request, publish_line_menus
    from madoguchi.trust.api import acting_for

    with acting_for(find_municipality(municipality)):
        if not publish:
            for language in ("ja", "ja-easy", "en"):
                request = line_menu_request(language)
                labels = [area["action"]["label"] for area in request["areas"]]
                click.echo(f"{language}: {request['name']} {' / '.join(labels)}")
            return
        try:
            done = publish_line_menus()
        except MessagingError as error:
            raise Failure(str(error)) from error
    click.echo(
        f"公開しました：新しいメニュー {done.made}、消した古いメニュー {done.deleted}、言語別に表示した友だち {done.linked}人"
    )


@line.command()
@municipality_option
@click.option("--publish", is_flag=True, help="LINEに登録する（付けなければ表示するだけ）。")
def webhook(municipality: str | None, publish: bool) -> None:
    """通知（Webhook）のアドレスを表示し、--publish でLINEに登録します。"""
    start_django()
    from madoguchi.messaging.api import MessagingError, register_line_webhook
    from madoguchi.trust.api import acting_for

    with acting_for(find_municipality(municipality)):
        try:
            click.echo(register_line_webhook(publish=publish))
        except MessagingError as error:
            raise Failure(str(error)) from error


@line.command()
@municipality_option
def friends(municipality: str | None) -> None:
    """いまの友だちをLINEに尋ねて取り込みます（認証済みアカウントだけができます）。"""
    start_django()
    from madoguchi.messaging.api import MessagingError, import_line_friends
    from madoguchi.trust.api import acting_for

    with acting_for(find_municipality(municipality)):
        try:
            new, seen = import_line_friends()
        except MessagingError as error:
            raise Failure(str(error)) from error
    click.echo(f"友だち {seen}人を確かめ、{new}人を新しく登録しました。")
