"""The whole of /api/plan/ against its own description: every answer is a documented one, and every page has its place."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from madoguchi.plan.enums import BindingKind
from madoguchi.plan.models import Indicator
from madoguchi.plan.services.push import issue_token
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import acting_for
from madoguchi.trust.enums import Role

from .factories import make_city, make_plan, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.database]
EXAMPLES = 25
CONFORMING = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)


@pytest.fixture(autouse=True)
def city() -> Iterator[Any]:
    host_table.clear()
    cache.clear()
    municipality = make_city(order=1)
    with acting_for(municipality):
        make_plan(municipality)
    yield municipality
    host_table.clear()
    cache.clear()


@contextmanager
def one_connection() -> Iterator[None]:
    """A request that comes through WSGI closes its connection; the test's transaction lives in it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def get(path: str, **parameters: Any) -> Any:
    return Client(SERVER_NAME="localhost").get(f"/api/plan/{path}", parameters)


def open_schema() -> Any:
    """Return the description as a client reads it."""
    with one_connection():
        return schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application(), base_url="http://localhost/")


def operations() -> dict[str, Any]:
    found = [result.ok() for result in open_schema().get_all_operations() if isinstance(result, Ok)]
    return {f"{item.method.upper()} {item.path}": item for item in found if item.path.startswith("/api/plan/")}


def test_the_description_is_openapi_3_1_and_names_the_operations() -> None:
    description = Client(SERVER_NAME="localhost").get("/api/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    assert sorted(path for path in description["paths"] if path.startswith("/api/plan/")) == [
        "/api/plan/indicators",
        "/api/plan/indicators/{indicator_id}/actuals",
        "/api/plan/plans",
        "/api/plan/projects",
    ]
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], f"{method} {path}"
            refusals = [answer for status, answer in operation["responses"].items() if int(status) >= 400]
            assert all(list(answer["content"]) == ["application/problem+json"] for answer in refusals)
    open_schema().validate()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_to_whatever_is_asked_is_documented(mode: GenerationMode) -> None:
    found = operations()
    assert len(found) == 4
    statuses = set().union(*(probe(operation, mode) for operation in found.values()))
    assert statuses >= ({200, 401, 404} if mode is GenerationMode.POSITIVE else {401, 422})


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_to_a_sender_with_a_token_is_documented(city: Any, mode: GenerationMode) -> None:
    with acting_for(city):
        indicator = Indicator.objects.get(label="オンライン申請の件数")
        indicator.binding_kind = BindingKind.PUSH
        indicator.save()
        office = make_staff(Role.SECRETARIAT)
        secret = issue_token(indicator=indicator, name="試験", days=1, actor=office)[1]

    def adapt(case: Any) -> None:
        """Let most examples come as far as the value: with the token, for the indicator, in its unit and years."""
        case.path_parameters = {"indicator_id": indicator.pk}
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {secret}"}
        if mode is GenerationMode.POSITIVE and isinstance(case.body, dict):
            case.query = {}
            year, value = case.body["fiscal_year"], case.body.get("value") or 1
            case.body |= {"unit": "件", "fiscal_year": 2024 + int(year) % 3, "as_of": None, "value": abs(value)}

    statuses = probe(operations()["POST /api/plan/indicators/{indicator_id}/actuals"], mode, adapt)
    assert statuses >= ({201} if mode is GenerationMode.POSITIVE else {422})


def probe(operation: Any, mode: GenerationMode, adapt: Callable[[Any], None] = lambda case: None) -> set[int]:
    """Send examples of an operation and return the statuses that came back; an undocumented answer fails."""
    statuses: set[int] = set()

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: Any) -> None:
        # Over WSGI nobody unpacks a compressed answer, though the client says it would.
        case.headers = {**(case.headers or {}), "Accept-Encoding": "identity"}
        adapt(case)
        with one_connection():
            response = case.call()
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS.get_by_names(list(CONFORMING)))

    run()
    return statuses


def test_the_pages_follow_each_other_complete_and_without_repetition() -> None:
    for what in ("plans", "projects", "indicators"):
        whole = get(what).json()
        assert whole["next"] is None
        assert whole["count"] == len(whole["items"])
        found, path = [], f"/api/plan/{what}?limit=1"
        while path:
            page = Client(SERVER_NAME="localhost").get(path).json()
            assert len(page["items"]) == 1
            found += page["items"]
            parts = urlsplit(page["next"] or "")
            path = f"{parts.path}?{parts.query}" if page["next"] else ""
        assert found == whole["items"]


def test_a_page_beyond_the_end_is_empty() -> None:
    for offset in (3, 1_000_000):
        page = get("indicators", offset=offset).json()
        assert (page["items"], page["count"], page["next"]) == ([], 3, None)


@pytest.mark.parametrize(
    "parameters",
    [
        {"limit": 0}, {"limit": -1}, {"limit": 501}, {"limit": "viele"}, {"offset": -1}, {"offset": 10**30},
        {"plan": "a\x00b"}, {"plan": "x" * 41}, {"plan": "'; DROP TABLE"}, {"municipality": "A B"},
        {"municipality": "\x00"}, {"format": "xml"},
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_is_refused_by_name(parameters: dict[str, Any]) -> None:
    answer = get("indicators", **parameters)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert next(iter(parameters)) in answer.json()["detail"]
    assert answer.json()["errors"][0]["field"].endswith(next(iter(parameters)))


def test_an_unknown_municipality_is_a_problem_document() -> None:
    answer = get("indicators", municipality="atlantis")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank", "title": "見つかりません", "status": 404, "errors": None,
        "detail": "この自治体は登録されていません。municipality のキーを確かめてください。",
    }  # fmt: skip


def test_an_unknown_plan_has_no_items() -> None:
    assert get("indicators", plan="nothing").json()["count"] == 0


@pytest.mark.parametrize("what", ["plans", "projects", "indicators"])
def test_csv_says_the_same_as_json(what: str) -> None:
    answer = get(what, format="csv", limit=1)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    items = get(what).json()["items"]
    assert len(rows) == len(items)
    for row, item in zip(rows, items, strict=True):
        assert list(row) == list(item)
        for name, value in item.items():
            assert row[name] == _cell(value), name


def _cell(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def test_csv_of_nothing_still_has_its_columns() -> None:
    text = get("indicators", format="csv", plan="nothing").content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("id,municipality,plan")


def test_another_municipality_is_asked_by_its_key() -> None:
    other = make_city("aoba", order=2)
    make_plan(other, code="dx-2024")
    assert {item["municipality"] for item in get("indicators", municipality="aoba").json()["items"]} == {"aoba"}
    assert {item["municipality"] for item in get("indicators").json()["items"]} == {"minato"}
    with_csv = get("indicators", municipality="aoba", format="csv")
    assert 'filename="aoba.csv"' in with_csv["Content-Disposition"]


def test_writing_to_what_is_only_read_is_not_allowed() -> None:
    answer = Client(SERVER_NAME="localhost").post("/api/plan/indicators", {})
    assert answer.status_code == 405
    assert answer["Allow"] == "GET"
