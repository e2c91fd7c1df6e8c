"""
A worker that is there to be killed: each line on standard input has a fresh process deliver what is due by LINE.

Arguments: the file with the friends' user ids, the address of LINE. The database is that of the settings. The process that reads
never touches it, so that what it starts can be killed at any moment.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402

from madoguchi.kit import clock  # noqa: E402
from madoguchi.messaging.enums import EndpointStatus  # noqa: E402
from madoguchi.messaging.models import Endpoint, Message, Recipient  # noqa: E402
from madoguchi.messaging.plugins.line.client import LineClient  # noqa: E402,F401
from madoguchi.messaging.services import sending  # noqa: E402
from madoguchi.messaging.services.sending import delivering  # noqa: E402
from madoguchi.trust.api import Municipality, acting_for  # noqa: E402
from tests.messaging.conftest import NOON, make_message  # noqa: E402
from tests.messaging.line_city import SEED  # noqa: E402
from tests.trust.people import make_odawara  # noqa: E402


def seed(users: list[str]) -> None:
    """Make a city whose friends are all to get one message."""
    city = make_odawara()
    with acting_for(city):
        people = Recipient.objects.bulk_create(
            Recipient(municipality=city, created_at=clock.now(), channels=["line"]) for _user in users
        )
        Endpoint.objects.bulk_create(
            Endpoint(
                municipality=city,
                recipient=person,
                channel="line",
                address=user,
                digest=user,
                status=EndpointStatus.ACTIVE,
                created_at=clock.now(),
            )
            for person, user in zip(people, users, strict=True)
        )
        sending.start_message(message_id=make_message().pk)


def deliver() -> None:
    """Deliver until nothing is due; what a process before left unsure is due at once."""
    with acting_for(Municipality.objects.get(key="odawara")):
        Message.objects.count()
        delivering.deliver_due(seconds=3600)


def in_a_process(work: object, *arguments: object) -> None:
    child = os.fork()
    if child == 0:
        with clock.frozen(NOON):
            work(*arguments)  # type: ignore[operator]
        os._exit(0)
    print(child, flush=True)  # noqa: T201 - the words to the test that started us
    print(os.waitpid(child, 0)[1], flush=True)  # noqa: T201


if __name__ == "__main__":
    settings.LINE_CHANNELS, settings.LINE_SIMULATOR = {}, {"url": sys.argv[2], "seed": SEED}
    from linebot.v3 import messaging, oauth  # noqa: F401 - read once, here, and not in every process that is killed

    in_a_process(seed, json.loads(Path(sys.argv[1]).read_text()))
    for _line in sys.stdin:
        in_a_process(deliver)
