"""Emergency alerts: said once, to the right people, a drill never meant and the real thing never a drill."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import etree

from madoguchi.kit import clock
from madoguchi.messaging.enums import AlertState, AlertStatus, DeliveryStatus, MessageStatus
from madoguchi.messaging.errors import AlreadyIssuedError, ContentError, StatusError
from madoguchi.messaging.models import Alert, Delivery, Message, Recipient, SafetyCheck, Subscription, Topic
from madoguchi.messaging.registry import Outgoing
from madoguchi.messaging.rules.alert_audience import audience_of
from madoguchi.messaging.rules.alert_texts import fill, message_contents, templates
from madoguchi.messaging.rules.audience import parse_rule
from madoguchi.messaging.selectors.alerts import chain_of, live_alerts, live_table
from madoguchi.messaging.selectors.audience import count_audience
from madoguchi.messaging.services import alerts, sending
from madoguchi.trust.api import Event, RefusedError, acting_for
from madoguchi.trust.enums import Role
from tests.trust.people import make_account, make_staff

from .conftest import NOON, make_endpoint, make_recipient

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def quiet(city, settings, tmp_path):
    settings.CAP_KEY_FOLDER = tmp_path / "keys"
    live_table.clear()
    with clock.frozen(NOON):
        yield
    live_table.clear()


@pytest.fixture
def officer(city):
    return make_staff("kiki", Role.CRISIS_MANAGER)


def words(event: str = "flood", stage: str = "4", areas: tuple[str, ...] = ()) -> dict[str, dict[str, str]]:
    return {language: fill(event, stage, language=language, city="小田原市", areas=areas) for language in templates()}


def draft(officer, **fields) -> Alert:
    fields = {
        "event_code": "flood",
        "event_name": "川のはんらん",
        "event_key": "flood-1",
        "contents": words(),
        "evacuation_level": 4,
        **fields,
    }
    return alerts.draft_alert(actor=officer, **fields)


def issued(officer, **fields) -> Alert:
    return alerts.issue_alert(alert=draft(officer, **fields), actor=officer)


def person(address: str, **fields):
    recipient = make_recipient(**fields)
    make_endpoint(recipient, "email", address)
    return recipient


def test_an_issued_alert_goes_to_everybody_by_every_way_and_is_live(officer, ways) -> None:
    somebody = person("a@city.example")
    make_endpoint(somebody, "line", "U1")
    alert = issued(officer)
    assert alert.state == AlertState.ISSUED
    assert alert.issued_by == officer
    assert [found.key for found in live_alerts()] == [alert.key]
    sending.deliver_due()
    assert ways["email"].addresses == ["a@city.example"]
    assert ways["line"].addresses == ["U1"]
    assert "避難指示" in ways["email"].given[0].subject
    event = Event.objects.get(key="messaging.alert.issued")
    assert event.quantity == 1
    assert event.data["level"] == 4


def test_an_alert_for_towns_goes_to_their_people_and_to_those_whose_town_is_unknown(officer, ways) -> None:
    person("sakae@city.example", town="栄町")
    person("honcho@city.example", town="本町")
    person("guest@city.example")
    issued(officer, areas=[{"name": "栄町", "town": "栄町"}])
    sending.deliver_due()
    assert sorted(ways["email"].addresses) == ["guest@city.example", "sakae@city.example"]


def test_a_second_click_sends_nothing_again(officer, ways) -> None:
    person("a@city.example")
    alert = draft(officer)
    first = alerts.issue_alert(alert=alert, actor=officer)
    second = alerts.issue_alert(alert=alert, actor=officer)
    assert (first.pk, first.message_id) == (second.pk, second.message_id)
    sending.deliver_due()
    assert Message.objects.count() == 1
    assert len(ways["email"].given) == 1


def test_the_second_of_two_officers_is_shown_the_alert_of_the_first(officer, ways) -> None:
    colleague = make_staff("kiki2", Role.CRISIS_MANAGER)
    first, second = draft(officer), draft(colleague)
    live = alerts.issue_alert(alert=first, actor=officer)
    with pytest.raises(AlreadyIssuedError) as refused:
        alerts.issue_alert(alert=second, actor=colleague)
    assert refused.value.alert == live
    second.refresh_from_db()
    assert second.state == AlertState.DRAFT
    assert Message.objects.count() == 1


def test_somebody_without_the_duty_issues_nothing(officer, ways) -> None:
    alert = draft(officer)
    with pytest.raises(RefusedError):
        alerts.issue_alert(alert=alert, actor=make_staff("koho", Role.PUBLISHER))
    with pytest.raises(TypeError):
        alerts.issue_alert(alert=alert, actor=None)
    alert.refresh_from_db()
    assert (alert.state, Message.objects.count(), live_alerts()) == (AlertState.DRAFT, 0, [])


def test_a_rule_issues_without_a_person(officer, ways) -> None:
    alert = alerts.issue_alert(alert=draft(officer), actor=None, automatic=True)
    assert alert.is_automatic
    assert alert.issued_by is None


def test_an_update_replaces_what_was_said_and_refers_to_it(officer, ways) -> None:
    person("a@city.example")
    first = issued(officer)
    later = alerts.update_alert(alert=first, actor=officer, evacuation_level=5, contents=words(stage="5"))
    first.refresh_from_db()
    assert first.state == AlertState.UPDATED
    assert first.message.status == MessageStatus.CANCELLED
    assert [found.key for found in live_alerts()] == [later.key]
    assert first.cap_identifier in later.references
    assert list(chain_of(later)) == [first, later]
    sending.deliver_due()
    assert [outgoing.message_key for outgoing in ways["email"].given] == [later.message.key]
    with pytest.raises(AlreadyIssuedError) as refused:
        alerts.update_alert(alert=first, actor=officer, contents=words())
    assert refused.value.alert == later


def test_a_cancelled_alert_is_live_no_more_and_stops_what_was_still_waiting(officer, ways) -> None:
    person("a@city.example")
    first = issued(officer)
    ended = alerts.cancel_alert(alert=first, actor=officer)
    again = alerts.cancel_alert(alert=first, actor=officer)
    assert ended == again
    assert live_alerts() == []
    sending.deliver_due()
    assert [outgoing.message_key for outgoing in ways["email"].given] == [ended.message.key]
    assert "解除" in ways["email"].given[0].subject
    assert first.message.deliveries.filter(status=DeliveryStatus.CANCELLED, channel="email").count() == 1
    with pytest.raises(StatusError):
        alerts.update_alert(alert=first, actor=officer, contents=words())


def test_cancelling_while_it_is_being_sent_sends_nothing_more_of_it(officer, ways, monkeypatch) -> None:
    for number in range(6):
        person(f"p{number}@city.example")
    ways["email"].batch_size = 2
    alert = issued(officer)
    deliver = ways["email"].deliver

    def and_cancel(batch):
        yield from deliver(batch)
        if Alert.objects.get(pk=alert.pk).state == AlertState.ISSUED:
            alerts.cancel_alert(alert=alert, actor=officer, is_mistake=True)

    ways["email"].deliver = and_cancel
    while sending.deliver_due():
        pass
    told = [outgoing.message_key for outgoing in ways["email"].given]
    assert told.count(alert.message.key) == 2
    assert len(told) == 2 + 6


def test_a_drill_goes_to_staff_and_to_those_who_agreed_and_to_nobody_else(officer, ways) -> None:
    person("resident@city.example")
    agreed = person("agreed@city.example")
    topic = Topic.objects.create(municipality=agreed.municipality, code="drill", names={"ja": "訓練"}, created_at=NOON)
    Subscription.objects.create(municipality=agreed.municipality, topic=topic, recipient=agreed, subscribed_at=NOON)
    alert = issued(officer, status=AlertStatus.EXERCISE)
    sending.deliver_due()
    assert ways["email"].addresses == ["agreed@city.example"]
    told = Delivery.objects.filter(message=alert.message).values_list("recipient__account__login", flat=True)
    assert set(told) == {None, "kiki"}
    given = ways["email"].given[0]
    assert given.is_drill
    assert all(text.startswith("【訓練】") for text in (given.subject, given.body, given.short))
    assert live_alerts(drills=False) == []
    assert [found.key for found in live_alerts(drills=True)] == [alert.key]


def test_the_confirmation_of_a_drill_counts_the_staff_it_will_reach(officer, ways) -> None:
    make_staff("taro", Role.SECTION_STAFF)
    alert = draft(officer, status=AlertStatus.EXERCISE)
    counted = count_audience(parse_rule(audience_of([], is_drill=True)), is_emergency=True)
    issued = alerts.issue_alert(alert=alert, actor=officer)
    assert counted.people == Recipient.objects.filter(deliveries__message=issued.message).distinct().count() == 2


def test_every_text_of_a_drill_says_so_in_its_language(officer, ways) -> None:
    alert = issued(officer, status=AlertStatus.EXERCISE)
    marks = {"ja": "【訓練】", "en": "[DRILL]", "ja-easy": "【くんれん】"}
    for language, mark in marks.items():
        assert all(text.startswith(mark) for text in alert.contents[language].values())
        assert all(text.startswith(mark) for text in alert.message.contents[language].values())
    later = alerts.update_alert(alert=alert, actor=officer, evacuation_level=5)
    ended = alerts.cancel_alert(alert=later, actor=officer)
    assert {later.status, ended.status} == {AlertStatus.EXERCISE}
    assert all(text.startswith("[DRILL]") for text in ended.contents["en"].values())


def test_the_words_of_a_drill_cannot_be_issued_as_meant(officer, ways) -> None:
    drill = issued(officer, status=AlertStatus.EXERCISE)
    with pytest.raises(StatusError):
        issued(officer, contents=drill.contents)
    assert live_alerts(drills=False) == []
    with pytest.raises(TypeError):
        alerts.update_alert(alert=drill, actor=officer, status=AlertStatus.ACTUAL)


def test_a_drill_does_not_keep_the_real_thing_from_being_issued(officer, ways) -> None:
    drill, real = issued(officer, status=AlertStatus.EXERCISE), issued(officer)
    assert [found.key for found in live_alerts()] == [real.key, drill.key]
    assert alerts.find_live_alert("flood-1") == real


def test_an_alert_ends_by_itself_when_its_time_is_over(officer, ways) -> None:
    alert = issued(officer, expires_at=NOON + timedelta(hours=2))
    assert alerts.expire_alerts() == 0
    with clock.frozen(NOON + timedelta(hours=2)):
        assert live_alerts() == []
        assert alerts.expire_alerts() == 1
    alert.refresh_from_db()
    assert alert.state == AlertState.EXPIRED


def test_what_cannot_stand_is_refused_and_nothing_is_kept(officer) -> None:
    cases = [
        {"contents": {"en": words()["en"]}},
        {"contents": words() | {"en": {"headline": "Flood"}}},
        {"expires_at": NOON - timedelta(minutes=1)},
        {"contents": {"ja": words()["ja"] | {"headline": "あ" * 80}}},
        {"contents": {"ja": words()["ja"] | {"instruction": "{{name}}さん、逃げてください"}}},
        {"evacuation_level": 6},
    ]
    for fields in cases:
        with pytest.raises(ContentError) as refused:
            draft(officer, **fields)
        assert refused.value.problems
    assert Alert.objects.count() == 0


def test_another_city_knows_nothing_of_it(officer, oyama, ways) -> None:
    issued(officer)
    assert live_alerts(oyama) == []
    with acting_for(oyama):
        assert live_alerts() == []
        assert alerts.find_live_alert("flood-1") is None


def test_a_published_document_never_changes_and_is_signed(officer, ways) -> None:
    from madoguchi.messaging.rules.cap import check_cap, read_cap
    from madoguchi.messaging.rules.cap.signing import SignatureError, verify_cap
    from madoguchi.messaging.services.alerts.keys import own_certificate

    alert = issued(officer)
    data = alert.cap_xml.encode()
    assert check_cap(data) == []
    said = read_cap(data)
    assert [info.language for info in said.infos] == ["ja", "en", "ja-simple"]
    assert said.identifier == alert.cap_identifier
    assert said.infos[0].areas[0].geocodes == (("JISX0402", "142069"),)
    assert verify_cap(data, certificates=[own_certificate()], now=clock.now()) is not None
    forged = data.replace("避難指示".encode(), "安全です".encode())
    with pytest.raises(SignatureError):
        verify_cap(forged, certificates=[own_certificate()], now=clock.now())
    assert etree.fromstring(data)[-1].tag.endswith("Signature")


def test_people_in_need_stand_on_the_call_list_until_they_acknowledge(officer, ways) -> None:
    from madoguchi.messaging.services.needs import register_need

    one, other = person("one@city.example", town="栄町"), person("far@city.example", town="本町")
    for recipient in (one, other):
        register_need(recipient=recipient, code="walking")
    alert = issued(officer, areas=[{"name": "栄町", "town": "栄町"}])
    (check,) = SafetyCheck.objects.all()
    assert (check.recipient, check.is_in_need) == (one, True)
    later = alerts.update_alert(alert=alert, actor=officer, areas=[])
    assert SafetyCheck.objects.filter(alert=alert, is_in_need=True).count() == 2
    alerts.acknowledge(alert=later, recipient=one, by="link")
    alerts.acknowledge(alert=alert, recipient=one, by="inbox")
    check.refresh_from_db()
    assert check.acknowledged_by == "link"
    assert Event.objects.filter(key="messaging.safety_check.acknowledged").count() == 1


def test_two_officials_never_call_the_same_person_at_once(officer, ways) -> None:
    from madoguchi.messaging.services.needs import register_need

    colleague = make_staff("kiki2", Role.CRISIS_MANAGER)
    register_need(recipient=person("one@city.example"), code="medical")
    issued(officer)
    check = SafetyCheck.objects.get()
    alerts.claim_call(check=check, actor=officer)
    alerts.claim_call(check=check, actor=officer)
    with pytest.raises(StatusError, match="電話しています"):
        alerts.claim_call(check=check, actor=colleague)
    with pytest.raises(StatusError):
        alerts.record_call(check=check, outcome="safe", actor=colleague)
    with clock.frozen(NOON + timedelta(minutes=16)):
        alerts.claim_call(check=check, actor=colleague)
        done = alerts.record_call(check=check, outcome="no_answer", actor=colleague)
        assert (done.claimed_by, done.calls) == (None, 1)
        alerts.record_call(check=check, outcome="safe", actor=officer, note="避難所にいます")
        with pytest.raises(StatusError, match="確かめられて"):
            alerts.claim_call(check=check, actor=colleague)
    with pytest.raises(RefusedError):
        alerts.claim_call(check=check, actor=make_account("somebody"))


def test_the_end_is_told_to_everybody_who_was_told_before_whatever_they_are_now(officer, ways) -> None:
    moved, left_out, new = (person(f"{name}@city.example", town="栄町") for name in ("moved", "left", "new"))
    person("other@city.example", town="本町")
    Recipient.objects.filter(pk=new.pk).update(town="本町")
    first = issued(officer, areas=[{"name": "栄町", "town": "栄町"}])
    sending.deliver_due()
    told = set(ways["email"].addresses)
    assert told == {"moved@city.example", "left@city.example"}
    Recipient.objects.filter(pk=moved.pk).update(town="鴨宮")
    Recipient.objects.filter(pk=new.pk).update(town="曽比")
    later = alerts.update_alert(alert=first, actor=officer, areas=[{"name": "曽比", "town": "曽比"}])
    sending.deliver_due()
    ways["email"].given.clear()
    ended = alerts.cancel_alert(alert=later, actor=officer)
    sending.deliver_due()
    assert set(ways["email"].addresses) == told | {"new@city.example"}
    assert len(ways["email"].given) == 3
    assert ended.message.planned_count == 3
    assert left_out.town == "栄町"


def test_the_end_of_a_drill_is_told_to_those_who_had_it_and_to_no_other_resident(officer, ways) -> None:
    agreed, other = person("agreed@city.example"), person("other@city.example")
    topic = Topic.objects.create(municipality=agreed.municipality, code="drill", names={"ja": "訓練"}, created_at=NOON)
    mine = {"municipality": agreed.municipality, "topic": topic, "subscribed_at": NOON}
    Subscription.objects.create(recipient=agreed, **mine)
    drill = issued(officer, status=AlertStatus.EXERCISE)
    issued(officer, event_key="real")
    sending.deliver_due()
    Subscription.objects.update(ended_at=NOON)
    ways["email"].given.clear()
    alerts.cancel_alert(alert=drill, actor=officer)
    sending.deliver_due()
    assert ways["email"].addresses == ["agreed@city.example"]
    assert other.deliveries.filter(channel="email").count() == 1


def test_a_message_of_an_alert_says_where_and_what_to_do_under_words_of_its_language() -> None:
    said = {
        "headline": "はんらん",
        "description": "水が上がっています。",
        "instruction": "逃げてください。\n川を見に行かないでください。",
    }
    contents = message_contents({"ja": said, "en": said}, areas=["久野"], city="小田原市", city_en="Odawara City")
    assert "対象：久野\n\nとるべき行動：\n- 逃げてください。\n- 川を見に行かないでください。" in contents["ja"]["body"]
    assert "Where: 久野\n\nWhat to do:\n- 逃げてください。" in contents["en"]["body"]


@pytest.mark.parametrize(
    ("subject", "short", "gist"),
    [
        ("避難指示：川", "避難指示：川 逃げてください。", "逃げてください。"),
        ("健診", "健診のお知らせです。", "健診のお知らせです。"),
        ("健診", "健診", ""),
        ("", "逃げて", "逃げて"),
    ],
)
def test_a_way_with_a_title_does_not_say_the_title_twice(subject: str, short: str, gist: str) -> None:
    one = Outgoing(1, "k", "", {}, "ja", subject, "", short, "")
    assert one.gist == gist
