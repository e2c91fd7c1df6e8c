"""The simulator reaches municipalities by the names browsers know."""

from __future__ import annotations

import pytest

from madoguchi.ledger.plugins.simulator.delivery import reachable


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "http://odawara.localhost:8000/webhooks/payments/simulator/",
            ("http://127.0.0.1:8000/webhooks/payments/simulator/", {"Host": "odawara.localhost:8000"}),
        ),
        ("http://odawara.localhost/x", ("http://127.0.0.1/x", {"Host": "odawara.localhost"})),
        ("https://city.example.jp/x", ("https://city.example.jp/x", {})),
        ("http://localhost:8000/x", ("http://localhost:8000/x", {})),
    ],
)
def test_a_city_under_localhost_is_this_machine(address: str, expected: tuple[str, dict[str, str]]) -> None:
    assert reachable(address) == expected
