"""
Printed publications of a plan: the book, the yearly report and the overview as PDF, typeset with typst.

Tagged PDF (PDF/A-2a and PDF/UA-1 in one file) with embedded Japanese fonts. See docs/guide/printing.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.kit.hashing import digest

from ...models import Plan
from ...selectors.printing import book_data, overview_data, report_data
from . import words
from .book import book_document
from .cache import kept
from .fonts import FontsMissingError
from .overview import overview_document
from .render import TypesettingError, typeset, version_of_layout
from .report import report_document

__all__ = ["FontsMissingError", "Publication", "TypesettingError", "overview_sheet", "plan_book", "yearly_report"]

Document = Callable[..., dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """
    A publication of a plan in the language that was active when it was asked for.

    ``key`` is the digest of everything that goes into it (data, language, layout, day of printing): the same key, the
    same bytes. ``filename`` is for people.
    """

    template: str
    filename: str
    key: str
    printed_on: date
    data: dict[str, Any]
    document: Document

    def pdf(self) -> bytes:
        """Return the PDF, from the cache or newly typeset; raises ``FontsMissingError`` or ``TypesettingError``."""
        return kept(self.key, self._make)

    def _make(self) -> bytes:
        ready = self.document(self.data, printed_on=self.printed_on)
        return typeset(template=self.template, data=ready, printed_on=self.printed_on)


def plan_book(*, plan: Plan) -> Publication:
    """Return the plan book (計画書)."""
    return _publication("book", _("{plan} 計画書"), plan, book_data(plan), book_document)


def yearly_report(*, plan: Plan, fiscal_year: int) -> Publication:
    """Return the report (年次報告書) of a fiscal year."""
    name = _("{plan} {year} 年次報告書").replace("{year}", words.long_year(fiscal_year))
    return _publication("report", name, plan, report_data(plan, fiscal_year=fiscal_year), report_document)


def overview_sheet(*, plan: Plan, fiscal_year: int) -> Publication:
    """Return the overview on one A3 sheet, with the state of the indicators by a fiscal year."""
    data = overview_data(plan, fiscal_year=fiscal_year)
    return _publication("overview", _("{plan} 全体図"), plan, data, overview_document)


def _publication(template: str, name: str, plan: Plan, data: dict[str, Any], document: Document) -> Publication:
    today = clock.today()
    facts = {
        "template": template,
        "layout": version_of_layout(),
        "language": words.language(),
        "day": today.isoformat(),
        "data": data,
    }
    return Publication(
        template=template,
        filename=f"{name.replace('{plan}', plan.title)}.pdf",
        key=digest(facts),
        printed_on=today,
        data=data,
        document=document,
    )
