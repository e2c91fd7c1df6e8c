"""Topics: staff's pages, numbers by way and day, and the list machines read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from madoguchi.kit import clock
from madoguchi.messaging.models import Subscription, Topic
from madoguchi.messaging.selectors.topics import subscribers_by_way, topic_days
from madoguchi.messaging.services.endpoints import add_endpoint
from madoguchi.messaging.services.subscriptions import subscribe, unsubscribe
from madoguchi.messaging.services.topics import retire_topic
from madoguchi.trust.api import Account, RefusedError
from madoguchi.trust.enums import Role
from tests.messaging.people import NOON, a_city, holder, person, topic
from tests.trust.people import event_keys, make_staff

pytestmark = pytest.mark.database

FORM = {"code": "kids", "name": "子育て", "name_en": "Children", "text": "健診や催し", "order": "10", "is_open": "on"}


@pytest.fixture(autouse=True)
def _city(db: None, settings: object) -> Iterator[None]:
    settings.SECOND_FACTOR_REQUIRED = False  # type: ignore[attr-defined]
    with a_city():
        yield


def client_of(account: Account) -> Client:
    made = Client(headers={"host": "odawara.localhost"})
    made.force_login(account)
    return made


def test_those_who_publish_make_change_and_retire_topics() -> None:
    client = client_of(make_staff("koho", Role.PUBLISHER))
    assert client.post("/messages/topics/new/", FORM).headers["Location"] == "/messages/topics/kids/"
    made = Topic.objects.get()
    assert (made.names, made.descriptions) == ({"ja": "子育て", "en": "Children"}, {"ja": "健診や催し"})
    assert client.post("/messages/topics/new/", FORM).status_code == 422, "a code is taken once"
    client.post("/messages/topics/kids/edit/", FORM | {"name": "子ども"})
    subscribe(recipient=person(), topic=made, source="own")
    client.post("/messages/topics/kids/retire/", {})
    assert not Topic.objects.filter(retired_at__isnull=False).exists(), "it is asked first"
    client.post("/messages/topics/kids/retire/", {"sure": "on"})
    made.refresh_from_db()
    assert (made.names["ja"], made.retired_at) == ("子ども", NOON)
    assert not Subscription.objects.filter(ended_at__isnull=True).exists()
    kinds = [key for key in event_keys() if key.startswith("messaging.topic.")]
    assert kinds == [f"messaging.topic.{what}" for what in ("added", "changed", "subscribed", "retired")]


def test_other_staff_see_topics_and_change_none() -> None:
    kids, clerk = topic("kids", "子育て"), make_staff("ka", Role.SECTION_STAFF)
    client = client_of(clerk)
    assert client.get("/messages/topics/kids/").status_code == 200
    assert client.post("/messages/topics/kids/retire/", {"sure": "on"}).status_code == 403
    with pytest.raises(RefusedError):
        retire_topic(topic=kids, actor=clerk)
    kids.refresh_from_db()
    assert kids.retired_at is None


@pytest.mark.parametrize("page", ["", "?show=retired", "?q=子", "?q=zzz", "kids/", "new/", "kids/edit/"])
def test_every_page_of_topics_is_there(page: str) -> None:
    topic("kids", "子育て")
    assert client_of(make_staff("koho", Role.PUBLISHER)).get(f"/messages/topics/{page}").status_code == 200


def test_subscribers_are_counted_by_way_and_by_day() -> None:
    kids = topic("kids", "子育て")
    for number in range(3):
        with clock.frozen(NOON - timedelta(days=number)):
            one = person(account=holder(f"p{number}")) if number else person()
            subscribe(recipient=one, topic=kids, source="own")
            add_endpoint(recipient=one, channel="email", address=f"p{number}@example.jp", is_confirmed=number < 2)
            if number == 2:
                leaver = one
    unsubscribe(recipient=leaver, topic=kids, source="own")
    assert subscribers_by_way(kids) == {"inbox": 1, "email": 2}
    last = topic_days(kids)[-3:]
    assert [(day.begun, day.ended, day.total) for day in last] == [(1, 0, 1), (1, 0, 2), (1, 1, 2)]


def test_machines_read_the_topics_that_can_be_chosen() -> None:
    topic("kids", "子育て", descriptions={"ja": "健診"})
    topic("tax", "税", is_open=False)
    retire_topic(topic=topic("old", "古い"), actor=make_staff("koho", Role.PUBLISHER))
    answer = Client(headers={"host": "odawara.localhost"}).get("/api/messages/topics")
    assert answer.status_code == 200
    assert answer.json() == {
        "count": 2,
        "items": [
            {"code": "kids", "names": {"ja": "子育て", "en": "kids"}, "descriptions": {"ja": "健診"}, "is_open": True},
            {"code": "tax", "names": {"ja": "税", "en": "tax"}, "descriptions": {}, "is_open": False},
        ],
    }
