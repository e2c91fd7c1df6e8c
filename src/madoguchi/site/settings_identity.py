"""
Identity providers: who may vouch for a person, and where.

None by default, and then nobody outside is ever asked. ``MADOGUCHI_IDENTITY_PROVIDERS`` is a JSON list of providers, or the path of
a file with one (see docs/guide/identity.md). In a demonstration with simulators the two public services are simulated.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from . import configuration

__all__ = [
    "IDENTITY_ATTEMPT_MINUTES",
    "IDENTITY_FOLDER",
    "IDENTITY_FRESH_MINUTES",
    "IDENTITY_ORIGINS",
    "IDENTITY_PROVIDERS",
    "IDENTITY_STARTS_PER_ADDRESS",
    "SIGNATURE_KEEPS_CERTIFICATE",
    "SIMULATED_GBIZID_SECRET",
]

VARIABLE = "MADOGUCHI_IDENTITY_PROVIDERS"
NEEDED = {"key": str, "profile": str, "issuer": str, "client_id": str}
ALLOWED = NEEDED | {
    "client_secret": str,
    "client_secret_file": str,
    "label": str,
    "acr": list,
    "municipalities": list,
    "signature": dict,
}
PROFILES = ("digital_auth_app", "gbizid")

IDENTITY_FOLDER = configuration.home() / "identity"
"""Where the client's private keys lie, made once when they are needed first."""

IDENTITY_FRESH_MINUTES = 15
"""Minutes for which a provider's word is enough to send something."""

IDENTITY_ATTEMPT_MINUTES = 10
"""Minutes within which somebody has to be back from a provider."""

IDENTITY_STARTS_PER_ADDRESS = 60
"""How often one address may start out within those minutes; a city hall's counters stand behind one."""

SIGNATURE_KEEPS_CERTIFICATE = configuration.flag("MADOGUCHI_SIGNATURE_KEEPS_CERTIFICATE", default=False)
"""Whether the signature certificate itself is kept; a municipality may as a 署名検証者, others may not."""

SIMULATED_GBIZID_SECRET = "gbizid-no-mihon"  # noqa: S105 - published on purpose: the simulator's, worth nothing elsewhere


def _wrong(what: str) -> configuration.ConfigurationError:
    return configuration.ConfigurationError(f"{VARIABLE}: {what}")


def _read() -> list[dict[str, Any]]:
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return []
    try:
        found = json.loads(text if text.startswith("[") else Path(text).read_text(encoding="utf-8"))
    except OSError as error:
        raise _wrong(f"ファイルを読めません（{error.strerror}）。") from error
    except ValueError as error:
        raise _wrong(f"JSONとして読めません（{error}）。") from error
    if not isinstance(found, list):
        raise _wrong("JSONの配列にしてください。")
    return [_checked(entry, place) for place, entry in enumerate(found, start=1)]


def _checked(entry: object, place: int) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise _wrong(f"{place}件目をオブジェクトにしてください。")
    for name, kind in ALLOWED.items():
        if name in NEEDED and not entry.get(name):
            raise _wrong(f"{place}件目に {name} がありません。")
        if name in entry and not isinstance(entry[name], kind):
            raise _wrong(f"{place}件目の {name} の型が違います。")
    if unknown := sorted(set(entry) - set(ALLOWED)):
        raise _wrong(f"{place}件目に知らない項目があります: {', '.join(unknown)}")
    if entry["profile"] not in PROFILES:
        raise _wrong(f"{place}件目の profile は {'、'.join(PROFILES)} のどれかにしてください。")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", entry["key"]):
        raise _wrong(f"{place}件目の key は英小文字・数字・「_」にしてください。")
    try:
        urlsplit(entry["issuer"])
    except ValueError as error:
        raise _wrong(f"{place}件目の issuer がアドレスではありません。") from error
    secret_file = entry.pop("client_secret_file", "")
    if secret_file:
        try:
            entry["client_secret"] = Path(secret_file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise _wrong(f"{place}件目の client_secret_file を読めません（{error.strerror}）。") from error
    return entry


def simulated(address: str, folder: Path) -> list[dict[str, Any]]:
    """Return the providers that the simulator at an address plays; its authority's certificate lies in the folder."""
    return [
        {
            "key": "digital_auth_app",
            "profile": "digital_auth_app",
            "issuer": f"{address}/api/realms/main",
            "client_id": "madoguchi",
            "signature": {
                "api": f"{address}/api",
                "authorities": [str(folder / "authority.pem")],
                "revocation_list": f"{address}/crl/sign.crl",
            },
        },
        {
            "key": "gbizid",
            "profile": "gbizid",
            "issuer": f"{address}/oauth/",
            "client_id": "madoguchi",
            "client_secret": SIMULATED_GBIZID_SECRET,
        },
    ]


def _providers() -> list[dict[str, Any]]:
    given = _read()
    address = configuration.simulators().get("identity", "")
    if given or not address or not configuration.flag("MADOGUCHI_DEMONSTRATION", default=False):
        return given
    return simulated(address, configuration.home() / "simulators" / "identity")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


IDENTITY_PROVIDERS = _providers()
"""The configured providers, as ``plugins.oidc.provider_from`` takes them."""

IDENTITY_ORIGINS = sorted({_origin(entry["issuer"]) for entry in IDENTITY_PROVIDERS})
"""Origins a form of ours may lead to (Content Security Policy ``form-action``)."""
