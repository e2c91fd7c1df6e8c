"""The inbox: whose it is, what is found in it, what counts as opened, and what it never shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from madoguchi.kit import clock
from madoguchi.messaging import events
from madoguchi.messaging.enums import ChannelKey, DeliveryStatus, MessageKind, SubscriptionSource
from madoguchi.messaging.models import Alert, Delivery, Message, Recipient, SafetyCheck, Subscription, Topic
from madoguchi.messaging.registry import InboxSource, ThreadEntry, inbox_sources
from madoguchi.messaging.selectors.inbox import unread_count
from madoguchi.messaging.services.inbox import page_token
from madoguchi.messaging.services.notices import notify
from madoguchi.messaging.services.recipients import recipient_of
from madoguchi.messaging.services.sending import fan_out
from madoguchi.trust.api import Account, RefusedError, acting_for, municipality_in_scope
from madoguchi.trust.enums import AccountKind, Role
from madoguchi.trust.models import Event
from tests.trust.people import make_account, make_staff

from .conftest import make_message

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HOST = "odawara.localhost"
TEXTS = {
    "ja": {
        "subject": "健診のお知らせ",
        "body": "{{name}}さん\n\n健診があります。\nhttps://www.city.example/kenshin",
        "short": "健診",
    },
    "en": {"subject": "Health check", "body": "Dear {{name}}, please come.", "short": "Check"},
    "ja-easy": {"subject": "けんしんの おしらせ", "body": "けんしんが あります。", "short": "けんしん"},
}


def signed_in(account: Account) -> Client:
    client = Client(HTTP_HOST=HOST)
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def hanako(city) -> Account:
    return make_account("hanako", kind=AccountKind.RESIDENT, name="見本 花子")


@pytest.fixture
def taro(city) -> Account:
    return make_account("taro", kind=AccountKind.RESIDENT, name="見本 太郎")


def person(account: Account) -> Recipient:
    return recipient_of(account=account)


def send(*accounts: Account, **fields: object) -> Message:
    """Send a message to the inboxes of people, by the real fan-out."""
    keys = [person(account).key for account in accounts]
    message = make_message({"recipients": keys}, **{"contents": TEXTS, **fields})
    message.fanned_out_at = clock.now()
    message.save()
    fan_out(message=message)
    return message


def entry_of(message: Message, account: Account) -> Delivery:
    return Delivery.objects.get(message=message, recipient__account=account, channel=ChannelKey.INBOX)


def opened_events() -> list[Event]:
    return list(Event.objects.filter(key=events.DELIVERY_OPENED.key))


def test_a_message_is_read_in_the_languages_it_has_and_counts_as_opened_once(hanako):
    message = send(hanako)
    entry = entry_of(message, hanako)
    client = signed_in(hanako)
    assert unread_count(hanako) == 1
    page = client.get(f"/inbox/{entry.pk}/").content.decode()
    assert "健診があります" in page
    assert "見本 花子さん" in page
    assert "English" in page
    assert "やさしい日本語" in page
    assert "Dear 見本 花子" in client.get(f"/inbox/{entry.pk}/?in=en").content.decode()
    assert "けんしんが あります" in client.get(f"/inbox/{entry.pk}/?in=ja-easy").content.decode()
    client.post("/inbox/sort/", {"id": [entry.pk], "sorting": "unread"})
    assert unread_count(hanako) == 1
    client.get(f"/inbox/{entry.pk}/")
    assert unread_count(hanako) == 0
    (event,) = opened_events()
    assert event.data == {"channel": "inbox", "kind": "broadcast", "topic": ""}
    assert event.quantity == 1


def test_nobody_reads_marks_or_opens_somebody_elses_entry(hanako, taro):
    entry = entry_of(send(hanako), hanako)
    staff = make_staff("koho", Role.PUBLISHER, Role.CRISIS_MANAGER)
    for account, status in ((taro, 404), (staff, 403)):
        client = signed_in(account)
        for address in (f"/inbox/{entry.pk}/", f"/inbox/{entry.pk}/print/", f"/inbox/{entry.pk}/files/1/"):
            assert client.get(address).status_code == status, address
        for sorting in ("read", "archive"):
            client.post("/inbox/sort/", {"id": [entry.pk], "sorting": sorting})
    assert Client(HTTP_HOST=HOST).get(f"/inbox/{entry.pk}/").status_code == 302
    entry.refresh_from_db()
    assert entry.read_at is None
    assert entry.archived_at is None
    assert opened_events() == []
    assert Event.objects.filter(key="trust.permission.refused").count() >= 6


def test_the_inbox_of_another_city_is_another_one(hanako, oyama):
    entry = entry_of(send(hanako), hanako)
    with acting_for(oyama):
        other = make_account("hanako", kind=AccountKind.RESIDENT, name="別人")
    client = Client(HTTP_HOST="oyama.localhost")
    with acting_for(oyama):
        client.force_login(other, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert client.get(f"/inbox/{entry.pk}/").status_code == 404
    assert "健診" not in client.get("/inbox/").content.decode()


def test_unread_stands_before_read_and_emergencies_before_everything(hanako):
    first, second = send(hanako), send(hanako, contents={"ja": {"subject": "二番目", "body": "本文"}})
    urgent = send(hanako, kind=MessageKind.EMERGENCY, contents={"ja": {"subject": "避難指示", "body": "逃げて"}})
    client = signed_in(hanako)
    client.get(f"/inbox/{entry_of(second, hanako).pk}/")
    client.get(f"/inbox/{entry_of(urgent, hanako).pk}/")
    page = client.get("/inbox/").content.decode()
    places = [page.index(f'href="/inbox/{entry_of(message, hanako).pk}/"') for message in (urgent, first, second)]
    assert places == sorted(places)


def test_an_old_emergency_comes_down_from_the_top(hanako):
    old = send(hanako, kind=MessageKind.EMERGENCY, expires_at=clock.now() - timedelta(minutes=1))
    signed_in(hanako).get(f"/inbox/{entry_of(old, hanako).pk}/")
    fresh = send(hanako, contents={"ja": {"subject": "新しい", "body": "本文"}})
    page = signed_in(hanako).get("/inbox/").content.decode()
    assert page.index(f"/inbox/{entry_of(fresh, hanako).pk}/") < page.index(f"/inbox/{entry_of(old, hanako).pk}/")
    assert "data-urgent" not in page


@pytest.mark.parametrize("words", ["健診", "HEALTH check", "けんしん", "来ない言葉"])
def test_search_finds_words_in_every_language(hanako, words):
    send(hanako)
    send(hanako, contents={"ja": {"subject": "ごみの日", "body": "火曜日"}})
    page = signed_in(hanako).get("/inbox/", {"q": words}).content.decode()
    assert ("健診のお知らせ" in page) is (words != "来ない言葉")
    assert "ごみの日" not in page


def test_filters_show_one_topic_what_is_unread_and_what_was_put_away(hanako):
    topic = Topic.objects.create(
        municipality=municipality_in_scope(), code="children", names={"ja": "子育て"}, created_at=clock.now()
    )
    about, other = send(hanako, topic=topic), send(hanako, contents={"ja": {"subject": "ごみの日", "body": "火"}})
    client = signed_in(hanako)
    assert "ごみの日" not in client.get("/inbox/?topic=children").content.decode()
    client.post("/inbox/sort/", {"id": [entry_of(other, hanako).pk], "sorting": "archive", "back": "/inbox/"})
    shown = client.get("/inbox/").content.decode()
    assert "ごみの日" not in shown
    assert "元に戻す" in shown
    assert "ごみの日" in client.get("/inbox/?show=archived").content.decode()
    client.post("/inbox/sort/", {"id": [entry_of(other, hanako).pk], "sorting": "restore"})
    assert "ごみの日" in client.get("/inbox/").content.decode()
    client.get(f"/inbox/{entry_of(about, hanako).pk}/")
    assert "健診" not in client.get("/inbox/?show=unread").content.decode()
    for odd in (
        "?topic=%01",
        "?show=nonsense",
        "?page=99999",
        "?q=%25%5C",
        "?source=%27",
        "?in=xx",
        "?page=" + "9" * 5000,
    ):
        assert client.get(f"/inbox/{odd}").status_code == 200, odd


@pytest.mark.parametrize("posted", [{"sorting": "burn"}, {"sorting": "read", "id": ["x"]}, {"sorting": "read"}, {}])
def test_a_sorting_that_cannot_be_read_changes_nothing_and_says_so(hanako, posted):
    entry = entry_of(send(hanako), hanako)
    answer = signed_in(hanako).post("/inbox/sort/", posted, follow=True)
    assert answer.status_code == 200
    assert "notice" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.read_at is None


def test_sorting_leads_back_into_the_inbox_alone(hanako):
    entry = entry_of(send(hanako), hanako)
    for back in ("https://evil.example/inbox/", "//evil.example/inbox/", "/mine/", "javascript:alert(1)"):
        answer = signed_in(hanako).post("/inbox/sort/", {"id": [entry.pk], "sorting": "read", "back": back})
        assert answer["Location"] == "/inbox/"


def test_a_message_taken_back_is_no_longer_there(hanako):
    entry = entry_of(send(hanako), hanako)
    Delivery.objects.filter(pk=entry.pk).update(status=DeliveryStatus.CANCELLED)
    client = signed_in(hanako)
    assert client.get(f"/inbox/{entry.pk}/").status_code == 404
    assert "健診" not in client.get("/inbox/").content.decode()
    assert unread_count(hanako) == 0


def test_a_page_asks_one_question_for_the_bell_and_none_for_visitors(hanako):
    for _number in range(3):
        send(hanako)

    def asked(client: Client) -> int:
        client.get("/accessibility/")
        with CaptureQueriesContext(connection) as found:
            client.get("/accessibility/")
        return sum("messaging_delivery" in query["sql"] for query in found.captured_queries)

    assert asked(signed_in(hanako)) == 1
    assert asked(Client(HTTP_HOST=HOST)) == 0


def test_the_bell_says_how_many_are_unread(hanako):
    send(hanako)
    send(hanako)
    page = signed_in(hanako).get("/accessibility/").content.decode()
    assert '<span class="badge">2<' in page


def test_a_list_of_any_length_asks_the_same_number_of_questions(hanako):
    def asked() -> int:
        client = signed_in(hanako)
        client.get("/inbox/")
        with CaptureQueriesContext(connection) as found:
            client.get("/inbox/")
        return len(found)

    send(hanako)
    few = asked()
    for _number in range(12):
        send(hanako)
    assert asked() <= few


def test_the_reason_is_said_and_the_topic_can_be_stopped_from_the_message(hanako):
    topic = Topic.objects.create(
        municipality=municipality_in_scope(), code="events", names={"ja": "催し"}, created_at=clock.now()
    )
    Subscription.objects.create(
        municipality=municipality_in_scope(), recipient=person(hanako), topic=topic,
        source=SubscriptionSource.OWN, subscribed_at=clock.now(),
    )  # fmt: skip
    entry = entry_of(send(hanako, topic=topic), hanako)
    client = signed_in(hanako)
    page = client.get(f"/inbox/{entry.pk}/").content.decode()
    assert "「催し」のお知らせです" in page
    assert "「催し」のお知らせを止める" in page
    client.post(f"/inbox/{entry.pk}/stop/")
    assert Subscription.objects.get(topic=topic).ended_at is not None
    assert "お知らせを止める" not in client.get(f"/inbox/{entry.pk}/").content.decode()


def test_the_link_of_a_mail_shows_its_message_to_its_holder_without_a_name(hanako):
    message = send(hanako)
    entry = entry_of(message, hanako)
    visitor = Client(HTTP_HOST=HOST)
    answer = visitor.get(f"/inbox/m/{page_token(entry.pk)}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "健診があります" in page
    assert "見本 花子" not in page
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert unread_count(hanako) == 0
    assert len(opened_events()) == 1


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t + "x", lambda t: "a.b.c", lambda t: "%00", lambda t: "…"]
)
def test_a_link_that_is_not_ours_shows_nothing(hanako, change: Callable[[str], str]):
    token = page_token(entry_of(send(hanako), hanako).pk)
    assert Client(HTTP_HOST=HOST).get(f"/inbox/m/{change(token)}/").status_code == 404


def test_what_went_to_everyone_is_public_and_what_was_chosen_is_not(hanako):
    def published(audience: dict[str, object], **fields: object) -> Message:
        return make_message(audience, contents=TEXTS, fanned_out_at=clock.now(), **fields)

    public = published({"everyone": True})
    topical = published({"topic": ["events"]})
    chosen = [published({"town": ["栄町"]}), published({"age": {"from": 70}}), published({"need": ["walking"]})]
    own = published({"everyone": True}, kind=MessageKind.NOTICE)
    unsent = make_message({"everyone": True}, contents=TEXTS)
    visitor = Client(HTTP_HOST=HOST)
    for message in (public, topical):
        page = visitor.get(f"/inbox/public/{message.key}/")
        assert page.status_code == 200
        assert "みなさま" in page.content.decode()
    for message in (*chosen, own, unsent):
        assert visitor.get(f"/inbox/public/{message.key}/").status_code == 404
    listed = visitor.get("/inbox/public/").content.decode()
    assert public.key in listed
    assert topical.key in listed
    assert not any(message.key in listed for message in (*chosen, own, unsent))


@pytest.fixture
def matters(city):
    said: list[str] = []
    owners = {"7": "hanako"}

    def own(account: Account, pk: str) -> None:
        if owners.get(pk) != account.login:
            raise RefusedError("ほかの方の件です。", action="read", actor=account)

    def title(account: Account, pk: str) -> str:
        own(account, pk)
        return "見本の申請"

    def entries(account: Account, pk: str) -> list[ThreadEntry]:
        own(account, pk)
        return [ThreadEntry("city", "市民課", clock.now(), "書類をお送りください。"), *(
            ThreadEntry("person", "あなた", clock.now(), text) for text in said)]  # fmt: skip

    def reply(account: Account, pk: str, text: str) -> None:
        own(account, pk)
        said.append(text)

    source = InboxSource("sample.matter", "見本の件", title, entries, reply)
    with inbox_sources.registered_temporarily(source.key, source):
        yield said


def tell(account: Account, number: int, thread: str = "sample.matter:7") -> None:
    contents = {"ja": {"subject": f"連絡{number}", "body": f"本文{number}"}}
    assert notify(identity=f"t{number}:{account.pk}", account=account, contents=contents, thread=thread, path="/mine/")


def test_messages_of_one_matter_stand_together_with_the_conversation_and_an_answer(hanako, matters):
    tell(hanako, 1)
    tell(hanako, 2)
    client = signed_in(hanako)
    listed = client.get("/inbox/").content.decode()
    assert listed.count("inbox__row") == 1
    assert "同じ件のお知らせ 2件" in listed
    page = client.get("/inbox/thread/sample.matter:7/").content.decode()
    for words in ("見本の申請", "連絡1", "連絡2", "書類をお送りください。", "返信する"):
        assert words in page
    assert unread_count(hanako) == 0
    assert client.post("/inbox/thread/sample.matter:7/reply/", {"text": "  "}).status_code == 422
    assert client.post("/inbox/thread/sample.matter:7/reply/", {"text": "あ" * 4001}).status_code == 422
    assert matters == []
    client.post("/inbox/thread/sample.matter:7/reply/", {"text": "送りました。"})
    assert matters == ["送りました。"]
    assert "送りました。" in client.get("/inbox/thread/sample.matter:7/").content.decode()


def test_a_matter_is_put_away_as_a_whole_and_comes_back_as_a_whole(hanako, matters):
    tell(hanako, 1)
    tell(hanako, 2)
    newest = Delivery.objects.filter(channel=ChannelKey.INBOX).latest("id")
    client = signed_in(hanako)
    client.post("/inbox/sort/", {"id": [newest.pk], "sorting": "archive", "whole": "1"})
    assert Delivery.objects.filter(channel=ChannelKey.INBOX, archived_at__isnull=True).count() == 0
    assert "連絡2" not in client.get("/inbox/").content.decode()
    client.post("/inbox/sort/", {"id": [newest.pk], "sorting": "restore", "whole": "1"})
    assert Delivery.objects.filter(channel=ChannelKey.INBOX, archived_at__isnull=True).count() == 2


def test_the_conversation_of_a_matter_is_shown_to_its_person_alone(hanako, taro, matters):
    tell(hanako, 1)
    tell(taro, 2)  # a notice of the same matter went to somebody who has nothing to do with it any more
    page = signed_in(taro).get("/inbox/thread/sample.matter:7/").content.decode()
    assert "連絡2" in page
    assert "書類をお送りください。" not in page
    assert "返信する</h2>" not in page
    signed_in(taro).post("/inbox/thread/sample.matter:7/reply/", {"text": "割り込み"})
    assert matters == []
    assert signed_in(taro).get("/inbox/thread/sample.matter:8/").status_code == 404


def test_the_same_notice_is_told_once(hanako):
    tell(hanako, 1, thread="")
    again = notify(identity=f"t1:{hanako.pk}", account=hanako, contents={"ja": {"subject": "x", "body": "y"}})
    assert again is None
    assert unread_count(hanako) == 1


def test_an_alert_can_be_answered_from_its_message(hanako):
    message = send(hanako, kind=MessageKind.EMERGENCY)
    client = signed_in(hanako)
    address = f"/inbox/{entry_of(message, hanako).pk}/"
    assert "読んだことを市に知らせる" not in client.get(address).content.decode()
    Alert.objects.create(
        municipality=municipality_in_scope(), event_key="flood", event_code="flood", event_name="洪水",
        message=message, state="issued", created_at=clock.now(), contents={"ja": {"headline": "洪水"}},
    )  # fmt: skip
    page = client.get(address).content.decode()
    found = re.search(r'href="(/now/ok/[^"]+)"[^>]*>.*?読んだことを市に知らせる', page)
    assert found is not None
    client.post(found[1])
    check = SafetyCheck.objects.get(recipient=person(hanako))
    assert check.acknowledged_by == "inbox"
