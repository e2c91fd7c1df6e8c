"""Fixtures of the messaging room's tests: a city in scope, people with addresses, a channel that writes down what it is given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import pytest

from madoguchi.kit import clock
from madoguchi.messaging.enums import ChannelKey, DeliveryStatus, EndpointStatus, MessageKind, MessageStatus
from madoguchi.messaging.models import Endpoint, Message, Recipient
from madoguchi.messaging.registry import Channel, Outcome, Outgoing, Preview, channels
from madoguchi.messaging.services.sending import delivering
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, acting_for
from tests.trust.people import make_odawara, make_oyama

NOON = datetime(2026, 11, 20, 12, tzinfo=clock.TOKYO)


@pytest.fixture(autouse=True)
def quick(settings, tmp_path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.HOME = tmp_path
    # As in a demonstration, whatever the environment of the run says.
    settings.HTTPS = False
    settings.MEDIA_ROOT = tmp_path / "files"
    delivering._resting.clear()


@pytest.fixture
def city(db, settings) -> Iterator[Municipality]:
    """The city, in scope."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.DEMONSTRATION, settings.SECOND_FACTOR_REQUIRED = True, False
    host_table.clear()
    city = make_odawara()
    with acting_for(city):
        yield city
    host_table.clear()


@pytest.fixture
def oyama(city) -> Municipality:
    """The other city, not in scope."""
    return make_oyama()


class Postbox(Channel):
    """A way that keeps what it was given; ``answers`` says what becomes of it, by address."""

    def __init__(self, key: str, *, rings: bool = False) -> None:
        self.key, self.label, self.rings = key, key, rings
        self.given: list[Outgoing] = []
        self.answers: dict[str, Outcome] = {}
        self.known: list[Outcome] = []

    def preview(self, outgoing: Outgoing) -> Preview:
        return Preview(parts=((self.key, outgoing.body),))

    def deliver(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        for outgoing in batch:
            self.given.append(outgoing)
            told = self.answers.get(outgoing.address, Outcome(0, DeliveryStatus.SENT))
            yield Outcome(
                outgoing.delivery_id, told.status, told.provider_id, told.error, told.retry_seconds, told.endpoint
            )

    def recover(self) -> list[Outcome]:
        known, self.known = self.known, []
        return known

    @property
    def addresses(self) -> list[str]:
        return [outgoing.address for outgoing in self.given]


@pytest.fixture
def ways(city) -> Iterator[dict[str, Postbox]]:
    """The ways mail, LINE and SMS, in the hands of the test instead of those of the installation."""
    boxes = {
        "email": Postbox(ChannelKey.EMAIL),
        "line": Postbox(ChannelKey.LINE, rings=True),
        "sms": Postbox(ChannelKey.SMS, rings=True),
    }
    with ExitStack() as stack:
        for key, box in boxes.items():
            stack.enter_context(channels.registered_temporarily(key, box))
        yield boxes


def make_recipient(name: str = "", **fields: Any) -> Recipient:
    return Recipient.objects.create(municipality=_city(), name=name, created_at=clock.now(), **fields)


def make_endpoint(recipient: Recipient, channel: str, address: str, **fields: Any) -> Endpoint:
    fields = {"status": EndpointStatus.ACTIVE, "digest": f"{channel}:{address}"[:64], **fields}
    return Endpoint.objects.create(
        municipality=_city(), recipient=recipient, channel=channel, address=address, created_at=clock.now(), **fields
    )


def make_message(audience: dict[str, Any] | None = None, **fields: Any) -> Message:
    contents = {"ja": {"subject": "お知らせ", "body": "{{name}}さん、こんにちは。", "short": "お知らせです"}}
    fields = {"kind": MessageKind.BROADCAST, "status": MessageStatus.SENDING, "contents": contents, **fields}
    return Message.objects.create(
        municipality=_city(),
        audience=audience or {"everyone": True},
        created_at=clock.now(),
        changed_at=clock.now(),
        **fields,
    )


def _city() -> Municipality:
    from madoguchi.trust.api import municipality_in_scope

    return municipality_in_scope()
