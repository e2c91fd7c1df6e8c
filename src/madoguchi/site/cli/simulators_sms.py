"""``simulator sms``: a provider of short messages that does not exist."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from .frame import Failure, start_django


@click.command()
@click.option(
    "--port",
    default=None,
    type=click.IntRange(0, 65535),
    help="ポート番号（既定: MADOGUCHI_SIMULATOR_PORT から6番目）。",
)
def sms(port: int | None) -> None:
    """
    SMS事業者の模擬プロセスを動かします。短いメッセージは、どの電話にも届きません。

    届いた内容はこのアドレスのページで見られます。到達の通知は、頼めば遅れ、二重になり、失われます。鍵はこの設置のデータフォルダから
    作るので、同じ MADOGUCHI_HOME で動かしてください。
    """
    start_django()
    from madoguchi.messaging.api import serve_sms_simulator
    from madoguchi.site import configuration
    from madoguchi.site.settings_sms import simulator_secrets

    if port is None:
        port = urlsplit(configuration.simulators().get("sms", "")).port
    if port is None:
        raise Failure("ポート番号を --port か MADOGUCHI_SIMULATOR_PORT で指定してください。")
    token, secret = simulator_secrets()
    try:
        serve_sms_simulator(port, token=token, secret=secret)
    except OSError as error:
        raise Failure(
            f"127.0.0.1:{port} で待ち受けできません（{error.strerror or error}）。別の番号を指定してください。"
        ) from error
