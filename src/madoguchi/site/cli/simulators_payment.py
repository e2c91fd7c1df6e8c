"""``simulator payment``: a payment provider that does not exist."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import click

from .frame import Failure, start_django


@click.command()
@click.option(
    "--port", default=None, type=click.IntRange(0, 65535), help="ポート番号（既定: MADOGUCHI_SIMULATOR_PORT）。"
)
@click.option(
    "--file", "path", default=None, type=click.Path(dir_okay=False, path_type=Path), help="状態を残すファイル。"
)
def payment(port: int | None, path: Path | None) -> None:
    """
    決済代行会社の模擬プロセスを動かします。お金は動きません。

    支払い画面、サーバー間の接続、署名付きの通知、日ごとの精算ファイルを備え、頼めば正しくない動き（遅れる、二重、届かない、
    順序が逆、署名違い、金額違い）もします。鍵はこの設置のデータフォルダから作るので、同じ MADOGUCHI_HOME で動かしてください。
    """
    start_django()
    from madoguchi.ledger.api import serve_payment_simulator
    from madoguchi.site import configuration
    from madoguchi.site.settings_payments import simulator_secrets

    if port is None:
        port = urlsplit(configuration.simulators().get("payment", "")).port
    if port is None:
        raise Failure("ポート番号を --port か MADOGUCHI_SIMULATOR_PORT で指定してください。")
    api_key, secret = simulator_secrets()
    try:
        serve_payment_simulator(port, api_key=api_key, secret=secret, file=path)
    except OSError as error:
        raise Failure(
            f"127.0.0.1:{port} で待ち受けできません（{error.strerror or error}）。別の番号を指定してください。"
        ) from error
