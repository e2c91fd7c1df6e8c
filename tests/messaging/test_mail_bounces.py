"""Mails that come back: whose they were, what they say, and what follows; 100,000 of them are survived."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.messaging.enums import DeliveryStatus, EndpointStatus, MessageKind
from madoguchi.messaging.models import Delivery, Endpoint
from madoguchi.messaging.rules.mail.reports import Report, ReportKind, read_report
from madoguchi.messaging.rules.mail.verp import Returned, return_path, verp_key
from madoguchi.messaging.services import sending
from madoguchi.messaging.services.bounces import take_reports, verp_keys
from madoguchi.trust.api import Event

from .conftest import NOON, make_endpoint, make_message, make_recipient

KEY = verp_key("test")
PATH = return_path(7, 1, domain="bounce.example.jp", key=KEY)


def dsn(status: str, *, action: str = "failed", to: str = PATH, subject: str = "Undelivered Mail") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.example.jp\r\nTo: <{to}>\r\nSubject: {subject}\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\nMIME-Version: 1.0\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nsorry\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.jp\r\n\r\n"
        f"Final-Recipient: rfc822; a@example.jp\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; said so\r\n\r\n--x--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("mail", "kind"),
    [
        (dsn("5.1.1"), ReportKind.HARD),
        (dsn("5.1.10"), ReportKind.HARD),
        (dsn("5.2.1"), ReportKind.HARD),
        (dsn("5.0.0"), ReportKind.HARD),
        (dsn("5.2.2"), ReportKind.SOFT),
        (dsn("5.7.1"), ReportKind.SOFT),
        (dsn("4.4.7"), ReportKind.SOFT),
        (dsn("4.4.1", action="delayed"), ReportKind.NOTHING),
        (dsn("2.0.0", action="delivered"), ReportKind.NOTHING),
    ],
)
def test_a_delivery_report_says_whose_mail_came_back_and_whether_for_good(mail: bytes, kind: ReportKind) -> None:
    found = read_report(mail, keys=[KEY])
    assert (found.kind, found.returned) == (kind, Returned(7, 1))


QMAIL = (
    f"From: MAILER-DAEMON@example.jp\r\nTo: {PATH}\r\nSubject: failure notice\r\n\r\n"
    "Hi. This is the qmail-send program at example.jp.\r\n"
    "I'm afraid I wasn't able to deliver your message to the following addresses.\r\n"
    "This is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n"
    "<a@example.jp>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
    "--- Below this line is a copy of the message.\r\n\r\n"
).encode()
AWAY = (
    f"From: taro@example.jp\r\nTo: {PATH}\r\nSubject: Re: \r\nAuto-Submitted: auto-replied\r\n\r\n"
    "I am away. 550 5.1.1 is the number of my room.\r\n"
).encode()
COMPLAINT = (
    "From: fbl@example.jp\r\nTo: abuse@city.example.jp\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/report; report-type=feedback-report; boundary="x"\r\n\r\n'
    "--x\r\nContent-Type: text/plain\r\n\r\nspam\r\n"
    "--x\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n"
    f"Original-Mail-From: <{PATH}>\r\n\r\n"
    f"--x\r\nContent-Type: message/rfc822\r\n\r\nReturn-Path: <{PATH}>\r\nSubject: x\r\n\r\nx\r\n--x--\r\n"
).encode()


def test_other_forms_are_told_apart() -> None:
    assert read_report(QMAIL, keys=[KEY]).kind == ReportKind.HARD
    assert read_report(AWAY, keys=[KEY]).kind == ReportKind.NOTHING
    complaint = read_report(COMPLAINT, keys=[KEY])
    assert (complaint.kind, complaint.returned) == (ReportKind.COMPLAINT, Returned(7, 1))
    answer = f"From: taro@example.jp\r\nTo: {PATH}\r\nSubject: Re: x\r\n\r\nthank you\r\n".encode()
    assert read_report(answer, keys=[KEY]).kind == ReportKind.NOTHING


def test_the_address_of_the_envelope_counts_and_a_forged_one_is_nobodys() -> None:
    plain = dsn("5.1.1", to="x@example.jp")
    assert read_report(plain, recipients=[PATH.upper()], keys=[KEY]).returned == Returned(7, 1)
    assert read_report(plain, keys=[KEY]).returned is None
    assert read_report(dsn("5.1.1"), keys=[verp_key("other")]).returned is None


@given(st.binary(max_size=3000), st.sampled_from([b"", dsn("5.1.1")[:300], COMPLAINT[:400]]))
@hypothesis_settings(max_examples=80, deadline=None)
def test_broken_mails_are_read_without_harm(data: bytes, head: bytes) -> None:
    assert isinstance(read_report(head + data, recipients=["\udce3@x", PATH], keys=[KEY]), Report)


@pytest.fixture
def sent(ways: Any) -> Iterator[Any]:
    """Sends one mail to each of some people and returns the deliveries by address."""

    def send(*names: str, **message: Any) -> dict[str, Delivery]:
        for name in names:
            if not Endpoint.objects.filter(address=f"{name}@example.jp").exists():
                make_endpoint(make_recipient(name), "email", f"{name}@example.jp")
        made = make_message(**message)
        sending.start_message(message_id=made.pk)
        sending.deliver_due()
        return {row.endpoint.address.partition("@")[0]: row for row in made.deliveries.select_related("endpoint")}

    with clock.frozen(NOON):
        yield send


def returned(delivery: Delivery, kind: ReportKind, text: str = "5.1.1 gone") -> Report:
    return Report(kind, Returned(delivery.pk, delivery.municipality_id), text)


@pytest.mark.django_db
@pytest.mark.database
def test_an_address_that_is_no_more_rests_at_once_and_the_next_way_begins(sent: Any, ways: Any) -> None:
    rows = sent("a", "b")
    line = make_endpoint(rows["a"].recipient, "line", "U1")
    told = take_reports(reports=[returned(rows["a"], ReportKind.HARD)] * 2)
    assert told.hard
    a, b = (Endpoint.objects.get(address=f"{name}@example.jp") for name in "ab")
    assert (a.status, b.status) == (EndpointStatus.BOUNCED, EndpointStatus.ACTIVE)
    rows["a"].refresh_from_db()
    assert rows["a"].status == DeliveryStatus.BOUNCED
    sending.deliver_due()
    assert ways["line"].addresses == [line.address]
    assert Event.objects.get(key="messaging.endpoint.ended").quantity == 1
    assert "b" in sent("a", "b")


@pytest.mark.django_db
@pytest.mark.database
def test_soft_bounces_are_counted_and_forgotten_after_a_month(sent: Any) -> None:
    for _ in range(4):
        rows = sent("a")
        take_reports(reports=[returned(rows["a"], ReportKind.SOFT, "5.2.2 full")])
    assert Endpoint.objects.get().status == EndpointStatus.ACTIVE
    with clock.frozen(NOON.replace(year=2027)):
        take_reports(reports=[returned(rows["a"], ReportKind.SOFT)] * 4)
        assert Endpoint.objects.get().status == EndpointStatus.ACTIVE
        take_reports(reports=[returned(rows["a"], ReportKind.SOFT)])
    assert Endpoint.objects.get().status == EndpointStatus.BOUNCED


@pytest.mark.django_db
@pytest.mark.database
def test_a_complaint_stops_everything_but_emergencies(sent: Any) -> None:
    rows = sent("a")
    take_reports(reports=[returned(rows["a"], ReportKind.COMPLAINT)])
    assert sent("a") == {}
    assert list(sent("a", kind=MessageKind.EMERGENCY)) == ["a"]


@pytest.mark.django_db
@pytest.mark.database
def test_reports_that_are_nobodys_change_nothing(sent: Any, oyama: Any) -> None:
    row = sent("a")["a"]
    elsewhere = Report(ReportKind.HARD, Returned(row.pk, oyama.pk), "x")
    nobody = Report(ReportKind.HARD, Returned(10**9, row.municipality_id), "x")
    told = take_reports(reports=[elsewhere, nobody, Report(ReportKind.HARD, None), returned(row, ReportKind.NOTHING)])
    assert told.ignored == 4
    assert Endpoint.objects.get().status == EndpointStatus.ACTIVE
    assert Delivery.objects.get().status == DeliveryStatus.SENT


@pytest.mark.django_db
@pytest.mark.database
def test_many_reports_cost_a_number_of_questions_that_does_not_grow_with_them(
    sent: Any, django_assert_max_num_queries: Any
) -> None:
    rows = sent(*(f"p{number}" for number in range(400)))
    with django_assert_max_num_queries(40):
        told = take_reports(reports=[returned(row, ReportKind.HARD) for row in rows.values()] * 3)
    assert told.hard >= 400
    assert Endpoint.objects.filter(status=EndpointStatus.BOUNCED).count() == 400


def test_the_house_reads_the_paths_it_writes() -> None:
    path = return_path(12, 3, domain="x", key=verp_key(str(django_settings.SECRET_KEY)))
    assert read_report(dsn("5.1.1", to=path), keys=verp_keys()).returned == Returned(12, 3)
