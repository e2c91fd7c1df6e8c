"""Retention periods (保存年限): whole years from the end of the fiscal year in which a document came to be."""

from __future__ import annotations

from datetime import date

from madoguchi.kit import fiscal


def retain_until(retention_class: str, received: date) -> date | None:
    """Return the last day a document is kept; None for one that is always in use (常用)."""
    if not retention_class.isdecimal():
        return None
    return fiscal.end_of(fiscal.fiscal_year(received) + int(retention_class))
