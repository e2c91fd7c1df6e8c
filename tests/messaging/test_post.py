"""Letters: for those nothing else reaches, printed for a window envelope, counted when posted and when they come back."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pikepdf
import pytest
from django.conf import settings as django_settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit import clock
from madoguchi.messaging.enums import ChannelKey, DeliveryStatus
from madoguchi.messaging.models import Delivery, Message, SendingSettings
from madoguchi.messaging.plugins.letters import letters_pdf
from madoguchi.messaging.rules.letters import LINE_WIDTH, address_of, blocks
from madoguchi.messaging.services.sending import fan_out
from madoguchi.trust.api import Account, Municipality
from madoguchi.trust.enums import Role
from madoguchi.trust.models import AccessRecord, Resident
from tests.trust.people import event_keys, events_of, make_account, make_staff

from .conftest import make_endpoint, make_message, make_recipient

BODY = "断水のお知らせです。\n次のとおり断水します。\n\n- 12月1日\n- 栄町\n\nお問い合わせください。"


def test_an_address_is_broken_where_the_window_ends_and_before_a_building():
    found = address_of(
        "2500012", "神奈川県小田原市本町一丁目1番1号 見本マンション小田原グランド 1001号室", "見本　花子"
    )
    assert found.postal_code == "250-0012"
    assert found.lines == ("神奈川県小田原市本町一丁目1番1号", "見本マンション小田原グランド", "1001号室")
    assert found.name == "見本 花子"
    assert not address_of("", "", "花子").is_complete


@given(text=st.text(alphabet="神奈川県小田原市 1-9あaｱ", max_size=200))
def test_no_line_is_wider_than_the_window_and_nothing_is_lost(text):
    made = address_of("", text, "花子").lines
    assert "".join("".join(made).split()) == "".join(text.split())
    for line in made:
        assert sum(1 if c < "\u2000" or "\uff61" <= c <= "\uff9f" else 2 for c in line) <= LINE_WIDTH


def test_a_text_becomes_paragraphs_and_lists():
    assert blocks(BODY) == [
        {"lines": ["断水のお知らせです。", "次のとおり断水します。"]},
        {"items": ["12月1日", "栄町"]},
        {"lines": ["お問い合わせください。"]},
    ]
    assert blocks("") == []
    assert blocks("A\n- b\nC") == [{"lines": ["A"]}, {"items": ["b"]}, {"lines": ["C"]}]


def letter(**fields: object) -> dict[str, object]:
    given = {
        "postal_code": "250-0012", "address": ["小田原市本町1"], "name": "見本 花子", "honorific": " 様", "date": "2026年11月20日",
        "section": "水道課", "phone": "0465-33-1300", "subject": "断水のお知らせ #[x]", "blocks": blocks(BODY), "footer": "理由",
        "number": "No. 7", "lang": "ja", "drill": False, "drill_line": "訓練",
    }  # fmt: skip
    return {**given, **fields}


def test_letters_are_a_sheet_each_with_fonts_inside_and_what_is_written_is_never_run():
    odd = letter(subject='#panic("x") $a$ @b <c> \\ "', name="#let x = 1", lang="en", drill=True)
    pdf = letters_pdf(letters=[letter(), odd], title="断水", city="小田原市", printed_on=clock.today())
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert len(read.pages) == 2
        fonts = {str(font.BaseFont) for page in read.pages for font in page.Resources.Font.values()}
        assert fonts
        assert all("BIZUDPGothic" in name for name in fonts)
        assert read.Root.MarkInfo.Marked
        assert str(read.docinfo["/Title"]) == "断水"


@pytest.fixture
def koho(city) -> Account:
    return make_staff("koho", Role.PUBLISHER)


def resident(city: Municipality, name: str, address: str = "小田原市本町1", **fields: object) -> Resident:
    return Resident.objects.create(
        municipality=city, name=name, name_key=name, name_print=name, postal_code="2500012", address=address, **fields
    )


@pytest.fixture
def posted(city, ways) -> Message:
    """A message by mail and post: one person has mail, two have an address alone, one has none."""
    mail = make_recipient("メール", resident=resident(city, "電子 花子"))
    make_endpoint(mail, ChannelKey.EMAIL, "hanako@example.jp")
    make_recipient("一", resident=resident(city, "見本 一郎"), language="ja")
    make_recipient("二", resident=resident(city, "=HYPERLINK(1)"), language="en")
    make_recipient("三", resident=resident(city, "住所 なし", ""))
    contents = {
        "ja": {"subject": "断水", "body": BODY, "short": "断水"},
        "en": {"subject": "Water", "body": "No water in {{town|your town}}.", "short": ""},
    }
    message = make_message(contents=contents, channels=["email", "post"], fanned_out_at=clock.now())
    fan_out(message=message)
    return message


def signed_in(account: Account) -> Client:
    client = Client(HTTP_HOST="odawara.localhost")
    client.force_login(account, backend=django_settings.AUTHENTICATION_BACKENDS[0])
    return client


def waiting(message: Message) -> int:
    return Delivery.objects.filter(message=message, channel=ChannelKey.POST, status=DeliveryStatus.WAITING).count()


@pytest.mark.django_db
@pytest.mark.database
def test_only_those_whom_nothing_else_reaches_get_a_letter_and_every_look_is_logged(posted, koho):
    client = signed_in(koho)
    assert waiting(posted) == 3
    assert f"/messages/{posted.key}/post/" in client.get(f"/messages/{posted.key}/").content.decode()
    page = client.get(f"/messages/{posted.key}/post/").content.decode()
    assert "3通" in page
    assert "住所 なし" in page
    pdf = client.get(f"/messages/{posted.key}/post/letters.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(pdf.content)) as read:
        assert len(read.pages) == 2
    rows = list(
        csv.reader(io.StringIO(client.get(f"/messages/{posted.key}/post/addresses.csv").content.decode("utf-8-sig")))
    )
    assert len(rows) == 4
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert [record.action for record in AccessRecord.objects.order_by("pk")] == ["view", "print", "export"]
    assert {"messaging.post.printed", "messaging.post.exported"} <= set(event_keys())
    assert waiting(posted) == 3


@pytest.mark.django_db
@pytest.mark.database
def test_letters_are_marked_as_posted_once_and_noted_when_they_come_back(posted, koho):
    client = signed_in(koho)
    assert client.post(f"/messages/{posted.key}/post/posted/").status_code == 422
    assert waiting(posted) == 3
    for _turn in range(2):
        client.post(f"/messages/{posted.key}/post/posted/", {"sure": "yes"})
    assert waiting(posted) == 1
    (event,) = events_of("messaging.post.posted")
    assert event.quantity == 2
    one = Delivery.objects.filter(message=posted, channel=ChannelKey.POST, status=DeliveryStatus.SENT).first()
    for numbers in ("", "abc", "999999", "９" * 30):
        assert client.post(f"/messages/{posted.key}/post/returned/", {"numbers": numbers}).status_code == 422, numbers
    client.post(f"/messages/{posted.key}/post/returned/", {"numbers": f"No. {one.pk}\n999", "reason": "あて所不明"})
    one.refresh_from_db()
    assert one.status == DeliveryStatus.BOUNCED
    assert "あて所不明" in one.error
    assert "messaging.delivery.failed" in event_keys()


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize("role", [Role.SECTION_STAFF, Role.REGISTRAR])
def test_nobody_without_the_duty_sees_an_address_or_changes_a_letter(posted, role):
    client = signed_in(make_staff("other", role))
    for path in ("", "letters.pdf", "addresses.csv"):
        assert client.get(f"/messages/{posted.key}/post/{path}").status_code == 403, path
    for path in ("posted/", "returned/"):
        assert client.post(f"/messages/{posted.key}/post/{path}", {"sure": "yes", "numbers": "1"}).status_code == 403
    assert waiting(posted) == 3
    assert not AccessRecord.objects.exists()


def addressed_to(message: Message) -> set[str]:
    return set(message.deliveries.filter(channel=ChannelKey.POST).values_list("recipient__name", flat=True))


def ways_of(message: Message, name: str) -> set[str]:
    return set(message.deliveries.filter(recipient__name=name).values_list("channel", flat=True))


@pytest.fixture
def people(city, ways) -> None:
    """People by what the city has of them and what they chose."""

    def make(name: str, *addresses: str, home: bool = True, **fields: object) -> None:
        register = {"resident": resident(city, name)} if home else {}
        person = make_recipient(name, **register, **fields)
        for channel in addresses:
            details = {"postal_code": "2500012", "name": name} if channel == "post" else {}
            make_endpoint(person, channel, f"{name}の{channel}", details=details)

    make("メール", "email")
    make("郵送が先", "email", channels=["post", "email"])
    make("メールが先", "email", channels=["email", "post"])
    make("郵送だけ", channels=["post"])
    make("家だけ")
    make("郵送の客", "post", home=False)
    make("住所のない客", home=False)
    make("郵送を選んだ客", "post", "email", home=False, channels=["post"])
    for name, days in (("よく見る人", 1), ("見ない人", 90), ("一度も見ない人", None)):
        seen = None if days is None else clock.now() - timedelta(days=days)
        make(name, account=make_account(f"seen-{days}".lower(), kind="resident", last_login=seen))


@pytest.mark.django_db
@pytest.mark.database
def test_a_message_that_asks_for_post_is_posted_to_whoever_nothing_they_look_at_reaches(people, koho):
    message = make_message(channels=["inbox", "email", "post"], fanned_out_at=clock.now())
    fan_out(message=message)
    wanted = {"郵送が先", "郵送だけ", "家だけ", "郵送の客", "郵送を選んだ客", "見ない人", "一度も見ない人"}
    assert addressed_to(message) == wanted
    assert ways_of(message, "郵送が先") == {"post"}
    assert ways_of(message, "メールが先") == ways_of(message, "メール") == {"email"}
    assert ways_of(message, "よく見る人") == {"inbox"}
    assert ways_of(message, "見ない人") == {"inbox", "post"}
    fan_out(message=message)
    assert waiting(message) == len(wanted)
    page = signed_in(koho).get(f"/messages/{message.key}/post/").content.decode()
    assert f"{len(wanted)}通" in page
    assert "宛先が足りない" not in page


@pytest.mark.django_db
@pytest.mark.database
def test_a_message_that_leaves_the_way_to_people_is_posted_to_whoever_chose_post_or_has_nothing_else(people, koho):
    message = make_message(fanned_out_at=clock.now())
    fan_out(message=message)
    assert addressed_to(message) == {"郵送が先", "郵送だけ", "郵送の客", "郵送を選んだ客"}
    assert ways_of(message, "郵送が先") == {"post"}
    assert f"/messages/{message.key}/post/" in signed_in(koho).get(f"/messages/{message.key}/").content.decode()


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.parametrize("fields", [{"kind": "emergency"}, {"kind": "notice"}, {"channels": ["email"]}])
def test_what_cannot_wait_for_a_letter_or_is_for_other_ways_is_not_posted(people, fields):
    message = make_message(**fields)
    fan_out(message=message)
    assert addressed_to(message) == set()
    assert "email" in ways_of(message, "郵送が先")


@pytest.mark.django_db
@pytest.mark.database
def test_whoever_was_rung_at_often_enough_gets_no_letter_instead(city, ways):
    SendingSettings.objects.create(municipality=city, weekly_cap=1)
    make_endpoint(make_recipient("花子", resident=resident(city, "花子")), ChannelKey.EMAIL, "a@example.jp")
    earlier, later = (make_message(channels=["email", "post"], fanned_out_at=clock.now()) for _turn in range(2))
    fan_out(message=earlier)
    fan_out(message=later)
    assert ways_of(later, "花子") == {"email"}
    assert later.deliveries.get().error == "frequency_cap"
