"""Municipalities side by side on like indicators: only what is published, sorted, searched and paged."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from madoguchi.plan.models import ComparisonFigure
from madoguchi.plan.selectors.comparison import concept_rows, concept_sheet
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, acting_for

from .factories import make_city, make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def city() -> Iterator[Municipality]:
    host_table.clear()
    municipality = make_city(prefecture="東京都")
    with acting_for(municipality):
        yield municipality
    host_table.clear()


def figure(city: Municipality, year: int, actual: float | None, target: float | None = None, **more: str) -> None:
    fields = {"concept": "line_friends", "unit": "人"} | more
    ComparisonFigure.objects.create(municipality=city, fiscal_year=year, actual=actual, target=target, **fields)


def many(count: int, concept: str = "line_friends") -> list[Municipality]:
    cities = Municipality.objects.bulk_create(
        Municipality(
            key=f"city-{number}", code=f"{number + 10000:05d}0"[:6], name=f"見本{number}市", prefecture="神奈川県"
        )
        for number in range(count)
    )
    ComparisonFigure.objects.bulk_create(
        ComparisonFigure(
            municipality=item, concept=concept, fiscal_year=year, actual=number * 10 + year - 2020, unit="人"
        )
        for number, item in enumerate(cities)
        for year in (2023, 2024)
    )
    return cities


def page(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().replace("<wbr>", "")).split())


def test_a_concept_has_a_row_for_each_municipality_and_a_column_for_each_year(city: Municipality) -> None:
    other = make_city("aoba")
    figure(city, 2023, 10, 12)
    figure(city, 2024, None, 20)
    figure(other, 2024, 15)
    sheet = concept_sheet("line_friends", own=city)
    assert sheet.years == (2023, 2024)
    assert [(row.name, row.actuals, row.targets) for row in sheet.rows] == [
        ("aoba市", (None, 15.0), (None, None)),
        ("minato市", (10.0, None), (12.0, 20.0)),
    ]
    assert sheet.own is not None
    assert sheet.own_rank is None


def test_what_is_not_measured_stands_last_in_both_directions(city: Municipality) -> None:
    cities = many(3)
    ComparisonFigure.objects.filter(municipality=cities[1], fiscal_year=2024).update(actual=None)
    names = [row.name for row in concept_sheet("line_friends", own=None, sort="2024").rows]
    assert names == ["見本0市", "見本2市", "見本1市"]
    names = [row.name for row in concept_sheet("line_friends", own=None, sort="-2024").rows]
    assert names == ["見本2市", "見本0市", "見本1市"]


def test_the_middle_is_the_median_and_the_rank_counts_from_the_top(city: Municipality) -> None:
    cities = many(4)
    sheet = concept_sheet("line_friends", own=cities[2])
    assert [(item.least, item.middle, item.greatest, item.count) for item in sheet.statistics] == [
        (3, 18, 33, 4),
        (4, 19, 34, 4),
    ]
    assert sheet.own_rank == 2


def test_a_page_holds_fifty_and_keeps_sort_and_search(city: Municipality) -> None:
    many(120)
    visitor = Client(headers={"host": "minato.localhost"})
    second = page(visitor, "/plan/compare/line_friends/", page="2", sort="-2024")
    assert "120件中 51〜100件目" in second
    assert "見本69市" in second
    found = page(visitor, "/plan/compare/line_friends/", q="見本11")
    assert "11件" in found
    assert "その名前の自治体は見つかりませんでした" in page(visitor, "/plan/compare/line_friends/", q="北極")
    assert "見本0市" in page(visitor, "/plan/compare/line_friends/", sort="nonsense")


def test_units_that_differ_are_said(city: Municipality) -> None:
    figure(city, 2024, 5)
    figure(make_city("aoba"), 2024, 6, unit="世帯")
    visitor = Client(headers={"host": "minato.localhost"})
    assert "単位が違います（世帯、人" in page(visitor, "/plan/compare/line_friends/")


def test_an_unknown_concept_is_not_found_and_an_unused_one_is_empty(city: Municipality) -> None:
    visitor = Client(headers={"host": "minato.localhost"})
    assert visitor.get("/plan/compare/no-such-thing/").status_code == 404
    assert "公開している自治体はまだありません" in page(visitor, "/plan/compare/telework_rate/")
    assert "比べられる指標はまだありません" in page(visitor, "/plan/compare/")


def test_publishing_a_plan_brings_it_into_the_comparison(city: Municipality) -> None:
    plan = make_plan(city)
    assert "online_applications" in [row.key for row in concept_rows()]
    visitor = Client(headers={"host": "minato.localhost"})
    shown = page(visitor, "/plan/compare/online_applications/")
    assert "目標 3,000" in shown
    assert "1,000" in shown
    assert plan.title not in shown


def test_concepts_are_listed_in_one_query(city: Municipality, django_assert_num_queries) -> None:
    many(3)
    many_more = [ComparisonFigure(municipality=city, concept=f"own-{n}", fiscal_year=2024, actual=n) for n in range(30)]
    ComparisonFigure.objects.bulk_create(many_more)
    with django_assert_num_queries(1):
        rows = concept_rows()
    assert len(rows) == 31
    assert rows[0].municipalities == 3
