"""The administrator's pages about programs: secrets shown once, ends that hold, deliveries one can follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from madoguchi.kit import clock
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Account, acting_for, find_machine_token, issue_token
from madoguchi.trust.enums import Role
from madoguchi.trust.events import UNIT_ADDED
from madoguchi.trust.models import MachineToken, WebhookDelivery, WebhookSubscription
from madoguchi.trust.services import webhooks

from .people import make_odawara, make_oyama, make_staff
from .test_machines import NOON, Receiver, happen

pytestmark = [pytest.mark.django_db(transaction=connection.vendor == "postgresql"), pytest.mark.database]
TOKENS, HOOKS = "/operations/machines/", "/operations/machines/webhooks/"


@pytest.fixture
def administrator(db, settings) -> Iterator[Account]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR_REQUIRED = False
    host_table.clear()
    with acting_for(make_odawara()), clock.frozen(NOON):
        yield make_staff("kanri", Role.ADMINISTRATOR)
    host_table.clear()


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    made = Receiver()
    settings.WEBHOOK_HOSTS = frozenset({made.host})
    yield made
    made.server.shutdown()
    made.server.server_close()


def signed_in(account: Account) -> Client:
    browser = Client(headers={"host": "odawara.localhost"})
    browser.force_login(account)
    return browser


def body(response: Any) -> str:
    return response.content.decode().replace("<wbr>", "")


class TestTokens:
    def test_an_issued_token_works_and_its_secret_is_shown_this_once(self, administrator) -> None:
        browser = signed_in(administrator)
        facts = {"name": "予約システム", "scopes": ["applications.read"], "expires_on": "2027-03-31"}
        issued = body(browser.post(f"{TOKENS}tokens/issue/", facts))
        secret = re.search(r"mdg_[\w-]+", issued)
        assert secret is not None
        token = find_machine_token(secret=secret[0])
        assert token is not None
        assert (token.name, token.scopes, token.created_by) == ("予約システム", ["applications.read"], administrator)
        listed = body(browser.get(TOKENS))
        assert "予約システム" in listed
        assert secret[0] not in listed

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": ""}, "id_name"),
            ({"scopes": []}, "id_scopes"),
            ({"scopes": ["everything"]}, "id_scopes"),
            ({"expires_on": "2029-01-01"}, "1年以内"),
        ],
    )
    def test_a_request_that_makes_no_sense_is_explained_and_nothing_is_issued(
        self, administrator, changes, field
    ) -> None:
        facts = {"name": "予約システム", "scopes": ["applications.read"], "expires_on": "2027-03-31", **changes}
        response = signed_in(administrator).post(f"{TOKENS}tokens/issue/", facts)
        assert response.status_code == 422
        assert field in body(response)
        assert MachineToken.objects.count() == 0

    def test_revoking_asks_first_and_then_ends_it(self, administrator) -> None:
        token, secret = issue_token(
            name="古い連携", scopes=["applications.read"], expires_on=clock.today(), actor=administrator
        )
        browser = signed_in(administrator)
        assert "元には戻せません" in body(browser.get(f"{TOKENS}tokens/{token.pk}/revoke/"))
        assert find_machine_token(secret=secret) is not None
        browser.post(f"{TOKENS}tokens/{token.pk}/revoke/")
        assert find_machine_token(secret=secret) is None
        assert "古い連携" not in body(browser.get(TOKENS))
        assert "失効" in body(browser.get(f"{TOKENS}?state=all&q=古い"))

    def test_only_administrators_come_in_and_never_to_another_citys_tokens(self, administrator) -> None:
        clerk = signed_in(make_staff("tanto", Role.SECTION_CHIEF))
        for page in (TOKENS, HOOKS, f"{TOKENS}tokens/issue/", f"{HOOKS}register/"):
            assert clerk.get(page).status_code == 403
        with acting_for(make_oyama()):
            token, secret = issue_token(
                name="よその市", scopes=["applications.read"], expires_on=clock.today(), actor=None, system=True
            )
        browser = signed_in(administrator)
        assert "よその市" not in body(browser.get(f"{TOKENS}?state=all"))
        assert browser.post(f"{TOKENS}tokens/{token.pk}/revoke/").status_code == 404
        assert find_machine_token(secret=secret) is None
        with acting_for(token.municipality):
            assert find_machine_token(secret=secret) == token


class TestWebhooks:
    def register(self, browser: Client, receiver: Receiver) -> WebhookSubscription:
        url = f"http://{receiver.host}/hook"
        made = browser.post(f"{HOOKS}register/", {"name": "統計", "url": url, "events": [UNIT_ADDED.key]})
        assert made.status_code == 302, body(made)
        return WebhookSubscription.objects.get()

    def test_a_registered_address_is_told_and_its_page_shows_the_answers(self, administrator, receiver) -> None:
        browser = signed_in(administrator)
        found = self.register(browser, receiver)
        receiver.answers = [204, 503]
        happen(2)
        webhooks.deliver_webhooks()
        page = f"{HOOKS}{found.pk}/"
        shown = body(browser.get(page))
        assert "HTTP 204" in shown
        assert "HTTP 503" in shown
        assert "HTTP 503" not in body(browser.get(f"{page}?state=taken"))
        assert webhooks.secret_of(found) not in shown
        assert webhooks.secret_of(found) in body(browser.post(page)).replace("&#43;", "+").replace("&#x3D;", "=")

    def test_a_paused_one_goes_on_when_told_to(self, administrator, receiver) -> None:
        browser = signed_in(administrator)
        found = self.register(browser, receiver)
        happen()
        webhooks.deliver_webhooks()
        WebhookDelivery.objects.update(delivered_at=None, gave_up_at=clock.now(), next_at=None)
        WebhookSubscription.objects.update(paused_at=clock.now(), pause_reason="HTTP 500")
        assert "配信が止まっています" in body(browser.get(f"{HOOKS}{found.pk}/"))
        browser.post(f"{HOOKS}{found.pk}/resume/")
        assert webhooks.deliver_webhooks() == 1
        assert len(receiver.got) == 2

    def test_an_address_that_is_not_allowed_is_refused_with_what_was_typed(self, administrator, receiver) -> None:
        facts = {"name": "外", "url": "http://169.254.169.254/latest", "events": [UNIT_ADDED.key]}
        response = signed_in(administrator).post(f"{HOOKS}register/", facts)
        assert response.status_code == 422
        assert "MADOGUCHI_WEBHOOK_HOSTS" in body(response)
        assert "169.254.169.254/latest" in body(response)
        assert WebhookSubscription.objects.count() == 0

    def test_a_removed_one_is_told_nothing_more(self, administrator, receiver) -> None:
        browser = signed_in(administrator)
        found = self.register(browser, receiver)
        happen()
        browser.post(f"{HOOKS}{found.pk}/remove/")
        assert webhooks.deliver_webhooks() == 0
        assert receiver.got == []
        assert "配信先はまだありません" in body(browser.get(HOOKS))
