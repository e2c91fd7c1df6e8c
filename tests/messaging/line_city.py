"""LINE for tests: the server that behaves like it, in a thread of its own, and a postbox for its webhooks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test import Client

from madoguchi.messaging.enums import ChannelKey
from madoguchi.messaging.models import Delivery, Message
from madoguchi.messaging.plugins.line.simulator.server import Simulator
from madoguchi.messaging.plugins.line.simulator.store import Bot, Friend
from madoguchi.messaging.rules.addresses import address_digest
from madoguchi.messaging.services import sending
from tests.ledger.provider import Postbox

from .conftest import make_endpoint, make_recipient

SEED = "seed-of-the-tests"
HOST = "odawara.localhost"


class LineCity:
    """One city at LINE: its account there, its friends, and what they are shown."""

    def __init__(self, simulator: Simulator, postbox: Postbox, key: str) -> None:
        self.simulator, self.postbox, self.key = simulator, postbox, key
        self.client = Client(headers={"host": HOST})

    @property
    def bot(self) -> Bot:
        return self.simulator.store.bot(self.key)

    def fault(self, place: str, *faults: str) -> None:
        self.simulator.store.faults[place] = list(faults)

    def friends(self, count: int, **recipient: Any) -> list[Friend]:
        """Make friends the city knows already."""
        made = self.simulator.store.add_friends(self.bot, count)
        for friend in made:
            friend.is_following = True
            person = make_recipient(friend.name, channels=["line"], **recipient)
            digest = address_digest(ChannelKey.LINE, friend.user)
            make_endpoint(person, ChannelKey.LINE, friend.user, digest=digest)
        return made

    def told(self, friend: Friend) -> list[dict[str, Any]]:
        """Return what the city sent somebody."""
        return [dict(message) for side, message, _at in friend.chat if side == "city"]

    def last(self, friend: Friend) -> dict[str, Any]:
        return self.told(friend)[-1]

    def buttons(self, friend: Friend) -> dict[str, dict[str, Any]]:
        """Return the quick replies of the last message, by their names."""
        items = self.last(friend).get("quickReply", {}).get("items", [])
        return {item["action"]["label"]: item["action"] for item in items}

    def hand_over(self, number: int = 1) -> list[int]:
        """Bring the next webhooks to the city; returns the answers' statuses."""
        return [self.bring(headers, body) for headers, body in self.postbox.take(number)]

    def bring(self, headers: dict[str, str], body: bytes) -> int:
        signature = {"X-Line-Signature": headers["X-Line-Signature"]} if "X-Line-Signature" in headers else {}
        answer = self.client.post("/line/webhook", body, content_type="application/json", headers=signature)
        return answer.status_code

    def deliver(self, message: Message) -> list[Delivery]:
        """Send a message and return its deliveries by LINE."""
        sending.start_message(message_id=message.pk)
        sending.deliver_due()
        return list(Delivery.objects.filter(message=message, channel="line").order_by("id"))


@contextmanager
def line_of(key: str, settings: Any) -> Iterator[LineCity]:
    postbox = Postbox()
    with Simulator(0, seed=SEED) as simulator:
        threading.Thread(target=simulator.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        settings.LINE_CHANNELS, settings.LINE_SIMULATOR = {}, {"url": simulator.base_url, "seed": SEED}
        simulator.store.bot(key).webhook = postbox.address
        yield LineCity(simulator, postbox, key)
        simulator.shutdown()
