"""
Seals: keys, certificates, time stamps, revocation, and the fonts of what is sealed.

A municipality's seal (職責証明書 of LGPKI or one of a certified provider) is given as a PKCS#12 file, or as a PEM key and a
PEM file with its certificate and the ones above it; ``{municipality}`` in a path stands for the municipality's key. Where
none is given and the simulated authority is there (``MADOGUCHI_SIMULATOR_PORT``), a key is made in the data folder and the
simulated authority certifies it.
"""

from __future__ import annotations

import os
from pathlib import Path

from . import configuration

_home = configuration.home()
_simulator = configuration.simulators().get("authority", "")


def _paths(name: str) -> list[Path]:
    return [Path(part).expanduser() for part in os.environ.get(name, "").split(os.pathsep) if part]


def _seconds(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal():
        raise configuration.ConfigurationError(f"{name}={text}: 秒数を整数で指定してください。")
    return int(text)


SEAL_FOLDER = _home / "seals"
"""Keys made here and what was learnt of certificates; readable by its owner only."""
SEAL_PKCS12 = os.environ.get("MADOGUCHI_SEAL_PKCS12", "")
SEAL_KEY = os.environ.get("MADOGUCHI_SEAL_KEY", "")
SEAL_CERTIFICATE = os.environ.get("MADOGUCHI_SEAL_CERTIFICATE", "")
SEAL_PASSWORD = os.environ.get("MADOGUCHI_SEAL_PASSWORD", "")
SEAL_ROOTS = _paths("MADOGUCHI_SEAL_ROOTS")
"""PEM files with the roots that are trusted for seals and time stamps."""
SEAL_TSA = os.environ.get("MADOGUCHI_SEAL_TSA", "") or (f"{_simulator}/tsa" if _simulator else "")
SEAL_TSA_USER = os.environ.get("MADOGUCHI_SEAL_TSA_USER", "")
SEAL_TSA_PASSWORD = os.environ.get("MADOGUCHI_SEAL_TSA_PASSWORD", "")
SEAL_AUTHORITY = _simulator
"""The simulated authority, empty where there is none."""
SEAL_REVOCATION_SECONDS = _seconds("MADOGUCHI_SEAL_REVOCATION_SECONDS", 600)
"""For how long an answer about the state of a certificate is used again, within what the answer itself allows."""
SEAL_TIMEOUT = _seconds("MADOGUCHI_SEAL_TIMEOUT", 10)
SEAL_RENEW_DAYS = _seconds("MADOGUCHI_SEAL_RENEW_DAYS", 90)
"""How many days before the end of the last time stamp's certificate a further time stamp is added."""
DOCUMENT_FONTS = [*_paths("MADOGUCHI_FONTS"), Path("/usr/share/fonts/truetype/ipamj")]
"""Folders with fonts for characters that BIZ UD lacks."""
DOCUMENT_ADDRESS = os.environ.get("MADOGUCHI_PUBLIC_URL", "")
"""How residents reach the installation, such as ``https://{host}``; printed on documents in QR codes."""
