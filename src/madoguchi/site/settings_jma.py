"""
Feeds of the Meteorological Agency (気象庁防災情報XML, PULL型): off until an operator sets ``MADOGUCHI_JMA_FEEDS``.

``1`` stands for the agency's own three frequent feeds (regular, extra, eqvol); otherwise addresses separated by commas. Telegrams
are fetched from the hosts of these feeds alone. In a demonstration with a simulator, the simulator is asked.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from . import configuration

_AGENCY = "https://www.data.jma.go.jp/developer/xml/feed/"
_NAMES = ("eqvol.xml", "extra.xml", "regular.xml")


def _configured(text: str) -> list[str]:
    if text.lower() in configuration.TRUE:
        return [_AGENCY + name for name in _NAMES]
    feeds = [one.strip() for one in text.split(",") if one.strip()]
    for feed in feeds:
        parts = urlsplit(feed)
        if not (parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost")) or not parts.hostname:
            raise configuration.ConfigurationError(
                "MADOGUCHI_JMA_FEEDS: 1（気象庁の配信）か、https:// で始まるアドレスを , で区切って指定してください。"
            )
    return feeds


def _simulated() -> list[str]:
    url = configuration.simulators().get("jma", "")
    if not url or not configuration.flag("MADOGUCHI_DEMONSTRATION", default=False):
        return []
    return [f"{url}/developer/xml/feed/{name}" for name in _NAMES]


_TEXT = os.environ.get("MADOGUCHI_JMA_FEEDS", "")
JMA_FEEDS: list[str] = [] if _TEXT == "0" else _configured(_TEXT) if _TEXT else _simulated()
"""The feeds that are read every minute; empty while it is off."""
