"""Alerts by LINE: one request for many, and a button by which each of them says that they have read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from madoguchi.messaging.enums import AlertStatus
from madoguchi.messaging.models import Alert, LineEvent, Recipient, SafetyCheck
from madoguchi.messaging.plugins.line.handling import handle_waiting
from madoguchi.messaging.rules.line import pack
from madoguchi.messaging.selectors.alerts import live_table
from madoguchi.messaging.services import alerts, sending
from madoguchi.messaging.services.needs import register_need
from madoguchi.trust.api import acting_for
from tests.trust.people import events_of

from .conftest import make_message
from .line_city import LineCity, line_of
from .signage_city import make_alert

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def line(city, settings, tmp_path) -> Iterator[LineCity]:
    settings.CAP_KEY_FOLDER = tmp_path / "keys"
    live_table.clear()
    with line_of(city.key, settings) as made:
        yield made
    live_table.clear()


def button_of(line: LineCity, friend) -> dict[str, str]:
    """Return the postback of the card of the newest alert somebody was shown."""
    card = [message for message in line.told(friend) if message["type"] == "flex"][-1]
    (action,) = [
        button["action"] for button in card["contents"]["footer"]["contents"] if button["action"]["type"] == "postback"
    ]
    return action


def press(line: LineCity, friend, data: str) -> str:
    line.simulator.webhooks.postback(line.bot, friend, data, {})
    assert line.hand_over() == [200]
    handle_waiting()
    return str(line.last(friend)["text"])


def test_everybody_of_one_request_answers_an_alert_for_themselves(line) -> None:
    first, second, third = line.friends(3)
    alert = make_alert()
    sending.deliver_due()
    assert line.bot.requests == 1
    assert button_of(line, first)["label"] == button_of(line, first)["displayText"] == "確認しました"
    assert button_of(line, first) == button_of(line, second) == button_of(line, third)
    said = press(line, second, button_of(line, second)["data"])
    assert said.startswith("確認しました。")
    assert f"/now/{alert.key}/" in said
    (check,) = SafetyCheck.objects.select_related("recipient")
    assert (check.alert, check.recipient.name, check.acknowledged_by) == (alert, second.name, "line")
    press(line, second, button_of(line, second)["data"])
    assert SafetyCheck.objects.count() == 1
    assert [event.quantity for event in events_of("messaging.safety_check.acknowledged")] == [1]
    press(line, third, button_of(line, third)["data"])
    assert SafetyCheck.objects.filter(acknowledged_at__isnull=False).count() == 2


def test_an_answer_to_an_update_counts_for_the_whole_event_and_leads_to_the_newest_word(line) -> None:
    (friend,) = line.friends(1)
    alert = make_alert()
    sending.deliver_due()
    old = button_of(line, friend)["data"]
    newer = alerts.update_alert(alert=alert, actor=None, automatic=True, evacuation_level=5)
    sending.deliver_due()
    assert button_of(line, friend)["data"] == old
    assert f"/now/{newer.key}/" in press(line, friend, old)
    assert SafetyCheck.objects.get().alert == alert


def test_somebody_in_need_who_answers_is_no_longer_to_be_called(line) -> None:
    (friend,) = line.friends(1)
    register_need(recipient=Recipient.objects.get(), code="walking")
    make_alert()
    sending.deliver_due()
    assert SafetyCheck.objects.get(is_in_need=True).acknowledged_at is None
    press(line, friend, button_of(line, friend)["data"])
    assert SafetyCheck.objects.get(is_in_need=True).acknowledged_at is not None


def test_the_answer_is_in_the_language_of_the_person(line) -> None:
    (friend,) = line.friends(1, language="en")
    make_alert()
    sending.deliver_due()
    press(line, friend, button_of(line, friend)["data"])
    with translation.override("en"):
        expected = translation.gettext("確認しました。お返事が市役所に伝わりました。")
    assert str(line.last(friend)["text"]).startswith(expected)


def test_a_drill_is_answered_as_a_drill(line) -> None:
    (friend,) = line.friends(1)
    drill = make_alert(status=AlertStatus.EXERCISE, event_key="drill")
    said = press(line, friend, pack("seen", alert=drill.key))
    assert "訓練" in said
    assert "119" not in said


@pytest.mark.parametrize("key", ["", "nobody", "draft", "foreign", "\x00"])
def test_a_button_of_no_alert_of_this_city_changes_nothing_and_says_so(line, oyama, key) -> None:
    (friend,) = line.friends(1)
    if key == "draft":
        key = alerts.draft_alert(
            actor=None, event_code="flood", event_name="洪水", contents={"ja": {"headline": "a", "instruction": "b"}}
        ).key
    if key == "foreign":
        with acting_for(oyama):
            key = make_alert().key
    said = press(line, friend, pack("seen", alert=key))
    assert "使えません" in said
    assert not SafetyCheck.objects.exists()
    assert LineEvent.objects.get().state == "done"


def test_messages_that_are_no_alert_have_no_such_button(line) -> None:
    (friend,) = line.friends(1)
    line.deliver(make_message())
    assert "do=seen" not in str(line.told(friend))
    assert Alert.objects.count() == 0
