"""``workflow``: BPMN files checked element by element."""

from __future__ import annotations

import click


@click.group()
def workflow() -> None:
    """業務フロー（BPMN）を確かめます。"""
