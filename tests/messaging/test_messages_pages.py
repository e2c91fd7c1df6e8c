"""Staff pages of messages: written, looked at, submitted, approved and followed by clicking, without JavaScript."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from madoguchi.kit import clock
from madoguchi.messaging.enums import DeliveryStatus, MessageKind, MessageStatus
from madoguchi.messaging.models import Delivery, Message, MessageTemplate, Topic
from madoguchi.messaging.services import messages, sending
from madoguchi.trust.enums import Role
from tests.site.test_odd_addresses import FEW
from tests.trust.people import make_staff, make_unit

from .conftest import NOON, make_endpoint, make_message, make_recipient

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HOST = {"host": "odawara.localhost"}


@pytest.fixture(autouse=True)
def noon(city):
    with clock.frozen(NOON):
        yield


@pytest.fixture
def people(city, ways) -> None:
    for n in range(30):
        one = make_recipient(f"人{n}", town="栄町" if n < 12 else "本町")
        if n < 8:
            one.children.create(municipality=city, birth_date=date(2023, 5, 1), is_declared=True)
        make_endpoint(one, "email", f"p{n}@city.example")


@pytest.fixture
def unit(city):
    return make_unit("健康課")


def read(response) -> str:
    """Return a page without the marks at which its headings may break."""
    return response.content.decode().replace("<wbr>", "")


def client_of(account) -> Client:
    client = Client(headers=HOST)
    client.force_login(account)
    return client


@pytest.fixture
def clerk(unit) -> Client:
    return client_of(make_staff("clerk", Role.SECTION_STAFF, unit=unit))


@pytest.fixture
def chief(unit) -> Client:
    return client_of(make_staff("chief", Role.SECTION_CHIEF, unit=unit))


def typed(message: Message, **changes) -> dict[str, object]:
    """Return what a browser would send from the composer."""
    return {
        "revision": message.revision,
        "language": ["ja", "ja-easy", "en"],
        "subject_ja": "3歳児健診",
        "body_ja": "{{name}}様\n\n- 母子手帳\n\nhttps://city.example/k",
        "short_ja": "健診です",
        "subject_en": "Check-up",
        "body_en": "Dear {{name}}\nhttps://city.example/k",
        "audience_mode": "rules",
        "audience_join": "all",
        "row": ["0", "1"],
        "row0_kind": "town",
        "row0_value": ["栄町"],
        "row1_kind": "child_age",
        "row1_from": "３",
        "row1_to": "3歳",
        "channels": ["email"],
        "fallback_minutes": "0",
        "do": "save",
    } | changes


def begun(client: Client) -> Message:
    answer = client.post("/messages/new/")
    assert answer.status_code == 302
    return Message.objects.get()


def test_a_message_goes_all_the_way_by_clicking(people, clerk, chief, ways) -> None:
    message = begun(clerk)
    path = f"/messages/{message.key}"
    assert clerk.post(f"{path}/edit/", typed(message)).status_code == 302
    message.refresh_from_db()
    assert message.audience == {"all": [{"town": ["栄町"]}, {"child_age": {"from": 3, "to": 3}}]}
    shown = read(clerk.get(f"{path}/edit/"))
    assert "栄町にお住まいで" in shown
    assert re.search(r'audience-count__number">8<', shown)
    assert "見本 花子様" in shown
    checked = read(clerk.get(f"{path}/check/"))
    assert "8" in checked
    assert clerk.post(f"{path}/check/", {"revision": 1}).status_code == 302
    assert "あなたの承認を待っている" in read(chief.get("/messages/"))
    approving = read(chief.get(f"{path}/approval/"))
    assert "<ul><li>母子手帳</li></ul>" in approving
    assert chief.post(f"{path}/approval/", {"decision": "approve", "approve-revision": 1}).status_code == 302
    message.refresh_from_db()
    assert message.status == MessageStatus.SENDING
    sending.start_message(message_id=message.pk)
    sending.deliver_due()
    record = read(clerk.get(f"{path}/"))
    assert "送信済み" in record
    assert "<svg" in record
    assert clerk.get(f"{path}/progress/").status_code == 200
    assert clerk.get(f"{path}/print/").status_code == 200
    table = clerk.get(f"{path}/deliveries.csv").content.decode("utf-8-sig")
    assert "メール,ja,送信しました,8,0" in table
    assert len(ways["email"].given) == 8


def test_the_preview_shows_what_was_typed_and_keeps_nothing(people, clerk) -> None:
    message = begun(clerk)
    path = f"/messages/{message.key}"
    answer = clerk.post(f"{path}/edit/", typed(message, do="preview", body_ja="<b>{{name}}様</b>", look="ja"))
    shown = read(answer)
    assert answer.status_code == 200
    assert "&lt;b&gt;見本 花子様&lt;/b&gt;" in shown
    assert "<b>見本" not in shown
    live = read(clerk.post(f"{path}/live/", typed(message, look="en")))
    assert "Dear MIHON Hanako" in live
    message.refresh_from_db()
    assert (message.revision, message.contents) == (0, {})


def test_rows_are_added_and_taken_away_by_buttons(people, clerk) -> None:
    message = begun(clerk)
    path = f"/messages/{message.key}/edit/"
    Topic.objects.create(municipality=message.municipality, code="child", names={"ja": "子育て"}, created_at=NOON)
    more = read(clerk.post(path, typed(message, do="add_row", add_kind="topic")))
    assert 'name="row2_kind" value="topic"' in more
    assert "子育て" in more
    less = read(clerk.post(path, typed(message, do="", remove_row="0")))
    assert 'name="row0_kind" value="child_age"' in less
    assert "row1_kind" not in less
    language = read(clerk.post(path, typed(message, do="add_language", add_language="vi")))
    assert 'name="subject_vi"' in language
    assert "3歳児健診" in language
    message.refresh_from_db()
    assert message.revision == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"row0_value": []}, "条件1"),
        ({"row1_from": "とても"}, "年齢は数字"),
        ({"row1_from": "9", "row1_to": "3"}, "前後が逆"),
        ({"row": []}, "条件が1つもありません"),
        ({"send_at": "きのう"}, "送る日時"),
        ({"revision": 9}, "ほかの人"),
        ({"revision": "x"}, "ほかの人"),
        ({"channels": ["pigeon"]}, "手段"),
    ],
)
def test_what_cannot_be_saved_is_told_and_what_was_typed_is_kept(people, clerk, changes, said) -> None:
    message = begun(clerk)
    answer = clerk.post(f"/messages/{message.key}/edit/", typed(message, **changes))
    shown = read(answer)
    assert answer.status_code in (409, 422)
    assert said in shown
    assert "3歳児健診" in shown
    assert 'role="alert"' in shown
    message.refresh_from_db()
    assert message.revision == 0


def test_everybody_is_asked_for_by_its_number_twice(people, clerk, chief, unit) -> None:
    message = begun(clerk)
    path = f"/messages/{message.key}"
    clerk.post(f"{path}/edit/", typed(message, audience_mode="everyone"))
    assert clerk.post(f"{path}/check/", {"revision": 1}).status_code == 422
    assert clerk.post(f"{path}/check/", {"revision": 1, "count": "29"}).status_code == 422
    assert clerk.post(f"{path}/check/", {"revision": 1, "count": "３０人"}).status_code == 302
    approve = {"decision": "approve", "approve-revision": 1}
    refused = chief.post(f"{path}/approval/", approve)
    assert refused.status_code == 422
    assert 'href="#id_approve-count"' in read(refused)
    chief.post(f"{path}/approval/", approve | {"approve-count": "30"})
    message.refresh_from_db()
    assert message.status == MessageStatus.WAITING
    assert "あなたは承認済み" in read(chief.get(f"{path}/approval/"))
    second = client_of(make_staff("koho", Role.PUBLISHER))
    assert "承認した人" in read(second.get(f"{path}/approval/"))
    second.post(f"{path}/approval/", approve | {"approve-count": "30"})
    message.refresh_from_db()
    assert message.status == MessageStatus.SENDING


def test_a_returned_message_shows_the_reason_and_what_changed(people, clerk, chief) -> None:
    message = begun(clerk)
    path = f"/messages/{message.key}"
    clerk.post(f"{path}/edit/", typed(message, send_at="2026-11-21T09:00"))
    clerk.post(f"{path}/check/", {"revision": 1})
    assert chief.post(f"{path}/approval/", {"decision": "return", "return-revision": 1}).status_code == 422
    chief.post(f"{path}/approval/", {"decision": "approve", "approve-revision": 1})
    message.refresh_from_db()
    assert message.status == MessageStatus.SCHEDULED
    clerk.post(f"{path}/edit/", typed(message, send_at="2026-11-21T10:00", body_ja="{{name}}様 直しました"))
    message.refresh_from_db()
    clerk.post(f"{path}/check/", {"revision": message.revision})
    shown = read(chief.get(f"{path}/approval/"))
    assert "前に承認した版からの変更" in shown
    assert "<ins>{{name}}様 直しました</ins>" in shown
    chief.post(
        f"{path}/approval/", {"decision": "return", "return-revision": message.revision, "return-reason": "日付を"}
    )
    assert "日付を" in read(clerk.get(f"{path}/"))


def test_a_rule_too_deep_for_rows_is_kept_as_it_is(people, clerk) -> None:
    message = begun(clerk)
    rule = {"all": [{"any": [{"town": ["栄町"]}, {"town": ["本町"]}]}, {"child_age": {"from": 3, "to": 3}}]}
    Message.objects.filter(pk=message.pk).update(audience=rule)
    page = read(clerk.get(f"/messages/{message.key}/edit/"))
    assert "いまの詳しい条件のまま" in page
    import json

    data = typed(message, audience_mode="other", audience_document=json.dumps(rule))
    clerk.post(f"/messages/{message.key}/edit/", data)
    message.refresh_from_db()
    assert message.audience == rule


def test_files_templates_copies_and_stopping_have_their_buttons(people, clerk, settings) -> None:
    message = begun(clerk)
    path = f"/messages/{message.key}"
    clerk.post(f"{path}/edit/", typed(message))
    file = SimpleUploadedFile("案内.txt", "持ち物".encode(), content_type="text/plain")
    clerk.post(f"{path}/attachments/", {"attach-revision": 1, "attach-file": file, "attach-label": "持ち物"})
    attachment = message.attachments.get()
    assert "持ち物" in read(clerk.get(f"{path}/edit/"))
    clerk.post(f"{path}/template/", {"template-name": "毎月の健診", "template-note": "月初め"})
    template = MessageTemplate.objects.get()
    assert "毎月の健診" in read(clerk.get("/messages/new/"))
    assert clerk.post("/messages/new/", {"template": template.key}).status_code == 302
    clerk.post(f"{path}/copy/")
    assert Message.objects.count() == 3
    clerk.post(f"{path}/attachments/{attachment.pk}/remove/", {"revision": 2})
    assert not message.attachments.exists()
    clerk.post(f"{path}/cancel/")
    message.refresh_from_db()
    assert message.status == MessageStatus.CANCELLED
    clerk.post(f"/messages/templates/{template.key}/retire/")
    assert "毎月の健診" not in read(clerk.get("/messages/new/")).split("<main")[1].split("ひな型から")[1]


def test_the_list_finds_by_words_state_and_person(people, clerk, chief) -> None:
    assert "別の人の承認を受けて送ります" in read(clerk.get("/messages/"))
    message = begun(clerk)
    clerk.post(f"/messages/{message.key}/edit/", typed(message))
    for query, is_there in (
        ("", True),
        ("?q=健診", True),
        ("?q=水道", False),
        ("?state=open", True),
        ("?state=sent", False),
        ("?who=mine", True),
        ("?kind=emergency", False),
        ("?unit=x&topic=%00&page=99", False),
    ):
        shown = read(clerk.get(f"/messages/{query}"))
        assert (f"/messages/{message.key}/" in shown) is is_there, query
    assert f"/messages/{message.key}/" not in read(chief.get("/messages/?who=mine"))
    assert "3歳児健診" in clerk.get("/messages/export.csv").content.decode("utf-8-sig")


def test_strangers_and_residents_are_kept_out(people, clerk, city) -> None:
    message = begun(clerk)
    path = f"/messages/{message.key}"
    other = client_of(make_staff("other", Role.SECTION_STAFF, unit=make_unit("税務課")))
    assert other.get(f"{path}/").status_code == 200
    for page in ("edit", "check", "approval"):
        assert other.get(f"{path}/{page}/").status_code == 403
    assert other.post(f"{path}/cancel/").status_code == 403
    resident = client_of(make_staff("resident", kind="resident"))
    assert resident.get("/messages/").status_code == 403
    assert Client(headers=HOST).get("/messages/").status_code == 302
    message.refresh_from_db()
    assert (message.status, message.revision) == (MessageStatus.DRAFT, 0)


@pytest.mark.parametrize("key", ["x", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "０１"])
def test_an_unknown_message_is_not_found(clerk, key) -> None:
    for page in ("", "edit/", "approval/", "progress/"):
        assert clerk.get(f"/messages/{key}/{page}").status_code == 404


def test_notices_about_one_persons_matter_are_shown_to_no_other_section(clerk, city) -> None:
    notice = make_message(kind=MessageKind.NOTICE)
    assert clerk.get(f"/messages/{notice.key}/").status_code == 404
    assert notice.key not in read(clerk.get("/messages/?kind=notice"))


def test_the_report_stays_quick_for_many(people, clerk, city, django_assert_max_num_queries) -> None:
    message = make_message({"town": ["栄町"]}, fanned_out_at=NOON, status=MessageStatus.SENDING)
    recipient = make_recipient("一人")
    Delivery.objects.create(
        municipality=city, message=message, recipient=recipient, channel="email", status=DeliveryStatus.WAITING,
        queued_at=NOON, due_at=NOON + timedelta(hours=9),
    )  # fmt: skip
    with django_assert_max_num_queries(60):
        shown = read(clerk.get(f"/messages/{message.key}/"))
    assert "11/20 21:00ごろ、メールで送ります" in shown
    assert messages.cancel_message(message=message, actor=message.author or make_staff("koho", Role.PUBLISHER)) == 1


@pytest.mark.parametrize(
    "page",
    ["/messages/", "/messages/export.csv", "/messages/{key}/", "/messages/{key}/edit/", "/messages/{key}/approval/"],
)
def test_odd_addresses_are_answered(people, clerk, chief, page) -> None:
    message = begun(clerk)
    messages.change_message(
        message=message,
        actor=message.author,
        seen_revision=0,
        audience={"town": ["栄町"]},
        contents={"ja": {"body": "x"}},
    )
    client = chief if "approval" in page else clerk
    names = ("q", "state", "kind", "topic", "unit", "who", "page", "look")
    for value in FEW:
        query = "&".join(f"{name}={quote(value, safe='%')}" for name in names)
        assert client.get(f"{page.format(key=message.key)}?{query}").status_code < 500, value


ODD_PLACES = (
    "revision",
    "row",
    "row0_from",
    "row1_to",
    "audience_document",
    "add_kind",
    "remove_row",
    "look",
    "language",
)


@pytest.mark.parametrize("mode", ["rules", "other"])
def test_odd_values_in_the_composer_change_nothing_and_break_nothing(people, clerk, mode) -> None:
    message = begun(clerk)
    path = f"/messages/{message.key}"
    for value in [*FEW, "[" * 5000, '{"not": {}}', "\x00"]:
        data = typed(message, audience_mode=mode, subject_en="x" * 300) | dict.fromkeys(ODD_PLACES, value)
        assert clerk.post(f"{path}/edit/", data | {"remove_row": ""}).status_code in (400, 409, 422), value
        assert 200 <= clerk.post(f"{path}/live/", data).status_code < 500, value
    message.refresh_from_db()
    assert message.revision == 0


@pytest.mark.parametrize("variant", [{}, {"subject": "断水"}, {"body": "断水します。"}])
@pytest.mark.parametrize("fanned_out", [False, True])
def test_a_stored_text_with_parts_missing_is_shown_as_far_as_it_goes(people, variant, fanned_out) -> None:
    publisher = client_of(make_staff("koho", Role.PUBLISHER))
    contents = {"ja": {"subject": "お知らせ", "body": "本文です。", "short": "短い"}, "en": variant}
    for shape in (contents, {"ja": variant}):
        message = make_message(contents=shape, status="sending" if fanned_out else "draft")
        if fanned_out:
            sending.fan_out(message=message)
        for page in ("", "print/", "progress/", *(() if fanned_out else ("edit/", "check/"))):
            assert publisher.get(f"/messages/{message.key}/{page}").status_code == 200, page
    assert publisher.get("/messages/").status_code == 200
