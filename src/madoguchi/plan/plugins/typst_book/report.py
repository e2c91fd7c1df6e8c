"""The yearly report (年次報告書) as a document to typeset."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from . import charts, words
from .compose import Data, compose


def report_document(data: Data, *, printed_on: date) -> Data:
    """Return the report, ready for the template ``report``; ``data`` is what ``selectors.printing.report_data`` gives."""
    year = words.long_year(data["fiscal_year"])
    title = _("{plan} {year} 年次報告書").format(plan=data["plan"]["title"], year=year)
    extra = {
        "charts": [charts.indicator_chart(series, fiscal_year=data["fiscal_year"]) for series in data["series"]],
        "state-chart": charts.state_bar(data["summary"]["states"], key="states", title=_("指標の状態")),
        "rate-chart": _rate_chart(data),
        "periods": words.period_words(),
        "orders": words.order_words(),
        "days": {day: words.long_date(date.fromisoformat(day)) for day in sorted(_days(data))},
    }
    return compose(
        {**data, **extra},
        title=title,
        printed_on=printed_on,
        texts=words.report_words(),
        headings=dict(_headings(data)),
    )


def _rate_chart(data: Data) -> dict[str, str] | None:
    if data["marks"] is None:
        return None
    names = {goal["id"]: f"{_('基本目標')} {goal['code']}".strip() for goal in data["goals"]}
    rates = [(names[item["goal"]], item["rate"]) for item in data["marks"]["goals"]]
    return charts.rate_bars(rates, key="rates", title=_("進捗達成率"))


def _headings(data: Data) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, title in words.report_titles().items():
        yield name, ("", title)
    gap = "" if words.language().startswith("ja") else " "
    for goal in data["goals"]:
        yield f"section-goal-{goal['id']}", (f"{_('基本目標')}{gap}{goal['code']}".strip(), goal["title"])
    for index, review in enumerate(data["rounds"]):
        yield f"section-round-{index}", ("", words.period_words()[review["period"]])


def _days(value: Any) -> Iterator[str]:
    """Yield every date that the data name."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name in {"day", "due", "closed", "measured_on"} and item:
                yield item
            else:
                yield from _days(item)
    elif isinstance(value, list):
        for item in value:
            yield from _days(item)
