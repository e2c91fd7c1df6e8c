"""Municipalities compared on like indicators, read from the roll-up of published figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from django.db.models import Count, F, Max, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language

from madoguchi.kit.numbers import plain_integer
from madoguchi.trust.api import Municipality

from ..models import ComparisonFigure, Indicator
from ..rules.concepts import CONCEPTS
from ..rules.concepts import concept as find_concept
from .searching import search_key

YEARS_SHOWN = 6
Cells = tuple[list[float | None], list[float | None]]
"""Actuals and targets of one municipality, one of each for every year shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptRow:
    """A concept with how many municipalities publish it in its newest year."""

    key: str
    unit: str
    municipalities: int
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRow:
    """A municipality's figures of one concept: one actual and one target for each year shown, None where there is none."""

    municipality_id: int
    key: str
    name: str
    prefecture: str
    actuals: tuple[float | None, ...]
    targets: tuple[float | None, ...]
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class YearStatistics:
    """What all municipalities together show in a year."""

    fiscal_year: int
    count: int
    least: float | None
    middle: float | None
    greatest: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptSheet:
    """One concept across municipalities: the years shown, all rows in the asked order, statistics by year, one's own row."""

    key: str
    unit: str
    years: tuple[int, ...]
    rows: tuple[CityRow, ...]
    total: int
    statistics: tuple[YearStatistics, ...]
    own: CityRow | None
    own_rank: int | None
    mixed_units: tuple[str, ...]


def concept_rows() -> list[ConceptRow]:
    """Return every concept that anybody publishes, in the order of the catalogue, unknown ones after it."""
    units = {item.key: item.unit for item in CONCEPTS}
    order = {item.key: index for index, item in enumerate(CONCEPTS)}
    # One walk along the index on concept and year; a municipality has one row for each of them.
    found = ComparisonFigure.objects.order_by().values_list("concept", "fiscal_year").annotate(Count("pk"))
    years: dict[str, dict[int, int]] = {}
    for key, year, number in found:
        years.setdefault(key, {})[year] = number
    rows = [
        ConceptRow(
            key=key,
            unit=units.get(key, ""),
            municipalities=max(known.values()),
            first_year=min(known),
            last_year=max(known),
        )
        for key, known in years.items()
    ]
    return sorted(rows, key=lambda row: (order.get(row.key, len(order)), row.key))


def concept_exists(key: str) -> bool:
    """Tell whether anybody publishes figures of a concept, or the catalogue knows it."""
    return find_concept(key) is not None or ComparisonFigure.objects.filter(concept=key).exists()


def concept_sheet(key: str, *, own: Municipality | None, sort: str = "", word: str = "") -> ConceptSheet:
    """
    Return the figures of a concept, its newest years first cut to ``YEARS_SHOWN``.

    ``sort``: "name", a fiscal year ("2024", largest first with "-2024"), else the order of municipality codes; ``word`` is
    looked for in names and prefectures.
    """
    years = _years(key)
    cells: dict[int, Cells] = {}
    units: set[str] = set()
    column = {year: index for index, year in enumerate(years)}
    figures = ComparisonFigure.objects.order_by().filter(concept=key, fiscal_year__in=years)
    for city, year, actual, target, unit in figures.values_list(
        "municipality_id", "fiscal_year", "actual", "target", "unit"
    ):
        if city not in cells:
            cells[city] = ([None] * len(years), [None] * len(years))
        cells[city][0][column[year]] = actual
        cells[city][1][column[year]] = target
        units.add(unit)
    rows = _rows(cells, own)
    mine = next((row for row in rows if row.is_own), None)
    chosen = _chosen(rows, word)
    known = find_concept(key)
    return ConceptSheet(
        key=key,
        unit=known.unit if known else next(iter(sorted(units)), ""),
        years=years,
        rows=tuple(_ordered(chosen, years, sort)),
        total=len(rows),
        statistics=tuple(_statistics(rows, years)),
        own=mine,
        own_rank=_rank(rows, mine, years),
        mixed_units=tuple(sorted(units)) if len(units) > 1 else (),
    )


def _years(key: str) -> tuple[int, ...]:
    last = ComparisonFigure.objects.filter(concept=key).aggregate(last=Max("fiscal_year"))["last"]
    if last is None:
        return ()
    found = ComparisonFigure.objects.order_by().filter(concept=key, fiscal_year__gt=last - YEARS_SHOWN)
    return tuple(sorted(found.values_list("fiscal_year", flat=True).distinct()))


def _rows(cells: dict[int, Cells], own: Municipality | None) -> list[CityRow]:
    # A city without an English name keeps its own.
    named = Coalesce(NullIf("name_en", Value("")), "name") if get_language() == "en" else F("name")
    cities = Municipality.objects.order_by("code").values_list("pk", "key", named, "prefecture")
    return [
        CityRow(
            municipality_id=pk,
            key=key,
            name=name,
            prefecture=prefecture,
            actuals=tuple(cells[pk][0]),
            targets=tuple(cells[pk][1]),
            is_own=own is not None and pk == own.pk,
        )
        for pk, key, name, prefecture in cities
        if pk in cells
    ]


def _chosen(rows: list[CityRow], word: str) -> list[CityRow]:
    wanted = search_key(word)
    return [row for row in rows if wanted in search_key(row.prefecture + row.name)] if wanted else rows


def _ordered(rows: list[CityRow], years: tuple[int, ...], sort: str) -> list[CityRow]:
    falling, name = sort.startswith("-"), sort.lstrip("-")
    if name == "name":
        return sorted(rows, key=lambda row: row.name, reverse=falling)
    year = plain_integer(name)
    if year is None or year not in years:
        return rows
    column = years.index(year)
    known = [row for row in rows if row.actuals[column] is not None]
    # What was not measured stands last in both directions.
    rest = [row for row in rows if row.actuals[column] is None]
    return sorted(known, key=lambda row: row.actuals[column] or 0.0, reverse=falling) + rest


def _statistics(rows: list[CityRow], years: tuple[int, ...]) -> Iterable[YearStatistics]:
    for column, year in enumerate(years):
        known = [value for row in rows if (value := row.actuals[column]) is not None]
        yield YearStatistics(
            fiscal_year=year,
            count=len(known),
            least=min(known, default=None),
            middle=median(known) if known else None,
            greatest=max(known, default=None),
        )


def _rank(rows: list[CityRow], own: CityRow | None, years: tuple[int, ...]) -> int | None:
    if own is None or not years or own.actuals[-1] is None:
        return None
    value = own.actuals[-1]
    return 1 + sum(row.actuals[-1] is not None and row.actuals[-1] > value for row in rows)


def own_indicators(key: str) -> list[Indicator]:
    """Return the indicators of the municipality in scope that belong to a concept."""
    return list(Indicator.objects.filter(concept=key).select_related("plan", "project"))
