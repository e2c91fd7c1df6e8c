"""The API of messages: drafts of programs, which a person approves, against its own description."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from madoguchi.kit import clock
from madoguchi.messaging.enums import MessageStatus
from madoguchi.messaging.models import Delivery, Message
from madoguchi.messaging.services import messages, sending
from madoguchi.trust.api import acting_for, issue_token
from madoguchi.trust.enums import Role
from tests.plan.test_api import open_schema, probe
from tests.trust.people import make_staff

from .conftest import make_endpoint, make_recipient

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SCOPES = ("messages.read", "messages.write")
DRAFT = {
    "contents": {"ja": {"subject": "断水のお知らせ", "body": "{{name}}様\nhttps://city.example/w", "short": "断水"}},
    "audience": {"town": ["栄町"]},
    "channels": ["email"],
}


@pytest.fixture(autouse=True)
def people(city, ways) -> None:
    cache.clear()
    for n in range(30):
        make_endpoint(make_recipient(f"人{n}", town="栄町" if n < 9 else "本町"), "email", f"p{n}@city.example")


def secret(*scopes: str) -> str:
    return issue_token(
        name="試験",
        scopes=scopes or SCOPES,
        expires_on=clock.today().replace(month=12, day=31),
        actor=None,
        system=True,
    )[1]


def call(method: str, path: str, body: Any = None, token: str = "", key: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if key:
        headers["Idempotency-Key"] = key
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    data = None if body is None else json.dumps(body)
    return getattr(client, method)(f"/api/messages/{path}", data, content_type="application/json", headers=headers)


def test_a_program_writes_a_draft_once_and_a_person_lets_it_go(city, ways) -> None:
    token = secret()
    first, again = (call("post", "", DRAFT, token, "run-7") for _n in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.json()["key"] == again.json()["key"]
    assert Message.objects.count() == 1
    other = call("post", "", {**DRAFT, "audience": {"town": ["本町"]}}, token, "run-7")
    assert other.status_code == 409
    key = first.json()["key"]
    submitted = call("post", f"{key}/submission", {"revision": 0}, token)
    assert (submitted.status_code, submitted.json()["status"]) == (200, "waiting")
    assert Delivery.objects.count() == 0
    approver = make_staff("koho", Role.PUBLISHER)
    messages.approve_message(message=Message.objects.get(), actor=approver, seen_revision=0)
    sending.start_message(message_id=Message.objects.get().pk)
    sending.deliver_due()
    found = call("get", f"{key}/deliveries", token=token).json()
    assert (found["people"], found["reached"], found["unreached"]) == (9, 9, 0)
    assert found["links"] == [{"address": "https://city.example/w", "clicks": 0, "by_channel": {}}]
    assert call("get", f"{key.lower()}", token=token).json()["approvals"][0]["decision"] == "approved"


def test_everybody_is_not_submitted_without_the_number() -> None:
    token = secret()
    key = call("post", "", {**DRAFT, "audience": {"everyone": True}}, token, "all").json()["key"]
    refused = call("post", f"{key}/submission", {"revision": 0}, token)
    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert "30人" in refused.json()["detail"]
    done = call("post", f"{key}/submission", {"revision": 0, "confirm_count": 30}, token)
    assert done.json()["status"] == "waiting"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"audience": {"town": "x" * 100}}, "audience"),
        ({"audience": {"planet": ["Mars"]}}, "audience"),
        ({"contents": {"xx": {"subject": "?"}}}, "contents.xx"),
        ({"topic": "nothing"}, "topic"),
        ({"unit": 999}, "unit"),
        ({"send_at": "2026-11-21T09:00:00"}, "body.body.send_at"),
        ({"channels": ["pigeon"]}, "body.body.channels.0"),
        ({"audience": {"town": ["\ud800"]}}, "body.body.audience"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field_and_nothing_is_kept(changes, field) -> None:
    refused = call("post", "", {**DRAFT, **changes}, secret(), "k")
    assert refused.status_code == 422, refused.content
    assert field in {error["field"] for error in refused.json()["errors"]}
    assert Message.objects.count() == 0


def test_a_message_with_mistakes_is_a_draft_that_cannot_be_submitted() -> None:
    token = secret()
    made = call("post", "", {**DRAFT, "contents": {"ja": {"subject": "x", "body": "{{nickname}}"}}}, token, "k").json()
    assert {"field": "contents.ja.body", "code": "unknown_placeholder"}.items() <= made["checks"][0].items()
    refused = call("post", f"{made['key']}/submission", {"revision": 0}, token)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "contents.ja.body"
    assert Message.objects.get().status == MessageStatus.DRAFT


def test_an_audience_is_counted_and_a_small_one_is_not_told_exactly() -> None:
    token = secret("messages.read")
    found = call("post", "audience/count", {"audience": {"town": ["栄町"]}}, token).json()
    assert (found["people"], found["total"], found["by_channel"], found["needed_approvals"]) == (9, 30, {"email": 9}, 1)
    assert "栄町" in found["description"]
    make_recipient("一人", town="離島")
    few = call("post", "audience/count", {"audience": {"town": ["離島"]}}, token).json()
    assert (few["people"], few["is_small"]) == (None, True)


def test_a_token_acts_on_its_own_messages_and_within_its_scopes(city) -> None:
    mine, other, reader = secret(), secret(), secret("messages.read")
    key = call("post", "", DRAFT, mine, "k").json()["key"]
    assert call("post", f"{key}/cancellation", {}, other).status_code == 404
    assert call("post", "", DRAFT, reader, "k").status_code == 403
    assert call("get", "", token=reader).json()["items"][0]["key"] == key
    assert call("get", "").status_code == 401
    assert call("post", f"{key}/cancellation", {}, mine).json()["status"] == "cancelled"
    assert call("post", f"{key}/cancellation", {}, mine).status_code == 409


def operations() -> dict[str, Any]:
    found = [result.ok() for result in open_schema().get_all_operations() if isinstance(result, Ok)]
    return {f"{item.method.upper()} {item.path}": item for item in found if item.path.startswith("/api/messages")}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_to_whatever_is_asked_is_documented(city, mode: GenerationMode) -> None:
    token = secret()
    key = call("post", "", DRAFT, token, "k").json()["key"]

    def adapt(case: Any) -> None:
        """Let most examples come as far as the content: with a token, for a message that is there."""
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
        if mode is GenerationMode.POSITIVE and case.path_parameters and "key" in case.path_parameters:
            case.path_parameters |= {"key": key}

    found = operations()
    assert len(found) >= 7
    statuses: set[int] = set()
    for operation in found.values():
        cache.clear()
        statuses |= probe(operation, mode, adapt)
    with acting_for(city):
        assert Delivery.objects.count() == 0
    assert statuses >= ({200, 201} if mode is GenerationMode.POSITIVE else {422})
