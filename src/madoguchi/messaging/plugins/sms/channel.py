"""The channel of short messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from urllib.parse import urlsplit

import httpx
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from madoguchi.kit.registry import ConfigProblem, Severity

from ...enums import ChannelKey
from ...registry import Channel, Outcome, Outgoing, Preview
from ...rules.content import units
from ...rules.sms import LONGEST, compose, parts_of
from .requests import contract, send, text_of

AT_ONCE = 8


class SmsChannel(Channel):
    """
    Short messages: the short form and the address of the whole.

    A message sent again after a crash carries the same idempotency key; the provider sends it once.
    """

    key = ChannelKey.SMS
    label = N_("SMS")
    rings = True
    batch_size = 100

    def is_ready(self) -> bool:
        """Tell whether an operator has named a provider."""
        return bool(contract())

    def setup_words(self) -> str:
        """Name where the provider is asked."""
        return _("事業者の窓口：%(host)s") % {"host": urlsplit(str(contract().get("url", ""))).netloc}

    def check_config(self) -> list[ConfigProblem]:
        """Say how to switch it on, and what reports need."""
        if not self.is_ready():
            message = _("SMSを使うには、MADOGUCHI_SMS に事業者との契約内容を指定してください。")
            return [ConfigProblem("messaging.sms", Severity.INFO, message)]
        if not contract().get("report_secret"):
            message = _("MADOGUCHI_SMS に report_secret がないため、SMSが届いたかどうかの通知を受け取れません。")
            return [ConfigProblem("messaging.sms", Severity.WARNING, message)]
        return []

    def preview(self, outgoing: Outgoing) -> Preview:
        """Show the text, how long it is and how many parts are paid."""
        short = outgoing.short or outgoing.subject
        text = text_of(outgoing) if self.is_ready() else compose(short, outgoing.page)
        size = _("%(length)s文字、1人に%(parts)s通分") % {"length": units(text), "parts": parts_of(text)}
        problems = []
        if short.strip() and short.strip() not in text:
            problems.append(_("長すぎるため、%(limit)s文字で切れます。短い文を書いてください。") % {"limit": LONGEST})
        return Preview(((_("本文"), text), (_("長さ"), size)), tuple(problems))

    def deliver(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Hand the short messages to the provider, several at a time."""
        seconds = float(contract().get("timeout", 10))
        with (
            httpx.Client(timeout=seconds, follow_redirects=False, trust_env=False) as client,
            ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="sms") as pool,
        ):
            for done in as_completed([pool.submit(send, client, one) for one in batch]):
                yield done.result()
