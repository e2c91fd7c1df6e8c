"""The life of a message: written, approved by somebody else, twice where it is everybody, changed, stopped."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from madoguchi.kit import clock
from madoguchi.messaging.enums import DeliveryStatus, MessageKind, MessageStatus
from madoguchi.messaging.errors import ConfirmationError, ContentError, MessagingError, StaleError, StatusError
from madoguchi.messaging.models import Approval, Click, Delivery, Link, Message, MessageTemplate, Recipient
from madoguchi.messaging.selectors.messages import (
    clicks_of,
    deliveries_by,
    minutes_of,
    others_to_the_same,
    plan_of,
    progress_of,
    unreached_of,
)
from madoguchi.messaging.services import messages, sending
from madoguchi.trust.api import FileRefusedError, RefusedError, acting_for
from madoguchi.trust.enums import Role
from tests.trust.people import event_keys, events_of, make_staff, make_unit

from .conftest import NOON, make_endpoint, make_message, make_recipient

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TEXTS = {
    "ja": {"subject": "3歳児健診", "body": "{{name}}様\n\n来てください。https://city.example/k", "short": "健診です"},
    "en": {"subject": "Check-up", "body": "Dear {{name}}, please come. https://city.example/k", "short": ""},
}
PARENTS = {"all": [{"town": ["栄町"]}, {"child_age": 3}]}


@pytest.fixture(autouse=True)
def noon(city):
    with clock.frozen(NOON):
        yield


@pytest.fixture
def people(city, ways) -> list[Recipient]:
    """Thirty people, eight of them in 栄町 with a child of three."""
    found = []
    for n in range(30):
        one = make_recipient(f"人{n}", town="栄町" if n < 12 else "本町", language="en" if n == 1 else "ja")
        if n < 8:
            one.children.create(municipality=city, birth_date=date(2023, 5, 1), is_declared=True)
        make_endpoint(one, "email", f"p{n}@city.example")
        found.append(one)
    return found


@pytest.fixture
def staff(city) -> dict[str, object]:
    unit, other = make_unit("健康課"), make_unit("税務課")
    return {
        "unit": unit,
        "clerk": make_staff("clerk", Role.SECTION_STAFF, unit=unit),
        "chief": make_staff("chief", Role.SECTION_CHIEF, unit=unit),
        "stranger": make_staff("stranger", Role.SECTION_CHIEF, unit=other),
        "koho": make_staff("koho", Role.PUBLISHER),
        "koho2": make_staff("koho2", Role.PUBLISHER),
    }


def written(staff, **fields) -> Message:
    return messages.create_message(
        actor=staff["clerk"], **{"contents": TEXTS, "audience": PARENTS, "channels": ["email"]} | fields
    )


def submitted(staff, **fields) -> Message:
    message = written(staff, **fields)
    return messages.submit_message(message=message, actor=staff["clerk"], seen_revision=message.revision)


def approve(message: Message, actor, **fields) -> Message:
    return messages.approve_message(message=message, actor=actor, seen_revision=message.revision, **fields)


class TestApproval:
    def test_somebody_else_approves_and_it_goes_to_the_people_meant(self, staff, people, ways) -> None:
        message = approve(submitted(staff), staff["chief"])
        assert message.status == MessageStatus.SENDING
        sending.start_message(message_id=message.pk)
        sending.deliver_due()
        message.refresh_from_db()
        assert message.status == MessageStatus.SENT
        assert sorted(ways["email"].addresses) == [f"p{n}@city.example" for n in range(8)]
        english = next(given for given in ways["email"].given if given.address == "p1@city.example")
        assert english.subject == "Check-up"
        assert "/l/" in english.body
        assert "https://city.example/k" not in english.body
        keys = event_keys()
        assert keys.index("messaging.message.submitted") < keys.index("messaging.message.approved")
        assert int(events_of("messaging.message.approved")[0].quantity) == 8

    @pytest.mark.parametrize("who", ["clerk", "stranger"])
    def test_neither_the_author_nor_another_sections_chief_approves(self, staff, people, who) -> None:
        message = submitted(staff)
        with pytest.raises(RefusedError):
            approve(message, staff[who])
        message.refresh_from_db()
        assert (message.status, Approval.objects.count()) == (MessageStatus.WAITING, 0)

    def test_whoever_changed_it_last_does_not_approve_it_either(self, staff, people) -> None:
        message = written(staff)
        message = messages.change_message(
            message=message, actor=staff["koho"], seen_revision=0, contents={"ja": TEXTS["ja"]}
        )
        message = messages.submit_message(message=message, actor=staff["clerk"], seen_revision=1)
        with pytest.raises(RefusedError):
            approve(message, staff["koho"])
        assert approve(message, staff["chief"]).status == MessageStatus.SENDING

    def test_a_change_after_approval_voids_it(self, staff, people) -> None:
        message = submitted(staff, send_at=NOON + timedelta(hours=2))
        message = approve(message, staff["chief"])
        assert message.status == MessageStatus.SCHEDULED
        changed = messages.change_message(
            message=message, actor=staff["clerk"], seen_revision=0, contents={"ja": TEXTS["ja"]}
        )
        assert (changed.status, changed.revision) == (MessageStatus.DRAFT, 1)
        with clock.frozen(NOON + timedelta(hours=3)):
            assert sending.start_due_messages() == 0
        assert Delivery.objects.count() == 0

    def test_what_was_not_seen_is_not_approved(self, staff, people) -> None:
        message = submitted(staff)
        with pytest.raises(StaleError):
            messages.approve_message(message=message, actor=staff["chief"], seen_revision=7)
        assert Approval.objects.count() == 0

    def test_returned_with_a_reason_it_can_be_put_right_and_submitted_again(self, staff, people) -> None:
        message = submitted(staff)
        with pytest.raises(MessagingError):
            messages.return_message(message=message, actor=staff["chief"], seen_revision=0, reason=" ")
        back = messages.return_message(message=message, actor=staff["chief"], seen_revision=0, reason="日付がない")
        assert (back.status, back.approvals.get().note) == (MessageStatus.RETURNED, "日付がない")
        again = messages.submit_message(message=back, actor=staff["clerk"], seen_revision=back.revision)
        assert approve(again, staff["chief"]).status == MessageStatus.SENDING

    def test_a_scheduled_message_waits_for_its_time(self, staff, people, ways) -> None:
        message = approve(submitted(staff, send_at=NOON + timedelta(hours=1)), staff["chief"])
        assert message.status == MessageStatus.SCHEDULED
        assert sending.start_due_messages() == 0
        with clock.frozen(NOON + timedelta(minutes=61)):
            assert sending.start_due_messages() == 1
        assert Delivery.objects.filter(message=message).count() == 8


class TestEverybody:
    def test_needs_two_people_each_of_whom_types_the_number(self, staff, people) -> None:
        message = written(staff, audience={"everyone": True})
        with pytest.raises(ConfirmationError) as asked:
            messages.submit_message(message=message, actor=staff["clerk"], seen_revision=0)
        assert asked.value.people == 30
        with pytest.raises(ConfirmationError):
            messages.submit_message(message=message, actor=staff["clerk"], seen_revision=0, confirmed_count=31)
        message = messages.submit_message(message=message, actor=staff["clerk"], seen_revision=0, confirmed_count=30)
        with pytest.raises(ConfirmationError):
            approve(message, staff["koho"])
        first = approve(message, staff["koho"], confirmed_count=30)
        assert first.status == MessageStatus.WAITING
        with pytest.raises(StatusError):
            approve(first, staff["koho"], confirmed_count=30)
        assert Delivery.objects.count() == 0
        assert approve(first, staff["koho2"], confirmed_count=30).status == MessageStatus.SENDING

    @pytest.mark.parametrize(
        ("audience", "is_broad"),
        [
            ({"everyone": True}, True),
            ({"any": [{"town": ["栄町"]}, {"everyone": True}]}, True),
            ({"not": {"town": ["栄町"]}}, True),
            ({"town": ["栄町"]}, False),
        ],
    )
    def test_is_told_by_the_rule_and_by_the_share(self, people, audience, is_broad) -> None:
        assert plan_of(audience).is_broad is is_broad

    def test_nobody_is_refused_with_why_and_nothing_changes(self, staff, people) -> None:
        message = written(staff, audience={"town": ["どこにもない町"]})
        with pytest.raises(ContentError, match="当てはまる人がいません"):
            messages.submit_message(message=message, actor=staff["clerk"], seen_revision=0)
        message.refresh_from_db()
        assert message.status == MessageStatus.DRAFT

    def test_without_an_audience_it_does_not_go_to_everybody(self, staff, people) -> None:
        message = written(staff, audience={})
        with pytest.raises(ContentError) as refused:
            messages.submit_message(message=message, actor=staff["clerk"], seen_revision=0)
        assert refused.value.problems[0][0] == "audience"

    def test_everything_wrong_is_told_at_once_at_its_field(self, staff, people) -> None:
        contents = {"ja": {"subject": "", "body": "{{nickname}}", "short": ""}}
        message = written(staff, contents=contents, send_at=NOON - timedelta(hours=1), audience={"town": ["無い町"]})
        with pytest.raises(ContentError) as refused:
            messages.submit_message(message=message, actor=staff["clerk"], seen_revision=0)
        fields = {field for field, _text in refused.value.problems}
        assert fields >= {"contents.ja.subject", "contents.ja.body", "send_at", "audience"}


class TestWriting:
    def test_the_slower_of_two_authors_is_told(self, staff, people) -> None:
        message = written(staff)
        messages.change_message(message=message, actor=staff["clerk"], seen_revision=0, contents={"ja": TEXTS["ja"]})
        with pytest.raises(StaleError):
            messages.change_message(message=message, actor=staff["chief"], seen_revision=0, channels=["sms"])
        message.refresh_from_db()
        assert (message.revision, message.channels) == (1, ["email"])

    def test_saving_without_a_change_keeps_the_approval(self, staff, people) -> None:
        message = submitted(staff)
        same = messages.change_message(message=message, actor=staff["clerk"], seen_revision=0, contents=TEXTS)
        assert (same.revision, same.status) == (0, MessageStatus.WAITING)

    def test_a_clerk_writes_for_no_other_section(self, staff, people) -> None:
        other = make_unit("財政課")
        with pytest.raises(RefusedError):
            written(staff, unit=other)
        assert Message.objects.count() == 0
        assert written(staff).unit == staff["unit"]

    def test_notices_and_alerts_are_not_changed_by_hand(self, staff) -> None:
        notice = make_message(kind=MessageKind.NOTICE, status=MessageStatus.DRAFT)
        with pytest.raises(StatusError):
            messages.change_message(message=notice, actor=staff["koho"], seen_revision=0, channels=["sms"])

    def test_a_copy_and_a_template_begin_a_new_draft(self, staff, people, settings) -> None:
        message = written(staff, send_at=NOON + timedelta(days=1))
        messages.add_attachment(
            message=message, actor=staff["clerk"], seen_revision=0, content=b"%PDF-1.4\n%%EOF\n", name="a.pdf"
        )
        copy = messages.copy_message(message=message, actor=staff["clerk"])
        assert (copy.contents, copy.audience, copy.send_at, copy.status) == (
            TEXTS,
            message.audience,
            None,
            MessageStatus.DRAFT,
        )
        assert copy.attachments.get().stored_id == message.attachments.get().stored_id
        template = messages.save_template(message=message, name="毎月の健診", actor=staff["clerk"])
        assert messages.start_from_template(template=template, actor=staff["clerk"]).contents == TEXTS
        messages.retire_template(template=template, actor=staff["clerk"])
        assert MessageTemplate.objects.get().retired_at is not None

    def test_an_attachment_is_judged_by_its_content_and_voids_what_was_submitted(self, staff, people) -> None:
        message = submitted(staff)
        with pytest.raises(FileRefusedError):
            messages.add_attachment(
                message=message, actor=staff["clerk"], seen_revision=0, content=b"MZ\x90\x00", name="a.pdf"
            )
        with pytest.raises(FileRefusedError):
            messages.add_attachment(
                message=message, actor=staff["clerk"], seen_revision=0, content=b"x" * 6_000_000, name="a.txt"
            )
        message.refresh_from_db()
        assert (message.revision, message.status) == (0, MessageStatus.WAITING)
        messages.add_attachment(message=message, actor=staff["clerk"], seen_revision=0, content=b"text", name="a.txt")
        message.refresh_from_db()
        assert (message.revision, message.status) == (1, MessageStatus.DRAFT)


class TestStopping:
    def test_what_still_waits_is_cancelled_and_what_is_gone_is_gone(self, staff, people, ways) -> None:
        message = approve(submitted(staff), staff["chief"])
        sending.start_message(message_id=message.pk)
        gone = Delivery.objects.filter(message=message).first()
        Delivery.objects.filter(pk=gone.pk).update(status=DeliveryStatus.SENT, sent_at=NOON)
        assert messages.cancel_message(message=message, actor=staff["clerk"]) == 7
        sending.deliver_due()
        assert ways["email"].given == []
        message.refresh_from_db()
        assert message.status == MessageStatus.CANCELLED
        assert {row["status"] for row in message.deliveries.values("status")} == {"sent", "cancelled"}
        with pytest.raises(StatusError):
            messages.cancel_message(message=message, actor=staff["clerk"])

    def test_a_stranger_stops_nothing(self, staff, people) -> None:
        message = submitted(staff)
        with pytest.raises(RefusedError):
            messages.cancel_message(message=message, actor=make_staff("nobody"))
        message.refresh_from_db()
        assert message.status == MessageStatus.WAITING


class TestReports:
    def test_count_people_once_and_say_why_the_others_were_not_reached(self, staff, people, ways) -> None:
        message = approve(submitted(staff, channels=[]), staff["chief"])
        sending.start_message(message_id=message.pk)
        message.refresh_from_db()
        first, second, third = list(Delivery.objects.filter(message=message, channel="email").order_by("id")[:3])
        Delivery.objects.filter(pk=first.pk).update(status=DeliveryStatus.SENT, sent_at=NOON)
        Delivery.objects.filter(pk=second.pk).update(status=DeliveryStatus.BOUNCED, error="5.1.1")
        Delivery.objects.filter(pk=third.pk).update(status=DeliveryStatus.SKIPPED, error="frequency_cap")
        found = progress_of(message)
        assert (found.people, found.reached, found.waiting, found.unreached) == (8, 1, 5, 2)
        whys = {row.why: row.people for row in unreached_of(message)}
        assert sum(whys.values()) == 7
        assert any("上限" in why for why in whys)
        assert {row.code: row.reached for row in deliveries_by(message, "channel")}["email"] == 1
        assert {row.code for row in deliveries_by(message, "language")} == {"ja", "en"}
        assert sum(count for _at, count in minutes_of(message).steps) == 1

    def test_minutes_are_put_together_where_it_took_long(self, staff, people) -> None:
        message = make_message({"town": ["栄町"]}, fanned_out_at=NOON)
        for n, person in enumerate(people[:10]):
            Delivery.objects.create(
                municipality=person.municipality, message=message, recipient=person, channel="email",
                status="sent", queued_at=NOON, due_at=NOON, sent_at=NOON + timedelta(minutes=7 * n),
            )  # fmt: skip
        found = minutes_of(message)
        assert (found.step, sum(count for _at, count in found.steps)) == (5, 10)

    def test_other_messages_to_the_same_people_are_named(self, staff, people) -> None:
        earlier = make_message({"town": ["栄町"]})
        sending.start_message(message_id=earlier.pk)
        elsewhere = make_message({"town": ["本町"]})
        sending.start_message(message_id=elsewhere.pk)
        found = others_to_the_same(written(staff))
        assert [(row.message, row.people) for row in found] == [(earlier, 8)]


class TestLinks:
    def test_are_counted_by_day_and_way_and_lead_nowhere_else(self, staff, people, ways, client, city) -> None:
        message = approve(submitted(staff), staff["chief"])
        sending.start_message(message_id=message.pk)
        link = Link.objects.get(message=message)
        address = f"/l/{link.key}"
        for query in ("?c=email", "?c=email", "?c=nonsense", "?to=https://evil.example"):
            answer = client.get(address + query, headers={"host": "odawara.localhost"})
            assert (answer.status_code, answer["Location"]) == (302, "https://city.example/k")
        assert client.head(address, headers={"host": "odawara.localhost"}).status_code == 302
        robot = {"host": "odawara.localhost", "user-agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}
        assert client.get(address, headers=robot).status_code == 302
        prefetch = {"host": "odawara.localhost", "sec-purpose": "prefetch"}
        assert client.get(address, headers=prefetch).status_code == 302
        with acting_for(city):
            assert clicks_of(message)[0].by_channel == {"email": 2, "": 2}
            assert Click.objects.count() == 2
            assert len(events_of("messaging.link.followed")) == 4

    @pytest.mark.parametrize("key", ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "x", "https:%2F%2Fevil.example"])
    def test_an_unknown_key_leads_nowhere(self, city, client, key) -> None:
        assert client.get(f"/l/{key}", headers={"host": "odawara.localhost"}).status_code == 404
