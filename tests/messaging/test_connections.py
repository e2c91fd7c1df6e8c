"""What an operator sees of every channel: set up, off, or misconfigured, in words."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.conf import settings as django_settings
from django.test import Client

from madoguchi.messaging.plugins.configured import CHANNELS
from madoguchi.messaging.plugins.connections import state_of
from madoguchi.messaging.plugins.post import PostChannel
from madoguchi.trust.enums import Role
from tests.trust.people import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.database]
OFF = {
    "LINE_CHANNELS": {}, "LINE_SIMULATOR": {}, "SMTP_SERVER": None, "MAIL_FROM": "", "SMS_PROVIDER": {}, "PUSH_CONTACT": "",
    "PUSH_SIMULATOR": "",
}  # fmt: skip


def change(settings, **values: object) -> None:
    for name, value in {**OFF, **values}.items():
        setattr(settings, name, value)


def table() -> dict[str, str]:
    """Return the rows of the status page's table by the name of the way."""
    client = Client(HTTP_HOST="odawara.localhost")
    client.force_login(make_staff("admin", Role.ADMINISTRATOR), backend=django_settings.AUTHENTICATION_BACKENDS[0])
    page = client.get("/operations/status/").content.decode().replace("<wbr>", "")
    rows = page.partition('id="connections"')[2].partition("</table>")[0].partition("<tbody>")[2].split("</tr>")
    texts = [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]
    return {text.partition(" ")[0]: text.partition(" ")[2] for text in texts if text}


def test_every_way_that_is_off_says_so_and_how_it_is_switched_on(city, settings) -> None:
    change(settings)
    said = table()
    assert len(said) == len(CHANNELS)
    variables = {
        "LINE": "MADOGUCHI_LINE",
        "メール": "MADOGUCHI_SMTP_URL",
        "SMS": "MADOGUCHI_SMS",
        "ブラウザーの通知": "MADOGUCHI_PUSH_CONTACT",
    }
    for way, variable in variables.items():
        assert said[way].startswith("使っていません"), way
        assert variable in said[way], way
    assert said["受信箱"].startswith("使えます")
    assert "職員が印刷" in said["郵送"]


def test_what_is_set_up_says_to_what_and_what_is_wrong_says_why(city, settings) -> None:
    account = {"channel_id": "165", "channel_secret": "s" * 32, "friend_url": "https://line.example/add"}
    change(
        settings,
        LINE_CHANNELS={city.key: account},
        SMTP_SERVER={"host": "mail.example.jp", "port": 587},
        SMS_PROVIDER={"url": "https://sms.example.jp/v1/send", "token": "secret-token", "report_secret": "x"},
        PUSH_CONTACT="mailto:it@example.jp",
    )
    said = table()
    assert said["LINE"].startswith("使えます チャネルID：165")
    assert said["SMS"].startswith("使えます 事業者の窓口：sms.example.jp")
    assert "mailto:it@example.jp" in said["ブラウザーの通知"]
    assert said["メール"].startswith("設定に誤りがあります")
    assert "MADOGUCHI_MAIL_FROM" in said["メール"]
    assert not any("secret" in text or "ssss" in text for text in said.values())


def test_an_account_of_another_municipality_is_none_of_this_one(city, oyama, settings) -> None:
    account = {"channel_id": "165", "channel_secret": "s" * 32, "friend_url": "https://line.example/add"}
    change(settings, LINE_CHANNELS={oyama.key: account})
    assert table()["LINE"] == "使っていません この自治体では、まだ設定されていません。"


def test_a_way_that_cannot_be_asked_counts_as_misconfigured() -> None:
    class Broken(PostChannel):
        def is_ready(self) -> bool:
            raise OSError("鍵を読めません")

    assert state_of(Broken()).state == "faulty"
    assert "鍵を読めません" in state_of(Broken()).words
