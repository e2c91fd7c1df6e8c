"""Opening the pages of the review cycle as one of its people."""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from madoguchi.kit import clock
from madoguchi.plan.models import ImprovementOrder
from madoguchi.plan.services import reviews
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, acting_for

from .factories import make_city, make_plan
from .reviewing import Cycle, make_cycle


@contextmanager
def reviewed_city(settings: Any) -> Iterator[Cycle]:
    """A city that answers on ``minato.localhost``, in scope, with an open round."""
    settings.SECOND_FACTOR_REQUIRED = False
    host_table.clear()
    city = make_city()
    plan = make_plan(city)
    with acting_for(city):
        yield make_cycle(plan)
    host_table.clear()


def as_(account: Account) -> Client:
    client = Client(headers={"host": "minato.localhost"})
    client.force_login(account)
    return client


def read(response: HttpResponse) -> str:
    """Return a page as people read it: headings carry places to break, values are escaped."""
    return html.unescape(response.content.decode().replace("<wbr>", ""))


def page(client: Client, name: str, *args: object, expect: int = 200, **query: str) -> str:
    response = client.get(reverse(f"steering:{name}", args=args), query)
    assert response.status_code == expect, response.content.decode()[:400]
    return read(response)


def ordered(cycle: Cycle) -> ImprovementOrder:
    cycle.to_council()
    two = cycle.decide("2", "△")
    return reviews.order_improvement(
        evaluation=two,
        text="調達の計画を見直すこと。",
        due_date=clock.today() + timedelta(days=14),
        version=two.version,
        actor=cycle.council,
    )
