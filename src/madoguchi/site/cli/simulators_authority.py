"""``simulator authority``: certification and time stamp authority on loopback."""

from __future__ import annotations

from datetime import timedelta

import click

from .frame import start_django


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=None, help="待ち受ける番号。省略すると設定のもの。")
@click.option(
    "--tsa-days", type=click.IntRange(1, 36500), default=None, help="時刻認証局の証明書の日数（最初の作成時）。"
)
def authority(port: int | None, tsa_days: int | None) -> None:
    """見本の認証局・時刻認証局を動かします（電子署名の試験用。鍵は MADOGUCHI_HOME に一度だけ作ります）。"""
    start_django()
    from urllib.parse import urlsplit

    from django.conf import settings

    from madoguchi.records.api import run_authority

    chosen = port or urlsplit(settings.SEAL_AUTHORITY).port
    if chosen is None:
        raise click.UsageError("--port か MADOGUCHI_SIMULATOR_PORT を指定してください。")
    click.echo(f"認証局・時刻認証局（見本）: http://127.0.0.1:{chosen}")
    run_authority(port=chosen, tsa_life=timedelta(days=tsa_days) if tsa_days else None)
