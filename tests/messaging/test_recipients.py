"""Recipients: for accounts and guests, in line with the registry, made one; addresses, topics, needs and preferences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest

from madoguchi.kit import clock
from madoguchi.messaging.enums import EndpointStatus, MessageKind
from madoguchi.messaging.errors import MessagingError
from madoguchi.messaging.models import Child, Delivery, Endpoint, Message, Need, Recipient, Subscription
from madoguchi.messaging.rules.tokens import TokenError
from madoguchi.messaging.services.endpoints import (
    add_endpoint,
    confirm_endpoint,
    confirmation_token,
    end_endpoint,
    find_endpoint,
)
from madoguchi.messaging.services.needs import confirm_need, end_need, register_need
from madoguchi.messaging.services.preferences import end_everything, set_children, set_preferences
from madoguchi.messaging.services.recipients import (
    access_recipient,
    add_guest,
    merge_recipients,
    recipient_of,
    sync_recipients,
)
from madoguchi.messaging.services.subscriptions import set_topics, subscribe, unsubscribe
from madoguchi.trust.api import AccessRecord, RefusedError, change_resident, municipality_in_scope
from madoguchi.trust.enums import Role
from tests.messaging.people import HONCHO, NOON, a_city, holder, person, registered, resident, topic
from tests.trust.people import event_keys, events_of, make_staff

pytestmark = pytest.mark.database

MAIL = "hanako@example.jp"


@pytest.fixture(autouse=True)
def _city(db: None) -> Iterator[None]:
    with a_city():
        yield


def family() -> None:
    resident("見本 太郎", "世帯主", date(1985, 1, 1))
    resident("見本 花子", "妻", date(1986, 1, 1), language="en")
    resident("見本 あお", "長男", date(2023, 5, 1))
    resident("見本 祖母", "母", date(1950, 1, 1))


def children_of(name: str) -> list[date]:
    return list(Child.objects.filter(recipient__name=name).values_list("birth_date", flat=True))


def test_the_registry_gives_towns_languages_and_the_children_of_parents_alone() -> None:
    family()
    done = sync_recipients()
    assert (done.added, done.families) == (4, 1)
    mother = Recipient.objects.get(name="見本 花子")
    assert (mother.town, mother.language, mother.postal_code) == ("栄町", "en", "250-0011")
    assert children_of("見本 太郎") == children_of("見本 花子") == [date(2023, 5, 1)]
    assert children_of("見本 祖母") == children_of("見本 あお") == []
    assert events_of("messaging.recipient.synced")[0].quantity == 4


def test_doing_it_again_changes_nothing() -> None:
    family()
    sync_recipients()
    before = list(Recipient.objects.values()), list(Child.objects.values())
    assert sync_recipients().total == 0
    assert (list(Recipient.objects.values()), list(Child.objects.values())) == before
    assert event_keys().count("messaging.recipient.synced") == 1


def test_a_child_that_moves_to_the_other_parent_is_no_longer_listed_here() -> None:
    family()
    resident("見本 次郎", "世帯主", date(1984, 1, 1), household="H2", address=HONCHO)
    sync_recipients()
    child = Recipient.objects.get(name="見本 あお").resident
    assert child is not None
    with clock.frozen(NOON + timedelta(hours=1)):
        change_resident(resident=child, actor=None, system=True, household="H2", relationship="子", address=HONCHO)
        done = sync_recipients()
    assert (done.changed, done.families) == (1, 2)
    assert children_of("見本 太郎") == children_of("見本 花子") == []
    assert children_of("見本 次郎") == [date(2023, 5, 1)]
    assert Recipient.objects.get(name="見本 あお").town == "本町"


def test_a_language_a_person_chose_stays() -> None:
    family()
    sync_recipients()
    mother = Recipient.objects.get(name="見本 花子")
    set_preferences(recipient=mother, language="ja-easy")
    assert mother.resident is not None
    with clock.frozen(NOON + timedelta(hours=1)):
        change_resident(resident=mother.resident, actor=None, system=True, address=HONCHO)
        sync_recipients()
    mother.refresh_from_db()
    assert (mother.language, mother.town) == ("ja-easy", "本町")


def test_nobody_writes_to_those_whose_entry_has_ended() -> None:
    family()
    sync_recipients()
    father = Recipient.objects.get(name="見本 太郎")
    add_endpoint(recipient=father, channel="email", address=MAIL, is_confirmed=True)
    assert father.resident is not None
    change_resident(resident=father.resident, actor=None, system=True, ended_on=date(2026, 11, 1))
    assert sync_recipients().ended == 1
    father.refresh_from_db()
    assert father.ended_at is not None
    assert children_of("見本 太郎") == []
    assert find_endpoint(channel="email", address=MAIL) is None
    assert sync_recipients().total == 0


def test_children_who_have_grown_up_are_forgotten() -> None:
    family()
    sync_recipients()
    with clock.frozen(NOON.replace(year=2042)):
        sync_recipients()
    assert not Child.objects.exists()


def test_an_account_has_one_recipient_bound_to_its_resident() -> None:
    account = holder("hanako", language="en")
    mine = recipient_of(account=account)
    assert (mine.language, mine.resident, recipient_of(account=account)) == ("en", None, mine)
    known = resident("見本 花子", "世帯主", date(1986, 1, 1), account=account)
    assert recipient_of(account=account).resident == known
    assert Recipient.objects.count() == 1
    assert sync_recipients().added == 0


def test_an_account_that_is_bound_after_the_registry_was_taken_over_brings_its_topics_along() -> None:
    account = holder("hanako")
    subscribe(recipient=recipient_of(account=account), topic=topic("kids", "子育て"), source="own")
    known = resident("見本 花子", "世帯主", date(1986, 1, 1))
    sync_recipients()
    with clock.frozen(NOON + timedelta(hours=1)):
        change_resident(resident=known, actor=None, system=True, account=account)
        sync_recipients()
    mine = recipient_of(account=account)
    assert mine.resident == known
    assert mine.subscriptions.count() == 1
    assert Recipient.objects.filter(ended_at__isnull=True).count() == 1


def message_to(*people: Recipient) -> Message:
    sent = Message.objects.create(
        municipality=municipality_in_scope(), kind=MessageKind.BROADCAST, created_at=NOON, changed_at=NOON
    )
    for one in people:
        Delivery.objects.create(
            municipality=municipality_in_scope(),
            message=sent,
            recipient=one,
            channel="inbox",
            queued_at=NOON,
            due_at=NOON,
        )
    return sent


def test_a_guest_who_signs_in_later_is_made_one_and_gets_nothing_twice() -> None:
    kids, bins = topic("kids", "子育て"), topic("bins", "ごみ")
    guest, mine = add_guest(language="en"), recipient_of(account=holder("hanako"))
    add_endpoint(recipient=guest, channel="email", address=MAIL, is_confirmed=True)
    for one in (guest, mine):
        subscribe(recipient=one, topic=kids, source="own")
    subscribe(recipient=guest, topic=bins, source="own")
    set_children(recipient=guest, births=[date(2023, 5, 1)])
    register_need(recipient=guest, code="walking")
    both, theirs = message_to(guest, mine), message_to(guest)
    merge_recipients(kept=mine, other=guest)
    assert sorted(mine.subscriptions.values_list("topic__code", flat=True)) == ["bins", "kids"]
    assert [one.address for one in mine.endpoints.all()] == [MAIL]
    assert mine.children.count() == mine.needs.count() == 1
    assert set(mine.deliveries.values_list("message", flat=True)) == {both.pk, theirs.pk}
    assert mine.language == "en"
    guest.refresh_from_db()
    assert guest.ended_at is not None
    assert event_keys()[-1] == "messaging.recipient.merged"


def test_two_people_are_never_made_one() -> None:
    one, two = recipient_of(account=holder("hanako")), recipient_of(account=holder("taro"))
    with pytest.raises(MessagingError, match="別の方"):
        merge_recipients(kept=one, other=two)
    assert Recipient.objects.filter(ended_at__isnull=True).count() == 2


def test_an_address_is_used_only_when_its_holder_has_confirmed_it() -> None:
    one, two = person(), person(account=holder("hanako"))
    claim = add_endpoint(recipient=one, channel="email", address="Hanako@Example.jp ")
    other = add_endpoint(recipient=two, channel="email", address=MAIL)
    assert find_endpoint(channel="email", address=MAIL) is None
    confirmed = confirm_endpoint(token=confirmation_token(other))
    assert (confirmed.pk, confirmed.status) == (other.pk, EndpointStatus.ACTIVE)
    assert confirm_endpoint(token=confirmation_token(other)).pk == other.pk
    assert event_keys().count("messaging.endpoint.confirmed") == 1
    assert find_endpoint(channel="email", address="HANAKO@EXAMPLE.JP") == other
    assert confirm_endpoint(token=confirmation_token(claim)).pk == other.pk
    one.refresh_from_db()
    assert one.ended_at is not None, "the guest who proved the address is the person who had it"


def test_a_token_that_is_old_forged_or_for_a_removed_address_does_nothing() -> None:
    claim = add_endpoint(recipient=person(), channel="email", address=MAIL)
    token = confirmation_token(claim)
    with pytest.raises(TokenError):
        confirm_endpoint(token=token[:-2] + ("AA" if not token.endswith("AA") else "BB"))
    with clock.frozen(NOON + timedelta(days=3)), pytest.raises(TokenError):
        confirm_endpoint(token=token)
    end_endpoint(endpoint=claim, status="ended")
    with pytest.raises(MessagingError, match="すでに消され"):
        confirm_endpoint(token=token)
    assert not Endpoint.objects.filter(status=EndpointStatus.ACTIVE).exists()


def test_an_address_that_ended_is_emptied_and_can_be_given_again() -> None:
    mine = person()
    first = add_endpoint(recipient=mine, channel="sms", address="090-1234-5678", is_confirmed=True)
    end_endpoint(endpoint=first, status="ended")
    first.refresh_from_db()
    assert (first.address, first.status) == ("", EndpointStatus.ENDED)
    again = add_endpoint(recipient=person(), channel="sms", address="+819012345678", is_confirmed=True)
    assert find_endpoint(channel="sms", address="０９０１２３４５６７８") == again


def test_a_blocked_address_works_again_when_its_channel_says_so() -> None:
    mine = person()
    line = add_endpoint(recipient=mine, channel="line", address="U" + "0" * 32, is_confirmed=True)
    end_endpoint(endpoint=line, status=EndpointStatus.BLOCKED, error="unfollowed")
    assert find_endpoint(channel="line", address="U" + "0" * 32) == line
    again = add_endpoint(recipient=mine, channel="line", address="U" + "0" * 32, is_confirmed=True)
    assert (again.pk, again.status, again.last_error) == (line.pk, EndpointStatus.ACTIVE, "")


def test_subscribing_twice_is_subscribing_once_and_the_rows_remain() -> None:
    mine, kids = person(), topic("kids", "子育て")
    first = subscribe(recipient=mine, topic=kids, source="own")
    assert subscribe(recipient=mine, topic=kids, source="line") == first
    assert unsubscribe(recipient=mine, topic=kids, source="own")
    assert not unsubscribe(recipient=mine, topic=kids, source="own")
    subscribe(recipient=mine, topic=kids, source="own")
    assert Subscription.objects.count() == 2
    assert [key for key in event_keys() if "scribed" in key] == [
        "messaging.topic.subscribed",
        "messaging.topic.unsubscribed",
        "messaging.topic.subscribed",
    ]


def test_choosing_topics_leaves_alone_what_is_not_open() -> None:
    mine, kids, bins = person(), topic("kids", "子育て"), topic("bins", "ごみ")
    closed = topic("tax", "税", is_open=False)
    subscribe(recipient=mine, topic=closed, source="staff")
    subscribe(recipient=mine, topic=bins, source="own")
    assert set_topics(recipient=mine, codes=["kids", "tax", "unknown"], source="own") == (1, 1)
    live = mine.subscriptions.filter(ended_at__isnull=True).values_list("topic__code", flat=True)
    assert sorted(live) == ["kids", "tax"]
    with pytest.raises(MessagingError, match="ご自分で"):
        subscribe(recipient=person(), topic=closed, source="own")
    assert kids.subscriptions.count() == 1


def test_somebody_elses_preferences_cannot_be_changed_or_read() -> None:
    mine, stranger = registered(account=holder("hanako")), holder("taro")
    with pytest.raises(RefusedError):
        set_preferences(recipient=mine, actor=stranger, language="en")
    with pytest.raises(RefusedError):
        register_need(recipient=mine, code="walking", actor=stranger)
    with pytest.raises(RefusedError):
        access_recipient(actor=stranger, key=mine.key, purpose="見たい")
    mine.refresh_from_db()
    assert (mine.language, Need.objects.count(), AccessRecord.objects.count()) == ("ja", 0, 0)
    registrar = make_staff("kiroku", Role.REGISTRAR)
    access_recipient(actor=registrar, key=mine.key, purpose="窓口での登録")
    assert AccessRecord.objects.get().subject_id == str(mine.resident_id)


def test_preferences_say_what_changed_and_refuse_what_the_registry_keeps() -> None:
    mine = registered()
    set_preferences(recipient=mine, channels=["line", "email", "line", "fax"], quiet_from=time(22), quiet_until=time(7))
    assert mine.channels == ["line", "email"]
    assert events_of("messaging.preferences.changed")[0].data == {"fields": ["channels", "quiet_from", "quiet_until"]}
    set_preferences(recipient=mine, channels=["line", "email"])
    assert event_keys().count("messaging.preferences.changed") == 1
    with pytest.raises(MessagingError, match="住民記録"):
        set_preferences(recipient=mine, town="本町")
    with pytest.raises(MessagingError, match="両方"):
        set_preferences(recipient=mine, quiet_from=None)


def test_ending_everything_leaves_nothing_that_rings() -> None:
    mine, guest = registered(account=holder("hanako")), add_guest(town="栄町", name="見本")
    for one in (mine, guest):
        subscribe(recipient=one, topic=topic(f"t{one.pk}", "分野"), source="own")
        add_endpoint(recipient=one, channel="email", address=f"p{one.pk}@example.jp", is_confirmed=True)
        register_need(recipient=one, code="walking", note="二階に寝ています")
        end_everything(recipient=one)
    assert not Endpoint.objects.exclude(address="").exists()
    assert not Need.objects.exclude(note="").exists()
    assert not Subscription.objects.filter(ended_at__isnull=True).exists()
    mine.refresh_from_db()
    guest.refresh_from_db()
    assert (mine.ended_at, mine.consented_at) == (None, None), "notices of one's own matters still come to the inbox"
    assert (guest.ended_at, guest.name, guest.town) == (NOON, "", "")


def test_needs_are_confirmed_by_crisis_management_and_anew_when_they_change() -> None:
    mine, chief = registered(), make_staff("kiki", Role.CRISIS_MANAGER)
    need = register_need(recipient=mine, code="medical", note="人工呼吸器")
    assert register_need(recipient=mine, code="medical", note="人工呼吸器") == need
    with pytest.raises(RefusedError):
        confirm_need(need=need, actor=make_staff("ka", Role.SECTION_STAFF))
    assert confirm_need(need=need, actor=chief).confirmed_by == chief
    assert register_need(recipient=mine, code="medical", note="在宅酸素").confirmed_at is None
    end_need(need=need)
    assert Need.objects.get().note == ""
    register_need(recipient=mine, code="medical")
    assert Need.objects.filter(ended_at__isnull=True).count() == 1
