"""
The public comparison over 1,741 municipalities × 100 concepts × 5 years (870,500 published figures), through the whole product.

Asked in this process through the WSGI application: the list of concepts, and pages of concepts with every kind of sorting,
searching and paging. Each address is asked twice and the faster answer counts; the budget is on the 95th percentile of each
kind.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.lib import ask, milliseconds, report_p95, start_installation

MUNICIPALITIES, CONCEPTS, YEARS = 1741, 100, range(2021, 2026)
BUDGET_MS = 250.0
HOST = "city-0.localhost"
FIGURE = """
WITH RECURSIVE concept(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM concept WHERE n < %s),
fiscal(y) AS (SELECT %s UNION ALL SELECT y + 1 FROM fiscal WHERE y < %s)
INSERT INTO plan_comparisonfigure (municipality_id, concept, indicator_id, fiscal_year, target, actual, unit)
SELECT m.id, 'concept-' || concept.n, NULL, fiscal.y, (m.id * 7 + concept.n * 13 + fiscal.y) %% 1000,
  CASE WHEN (m.id + concept.n + fiscal.y) %% 11 = 0 THEN NULL ELSE (m.id * 31 + concept.n * 17 + fiscal.y * 3) %% 1000 END, '件'
FROM trust_municipality m CROSS JOIN concept CROSS JOIN fiscal
"""


def fill() -> None:
    """Make the municipalities and their figures; the statistics of the tables as a running installation has them."""
    from django.db import connection, transaction

    from madoguchi.trust.api import Municipality, add_municipality

    add_municipality(key="city-0", code="131032", name="見本0市", prefecture="東京都")
    Municipality.objects.bulk_create(
        Municipality(key=f"city-{n}", code=f"{200000 + n}", name=f"見本{n}市", prefecture=f"見本{n % 47}県")
        for n in range(1, MUNICIPALITIES)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FIGURE, [CONCEPTS - 1, YEARS[0], YEARS[-1]])
        cursor.execute("SELECT COUNT(*) FROM plan_comparisonfigure")
        assert cursor.fetchone()[0] == MUNICIPALITIES * CONCEPTS * len(YEARS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def addresses(chance: random.Random, number: int) -> list[str]:
    """Return addresses of concept pages: plain, sorted, searched, later pages."""
    queries = ["", "?sort=-2025", "?sort=2023", "?sort=name", "?page=17", "?q=見本12", "?sort=-2024&page=9&q=県"]
    return [
        f"/plan/compare/concept-{chance.randrange(CONCEPTS)}/{queries[index % len(queries)]}" for index in range(number)
    ]


def main() -> int:
    start_installation()
    from django.core.handlers.wsgi import WSGIHandler

    fill()
    product = WSGIHandler()

    def timed(path: str) -> float:
        # The faster of two: what else the machine does in one of them is not the product's.
        return min(milliseconds(lambda: ask(product, path, host=HOST)) for _ in range(2))

    ask(product, "/plan/compare/", host=HOST)
    ask(product, "/plan/compare/concept-0/", host=HOST)
    passed = True
    cases: dict[str, list[str]] = {
        "comparison, concept page": addresses(random.Random(1), 140),
        "comparison, list of concepts": ["/plan/compare/"] * 40,
    }
    name: str
    paths: Any
    for name, paths in cases.items():
        passed &= report_p95(name, [timed(path) for path in paths], at_most=BUDGET_MS)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
