"""Two people, two clicks, two workers at the same moment: said once, approved by two, sent once, stopped when stopped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django_tasks_db.models import DBTaskResult

from madoguchi.kit import clock
from madoguchi.messaging.enums import AlertState, DeliveryStatus, EndpointStatus, MessageStatus
from madoguchi.messaging.errors import AlreadyIssuedError, MessagingError, StatusError
from madoguchi.messaging.models import Alert, Approval, Delivery, Endpoint, Message, SafetyCheck, Subscription, Telegram
from madoguchi.messaging.selectors.alerts import live_table
from madoguchi.messaging.services import alerts, messages, sending, telegrams
from madoguchi.messaging.services.endpoints import add_endpoint, confirm_endpoint, confirmation_token
from madoguchi.messaging.services.needs import register_need
from madoguchi.messaging.services.recipients import add_guest
from madoguchi.messaging.services.stopping import find_stoppable, stop_topic
from madoguchi.messaging.services.subscriptions import subscribe
from madoguchi.messaging.services.topics import add_topic
from madoguchi.trust.api import acting_for
from madoguchi.trust.enums import Role
from tests.ledger.test_at_once import within_reach_of_threads
from tests.trust.people import make_staff

from .conftest import NOON, make_endpoint, make_message, make_recipient
from .telegrams import earthquake

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
WORDS = {"ja": {"headline": "大雨", "description": "", "instruction": "避難所へ移動してください。"}}


@pytest.fixture(autouse=True)
def quiet(city, ways, settings, tmp_path) -> Iterator[None]:
    settings.CAP_KEY_FOLDER = tmp_path / "keys"
    live_table.clear()
    cache.clear()
    with clock.frozen(NOON):
        yield
    live_table.clear()


@pytest.fixture
def together(city, tmp_path) -> Callable[..., list[Any]]:
    """Let threads do things at the same moment; returns what each got, the room's errors included."""

    def act(*deeds: Callable[[], object]) -> list[Any]:
        gate = Barrier(len(deeds))

        def one(deed: Callable[[], object]) -> object:
            try:
                with acting_for(city), clock.frozen(NOON):
                    gate.wait(timeout=30)
                    return deed()
            except MessagingError as error:
                return error
            finally:
                connections.close_all()

        with within_reach_of_threads(tmp_path), ThreadPoolExecutor(len(deeds)) as pool:
            return list(pool.map(one, deeds))

    return act


def submitted(author, people: int = 3) -> tuple[Message, int | None]:
    for number in range(people):
        make_endpoint(make_recipient(f"人{number}", town="栄町"), "email", f"p{number}@city.example")
    contents = {"ja": {"subject": "断水", "body": "水が止まります。", "short": "断水"}}
    message = messages.create_message(actor=author, contents=contents, audience={"everyone": True})
    count = people
    return messages.submit_message(message=message, actor=author, seen_revision=0, confirmed_count=count), count


def approve(message: Message, officer, count: int | None) -> Callable[[], object]:
    return lambda: messages.approve_message(message=message, actor=officer, seen_revision=0, confirmed_count=count)


def test_a_message_to_everybody_needs_two_people_however_fast_one_of_them_clicks(together) -> None:
    message, count = submitted(make_staff("author", Role.PUBLISHER))
    officer = make_staff("o1", Role.PUBLISHER)
    results = together(*[approve(message, officer, count)] * 4)
    assert sum(isinstance(one, StatusError) for one in results) == 3
    message.refresh_from_db()
    assert (message.status, Approval.objects.count()) == (MessageStatus.WAITING, 1)


def test_two_approvals_at_the_same_instant_begin_one_sending(together) -> None:
    message, count = submitted(make_staff("author", Role.PUBLISHER))
    officers = [make_staff(f"o{number}", Role.PUBLISHER) for number in range(4)]
    results = together(*[approve(message, officer, count) for officer in officers])
    message.refresh_from_db()
    assert sum(isinstance(one, StatusError) for one in results) == 2
    assert (message.status, Approval.objects.count()) == (MessageStatus.SENDING, 2)
    assert DBTaskResult.objects.filter(task_path__endswith="sending.start_message").count() == 1


def test_two_officers_issuing_the_same_event_tell_it_once(together) -> None:
    officers = [make_staff(f"k{number}", Role.CRISIS_MANAGER) for number in range(3)]
    make_endpoint(make_recipient(), "email", "a@city.example")
    drafts = [draft(officer) for officer in officers]
    deeds = [_issue(*pair) for pair in zip(drafts, officers, strict=True)]
    results = together(*deeds, deeds[0])
    assert all(isinstance(one, Alert | AlreadyIssuedError) for one in results)
    assert Alert.objects.filter(state=AlertState.ISSUED).count() == 1
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 1)


def draft(officer, key: str = "flood-1") -> Alert:
    return alerts.draft_alert(actor=officer, event_code="flood", event_name="洪水", event_key=key, contents=WORDS)


def _issue(alert: Alert, officer) -> Callable[[], object]:
    return lambda: alerts.issue_alert(alert=alert, actor=officer)


