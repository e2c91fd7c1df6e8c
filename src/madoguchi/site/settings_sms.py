"""
Short messages (SMS): one contract with a provider that speaks HTTP, off until an operator sets ``MADOGUCHI_SMS``.

It is JSON: ``url``, ``token`` (sent as ``Authorization: Bearer``), ``fields`` (what is sent, as names and templates with ``{to}``,
``{text}``, ``{reference}``, ``{sender}``, ``{report_url}``; may be nested) and, where the provider wants it otherwise, ``method``
(POST), ``encoding`` (``json`` or ``form``), ``headers``, ``idempotency_header`` (``Idempotency-Key``), ``id_path`` (where the answer
has the provider's number: ``messages.0.id``), ``success`` (``{"path": …, "values": […]}``), ``sender``, ``national`` (true: numbers as
09012345678, not +8190…), ``longest`` (660), ``report_secret`` (delivery reports are signed with it). In a demonstration with a
simulator, that is the provider. Secrets stand in the environment, never in the database.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any
from urllib.parse import urlsplit

from . import configuration

_NEEDED = {"url", "token", "fields"}
_ALLOWED = _NEEDED | {
    "method",
    "encoding",
    "headers",
    "idempotency_header",
    "id_path",
    "success",
    "sender",
    "national",
    "longest",
    "report_secret",
    "timeout",
}
_ADVICE = '{"url": "https://…", "token": "…", "fields": {"to": "{to}", "text": "{text}"}}'


def _configured(text: str) -> dict[str, Any]:
    try:
        entry = json.loads(text)
    except ValueError as error:
        raise configuration.ConfigurationError(
            f"MADOGUCHI_SMS: JSONとして読めません（{error}）。{_ADVICE} の形で指定してください。"
        ) from error
    if not isinstance(entry, dict) or not set(entry) >= _NEEDED or not set(entry) <= _ALLOWED:
        raise configuration.ConfigurationError(f"MADOGUCHI_SMS: {_ADVICE} の形で指定してください。")
    parts = urlsplit(str(entry["url"]))
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise configuration.ConfigurationError("MADOGUCHI_SMS: url は https:// で始めてください。")
    if "{to}" not in json.dumps(entry["fields"]) or "{text}" not in json.dumps(entry["fields"]):
        raise configuration.ConfigurationError("MADOGUCHI_SMS: fields に {to} と {text} を入れてください。")
    return entry


def simulator_secrets() -> tuple[str, str]:
    """Return the token and the report secret shared with the simulator, the same in every process of the installation."""
    seed = configuration.secret_key(configuration.home())
    return tuple(hashlib.sha256(f"sms simulator {use} {seed}".encode()).hexdigest() for use in ("token", "report"))  # type: ignore[return-value]


def _simulated() -> dict[str, Any]:
    url = configuration.simulators().get("sms", "")
    if not url or not configuration.flag("MADOGUCHI_DEMONSTRATION", default=False):
        return {}
    token, secret = simulator_secrets()
    return {
        "url": f"{url}/v1/messages",
        "token": token,
        "fields": {
            "to": "{to}",
            "text": "{text}",
            "from": "{sender}",
            "reference": "{reference}",
            "report_url": "{report_url}",
        },
        "id_path": "id",
        "sender": "MADOGUCHI",
        "report_secret": secret,
    }


_TEXT = os.environ.get("MADOGUCHI_SMS", "")
SMS_PROVIDER: dict[str, Any] = _configured(_TEXT) if _TEXT else _simulated()
"""The contract; empty while the channel is off."""
