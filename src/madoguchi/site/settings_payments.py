"""
Payment providers: who takes money for the city, and where.

``MADOGUCHI_PAYMENT_PROVIDERS`` is a JSON list, ``[{"key": …, "label": …, "url": …, "api_key": …, "webhook_secrets": […]}]``;
``page_url`` says where the provider's pages are, if not at ``url``. In a demonstration with a simulator, the simulator is
the provider. Keys and secrets stand in the environment or in the
data folder, never in the database.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any
from urllib.parse import urlsplit

from . import configuration

_NEEDED = {"key", "label", "url", "api_key", "webhook_secrets"}
_ALLOWED = _NEEDED | {"kind", "methods", "timeout", "page_url"}


def _configured(text: str) -> list[dict[str, Any]]:
    advice = '[{"key": "…", "label": "…", "url": "https://…", "api_key": "…", "webhook_secrets": ["…"]}]'
    try:
        entries = json.loads(text)
    except ValueError as error:
        raise configuration.ConfigurationError(
            f"MADOGUCHI_PAYMENT_PROVIDERS: JSONとして読めません（{error}）。{advice}"
        ) from error
    if not isinstance(entries, list) or not all(
        isinstance(entry, dict) and set(entry) >= _NEEDED and set(entry) <= _ALLOWED for entry in entries
    ):
        raise configuration.ConfigurationError(f"MADOGUCHI_PAYMENT_PROVIDERS: {advice} の形で指定してください。")
    return [{"kind": "hosted_page", **entry} for entry in entries]


def simulator_secrets() -> tuple[str, str]:
    """Return the password and the webhook secret shared with the simulator, the same in every process of the installation."""
    seed = configuration.secret_key(configuration.home())
    return tuple(hashlib.sha256(f"payment simulator {use} {seed}".encode()).hexdigest() for use in ("key", "webhook"))  # type: ignore[return-value]


def _simulated() -> list[dict[str, Any]]:
    url = configuration.simulators().get("payment", "")
    if not url or not configuration.flag("MADOGUCHI_DEMONSTRATION", default=False):
        return []
    api_key, secret = simulator_secrets()
    label = "まどぐち決済（模擬）"
    return [
        {
            "kind": "hosted_page",
            "key": "simulator",
            "label": label,
            "url": url,
            "api_key": api_key,
            "webhook_secrets": [secret],
        }
    ]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


_TEXT = os.environ.get("MADOGUCHI_PAYMENT_PROVIDERS", "")
PAYMENT_PROVIDERS: list[dict[str, Any]] = _configured(_TEXT) if _TEXT else _simulated()
"""The contracts of the installation; the first one is what payers are led to."""

PAYMENT_ORIGINS: list[str] = sorted({_origin(entry.get("page_url", entry["url"])) for entry in PAYMENT_PROVIDERS})
"""Origins a form of ours may lead to (Content Security Policy ``form-action``)."""