def test_an_alert_that_is_updated_and_ended_at_once_has_one_successor(together) -> None:
    officer = make_staff("kiki", Role.CRISIS_MANAGER)
    alert = alerts.issue_alert(alert=draft(officer), actor=officer)
    together(
        lambda: alerts.cancel_alert(alert=alert, actor=officer),
        lambda: alerts.update_alert(alert=alert, actor=officer, contents=WORDS),
        lambda: alerts.cancel_alert(alert=alert, actor=officer),
    )
    assert Alert.objects.filter(former=alert).count() == 1


def test_the_same_telegram_taken_by_several_at_once_is_taken_once(together) -> None:
    make_endpoint(make_recipient(), "email", "a@city.example")
    data = earthquake("5+")
    together(*[lambda: telegrams.take_telegram(data=data, source="file")] * 4)
    assert (Telegram.objects.count(), Alert.objects.count(), Message.objects.count()) == (1, 1, 1)
    assert Delivery.objects.count() == 1


def test_a_confirmation_pressed_twice_makes_one_address_and_one_subscription(together) -> None:
    add_topic(code="kids", names={"ja": "子育て", "en": "Kids"}, actor=None, system=True)
    guests = [add_guest() for _ in range(2)]
    claims = [add_endpoint(recipient=guest, channel="email", address="a@city.example") for guest in guests]
    Endpoint.objects.update(details={"topics": ["kids"]})
    deeds = [_confirm(claim) for claim in claims for _ in range(2)]
    together(*deeds)
    live = Endpoint.objects.filter(ended_at__isnull=True, status=EndpointStatus.ACTIVE)
    assert live.count() == 1
    assert Subscription.objects.filter(ended_at__isnull=True).count() == 1


def _confirm(claim: Endpoint) -> Callable[[], object]:
    token = confirmation_token(claim)
    return lambda: confirm_endpoint(token=token)


def test_workers_side_by_side_send_everything_once(together, ways) -> None:
    addresses = crowd(120)
    ways["email"].batch_size = 7
    message = make_message()
    sending.start_message(message_id=message.pk)
    together(*[lambda: sending.deliver_due(seconds=20)] * 4)
    assert Counter(ways["email"].addresses) == Counter(addresses)
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.SENT}


def crowd(number: int) -> list[str]:
    addresses = [f"p{one}@city.example" for one in range(number)]
    for address in addresses:
        make_endpoint(make_recipient(), "email", address)
    return addresses


def test_what_is_cancelled_while_it_is_sent_ends_where_it_stands(together, ways) -> None:
    crowd(60)
    ways["email"].batch_size = 3
    officer, message = make_staff("koho", Role.PUBLISHER), make_message()
    sending.start_message(message_id=message.pk)
    together(
        lambda: sending.deliver_due(seconds=20),
        lambda: messages.cancel_message(message=message, actor=officer),
        lambda: sending.deliver_due(seconds=20),
    )
    message.refresh_from_db()
    counts = Counter(Delivery.objects.values_list("status", flat=True))
    assert message.status == MessageStatus.CANCELLED
    assert set(counts) <= {DeliveryStatus.SENT, DeliveryStatus.CANCELLED}
    assert counts[DeliveryStatus.SENT] == len(ways["email"].given) == len(set(ways["email"].addresses))


def test_whoever_stops_while_it_is_sent_gets_nothing_afterwards(together, ways) -> None:
    kids = add_topic(code="kids", names={"ja": "子育て", "en": "Kids"}, actor=None, system=True)
    people = [make_recipient() for _ in range(40)]
    for number, one in enumerate(people):
        make_endpoint(one, "email", f"p{number}@city.example")
        subscribe(recipient=one, topic=kids, source="own")
    ways["email"].batch_size = 2
    message = make_message({"topic": ["kids"]}, topic=kids)
    sending.start_message(message_id=message.pk)
    tokens = [_token(row) for row in Delivery.objects.order_by("-pk")[:20]]
    together(lambda: sending.deliver_due(seconds=20), *_in_turn(tokens))
    assert Subscription.objects.filter(ended_at__isnull=True).count() == 20
    counts = Counter(Delivery.objects.values_list("status", flat=True))
    assert set(counts) <= {DeliveryStatus.SENT, DeliveryStatus.SKIPPED}
    assert counts[DeliveryStatus.SENT] == len(ways["email"].given)


def _token(delivery: Delivery) -> str:
    from madoguchi.messaging.rules.tokens import sign

    return sign("stop", str(delivery.pk))


def _in_turn(tokens: Sequence[str]) -> list[Callable[[], object]]:
    def stop(part: Sequence[str]) -> Callable[[], object]:
        return lambda: [stop_topic(stoppable=find_stoppable(token)) for token in part]

    return [
        stop(tokens[:10]),
        stop(tokens[10:]),
    ]


def test_one_official_calls_a_person_in_need(together) -> None:
    officers = [make_staff(f"k{number}", Role.CRISIS_MANAGER) for number in range(3)]
    register_need(recipient=make_recipient("見本"), code="walking", actor=None)
    alerts.issue_alert(alert=draft(officers[0]), actor=officers[0])
    check = SafetyCheck.objects.get()
    results = together(*[_claim(check, officer) for officer in officers])
    assert sum(isinstance(one, StatusError) for one in results) == 2


def _claim(check: SafetyCheck, officer) -> Callable[[], object]:
    return lambda: alerts.claim_call(check=check, actor=officer)
