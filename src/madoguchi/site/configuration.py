"""What an operator sets from outside: environment variables, read once, with plain messages when they are wrong."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

TRUE = {"1", "true", "yes", "on"}
SIMULATED = ("payment", "authority", "identity", "mail", "line", "sms", "push", "jma")
"""Outside services there are simulators of, in the order of their ports."""


class ConfigurationError(Exception):
    """A setting cannot be used; the message names it and says what to write instead."""


def flag(name: str, *, default: bool) -> bool:
    """Return a yes/no setting."""
    text = os.environ.get(name)
    return default if text is None or text == "" else text.lower() in TRUE


def home() -> Path:
    """Return the data folder (``MADOGUCHI_HOME``, default ``./var``), made if it is missing."""
    path = Path(os.environ.get("MADOGUCHI_HOME") or "var").expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"MADOGUCHI_HOME={path}: {error.strerror}. 書き込めるフォルダを指定してください。"
        ) from error
    return path


def secret_key(folder: Path) -> str:
    """Return ``MADOGUCHI_SECRET_KEY``, or a key made once and kept in the data folder, readable by its owner only."""
    if given := os.environ.get("MADOGUCHI_SECRET_KEY"):
        return given
    path = folder / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key


def database(folder: Path) -> dict[str, Any]:
    """Return Django's database settings from ``MADOGUCHI_DATABASE_URL`` (``sqlite:///…`` or ``postgresql://…``)."""
    url = os.environ.get("MADOGUCHI_DATABASE_URL") or f"sqlite:///{folder / 'madoguchi.sqlite3'}"
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path.removeprefix("/")) if parts.path.startswith("//") else unquote(parts.path))
    if parts.scheme in {"postgresql", "postgres"}:
        return _postgresql(url)
    raise ConfigurationError(
        "MADOGUCHI_DATABASE_URL: sqlite:///パス または postgresql://利用者:鍵@ホスト/名前 の形で指定してください。"
    )


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "madoguchi.trust.plugins.turns_sqlite",
        "NAME": path,
        # Tests run in memory, as with Django's own engine.
        "TEST": {"NAME": ":memory:"},
        # Closing the last connection writes the log back into the file: that would make every request wait for the disk.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "madoguchi.trust.plugins.rls_postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # The role the web server and the worker use, when the tables belong to another one; migrations grant it its rights.
        "ROLE": os.environ.get("MADOGUCHI_DATABASE_ROLE", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def simulators() -> dict[str, str]:
    """
    Return the addresses of the simulators of outside services: payment, authority (CA and TSA), identity, mail (SMTP),
    line (Messaging API), sms, push (web push service), jma (feed of the Meteorological Agency).

    They stand on eight ports in a row from ``MADOGUCHI_SIMULATOR_PORT``; empty where it is not set, and then no simulator
    is ever asked.
    """
    text = os.environ.get("MADOGUCHI_SIMULATOR_PORT", "")
    if not text:
        return {}
    if not text.isdecimal() or not 1 <= int(text) <= 65528:
        raise ConfigurationError("MADOGUCHI_SIMULATOR_PORT: 1〜65528 の番号を指定してください。")
    return {name: f"http://127.0.0.1:{int(text) + place}" for place, name in enumerate(SIMULATED)}
