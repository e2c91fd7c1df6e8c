"""Pages of preferences, without JavaScript: for accounts, guests and strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from madoguchi.kit import clock
from madoguchi.messaging.enums import DeliveryStatus, EndpointStatus
from madoguchi.messaging.models import Child, Delivery, Endpoint, Need, Recipient, Subscription
from madoguchi.messaging.registry import channels
from madoguchi.messaging.services.endpoints import add_endpoint, confirmation_token, end_endpoint
from madoguchi.messaging.services.guests import forget_unconfirmed, manage_path
from madoguchi.messaging.services.recipients import add_guest, recipient_of
from madoguchi.messaging.services.subscriptions import subscribe
from madoguchi.messaging.views.preferences.ways import reordered
from madoguchi.trust.api import AccessRecord, Account
from tests.messaging.people import NOON, a_city, holder, registered, topic

pytestmark = pytest.mark.database

MAIL = "hanako@example.jp"
PAGES = ("", "topics/", "ways/", "about/", "children/", "quiet/", "needs/", "why/", "end/")


@pytest.fixture(autouse=True)
def _city(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    cache.clear()
    mail: Any = channels.get("email")
    monkeypatch.setattr(type(mail), "is_ready", lambda self: True)
    with a_city():
        yield
    cache.clear()


@pytest.fixture
def account() -> Account:
    return holder("hanako")


@pytest.fixture
def client(account: Account) -> Client:
    return signed_in(account)


def signed_in(account: Account | None = None) -> Client:
    made = Client(headers={"host": "odawara.localhost"})
    if account is not None:
        made.force_login(account)
    return made


def link_in(delivery: Delivery) -> str:
    found = re.search(r"https?://[^/]+(/preferences/\S+)", delivery.message.contents["ja"]["body"])
    assert found is not None
    return found[1]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_there_for_an_account_in_every_language(client: Client, page: str) -> None:
    topic("kids", "子育て", descriptions={"ja": "健診や催し"})
    for language in ("ja", "ja-easy", "en"):
        client.cookies["django_language"] = language
        assert client.get(f"/preferences/{page}").status_code == 200


@pytest.mark.parametrize("page", PAGES[1:])
def test_strangers_are_led_to_both_ways_in(page: str) -> None:
    answer = signed_in().get(f"/preferences/{page}")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/preferences/")
    text = signed_in().get("/preferences/").content.decode()
    assert "/preferences/guest/" in text
    assert "サインインする" in text


def test_topics_are_chosen_and_left(client: Client, account: Account) -> None:
    topic("kids", "子育て")
    topic("bins", "ごみ")
    client.post("/preferences/topics/", {"topics": ["kids", "nothing"]})
    client.post("/preferences/topics/", {"topics": ["bins"]})
    live = Subscription.objects.filter(recipient=recipient_of(account=account), ended_at__isnull=True)
    assert [one.topic.code for one in live] == ["bins"]
    assert "ごみ" in client.get("/preferences/").content.decode()


def test_a_mail_address_is_confirmed_by_pressing_the_button_of_the_link(client: Client, account: Account) -> None:
    client.post("/preferences/ways/add/email/", {"address": "Hanako@EXAMPLE.jp"})
    endpoint = Endpoint.objects.get()
    sent = Delivery.objects.get(channel="email")
    assert (endpoint.status, sent.endpoint, sent.status) == ("unconfirmed", endpoint, DeliveryStatus.WAITING)
    path = link_in(sent)
    assert signed_in().get(path).status_code == 200
    endpoint.refresh_from_db()
    assert endpoint.status == EndpointStatus.UNCONFIRMED, "programs that look at mails open links too"
    assert signed_in().post(path).status_code == 302
    endpoint.refresh_from_db()
    assert endpoint.status == EndpointStatus.ACTIVE
    assert "Ha•••@example.jp" in client.get("/preferences/ways/").content.decode()


def test_a_wrong_address_keeps_what_was_typed_and_says_what_to_do(client: Client) -> None:
    answer = client.post("/preferences/ways/add/email/", {"address": "hanako＠"})
    assert answer.status_code == 422
    assert "@の前後を確かめてください" in answer.content.decode()
    assert "hanako＠" in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_nothing_is_sent_for_the_fourth_time_in_an_hour(client: Client) -> None:
    for _ in range(5):
        client.post("/preferences/ways/add/email/", {"address": MAIL})
    assert Delivery.objects.count() == 3


def test_somebody_elses_address_is_not_there_to_be_removed(client: Client) -> None:
    theirs = add_endpoint(recipient=add_guest(), channel="email", address=MAIL, is_confirmed=True)
    assert client.post(f"/preferences/ways/{theirs.pk}/remove/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.status == EndpointStatus.ACTIVE


def test_an_address_is_removed(client: Client, account: Account) -> None:
    mine = add_endpoint(recipient=recipient_of(account=account), channel="email", address=MAIL, is_confirmed=True)
    client.post(f"/preferences/ways/{mine.pk}/remove/")
    mine.refresh_from_db()
    assert (mine.status, mine.address) == ("ended", "")


@pytest.mark.parametrize(
    ("step", "after"),
    [("up", "bac"), ("down", "acb"), ("leave", "ac"), ("use", "abc"), ("sideways", "abc")],
)
def test_ways_are_put_in_order_without_javascript(step: str, after: str) -> None:
    assert reordered(list("abc"), "b", step) == list(after)


def test_the_order_is_kept_and_the_last_way_stays(client: Client, account: Account) -> None:
    client.post("/preferences/ways/order/", {"way": "email", "step": "up"})
    mine = recipient_of(account=account)
    assert mine.channels.index("email") == 1
    mine.channels = ["email"]
    mine.save()
    client.post("/preferences/ways/order/", {"way": "email", "step": "leave"})
    assert recipient_of(account=account).channels == ["email"]


def test_children_are_declared_by_month_in_any_writing(client: Client, account: Account) -> None:
    client.post("/preferences/children/", {"child1": "令和5年5月", "child2": "2020-04"})
    births = Child.objects.filter(recipient=recipient_of(account=account)).values_list("birth_date", flat=True)
    assert list(births) == [date(2020, 4, 1), date(2023, 5, 1)]
    answer = client.post("/preferences/children/", {"child1": "2030-01", "child2": "きのう"})
    assert answer.status_code == 422
    assert answer.content.decode().count("年月を読み取れません") == 4
    assert Child.objects.count() == 2


def test_language_quiet_hours_and_a_pause_are_kept(client: Client, account: Account) -> None:
    client.post("/preferences/about/", {"language": "ja-easy", "town": "栄町"})
    client.post("/preferences/quiet/", {"quiet_from": "22:00", "quiet_until": "06:30", "pause": "week"})
    mine = recipient_of(account=account)
    assert (mine.language, mine.town, f"{mine.quiet_until:%H:%M}") == ("ja-easy", "栄町", "06:30")
    assert mine.paused_until == NOON + timedelta(days=7)
    assert client.post("/preferences/quiet/", {"quiet_from": "22:00", "pause": ""}).status_code == 422
    assert "11月27日まで休止" in client.get("/preferences/").content.decode()


def test_consent_is_given_and_taken_back_in_plain_words(client: Client, account: Account) -> None:
    mine = registered(account=account, agreed=False)
    assert "健診の案内" in client.get("/preferences/about/").content.decode()
    client.post("/preferences/about/", {"language": "ja", "has_consented": "on"})
    mine.refresh_from_db()
    assert mine.consented_at == NOON
    client.post("/preferences/about/", {"language": "ja"})
    mine.refresh_from_db()
    assert mine.consented_at is None


def test_needs_are_registered_with_consent_and_ended(client: Client) -> None:
    assert client.post("/preferences/needs/", {"codes": ["walking"], "note": "2階"}).status_code == 422
    assert not Need.objects.exists()
    client.post("/preferences/needs/", {"codes": ["walking", "alone"], "note": "2階", "has_agreed": "on"})
    assert Need.objects.filter(ended_at__isnull=True, note="2階").count() == 2
    client.post("/preferences/needs/", {"codes": ["alone"], "note": "2階", "has_agreed": "on"})
    assert [one.code for one in Need.objects.filter(ended_at__isnull=True)] == ["alone"]


def test_everything_held_can_be_taken_along_and_the_look_is_logged(client: Client, account: Account) -> None:
    add_endpoint(recipient=recipient_of(account=account), channel="email", address=MAIL, is_confirmed=True)
    data = client.get("/preferences/export/").json()
    assert data["endpoints"][0]["address"] == MAIL
    assert AccessRecord.objects.get().action == "export"


def test_ending_everything_is_asked_first(client: Client, account: Account) -> None:
    mine = recipient_of(account=account)
    subscribe(recipient=mine, topic=topic("kids", "子育て"), source="own")
    client.get("/preferences/end/")
    assert Subscription.objects.filter(ended_at__isnull=True).exists()
    client.post("/preferences/end/")
    assert not Subscription.objects.filter(ended_at__isnull=True).exists()


def test_a_guest_subscribes_confirms_manages_and_ends_by_mail_alone() -> None:
    topic("kids", "子育て")
    visitor = signed_in()
    answer = visitor.post("/preferences/guest/", {"address": MAIL, "topics": ["kids"]})
    assert answer.headers["Location"] == "/preferences/guest/sent/"
    assert not Subscription.objects.exists(), "nothing is subscribed to before the address is confirmed"
    visitor.post(link_in(Delivery.objects.get()))
    assert Subscription.objects.get().topic.code == "kids"
    assert "子育て" in visitor.get("/preferences/").content.decode()
    visitor.post("/preferences/topics/", {"topics": []})
    assert not Subscription.objects.filter(ended_at__isnull=True).exists()
    visitor.post("/preferences/end/")
    assert Recipient.objects.get().ended_at is not None
    assert visitor.get("/preferences/topics/").status_code == 302


def test_the_answer_is_the_same_whether_an_address_is_known_or_not() -> None:
    topic("kids", "子育て")
    add_endpoint(recipient=recipient_of(account=holder("taro")), channel="email", address=MAIL, is_confirmed=True)
    answers = [
        signed_in().post("/preferences/guest/", {"address": address, "topics": ["kids"]})
        for address in (MAIL, "new@example.jp")
    ]
    assert {(one.status_code, one.headers["Location"]) for one in answers} == {(302, "/preferences/guest/sent/")}
    assert not Subscription.objects.exists()
    known, new = Delivery.objects.order_by("pk")
    assert "すでに登録されています" in known.message.contents["ja"]["body"]
    assert "/preferences/confirm/" in new.message.contents["ja"]["body"]


def test_a_bounced_address_is_asked_anew() -> None:
    kids = topic("kids", "子育て")
    guest = add_guest()
    mine = add_endpoint(recipient=guest, channel="email", address=MAIL, is_confirmed=True)
    end_endpoint(endpoint=mine, status=EndpointStatus.BOUNCED)
    visitor = signed_in()
    visitor.post("/preferences/guest/", {"address": MAIL, "topics": ["kids"]})
    mine.refresh_from_db()
    assert mine.status == EndpointStatus.UNCONFIRMED
    visitor.post(link_in(Delivery.objects.get()))
    mine.refresh_from_db()
    assert mine.status == EndpointStatus.ACTIVE
    assert guest.subscriptions.get().topic == kids


def test_a_guest_has_to_choose_something() -> None:
    topic("kids", "子育て")
    answer = signed_in().post("/preferences/guest/", {"address": MAIL})
    assert answer.status_code == 422
    assert "1つ以上選んでください" in answer.content.decode()
    assert not Recipient.objects.exists()


def test_a_link_to_manage_ends_after_thirty_days_and_a_stranger_learns_nothing() -> None:
    guest = add_guest()
    path = manage_path(guest)
    assert signed_in().get(path).status_code == 302
    assert signed_in().get(path[:-3] + "AA/").status_code == 410
    with clock.frozen(NOON + timedelta(days=31)):
        assert signed_in().get(path).status_code == 410


def test_a_guest_who_signs_in_is_asked_before_anything_is_put_together(client: Client, account: Account) -> None:
    guest = add_guest()
    add_endpoint(recipient=guest, channel="email", address=MAIL, is_confirmed=True)
    path = manage_path(guest)
    assert "ha•••@example.jp" in client.get(path).content.decode()
    mine = recipient_of(account=account)
    assert not mine.endpoints.exists()
    client.post(path)
    assert mine.endpoints.get().address == MAIL


def test_addresses_nobody_confirmed_are_forgotten() -> None:
    topic("kids", "子育て")
    signed_in().post("/preferences/guest/", {"address": MAIL, "topics": ["kids"]})
    assert forget_unconfirmed() == 0
    with clock.frozen(NOON + timedelta(days=4)):
        assert forget_unconfirmed() == 1
    assert not Endpoint.objects.exists()


def test_a_confirmation_of_an_old_mail_says_so() -> None:
    claim = add_endpoint(recipient=add_guest(), channel="email", address=MAIL)
    token = confirmation_token(claim)
    with clock.frozen(NOON + timedelta(days=3)):
        answer = signed_in().post(f"/preferences/confirm/{token}/")
    assert answer.status_code == 410
    assert "期限（2日）が過ぎました" in answer.content.decode()


def test_a_damaged_confirmation_link_offers_no_button_that_could_not_work() -> None:
    answer = signed_in().get("/preferences/confirm/MQ.0.AAAAAAAAAAAAAAAAAAAAAA/")
    assert answer.status_code == 410
    assert "登録する</button>" not in answer.content.decode()
