"""Every address of the room, by everybody and with anything in it: an answer, never a fault, and nothing of anybody else's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from madoguchi.kit import clock
from madoguchi.messaging.models import Recipient
from madoguchi.messaging.services import sending
from madoguchi.trust.api import Account, Event, acting_for, assign_duty
from madoguchi.trust.enums import AccountKind, Role
from tests.trust.people import START, make_account

from .conftest import NOON
from .world import SECRET, addresses, make_people, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ODD = ["9" * 25, "%ed%a0%80..%5c'%22%3e%f0%9f%90%99"]
WRITES = re.compile(r'^(INSERT INTO|UPDATE|DELETE FROM) "?(messaging_\w+)')
LOOKED_AT = {"messaging_delivery", "messaging_click"}
"""Reading marks a message as read, and following a link counts it."""
STAFF_ONLY = ("/emergency/", "/messages/", "/office/signage/", "/line/office/")


@pytest.fixture(autouse=True)
def noon(city, ways, settings, tmp_path) -> Iterator[None]:
    settings.CAP_KEY_FOLDER = tmp_path / "keys"
    cache.clear()
    with clock.frozen(NOON):
        yield
    cache.clear()


@pytest.fixture
def people(city) -> dict[str, Account]:
    return make_people()


def visitor(account: Account | None = None) -> Client:
    client = Client(headers={"host": "odawara.localhost"}, raise_request_exception=False)
    if account is not None:
        client.force_login(account)
    return client


def rows() -> str:
    """Return a digest of every row of the room in the city in scope, but what tells of looks alone."""
    found = hashlib.sha256()
    for model in sorted(apps.get_app_config("messaging").get_models(), key=lambda one: one.__name__):
        found.update(repr((model.__name__, sorted(map(repr, model.objects.values_list())))).encode())
    return found.hexdigest()


def text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode(errors="replace"))


@pytest.mark.parametrize("login", ["", "staff"])
def test_no_address_breaks_whatever_stands_in_it(login: str, people) -> None:
    assign_duty(account=people["koho"], role=Role.CRISIS_MANAGER, from_date=START)
    client = visitor(people["koho"] if login else None)
    broken = []
    for odd in ODD:
        for address in addresses({}, odd):
            for method in ("get", "post"):
                status = getattr(client, method)(address, {"q": odd, "page": odd}).status_code
                if status >= 500:
                    broken.append((status, method, address[:80]))
    assert broken == []


@pytest.mark.parametrize("login", ["", "resident", "koho", "kiki", "clerk"])
def test_looking_changes_nothing(login: str, people) -> None:
    world = make_world(people)
    client = visitor(people[login] if login else None)
    changed, broken = [], []
    for address in addresses(world):
        for odd in ("", "?page=%00&q=%00&state=%ff&c=%00&after=%00&language=%00&topic=%00"):
            with CaptureQueriesContext(connection) as asked:
                response = client.get(address + odd)
            if response.status_code >= 500:
                broken.append((response.status_code, address + odd))
            text_of(response)
            written = {match[2] for query in asked if (match := WRITES.match(query["sql"]))}
            changed += [(address, table) for table in written - LOOKED_AT - allowed(address)]
    assert broken == []
    assert changed == []


def allowed(address: str) -> set[str]:
    """Return what a look may write: the code of a device that asks to become a screen, somebody's first settings."""
    if address.startswith("/signage/"):
        return {"messaging_pairingcode"}
    return {"messaging_recipient"} if address.startswith("/preferences/") else set()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_do_nothing(method: str, people) -> None:
    world = make_world(people)
    client, before, taken = visitor(people["kiki"]), rows(), []
    for address in addresses(world):
        response = getattr(client, method)(address)
        if response.status_code < 300 or response.status_code >= 500:
            taken.append((response.status_code, address))
    assert taken == []
    assert rows() == before


@pytest.mark.parametrize("login", ["", "resident", "koho", "kiki", "clerk"])
def test_what_is_another_citys_is_not_there(login: str, people, oyama) -> None:
    with acting_for(oyama):
        theirs = make_world(make_people("o"))
        before = rows()
    people["resident"] = make_account("taro", kind=AccountKind.RESIDENT)
    client, seen = visitor(people[login] if login else None), []
    own = set(addresses({}))
    for address in set(addresses(theirs)) - own:
        for method in ("get", "post"):
            response = getattr(client, method)(address)
            if response.status_code >= 500 or SECRET in text_of(response):
                seen.append((response.status_code, method, address))
    assert seen == []
    with acting_for(oyama):
        assert rows() == before


@pytest.mark.parametrize("login", ["", "stranger"])
def test_what_staff_work_on_is_closed_to_everybody_else(login: str, people) -> None:
    world = make_world(people)
    stranger = make_account("taro", kind=AccountKind.RESIDENT)
    client, seen = visitor(stranger if login else None), []
    before = rows()
    for address in addresses(world):
        if not address.startswith(STAFF_ONLY) or "report" in address:
            continue
        for method in ("get", "post"):
            response = getattr(client, method)(address)
            if response.status_code < 300 or SECRET in text_of(response):
                seen.append((response.status_code, method, address))
    assert seen == []
    assert rows() == before


def test_one_resident_reaches_nothing_of_anothers(people) -> None:
    world = make_world(people)
    client = visitor(make_account("taro", kind=AccountKind.RESIDENT))
    client.get("/preferences/")
    mine = Recipient.objects.get(account=people["resident"])
    before, seen = rows(), []
    entry = world["inbox"]["delivery_id"]
    for address in addresses(world):
        if not address.startswith((f"/inbox/{entry}/", "/inbox/thread/", "/preferences/ways/")):
            continue
        for method in ("get", "post"):
            response = getattr(client, method)(address, {"body": "x", "address": "x"})
            if SECRET in text_of(response) or "himitsu" in text_of(response):
                seen.append((response.status_code, method, address))
    for sorting in ("read", "archive"):
        client.post("/inbox/sort/", {"sorting": sorting, "ids": [entry], "id": [entry], "entry": [entry]})
    assert seen == []
    assert mine.endpoints.get().status == "active"
    assert rows() == before


def test_nobody_is_named_in_events_files_and_pages_for_everybody(people, caplog) -> None:
    world = make_world(people)
    sending.deliver_due()
    told = f"{list(Event.objects.values_list('key', 'data'))}{caplog.text}"
    seen = ["events or log"] if "himitsu" in told or "花子" in told else []
    files = ("deliveries.csv", "export.csv", "minutes.csv", "progress/")
    staff, anybody = visitor(people["koho"]), visitor()
    for address in addresses(world):
        texts = [text_of(anybody.get(address))]
        if address.endswith(files):
            texts.append(text_of(staff.get(address)))
        seen += [address for text in texts if "himitsu" in text or "花子" in text]
    assert seen == []
