"""The key by which push services know who sends (VAPID): made once, kept below the data folder."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from py_vapid import Vapid02

from ...rules.push import encode

FILE = Path("keys") / "push-vapid.pem"


def vapid() -> Vapid02:
    """Return the installation's key; it is made at first use, by one process alone."""
    return _read(Path(settings.HOME) / FILE)


def public_key() -> str:
    """Return the public half as browsers want it (``applicationServerKey``): base64url of the uncompressed point."""
    point = vapid().public_key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return encode(point)


@lru_cache(maxsize=4)
def _read(path: Path) -> Vapid02:
    if not path.exists():
        _make(path)
    return Vapid02.from_pem(path.read_bytes())


def _make(path: Path) -> None:
    """Write a new key once: of two processes that try at the same moment, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
