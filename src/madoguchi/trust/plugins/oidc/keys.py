"""The installation's own keys as a client: one to sign assertions, one with which results are encrypted for it."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from joserfc.jwk import RSAKey

SIGNING, ENCRYPTION = "client-signing-key.pem", "client-encryption-key.pem"


def signing_key() -> RSAKey:
    """Return the private key that signs client assertions (private_key_jwt, RS256)."""
    return _key(Path(settings.IDENTITY_FOLDER) / SIGNING, "sig", "RS256")


def encryption_key() -> RSAKey:
    """Return the private key that opens signature results (JWE, RSA-OAEP-256)."""
    return _key(Path(settings.IDENTITY_FOLDER) / ENCRYPTION, "enc", "RSA-OAEP-256")


def public_jwks() -> dict[str, Any]:
    """Return the public halves as a JWK set, for the providers."""
    return {"keys": [key.as_dict(private=False) for key in (signing_key(), encryption_key())]}


@lru_cache(maxsize=8)
def _key(path: Path, use: str, algorithm: str) -> RSAKey:
    if not path.exists():
        _make(path)
    key = RSAKey.import_key(path.read_bytes(), {"use": use, "alg": algorithm})
    key.ensure_kid()
    return key


def _make(path: Path) -> None:
    """Write a new key once: of two processes that try at the same moment, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
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
