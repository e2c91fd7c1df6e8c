"""Rich menus: published once, in each friend's language, and made anew only where they changed."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from django.utils import translation
from PIL import Image

from madoguchi.messaging.errors import MessagingError
from madoguchi.messaging.models import Endpoint, Recipient
from madoguchi.messaging.plugins.line.richmenu import doors, give_menu, menu_request, picture_of, publish_menus
from madoguchi.messaging.plugins.line.setting_up import import_line_friends, register_line_webhook

from .line_city import LineCity, line_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def line(city, settings) -> Iterator[LineCity]:
    with line_of(city.key, settings) as made:
        yield made


def test_the_fields_fill_the_picture_and_each_leads_somewhere(city) -> None:
    request = menu_request("ja")
    areas = [area["bounds"] for area in request["areas"]]
    assert sum(area["width"] * area["height"] for area in areas) == 2500 * 1686
    assert all(area["action"]["label"] for area in request["areas"])
    picture = picture_of(doors())
    assert Image.open(io.BytesIO(picture)).size == (2500, 1686)
    assert len(picture) < 1_000_000


def test_menus_are_published_to_each_in_their_language_and_only_once(line) -> None:
    japanese, english = line.friends(1)[0], line.friends(2, language="en")
    first = publish_menus()
    assert (first.made, first.deleted, first.linked) == (3, 0, 2)
    assert line.bot.default_menu == first.menus["ja"]
    assert {friend.menu for friend in english} == {first.menus["en"]}
    assert japanese.menu == ""
    again = publish_menus()
    assert (again.made, again.deleted, again.menus) == (0, 0, first.menus)


def test_a_menu_that_changed_replaces_the_old_one(line, settings) -> None:
    first = publish_menus()
    settings.DOCUMENT_ADDRESS = "https://{host}.city.example"
    second = publish_menus()
    assert (second.made, second.deleted) == (3, 3)
    assert set(line.bot.menus) == set(second.menus.values())
    assert not set(first.menus.values()) & set(second.menus.values())
    assert set(line.bot.aliases.values()) == set(second.menus.values())


def test_a_friend_who_chooses_a_language_sees_its_menu(line) -> None:
    friend = line.friends(1)[0]
    endpoint = Endpoint.objects.select_related("recipient").get()
    Recipient.objects.update(language="en")
    endpoint.refresh_from_db()
    assert give_menu(endpoint) is False
    published = publish_menus()
    friend.menu = ""
    assert give_menu(endpoint) is True
    assert friend.menu == published.menus["en"]


def test_without_an_account_nothing_is_published(line, settings) -> None:
    settings.LINE_SIMULATOR = {}
    with pytest.raises(MessagingError, match="MADOGUCHI_LINE"):
        publish_menus()


def test_friends_from_before_are_taken_in_once(line) -> None:
    for friend in line.simulator.store.add_friends(line.bot, 12):
        friend.is_following = True
    with translation.override("ja"):
        assert import_line_friends() == (12, 12)
        assert import_line_friends() == (0, 12)
    assert Endpoint.objects.count() == 12


def test_line_is_told_where_to_report(line) -> None:
    address = register_line_webhook()
    assert line.bot.webhook == address == "http://odawara.localhost/line/webhook"
