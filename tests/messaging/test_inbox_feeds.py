"""Feeds: valid Atom, nothing personal but subjects, secret addresses that can be renewed, and no work for what is unchanged."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from madoguchi.kit import clock
from madoguchi.messaging.enums import MessageKind
from madoguchi.messaging.models import Delivery, Topic
from madoguchi.messaging.plugins.atom import NAMESPACE, Feed, FeedEntry, write_feed
from madoguchi.messaging.services.inbox import feed_owner, feed_token, renew_feed
from madoguchi.trust.api import Account, RefusedError, municipality_in_scope
from madoguchi.trust.enums import AccountKind
from tests.trust.people import events_of, make_account

from .conftest import make_message
from .test_inbox import HOST, TEXTS, person, send, signed_in

A = f"{{{NAMESPACE}}}"
ONCE = ("id", "title", "updated")


def valid(content: bytes) -> etree._Element:
    """Check a document against what RFC 4287 §4.1 demands, and return it."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    assert root.tag == f"{A}feed"
    ids = []
    for holder in (root, *root.findall(f"{A}entry")):
        for name in ONCE:
            assert len(holder.findall(A + name)) == 1, name
        moment = holder.findtext(f"{A}updated")
        assert datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert urlsplit(holder.findtext(f"{A}id")).scheme
        assert holder.find(f"{A}author/{A}name").text.strip() or root.find(f"{A}author") is not None
        alternates = [link for link in holder.findall(f"{A}link") if link.get("rel") == "alternate"]
        assert len({(link.get("type"), link.get("hreflang")) for link in alternates}) == len(alternates) == 1
        ids.append(holder.findtext(f"{A}id"))
    assert len(set(ids)) == len(ids)
    assert [link.get("rel") for link in root.findall(f"{A}link")].count("self") == 1
    return root


@given(
    title=st.text(max_size=60),
    html=st.text(max_size=200),
    seconds=st.integers(0, 7_000_000_000),
    language=st.sampled_from(["ja", "ja-easy", "en", "zh-hans"]),
)
def test_whatever_is_said_makes_a_valid_feed(title, html, seconds, language):
    at = datetime.fromtimestamp(seconds, UTC)
    entries = [
        FeedEntry(f"tag:x,2026:{n}", title, "https://x/", at, "課", language, html, (("a", title),)) for n in (1, 2)
    ]
    feed = Feed("tag:x,2026:f", title, "https://x/", "https://x/f", "市", language, entries)
    root = valid(write_feed(feed))
    assert write_feed(feed) == write_feed(feed)
    kept = "".join(c for c in title if c in string.printable[:95])
    found = root.find(f"{A}entry").findtext(f"{A}title") or ""
    assert "".join(c for c in found if c in string.printable[:95]) == kept


@pytest.fixture
def hanako(city) -> Account:
    return make_account("hanako", kind=AccountKind.RESIDENT, name="見本 花子")


@pytest.mark.django_db
@pytest.mark.database
def test_a_personal_feed_tells_subjects_to_whoever_has_its_address_until_it_is_renewed(hanako):
    send(hanako)
    client, visitor = signed_in(hanako), Client(HTTP_HOST=HOST)
    assert (
        "inbox/feed/" not in client.get("/inbox/feed/").content.decode().partition("</header>")[2].partition("<form")[0]
    )
    client.post("/inbox/feed/renew/")
    address = f"/inbox/feed/{feed_token(person(hanako))}.atom"
    answer = visitor.get(address)
    root = valid(answer.content)
    (entry,) = root.findall(f"{A}entry")
    assert entry.findtext(f"{A}title") == "健診のお知らせ"
    assert entry.find(f"{A}content") is None
    assert "見本" not in answer.content.decode()
    assert "健診があります" not in answer.content.decode()
    assert Delivery.objects.filter(read_at__isnull=False).count() == 0
    client.post("/inbox/feed/renew/")
    assert visitor.get(address).status_code == 404
    assert visitor.get(f"/inbox/feed/{feed_token(person(hanako))}.atom").status_code == 200
    assert [event.quantity for event in events_of("messaging.feed.renewed")] == [1, 2]


@pytest.mark.django_db
@pytest.mark.database
def test_a_feed_ends_with_its_account_and_nobody_renews_somebody_elses(hanako):
    renew_feed(actor=hanako, recipient=person(hanako))
    token = feed_token(person(hanako))
    assert feed_owner(token) == person(hanako)
    with pytest.raises(RefusedError):
        renew_feed(actor=make_account("taro", kind=AccountKind.RESIDENT), recipient=person(hanako))
    assert feed_token(person(hanako)) == token
    for odd in (token + "x", token[:-2], "", "..", "é"):
        assert feed_owner(odd) is None
    hanako.is_active = False
    hanako.save()
    assert feed_owner(token) is None


@pytest.mark.django_db
@pytest.mark.database
def test_the_public_feed_is_of_one_topic_where_it_is_asked_and_of_what_is_public_alone(city):
    topic = Topic.objects.create(
        municipality=municipality_in_scope(), code="events", names={"ja": "催し"}, created_at=clock.now()
    )
    now = clock.now()
    whole = make_message({"everyone": True}, contents=TEXTS, fanned_out_at=now - timedelta(hours=1))
    events = make_message(
        {"topic": ["events"]},
        contents={"ja": {"subject": "祭り & <市>", "body": "来てね"}},
        topic=topic,
        fanned_out_at=now,
    )
    make_message({"town": ["栄町"]}, contents=TEXTS, fanned_out_at=now)
    make_message({"everyone": True}, contents=TEXTS, fanned_out_at=now, kind=MessageKind.NOTICE)
    visitor = Client(HTTP_HOST=HOST)
    root = valid(visitor.get("/inbox/public.atom").content)
    found = [entry.findtext(f"{A}id").rpartition("/")[2] for entry in root.findall(f"{A}entry")]
    assert found == [events.key, whole.key]
    assert root.findall(f"{A}entry")[1].findtext(f"{A}content").startswith("<p>みなさま</p>")
    narrow = valid(visitor.get("/inbox/public.atom?topic=events").content)
    assert [entry.findtext(f"{A}title") for entry in narrow.findall(f"{A}entry")] == ["祭り & <市>"]
    assert narrow.find(f"{A}entry/{A}category").get("term") == "events"
    english = valid(visitor.get("/inbox/public.atom?in=en").content)
    assert english.findall(f"{A}entry")[1].findtext(f"{A}title") == "Health check"
    for odd in ("?topic=nothing", "?topic=%01", "?topic=" + "x" * 3000):
        assert visitor.get(f"/inbox/public.atom{odd}").status_code == 404, odd


@pytest.mark.django_db
@pytest.mark.database
def test_a_reader_that_has_the_newest_is_told_so_without_it(city):
    make_message({"everyone": True}, contents=TEXTS, fanned_out_at=clock.now() - timedelta(hours=1))
    visitor = Client(HTTP_HOST=HOST)
    first = visitor.get("/inbox/public.atom")
    assert first["Content-Type"].startswith("application/atom+xml")
    for headers in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        again = visitor.get("/inbox/public.atom", headers=headers)
        assert (again.status_code, again.content) == (304, b"")
    make_message({"everyone": True}, contents=TEXTS, fanned_out_at=clock.now())
    assert visitor.get("/inbox/public.atom", headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.django_db
@pytest.mark.database
def test_an_empty_feed_is_a_feed(city):
    root = valid(Client(HTTP_HOST=HOST).get("/inbox/public.atom").content)
    assert root.findall(f"{A}entry") == []
