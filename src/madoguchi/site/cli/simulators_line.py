"""``simulator line``: LINE's Messaging API, with friends who do not exist."""

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
    help="ポート番号（既定: MADOGUCHI_SIMULATOR_PORT から5番目）。",
)
@click.option(
    "--file", "path", default=None, type=click.Path(dir_okay=False, path_type=Path), help="友だちを残すファイル。"
)
@click.option("--server", default="", help="通知（Webhook）を送る窓口のアドレス（既定: MADOGUCHI_PUBLIC_URL）。")
def line(port: int | None, path: Path | None, server: str) -> None:
    """
    LINE（Messaging API）の模擬プロセスを動かします。本物のLINEには何も送られません。

    友だちごとのトーク画面、署名付きの通知、再送キー、リッチメニュー、アカウント連携を備え、頼めば正しくない動き（混雑、障害、
    月の上限、署名違い、二重の通知）もします。鍵はこの設置のデータフォルダから作るので、同じ MADOGUCHI_HOME で動かしてください。
    """
    start_django()
    from madoguchi.messaging.api import serve_line_simulator
    from madoguchi.site import configuration
    from madoguchi.site.settings_line import simulator_seed

    if port is None:
        port = urlsplit(configuration.simulators().get("line", "")).port
    if port is None:
        raise Failure("ポート番号を --port か MADOGUCHI_SIMULATOR_PORT で指定してください。")
    kept = path or Path(configuration.home()) / "simulators" / "line.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        serve_line_simulator(port, seed=simulator_seed(), webhooks=_webhooks(server), file=kept)
    except OSError as error:
        raise Failure(
            f"127.0.0.1:{port} で待ち受けできません（{error.strerror or error}）。別の番号を指定してください。"
        ) from error


def _webhooks(server: str) -> dict[str, str]:
    """Return the address each municipality's account tells of what happens."""
    from django.conf import settings

    from madoguchi.trust.api import Municipality

    address = server or settings.DOCUMENT_ADDRESS
    if not address:
        return {}
    return {
        municipality.key: f"{address.replace('{host}', _host(municipality)).rstrip('/')}/line/webhook"
        for municipality in Municipality.objects.order_by("order").prefetch_related("hosts")
    }


def _host(municipality: object) -> str:
    hosts = [one.host for one in municipality.hosts.all()]  # type: ignore[attr-defined]
    return hosts[0] if hosts else "localhost"
