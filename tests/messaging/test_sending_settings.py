"""How the city sends: changed on its page by those who publish, used by the next message, written down."""

from __future__ import annotations

from datetime import time

import pytest
from django.conf import settings as django_settings
from django.test import Client

from madoguchi.messaging.errors import MessagingError
from madoguchi.messaging.models import SendingSettings
from madoguchi.messaging.selectors.messages import plan_of
from madoguchi.messaging.selectors.settings import sending_settings
from madoguchi.messaging.services.sending import fan_out
from madoguchi.messaging.services.settings import change_sending_settings
from madoguchi.trust.api import RefusedError, acting_for
from madoguchi.trust.enums import Role
from tests.trust.people import events_of, make_staff

from .conftest import make_endpoint, make_message, make_recipient

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TYPED = {
    "first": "sms", "second": "email", "third": "line", "fourth": "web_push", "quiet_from": "22:00", "quiet_until": "06:30",
    "weekly_cap": "3", "second_approval_from": "2",
}  # fmt: skip
VALUES = {
    "channels": ["sms", "email", "line", "web_push"], "quiet_from": time(22), "quiet_until": time(6, 30), "weekly_cap": 3,
    "second_approval_from": 2,
}  # fmt: skip


def signed_in(*roles: Role) -> Client:
    client = Client(HTTP_HOST="odawara.localhost")
    client.force_login(
        make_staff(str(roles[0]).replace("_", "-"), *roles), backend=django_settings.AUTHENTICATION_BACKENDS[0]
    )
    return client


@pytest.mark.parametrize("role", [Role.PUBLISHER, Role.ADMINISTRATOR])
def test_what_is_saved_is_shown_written_down_and_used_by_the_next_message(city, ways, oyama, role) -> None:
    client = signed_in(role)
    person = make_recipient()
    for channel in ("email", "sms"):
        make_endpoint(person, channel, f"{channel}-1")
    before = make_message()
    fan_out(message=before)
    assert before.deliveries.get().channel == "email"
    assert not plan_of({"topic": ["x"]}).is_broad
    answer = client.post("/messages/settings/", TYPED, follow=True)
    assert answer.redirect_chain == [("/messages/settings/", 302)]
    assert 'value="22:00"' in answer.content.decode()
    (event,) = events_of("messaging.sending_settings.changed")
    assert event.data["fields"] == ["channels", "quiet_from", "quiet_until", "second_approval_from", "weekly_cap"]
    after = make_message()
    fan_out(message=after)
    assert after.deliveries.get().channel == "sms"
    assert plan_of({"everyone": True}).limit == 2
    client.post("/messages/settings/", TYPED)
    assert len(events_of("messaging.sending_settings.changed")) == 1
    with acting_for(oyama):
        assert sending_settings().weekly_cap == 7


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"second": "sms"}, "second"),
        ({"first": "pigeon"}, "first"),
        ({"first": ""}, "first"),
        ({"quiet_from": "25:00"}, "quiet_from"),
        ({"quiet_until": ""}, "quiet_until"),
        ({"weekly_cap": "-1"}, "weekly_cap"),
        ({"weekly_cap": "9" * 30}, "weekly_cap"),
        ({"second_approval_from": "0"}, "second_approval_from"),
        ({"second_approval_from": "多"}, "second_approval_from"),
    ],
)
def test_what_cannot_stand_is_told_at_its_field_and_changes_nothing(city, change, field) -> None:
    answer = signed_in(Role.PUBLISHER).post("/messages/settings/", TYPED | change)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'href="#id_{field}"' in page
    assert 'value="06:30"' in page or field == "quiet_until"
    assert not SendingSettings.objects.exists()


@pytest.mark.parametrize("role", [Role.SECTION_STAFF, Role.SECTION_CHIEF, Role.CRISIS_MANAGER, Role.REGISTRAR])
def test_nobody_else_sees_or_changes_them(city, role) -> None:
    client = signed_in(role)
    assert client.get("/messages/settings/").status_code == 403
    assert client.post("/messages/settings/", TYPED).status_code == 403
    with pytest.raises(RefusedError):
        change_sending_settings(actor=None, **VALUES)
    assert not SendingSettings.objects.exists()
    assert "/messages/settings/" not in client.get("/messages/").content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"channels": ["sms"]},
        {"channels": ["sms", "sms", "line", "email"]},
        {"weekly_cap": 101},
        {"second_approval_from": 0},
    ],
)
def test_the_service_refuses_values_out_of_range_too(city, change) -> None:
    with pytest.raises(MessagingError):
        change_sending_settings(actor=make_staff("koho", Role.PUBLISHER), **VALUES | change)
    assert not SendingSettings.objects.exists()


@pytest.mark.parametrize(
    ("role", "line", "settings_page"),
    [
        (Role.PUBLISHER, True, True),
        (Role.ADMINISTRATOR, True, True),
        (Role.SECTION_CHIEF, True, False),
        (Role.SECTION_STAFF, False, False),
    ],
)
def test_pages_beside_the_messages_are_linked_for_those_who_may_open_them(city, role, line, settings_page) -> None:
    client = signed_in(role)
    page = client.get("/messages/").content.decode()
    assert 'href="/messages/topics/"' in page
    assert ("/messages/settings/" in page) == settings_page
    assert ('href="/line/office/"' in page) == line
    assert (client.get("/line/office/").status_code == 200) == line
    if line:
        office = client.get("/line/office/").content.decode()
        assert 'href="/messages/"' in office
        assert 'aria-current="page"' in office
