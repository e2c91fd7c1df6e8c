"""
LINE official accounts of the municipalities, and where the Messaging API is.

``MADOGUCHI_LINE`` is a JSON object, municipality key → ``{"channel_id": …, "channel_secret": …}`` with, where wanted,
``access_token`` (without it, a short-lived token is taken by id and secret), ``friend_url`` (the page on which people add the
account), ``bot_user_id`` (the account's own id: webhooks for another one are refused), ``aggregation`` (LINE has permitted
statistics per message), ``base_url``, ``data_url``, ``link_url`` and ``timeout``. Nothing is asked of LINE unless it is set. In a
demonstration with simulators, each municipality has an account at the simulator. Secrets never stand in the database.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any
from urllib.parse import urlsplit

from . import configuration

_NEEDED = {"channel_id", "channel_secret"}
_ALLOWED = _NEEDED | {
    "access_token",
    "aggregation",
    "base_url",
    "bot_user_id",
    "data_url",
    "friend_url",
    "link_url",
    "timeout",
}


def _configured(text: str) -> dict[str, dict[str, Any]]:
    advice = (
        '{"自治体のキー": {"channel_id": "…", "channel_secret": "…", "access_token": "…", "friend_url": "https://…"}}'
    )
    try:
        entries = json.loads(text)
    except ValueError as error:
        raise configuration.ConfigurationError(
            f"MADOGUCHI_LINE: JSONとして読めません（{error}）。{advice} の形で指定してください。"
        ) from error
    if not isinstance(entries, dict) or not all(
        isinstance(entry, dict) and set(entry) >= _NEEDED and set(entry) <= _ALLOWED for entry in entries.values()
    ):
        raise configuration.ConfigurationError(f"MADOGUCHI_LINE: {advice} の形で指定してください。")
    return entries


def _simulated() -> dict[str, str]:
    url = configuration.simulators().get("line", "")
    if not url or not configuration.flag("MADOGUCHI_DEMONSTRATION", default=False):
        return {}
    return {"url": url, "seed": simulator_seed()}


def simulator_seed() -> str:
    """Return what tokens and secrets at the simulator are made from, the same in every process of the installation."""
    return hashlib.sha256(f"line simulator {configuration.secret_key(configuration.home())}".encode()).hexdigest()


_TEXT = os.environ.get("MADOGUCHI_LINE", "")
LINE_CHANNELS: dict[str, dict[str, Any]] = _configured(_TEXT) if _TEXT else {}
"""Municipality key → its account."""

LINE_SIMULATOR: dict[str, str] = {} if _TEXT else _simulated()
"""``url`` and ``seed`` of the simulator that has an account for every municipality; empty where there is none."""

LINE_ORIGINS: list[str] = sorted(
    {
        "{0.scheme}://{0.netloc}".format(urlsplit(address))
        for address in (
            [str(entry.get("link_url", "https://access.line.me/")) for entry in LINE_CHANNELS.values()]
            + [LINE_SIMULATOR[part] for part in ("url",) if LINE_SIMULATOR]
        )
    }
)
"""Origins a form of ours leads to when an account is linked (Content Security Policy ``form-action``)."""
