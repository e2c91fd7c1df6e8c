"""``simulator push``: a push service for browsers that does not exist."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from .frame import Failure, start_django


@click.command()
@click.option(
    "--port",
    default=None,
    type=click.IntRange(0, 65535),
    help="ポート番号（既定: MADOGUCHI_SIMULATOR_PORT から7番目）。",
)
def push(port: int | None) -> None:
    """
    ブラウザーの通知サービス（Web Push）の模擬プロセスを動かします。通知は、どのブラウザーにも届きません。

    登録したブラウザーの鍵を持ち、送り主の署名（VAPID）を確かめ、暗号を解いて中身を見せます。頼めば、終わった登録や混雑も答えます。
    """
    start_django()
    from madoguchi.messaging.api import serve_push_simulator
    from madoguchi.site import configuration

    if port is None:
        port = urlsplit(configuration.simulators().get("push", "")).port
    if port is None:
        raise Failure("ポート番号を --port か MADOGUCHI_SIMULATOR_PORT で指定してください。")
    try:
        serve_push_simulator(port)
    except OSError as error:
        raise Failure(
            f"127.0.0.1:{port} で待ち受けできません（{error.strerror or error}）。別の番号を指定してください。"
        ) from error
