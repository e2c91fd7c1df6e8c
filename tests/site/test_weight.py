"""What a page weighs on the way to a phone: compressed without a session, kept by the browser until it changes."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from madoguchi.plan.models import Indicator
from madoguchi.procedures.api import load_demonstration_procedures
from madoguchi.site.jinja2_environment import static
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import acting_for
from madoguchi.trust.enums import Role
from tests.plan.factories import make_city, make_plan, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MOST = 100_000
"""Bytes of a first visit, fonts aside."""


@pytest.fixture
def plan(settings):
    settings.SECOND_FACTOR_REQUIRED = False
    host_table.clear()
    city = make_city()
    with acting_for(city):
        yield make_plan(city)
    host_table.clear()


def visitor() -> Client:
    return Client(headers={"host": "localhost", "accept-encoding": "gzip"})


def resident_pages(client: Client) -> Iterator[tuple[str, bytes]]:
    """Yield the pages on a newcomer's way to the first step of an application, as they travel."""
    for address in ("/procedures/", "/procedures/find/", "/procedures/dog-death/"):
        yield address, client.get(address).content
    begun = client.post("/procedures/dog-death/apply/", {"language": "ja"}, follow=True)
    assert begun.status_code == 200
    address = begun.request["PATH_INFO"]
    assert address.startswith("/procedures/apply/")
    yield address, begun.content


def sent(content: bytes) -> int:
    """Return the bytes of a page with the files it names."""
    html = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    parts = set(re.findall(r'(?:href|src)="/static/([^"?]+)\?v=', html.decode()))
    assert {"build/app.css", "build/fonts.css", "build/app.js"} <= parts
    return len(content) + sum(len(Path(f"{finders.find(part)}.br").read_bytes()) for part in parts)


def pages(plan) -> list[str]:
    base = f"/plan/{plan.code}/"
    return ["/", "/plan/", base, f"{base}indicators/{Indicator.objects.first().pk}/"]


def test_a_first_visit_weighs_less_than_100_kilobytes(plan) -> None:
    for address in pages(plan):
        response = visitor().get(address)
        if finders.find("build/app.css") is None:
            pytest.skip("the front end is not built (npm run build)")
        assert sent(response.content) < MOST, address


def test_the_way_to_the_first_step_weighs_less_than_100_kilobytes_a_page(plan) -> None:
    if finders.find("build/app.css") is None:
        pytest.skip("the front end is not built (npm run build)")
    load_demonstration_procedures(codes=["dog-death"])
    for address, content in resident_pages(visitor()):
        assert sent(content) < MOST, address


def test_pages_are_compressed_for_a_visitor_without_a_session(plan) -> None:
    for address in [*pages(plan), "/api/plan/indicators"]:
        response = visitor().get(address)
        assert response.headers["Content-Encoding"] == "gzip", address
        assert "Accept-Encoding" in response.headers["Vary"]


def test_a_page_that_belongs_to_a_session_is_not_compressed(plan) -> None:
    client = visitor()
    client.force_login(make_staff(Role.SECRETARIAT))
    assert settings.SESSION_COOKIE_NAME in client.cookies
    for address in ("/plan/", "/steering/", "/me/"):
        assert "Content-Encoding" not in client.get(address).headers


def test_an_answer_that_sets_a_cookie_is_not_compressed(plan) -> None:
    response = visitor().get("/plan/?lang=en")
    assert settings.LANGUAGE_COOKIE_NAME in response.cookies
    assert "Content-Encoding" not in response.headers


def test_the_address_of_a_file_changes_with_what_it_holds(tmp_path, settings) -> None:
    file = tmp_path / "a.css"
    settings.STATICFILES_DIRS = [tmp_path]
    file.write_text("a{}")
    first = static("a.css")
    assert first == static("a.css")
    file.write_text("b{}b")
    assert static("a.css") != first


def test_every_page_says_what_it_is_about_to_search_engines(plan) -> None:
    for address in pages(plan):
        text = Client(headers={"host": "localhost"}).get(address).content.decode()
        assert re.search(r'<meta name="description" content="[^"<]{4,}">', text), address
