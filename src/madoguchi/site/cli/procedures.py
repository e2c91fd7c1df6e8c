"""``procedure``: definitions in and out, tested and judged."""

from __future__ import annotations

import click


@click.group()
def procedure() -> None:
    """手続の定義を取り込み、書き出し、試します。"""
