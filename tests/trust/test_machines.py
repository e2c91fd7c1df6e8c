"""Tokens of programs, and other systems told of what happened: signed, in order, never lost."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.trust.api import (
    Account,
    acting_for,
    find_machine_token,
    issue_token,
    record_event,
    revoke_token,
    seal_everything,
)
from madoguchi.trust.enums import AccountKind, Role
from madoguchi.trust.errors import RefusedError, TrustError
from madoguchi.trust.events import UNIT_ADDED
from madoguchi.trust.models import MachineToken, WebhookDelivery, WebhookSubscription
from madoguchi.trust.registry import Scope, scopes
from madoguchi.trust.rules.webhooks import WAITS, derive_secret, headers_of, is_allowed, is_genuine
from madoguchi.trust.services import webhooks

from .people import event_keys, make_odawara, make_staff, make_unit

pytestmark = [pytest.mark.django_db(transaction=connection.vendor == "postgresql"), pytest.mark.database]
NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)
SCOPE = Scope("tests.read", "試験の読み取り")


@pytest.fixture
def administrator(db, settings) -> Iterator[Account]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    before = dict(scopes._items)
    scopes._items.setdefault(SCOPE.key, SCOPE)
    with acting_for(make_odawara()), clock.frozen(NOON):
        yield make_staff("kanri", Role.ADMINISTRATOR)
    scopes._items.clear()
    scopes._items.update(before)


def issue(actor: Account, **changes: Any) -> tuple[MachineToken, str]:
    facts = {"name": "業務システム", "scopes": [SCOPE.key], "expires_on": date(2027, 3, 31), "actor": actor}
    return issue_token(**{**facts, **changes})


class TestAToken:
    def test_works_as_an_account_of_its_own_and_is_kept_as_a_digest(self, administrator) -> None:
        token, secret = issue(administrator)
        found = find_machine_token(secret=secret)
        assert found == token
        assert found.account.kind == AccountKind.MACHINE
        assert not found.account.has_usable_password()
        assert secret not in str(MachineToken.objects.values().get())
        assert MachineToken.objects.get().used_on == clock.today()

    def test_ends_with_its_last_day_and_with_its_revocation(self, administrator) -> None:
        token, secret = issue(administrator, expires_on=clock.today())
        with clock.frozen(NOON + timedelta(days=1)):
            assert find_machine_token(secret=secret) is None
        assert find_machine_token(secret=secret) is not None
        revoke_token(token=token, actor=administrator)
        assert find_machine_token(secret=secret) is None
        assert find_machine_token(secret="mdg_" + "x" * 43) is None

    @pytest.mark.parametrize(
        "changes",
        [
            {"name": " "},
            {"scopes": []},
            {"scopes": ["everything"]},
            {"expires_on": date(2026, 11, 19)},
            {"expires_on": date(2028, 1, 1)},
        ],
    )
    def test_is_not_issued_for_what_makes_no_sense(self, administrator, changes) -> None:
        with pytest.raises(TrustError):
            issue(administrator, **changes)
        assert MachineToken.objects.count() == 0

    def test_is_issued_and_revoked_by_administrators_alone(self, administrator) -> None:
        clerk = make_staff("tanto", Role.SECTION_STAFF)
        with pytest.raises(RefusedError):
            issue(clerk)
        token, secret = issue(administrator)
        with pytest.raises(RefusedError):
            revoke_token(token=token, actor=clerk)
        assert find_machine_token(secret=secret) is not None


class Receiver:
    """A system that is told: answers what it is asked to, keeps what it got."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
                self.send_response(outer.answers.pop(0) if outer.answers else 204)
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    made = Receiver()
    settings.WEBHOOK_HOSTS = frozenset({made.host})
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def subscription(administrator, receiver) -> WebhookSubscription:
    made, _secret = webhooks.subscribe(
        name="統計", url=f"http://{receiver.host}/hook", keys=[UNIT_ADDED.key], actor=administrator
    )
    return made


def happen(count: int = 1) -> None:
    unit = make_unit(f"課{WebhookDelivery.objects.count()}-{len(event_keys())}")
    for _ in range(count - 1):
        record_event(kind=UNIT_ADDED, subject=unit)
    seal_everything()


