"""The key a municipality signs its CAP messages with: made once, below the data folder, carried by backups."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from madoguchi.kit import clock
from madoguchi.trust.api import Municipality, municipality_in_scope

from ...rules.cap.signing import make_key_pair


def own_key() -> tuple[bytes, bytes]:
    """Return key and certificate (PEM) of the municipality in scope; made the first time."""
    municipality = municipality_in_scope()
    return _read(_path(municipality), municipality)


def own_certificate() -> bytes:
    """Return the certificate (PEM) others verify the CAP messages of the municipality in scope with."""
    return own_key()[1]


def trusted_certificates() -> list[bytes]:
    """Return the certificates (PEM) of those whose CAP messages are taken in; none: signatures are not asked for."""
    return [Path(path).read_bytes() for path in settings.CAP_TRUSTED]


def _path(municipality: Municipality) -> Path:
    return Path(settings.CAP_KEY_FOLDER) / f"{municipality.key}.pem"


@lru_cache(maxsize=256)
def _load(path: Path, changed: float) -> tuple[bytes, bytes]:
    content = path.read_bytes()
    at = content.index(b"-----BEGIN CERTIFICATE-----")
    return content[:at], content[at:]


def _read(path: Path, municipality: Municipality) -> tuple[bytes, bytes]:
    if not path.exists():
        _make(path, municipality)
    return _load(path, path.stat().st_mtime)


def _make(path: Path, municipality: Municipality) -> None:
    """Write key and certificate as one file, so that they always belong together; of two processes the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key, certificate = make_key_pair(name=municipality.name, common_name=f"CAP JP{municipality.code}", now=clock.now())
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key + certificate)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
