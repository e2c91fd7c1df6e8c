"""Which fiscal year money belongs to (会計年度, 出納整理期間: 地方自治法第235条の5)."""

from __future__ import annotations

from datetime import date

from madoguchi.kit import fiscal


def is_open(fiscal_year: int, today: date) -> bool:
    """Tell whether money of a day may still be booked in a fiscal year: until 31 May after its end."""
    return fiscal_year >= fiscal.open_fiscal_years(today)[0]


def year_of_payment(fiscal_year: int, today: date) -> int:
    """
    Return the fiscal year a payment for a claim of ``fiscal_year`` is booked in.

    Its own while that is open, else the present one: the claim was carried over (滞納繰越).
    """
    return fiscal_year if is_open(fiscal_year, today) else fiscal.fiscal_year(today)