class TestAWebhook:
    def test_tells_sealed_events_once_in_order_with_a_signature_the_receiver_can_check(
        self, subscription, receiver
    ) -> None:
        happen(3)
        assert webhooks.deliver_webhooks() == 3
        assert webhooks.deliver_webhooks() == 0
        secret = webhooks.secret_of(subscription)
        now = int(clock.now().timestamp())
        assert all(is_genuine(secret, headers, body, now) for headers, body in receiver.got)
        assert [json.loads(body)["type"] for _headers, body in receiver.got] == [UNIT_ADDED.key] * 3
        ids = [json.loads(body)["data"]["event"] for _headers, body in receiver.got]
        assert ids == sorted(ids)
        assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 3

    def test_tells_nothing_that_happened_before_or_that_was_not_asked_for(self, administrator, receiver) -> None:
        happen()
        webhooks.subscribe(
            name="統計", url=f"http://{receiver.host}/", keys=["trust.unit.renamed"], actor=administrator
        )
        happen()
        assert webhooks.deliver_webhooks() == 0
        assert receiver.got == []

    def test_is_tried_again_with_the_same_number_until_it_is_taken(self, subscription, receiver) -> None:
        receiver.answers = [500, 302]
        happen()
        assert webhooks.deliver_webhooks() == 0
        for wait in WAITS[:2]:
            assert webhooks.deliver_webhooks() == 0
            with clock.frozen(clock.now() + wait):
                webhooks.deliver_webhooks()
        with clock.frozen(NOON + timedelta(hours=1)):
            webhooks.deliver_webhooks()
        assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
        assert WebhookDelivery.objects.get().delivered_at is not None

    def test_gives_up_after_the_last_try_and_pauses_until_somebody_resumes_it(
        self, subscription, receiver, administrator
    ) -> None:
        receiver.answers = [500] * (len(WAITS) + 1)
        happen()
        moment = NOON
        for wait in (timedelta(0), *WAITS):
            moment += wait
            with clock.frozen(moment):
                webhooks.deliver_webhooks()
        subscription.refresh_from_db()
        assert subscription.paused_at is not None
        assert subscription.pause_reason == "HTTP 500"
        webhooks.resume_webhook(subscription=subscription, actor=administrator)
        assert webhooks.deliver_webhooks() == 1

    def test_never_goes_where_the_operator_has_not_let_it(
        self, administrator, receiver, subscription, settings
    ) -> None:
        with pytest.raises(TrustError):
            webhooks.subscribe(name="x", url="http://169.254.169.254/", keys=[UNIT_ADDED.key], actor=administrator)
        settings.WEBHOOK_HOSTS = frozenset()
        happen()
        assert webhooks.deliver_webhooks() == 0
        assert receiver.got == []
        assert WebhookSubscription.objects.count() == 1


@given(st.text(min_size=1), st.binary(), st.integers(1, 2**31), st.binary(min_size=1, max_size=8))
def test_a_changed_body_or_an_old_stamp_is_not_genuine(salt, body, stamp, more) -> None:
    secret = derive_secret("key", salt)
    headers = headers_of(secret, "msg_1", stamp, body)
    assert is_genuine(secret, headers, body, stamp)
    assert not is_genuine(secret, headers, body + more, stamp)
    assert not is_genuine(secret, headers, body, stamp + 301)
    assert not is_genuine(derive_secret("other", salt), headers, body, stamp)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://example.jp/hook", True),
        ("https://example.jp:8443/hook", True),
        ("http://example.jp/hook", False),
        ("https://evil.example.jp/", False),
        ("https://user:pass@example.jp/", False),
        ("https://example.jp@evil.jp/", False),
        ("http://127.0.0.1:9000/", True),
        ("ftp://example.jp/", False),
        ("https://[::1", False),
    ],
)
def test_only_listed_hosts_over_https_are_called(url, allowed) -> None:
    assert is_allowed(url, frozenset({"example.jp", "127.0.0.1:9000"})) is allowed
