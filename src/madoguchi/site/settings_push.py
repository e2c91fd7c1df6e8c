"""
Notifications of browsers (Web Push): off until an operator says who sends, in ``MADOGUCHI_PUSH_CONTACT``.

That is an address push services can write to (``mailto:…`` or ``https://…``, RFC 8292 §2.1). ``MADOGUCHI_PUSH_HOSTS`` is a list of
the hosts subscriptions may name, with commas; a leading ``*.`` stands for any name below. A subscription names an address this
server then calls, so nothing outside the list is ever called. In a demonstration with a simulator, that is the only one.
"""

from __future__ import annotations

import os

from . import configuration

_USUAL_HOSTS = (
    "fcm.googleapis.com,updates.push.services.mozilla.com,web.push.apple.com,*.push.apple.com,*.notify.windows.com"
)


def _hosts(text: str) -> list[str]:
    found = [part.strip().lower() for part in text.split(",") if part.strip()]
    for host in found:
        name = host.removeprefix("*.")
        if "*" in name or "." not in name or name.replace(".", "").isdigit() or any(c in name for c in "/:@[]"):
            raise configuration.ConfigurationError(
                f"MADOGUCHI_PUSH_HOSTS: 「{host}」は使えません。fcm.googleapis.com や *.notify.windows.com のように書いてください。"
            )
    return found


def _contact(text: str) -> str:
    if text and not text.startswith(("mailto:", "https://")):
        raise configuration.ConfigurationError(
            "MADOGUCHI_PUSH_CONTACT: mailto:担当の宛先 または https:// で始まるアドレスを指定してください。"
        )
    return text


_SIMULATOR = (
    configuration.simulators().get("push", "") if configuration.flag("MADOGUCHI_DEMONSTRATION", default=False) else ""
)
PUSH_SIMULATOR = "" if os.environ.get("MADOGUCHI_PUSH_CONTACT") else _SIMULATOR
"""Origin of the simulated push service, empty where there is none; an operator's own contact sets it aside."""

PUSH_CONTACT = _contact(os.environ.get("MADOGUCHI_PUSH_CONTACT", "")) or (
    "mailto:push@madoguchi.example" if PUSH_SIMULATOR else ""
)
"""Who sends; empty while the channel is off."""

PUSH_HOSTS: list[str] = [] if PUSH_SIMULATOR else _hosts(os.environ.get("MADOGUCHI_PUSH_HOSTS", "") or _USUAL_HOSTS)
"""Hosts of push services that may be called."""
