"""The channel of browsers' notifications."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

import httpx
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from madoguchi.kit.registry import ConfigProblem, Severity

from ...enums import ChannelKey, EndpointStatus
from ...models import Delivery, Endpoint
from ...registry import Channel, Outcome, Outgoing, Preview
from ...rules.content import PUSH_LIMIT, units
from .requests import Browser, send

AT_ONCE = 8
TIMEOUT = httpx.Timeout(10.0, connect=5.0)


class WebPushChannel(Channel):
    """
    Notifications of browsers, on every browser a person has allowed it in.

    A message sent again after a crash carries the same Topic and tag: the push service and the browser replace it.
    """

    key = ChannelKey.WEB_PUSH
    label = N_("ブラウザーの通知")
    rings = True
    batch_size = 200

    def is_ready(self) -> bool:
        """Tell whether an operator has said who sends."""
        return bool(settings.PUSH_CONTACT)

    def setup_words(self) -> str:
        """Say who sends, or that it is the simulator."""
        if settings.PUSH_SIMULATOR:
            return _("模擬の通知サービスにつながっています（見本のため、本物には送られません）。")
        return _("送り主の連絡先：%(contact)s") % {"contact": settings.PUSH_CONTACT}

    def check_config(self) -> list[ConfigProblem]:
        """Say how to switch it on."""
        if self.is_ready():
            return []
        message = _("ブラウザーの通知を使うには、MADOGUCHI_PUSH_CONTACT に担当の連絡先（mailto:…）を指定してください。")
        return [ConfigProblem("messaging.web_push", Severity.INFO, message)]

    def preview(self, outgoing: Outgoing) -> Preview:
        """Show title and text as a phone does."""
        text = outgoing.gist or outgoing.body
        problems = []
        if units(text) > PUSH_LIMIT:
            problems.append(_("通知では、%(limit)s文字より後ろが切れることがあります。") % {"limit": PUSH_LIMIT})
        return Preview(((_("題名"), outgoing.subject), (_("本文"), text)), tuple(problems))

    def deliver(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Send each message to every browser of its person; an outcome for each browser."""
        browsers = [_own(one) for one in batch] + _others(batch)
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="push") as pool,
        ):
            for done in as_completed([pool.submit(send, client, browser) for browser in browsers]):
                yield done.result()


def _own(outgoing: Outgoing) -> Browser:
    return _browser(outgoing, outgoing.address, dict(outgoing.details))


def _browser(outgoing: Outgoing, address: str, details: dict[str, str], *, is_other: bool = False) -> Browser:
    return Browser(outgoing, address, str(details.get("p256dh", "")), str(details.get("auth", "")), is_other)


def _others(batch: Sequence[Outgoing]) -> list[Browser]:
    """Return the further browsers of the people of a batch: a row of the outbox names one."""
    by_id = {one.delivery_id: one for one in batch}
    people = dict(Delivery.objects.filter(pk__in=list(by_id)).values_list("pk", "recipient_id"))
    endpoints = Endpoint.objects.filter(
        recipient_id__in=set(people.values()),
        channel=ChannelKey.WEB_PUSH,
        status=EndpointStatus.ACTIVE,
        ended_at__isnull=True,
    )
    of_person: dict[int, list[Endpoint]] = {}
    for endpoint in endpoints:
        of_person.setdefault(endpoint.recipient_id, []).append(endpoint)
    return [
        _browser(one, endpoint.address, endpoint.details, is_other=True)
        for pk, one in by_id.items()
        for endpoint in of_person.get(people.get(pk, 0), [])
        if endpoint.address != one.address
    ]
