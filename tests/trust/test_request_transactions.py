"""A page is read in one transaction on PostgreSQL, and a page that breaks leaves nothing behind there."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from madoguchi.trust.api import Unit

from .people import make_unit

WALL = connection.vendor == "postgresql"
pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


def note(request: HttpRequest) -> HttpResponse:
    make_unit(request.GET["name"])
    return HttpResponse(str(connection.in_atomic_block))


def break_down(request: HttpRequest) -> HttpResponse:
    make_unit("半端な課")
    raise RuntimeError


def answer_badly(request: HttpRequest) -> HttpResponse:
    make_unit("半端な課")
    return HttpResponse("overloaded", status=503)


def change_and_break(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        make_unit("済んだ課")
    with transaction.atomic():
        make_unit("半端な課")
        raise RuntimeError


urlpatterns = [
    path("note/", note),
    path("break/", break_down),
    path("bad/", answer_badly),
    path("change/", change_and_break),
]
handler500 = "tests.trust.test_request_transactions.say_sorry"


def say_sorry(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sorry", status=500)


@pytest.fixture
def browser(odawara) -> Client:
    return Client(headers={"host": "odawara.localhost"}, raise_request_exception=False)


def names() -> list[str]:
    return [unit.name for unit in Unit.objects.all()]


def test_a_page_is_read_in_one_transaction_and_what_it_notes_is_kept(browser):
    assert browser.get("/note/?name=総務課").content.decode() == str(WALL)
    assert names() == ["総務課"]


@pytest.mark.parametrize("address", ["/break/", "/bad/"])
def test_a_page_that_breaks_leaves_nothing_behind(browser, address):
    assert browser.get(address).status_code >= 500
    assert names() == ([] if WALL else ["半端な課"])


def test_a_change_keeps_to_the_transactions_of_its_services(browser):
    assert browser.post("/change/").status_code == 500
    assert names() == ["済んだ課"]
