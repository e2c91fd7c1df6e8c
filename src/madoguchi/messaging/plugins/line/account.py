"""Whose LINE official account is used."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from django.conf import settings

from madoguchi.trust.api import Municipality, current_municipality

from ...rules.line import simulated_account


@dataclass(frozen=True, slots=True)
class LineAccount:
    """
    A LINE official account and how its Messaging API is reached.

    Without ``access_token`` a short-lived one is taken by id and secret. ``bot_user_id``, where it is known, is what webhooks
    must be for. ``aggregation``: LINE counts per message for it (by application only). ``timeout`` in seconds.
    """

    channel_id: str
    channel_secret: str
    access_token: str = ""
    bot_user_id: str = ""
    friend_url: str = ""
    base_url: str = "https://api.line.me"
    data_url: str = "https://api-data.line.me"
    link_url: str = "https://access.line.me/dialog/bot/accountLink"
    aggregation: bool = False
    timeout: float = 15.0
    is_simulated: bool = False


_KNOWN = {field.name for field in fields(LineAccount)}


def account_of(municipality: Municipality | None = None) -> LineAccount | None:
    """Return the account of a municipality (default: the one in scope); None where there is none."""
    owner = municipality or current_municipality()
    if owner is None:
        return None
    if entry := settings.LINE_CHANNELS.get(owner.key):
        return LineAccount(**{key: value for key, value in entry.items() if key in _KNOWN})
    simulator = settings.LINE_SIMULATOR
    return _simulated(simulator["url"], simulator["seed"], owner.key) if simulator else None


@lru_cache(maxsize=256)
def _simulated(url: str, seed: str, key: str) -> LineAccount:
    made: dict[str, Any] = {**simulated_account(url, seed, key)}
    return LineAccount(**made, aggregation=True, is_simulated=True)
