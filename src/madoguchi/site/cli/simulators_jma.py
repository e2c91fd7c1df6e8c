"""``simulator jma``: a feed of the Meteorological Agency that does not exist."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import click

from .frame import Failure, start_django


@click.command()
@click.option(
    "--port",
    default=None,
    type=click.IntRange(0, 65535),
    help="ポート番号（既定: MADOGUCHI_SIMULATOR_PORT から8番目）。",
)
@click.option(
    "--folder",
    default=None,
    type=click.Path(file_okay=False, path_type=Path),
    help="配信する電文のフォルダー（既定: データフォルダの simulated-jma）。",
)
def jma(port: int | None, folder: Path | None) -> None:
    """
    気象庁の配信（Atom）の模擬プロセスを動かします。電文を渡されるまで、何も配信しません。

    フォルダーに置いた電文と、POSTされた電文を配信します。/reissue にPOSTすると、過去の電文を今の時刻で、模擬の印を付けて出し直します。
    使い方はこのアドレスのページで見られます。
    """
    start_django()
    from django.conf import settings

    from madoguchi.messaging.api import serve_jma_simulator
    from madoguchi.site import configuration

    if port is None:
        port = urlsplit(configuration.simulators().get("jma", "")).port
    if port is None:
        raise Failure("ポート番号を --port か MADOGUCHI_SIMULATOR_PORT で指定してください。")
    try:
        serve_jma_simulator(port, folder=folder or Path(settings.HOME) / "simulated-jma")
    except OSError as error:
        raise Failure(
            f"127.0.0.1:{port} で待ち受けできません（{error.strerror or error}）。別の番号を指定してください。"
        ) from error
