"""Towns, banks and branches are found without a network, by whoever fills in a form."""

from __future__ import annotations

import pytest
from django.test import Client

from madoguchi.kit import places
from madoguchi.procedures.rules.forms import banks, check_all
from madoguchi.procedures.rules.lint import lint
from madoguchi.site.middleware import host_table
from tests.trust.people import make_odawara

from .forms_shared import TODAY, ask, definition_of


@pytest.fixture
def client(db) -> Client:
    host_table.clear()
    make_odawara()
    return Client(headers={"host": "odawara.localhost"})


@pytest.mark.database
@pytest.mark.django_db
def test_the_towns_of_a_postal_code_are_found_in_any_writing(client) -> None:
    for code in ("254-0041", "2540041", "〒２５４ー００４１"):
        found = client.get("/procedures/lookup/postal/", {"code": code}).json()
        assert found == {"places": [{"prefecture": "神奈川県", "city": "平塚市", "town": "浅間町"}]}
    for code in ("", "000-0000", "'; DROP TABLE", "x" * 5000):
        assert client.get("/procedures/lookup/postal/", {"code": code}).json() == {"places": []}
    assert client.post("/procedures/lookup/postal/").status_code == 405


@pytest.mark.database
@pytest.mark.django_db
def test_banks_and_branches_are_found_by_name_reading_and_number(client) -> None:
    def names(**query: str) -> list[str]:
        return [place["name"] for place in client.get("/procedures/lookup/bank/", query).json()["places"]]

    assert names(q="みずほ")[0] == "みずほ"
    assert names(q="ひらつか") == ["平塚信金"]
    assert names(q="0001") == ["みずほ"]
    assert names(q="東京", bank="0001")[0] == "東京営業部"
    assert names(q="東京", bank="9999") == []
    assert names(q="x" * 5000) == []


def test_a_code_that_stands_for_the_rest_of_a_city_has_no_town() -> None:
    assert places.towns_of("060-0000")[0].town == ""
    assert places.may_exist("250-8555")
    assert not places.may_exist("000-8555")


def test_a_name_of_several_banks_is_none() -> None:
    assert banks.bank_code("平塚信用金庫") == "1286"
    assert banks.bank_code("銀行") is None


def test_a_constraint_never_reaches_out() -> None:
    definition = definition_of(ask("x", constraint={"$ref": "http://127.0.0.1:9/secret"}))
    assert check_all(definition, {"x": "a"}, TODAY) == []
    assert "constraint_broken" in {item.code for item in lint(definition)}
