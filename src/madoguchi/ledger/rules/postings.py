"""
What each happening means in the books: lines of an entry, which add up to zero by construction.

Amounts are whole yen; a debit (借方) is positive, a credit (貸方) negative.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import UnbalancedError
from . import chart


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an entry: the key of the account and the yen, debits positive."""

    account: str
    amount: int


def transfer(debit: str, credit: str, amount: int) -> tuple[Line, ...]:
    """Return the two lines that move an amount; raises ``UnbalancedError`` for an amount that is not positive."""
    if isinstance(amount, bool) or not isinstance(amount, int) or amount <= 0:
        raise UnbalancedError(f"an entry moves a whole positive number of yen, not {amount!r}")
    return (Line(debit, amount), Line(credit, -amount))


def raised(amount: int, revenue: str = chart.FEES) -> tuple[Line, ...]:
    """調定: the payer owes, the city has earned."""
    return transfer(chart.RECEIVABLE, revenue, amount)


def taken_back(amount: int, revenue: str = chart.FEES) -> tuple[Line, ...]:
    """調定の取消 (cancelled, expired): nothing is owed any more."""
    return transfer(revenue, chart.RECEIVABLE, amount)


def waived(amount: int) -> tuple[Line, ...]:
    """減免: the claim is given up by decision; the books show what it cost."""
    return transfer(chart.WAIVED, chart.RECEIVABLE, amount)


def written_off(amount: int) -> tuple[Line, ...]:
    """不納欠損: the claim can no longer be collected (地方自治法第236条)."""
    return transfer(chart.WRITE_OFF, chart.RECEIVABLE, amount)


def captured(amount: int, provider: str) -> tuple[Line, ...]:
    """The provider has the payer's money for us."""
    return transfer(chart.clearing_key(provider), chart.RECEIVABLE, amount)


def captured_surplus(amount: int, provider: str) -> tuple[Line, ...]:
    """Money came for something that is not owed (paid twice, too late): it has to go back (過誤納金)."""
    return transfer(chart.clearing_key(provider), chart.SURPLUS, amount)


def captured_unidentified(amount: int, provider: str) -> tuple[Line, ...]:
    """Money came in an amount nobody asked for: it waits for a decision (仮受金)."""
    return transfer(chart.clearing_key(provider), chart.UNIDENTIFIED, amount)


def cash_taken(amount: int) -> tuple[Line, ...]:
    """Cash over the counter."""
    return transfer(chart.CASH, chart.RECEIVABLE, amount)


def refunded(amount: int, *, source: str, account: str) -> tuple[Line, ...]:
    """還付: money goes back out of ``account`` (clearing or cash); ``source`` says what it had been booked as."""
    return transfer(source, account, amount)


def accepted(amount: int) -> tuple[Line, ...]:
    """An unidentified amount is taken as the payment after all."""
    return transfer(chart.UNIDENTIFIED, chart.RECEIVABLE, amount)


def settled(*, gross: int, fee: int, provider: str) -> tuple[Line, ...]:
    """The provider paid out what it had taken, less its fee; a negative net is money it drew from us."""
    lines = (
        Line(chart.BANK, gross - fee),
        Line(chart.PROVIDER_FEES, fee),
        Line(chart.clearing_key(provider), -gross),
    )
    return tuple(line for line in lines if line.amount)


def deposited(*, expected: int, counted: int) -> tuple[Line, ...]:
    """A till is closed: the counted cash goes to the bank, the difference to over or short (現金過不足)."""
    lines = [Line(chart.BANK, counted), Line(chart.CASH, -expected)]
    if counted > expected:
        lines.append(Line(chart.CASH_OVER, expected - counted))
    elif counted < expected:
        lines.append(Line(chart.CASH_SHORT, expected - counted))
    return tuple(line for line in lines if line.amount)


def reversed_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines that undo an entry (反対仕訳)."""
    return tuple(Line(line.account, -line.amount) for line in lines)


def require_balance(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines; raise ``UnbalancedError`` unless there are two or more, none of them zero, that add up to zero."""
    checked = tuple(lines)
    if len(checked) < 2 or not all(line.amount for line in checked) or sum(line.amount for line in checked) != 0:
        raise UnbalancedError(f"the lines do not balance: {checked!r}")
    return checked
