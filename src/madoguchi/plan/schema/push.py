"""Shapes of pushed actual values."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ninja import Field, Schema

PlainText = Annotated[str, Field(pattern=r"^[^\x00]*$")]


class PushIn(Schema):
    """
    An actual value of one indicator for one fiscal year.

    ``fiscal_year`` is the western year in which it starts (令和8年度 is 2026). ``value`` is in ``unit``, which must be the
    indicator's; a milestone or an existence is sent as ``text`` (検討, 完了; 有, 無) without a value.
    """

    fiscal_year: Annotated[int, Field(ge=1900, le=2200, examples=[2026])]
    value: Annotated[float | None, Field(allow_inf_nan=False, ge=-1e15, le=1e15, examples=[1234])] = None
    unit: Annotated[PlainText, Field(max_length=40, examples=["件"])] = ""
    text: Annotated[PlainText, Field(max_length=300)] = ""
    as_of: date | None = None
    note: Annotated[PlainText, Field(max_length=2000)] = ""


class PushedActual(Schema):
    """What became of a pushed value: ``status`` is approved (it counts) or submitted (it waits for approval)."""

    id: int
    indicator: int
    fiscal_year: int
    value: float | int | None
    unit: str
    text: str
    as_of: str | None
    status: str
    doubts: list[str]
