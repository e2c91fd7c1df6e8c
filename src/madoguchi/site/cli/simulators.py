"""``simulator``: outside services that cannot exist here, as processes of their own on loopback."""

from __future__ import annotations

import click


@click.group()
def simulator() -> None:
    """外部のサービス（決済、認証局・時刻認証局、本人確認）の模擬プロセスを動かします。見本と試験のためのものです。"""
