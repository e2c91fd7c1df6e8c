"""
Outgoing mail: the server that takes it, whom it is from, where bounces go, and the keys it is signed with.

``MADOGUCHI_SMTP_URL`` is ``smtp://[user:password@]host[:port][?starttls=1][&ca=file]`` or ``smtps://…``; without it mail is
written to files, and in a demonstration with simulators the simulated server takes it. ``MADOGUCHI_MAIL_FROM`` is the sender
(``{city}`` becomes the city's name, ``{key}`` its key); ``MADOGUCHI_MAIL_RETURN_DOMAIN`` the domain bounces come back to;
``MADOGUCHI_DKIM`` a JSON object, ``{"key of the municipality, or *": {"selector": …, "domain": …, "key": "file.pem"}}``.
"""

from __future__ import annotations

import json
import os
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from . import configuration

__all__ = [
    "DEFAULT_FROM_EMAIL",
    "EMAIL_BACKEND",
    "EMAIL_FILE_PATH",
    "EMAIL_HOST",
    "EMAIL_HOST_PASSWORD",
    "EMAIL_HOST_USER",
    "EMAIL_PORT",
    "EMAIL_TIMEOUT",
    "EMAIL_USE_SSL",
    "EMAIL_USE_TLS",
    "MAIL_DKIM",
    "MAIL_FROM",
    "MAIL_JOURNAL",
    "MAIL_RETURN_DOMAIN",
    "OUTGOING_MAIL",
    "SERVER_EMAIL",
    "SMTP_SERVER",
]

_PORTS = {"smtp": 25, "smtps": 465}
_SHAPE = "smtp://利用者:鍵@ホスト:ポート?starttls=1 または smtps://利用者:鍵@ホスト:ポート の形で指定してください。"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_DKIM_SHAPE = '{"自治体のキー": {"selector": "…", "domain": "…", "key": "鍵のファイル"}}'
MOST_CONNECTIONS = 20


def parse_server(url: str) -> dict[str, Any]:
    """Return host, port, way of encryption (none, starttls, implicit), credentials and limits of a server's address."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError) as error:
        raise configuration.ConfigurationError(f"MADOGUCHI_SMTP_URL: {_SHAPE}") from error
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if not parts.hostname or parts.path not in {"", "/"} or set(options) - {"starttls", "ca", "connections"}:
        raise configuration.ConfigurationError(f"MADOGUCHI_SMTP_URL: {_SHAPE}")
    wants_tls = options.get("starttls", "").lower() in configuration.TRUE
    server = {
        "host": parts.hostname,
        "port": port,
        "encryption": "implicit" if parts.scheme == "smtps" else "starttls" if wants_tls else "none",
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "ca": _readable("MADOGUCHI_SMTP_URL", options.get("ca", "")),
        "connections": _connections(options.get("connections", "")),
    }
    if server["user"] and server["encryption"] == "none" and parts.hostname not in _LOOPBACK:
        raise configuration.ConfigurationError(
            "MADOGUCHI_SMTP_URL: 暗号化せずに利用者名と鍵を送ることはできません。?starttls=1 を付けるか smtps:// にしてください。"
        )
    return server


def _connections(text: str) -> int:
    if not text:
        return MOST_CONNECTIONS
    if not text.isdecimal() or not 1 <= int(text) <= MOST_CONNECTIONS:
        raise configuration.ConfigurationError(
            f"MADOGUCHI_SMTP_URL: connections は1〜{MOST_CONNECTIONS}の数にしてください。"
        )
    return int(text)


def _readable(name: str, path: str) -> str:
    if path and not Path(path).is_file():
        raise configuration.ConfigurationError(f"{name}: {path} というファイルはありません。")
    return path


def parse_keys(text: str) -> dict[str, dict[str, str]]:
    """Return the signing keys by municipality; a key that cannot be read is a ``ConfigurationError``."""
    if not text:
        return {}
    try:
        keys = json.loads(text)
        wanted = {"selector", "domain", "key"}
        is_right = isinstance(keys, dict) and all(isinstance(one, dict) and set(one) == wanted for one in keys.values())
    except ValueError:
        is_right = False
    if not is_right:
        raise configuration.ConfigurationError(f"MADOGUCHI_DKIM: {_DKIM_SHAPE} の形で指定してください。")
    for one in keys.values():
        _readable("MADOGUCHI_DKIM", one["key"])
    return dict(keys)


def _server() -> dict[str, Any] | None:
    if url := os.environ.get("MADOGUCHI_SMTP_URL", ""):
        return parse_server(url)
    simulated = configuration.simulators().get("mail", "")
    if simulated and configuration.flag("MADOGUCHI_DEMONSTRATION", default=False):
        return parse_server(f"smtp://{urlsplit(simulated).netloc}")
    return None


def _sender(server: dict[str, Any] | None) -> str:
    given = os.environ.get("MADOGUCHI_MAIL_FROM", "")
    if not given:
        is_simulated = server is not None and not os.environ.get("MADOGUCHI_SMTP_URL")
        return "{city} <koho@{key}.example.jp>" if is_simulated else ""
    try:
        address = parseaddr(given.format(city="city", key="key"))[1]
    except (KeyError, ValueError, IndexError):
        address = ""
    if "@" not in address:
        raise configuration.ConfigurationError(
            "MADOGUCHI_MAIL_FROM: 「{city} <koho@city.example.jp>」の形で指定してください。使えるのは {city} と {key} です。"
        )
    return given


SMTP_SERVER: dict[str, Any] | None = _server()
"""The server that takes our mail; None where no operator has named one."""
MAIL_FROM: str = _sender(SMTP_SERVER)
MAIL_RETURN_DOMAIN: str = os.environ.get("MADOGUCHI_MAIL_RETURN_DOMAIN", "").strip().lower()
MAIL_DKIM: dict[str, dict[str, str]] = parse_keys(os.environ.get("MADOGUCHI_DKIM", ""))
MAIL_JOURNAL = configuration.home() / "mail-journal"
"""What is known of mails between sending and marking; see ADR 0021."""
# Whether residents may have things mailed to themselves; off until an operator has set mail up.
OUTGOING_MAIL = configuration.flag("MADOGUCHI_MAIL", default=bool(os.environ.get("MADOGUCHI_SMTP_URL")))

# Mails of single pages (invitations, confirmations, checklists) go the same way. A demonstration writes them to files: its
# simulated server may not be running, and nobody should be kept from signing in by that.
_DIRECT = SMTP_SERVER if os.environ.get("MADOGUCHI_SMTP_URL") else None
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _DIRECT else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = configuration.home() / "mail"
EMAIL_HOST = _DIRECT["host"] if _DIRECT else "localhost"
EMAIL_PORT = _DIRECT["port"] if _DIRECT else 25
EMAIL_HOST_USER = _DIRECT["user"] if _DIRECT else ""
EMAIL_HOST_PASSWORD = _DIRECT["password"] if _DIRECT else ""
EMAIL_USE_TLS = _DIRECT is not None and _DIRECT["encryption"] == "starttls"
EMAIL_USE_SSL = _DIRECT is not None and _DIRECT["encryption"] == "implicit"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = (
    parseaddr(MAIL_FROM.format(city="", key="city"))[1] if MAIL_FROM else "webmaster@localhost"
)
