"""The key and the certificates of a municipality's seal, and the roots that are trusted."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import httpx
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko_certvalidator.registry import SimpleCertificateStore

from madoguchi.trust.api import Municipality

from ...errors import SealError, SealUnavailableError
from .signer import LoadedSigner, SealKey, seal_key


@dataclass(frozen=True, slots=True)
class SealIdentity:
    """A seal: what signs with it, its certificate, those above it, and the roots it leads to."""

    signer: LoadedSigner
    certificate: asn1_x509.Certificate
    chain: tuple[asn1_x509.Certificate, ...]
    roots: tuple[asn1_x509.Certificate, ...]


def identity_of(municipality: Municipality) -> SealIdentity:
    """
    Return the seal of a municipality as configured; a demonstration makes a key and has it certified once.

    Raises ``SealError`` naming the setting that is wrong, ``SealUnavailableError`` when the simulated authority is not there.
    """
    paths = _configured(municipality)
    if paths is None:
        paths = _simulated(municipality)
    stamp = tuple((path, Path(path).stat().st_mtime_ns) for path in paths if path)
    return _load(paths, stamp, settings.SEAL_PASSWORD, trusted_root_files())


def _configured(municipality: Municipality) -> tuple[str, str, str] | None:
    found = tuple(
        text.replace("{municipality}", municipality.key)
        for text in (settings.SEAL_PKCS12, settings.SEAL_KEY, settings.SEAL_CERTIFICATE)
    )
    if not any(found):
        return None
    for name, path in zip(("PKCS12", "KEY", "CERTIFICATE"), found, strict=True):
        if path and not Path(path).is_file():
            raise SealError(
                _("電子署名の鍵のファイルがありません（MADOGUCHI_SEAL_%(name)s=%(path)s）。")
                % {"name": name, "path": path}
            )
    return found[0], found[1], found[2]


def _simulated(municipality: Municipality) -> tuple[str, str, str]:
    if not settings.SEAL_AUTHORITY:
        raise SealError(
            _(
                "電子署名の鍵が設定されていません。MADOGUCHI_SEAL_PKCS12（または MADOGUCHI_SEAL_KEY と"
                " MADOGUCHI_SEAL_CERTIFICATE）を設定してください。"
            )
        )
    folder: Path = settings.SEAL_FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key, certificate = folder / f"{municipality.key}.key", folder / f"{municipality.key}.pem"
    if not certificate.exists():
        _enrol(municipality, key, certificate)
    return "", str(key), str(certificate)


def _enrol(municipality: Municipality, key_path: Path, certificate_path: Path) -> None:
    key = _own_key(key_path)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, municipality.name),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{municipality.name}長（見本）"),
        ]
    )
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    body = request.public_bytes(serialization.Encoding.PEM)
    try:
        answer = httpx.post(f"{settings.SEAL_AUTHORITY}/enrol", content=body, timeout=settings.SEAL_TIMEOUT)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise SealUnavailableError(
            _("見本の認証局（%(address)s）が応答しません。madoguchi simulator authority を動かしてください。")
            % {"address": settings.SEAL_AUTHORITY}
        ) from error
    _write_private(certificate_path, answer.content)


def _own_key(path: Path) -> rsa.RSAPrivateKey:
    if not path.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        body = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _write_private(path, body)
    loaded = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(loaded, rsa.RSAPrivateKey):
        raise SealError(_("電子署名の鍵を読み取れません（%(path)s）。") % {"path": str(path)})
    return loaded


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read; where two come at once, the first one's stays."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def trusted_root_files() -> tuple[str, ...]:
    """Return the files with trusted roots: those configured, and the simulated authority's where there is one."""
    files = [str(path) for path in settings.SEAL_ROOTS]
    if settings.SEAL_AUTHORITY:
        path: Path = settings.SEAL_FOLDER / "simulated-root.pem"
        if not path.exists():
            _fetch_root(path)
        files.append(str(path))
    return tuple(files)


def _fetch_root(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        answer = httpx.get(f"{settings.SEAL_AUTHORITY}/root.pem", timeout=settings.SEAL_TIMEOUT)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise SealUnavailableError(
            _("見本の認証局（%(address)s）が応答しません。madoguchi simulator authority を動かしてください。")
            % {"address": settings.SEAL_AUTHORITY}
        ) from error
    _write_private(path, answer.content)


def trusted_roots() -> tuple[asn1_x509.Certificate, ...]:
    """Return the roots that are trusted for seals and time stamps; raises ``SealError`` for a file that holds none."""
    return _roots(trusted_root_files())


@lru_cache(maxsize=8)
def _roots(files: tuple[str, ...]) -> tuple[asn1_x509.Certificate, ...]:
    found: list[asn1_x509.Certificate] = []
    for file in files:
        try:
            found += _certificates(Path(file).read_bytes())
        except (OSError, ValueError) as error:
            raise SealError(
                _("信頼するルート証明書を読み取れません（MADOGUCHI_SEAL_ROOTS、%(path)s）。") % {"path": file}
            ) from error
    return tuple(found)


def _certificates(data: bytes) -> list[asn1_x509.Certificate]:
    if not pem.detect(data):
        return [asn1_x509.Certificate.load(data)]
    return [asn1_x509.Certificate.load(der) for _name, _headers, der in pem.unarmor(data, multiple=True)]


@lru_cache(maxsize=256)
def _load(
    paths: tuple[str, str, str], stamp: tuple[tuple[str, int], ...], password: str, root_files: tuple[str, ...]
) -> SealIdentity:
    secret = password.encode() or None
    try:
        key, certificate, chain = _read_pkcs12(paths[0], secret) if paths[0] else _read_pem(paths[1], paths[2], secret)
    except (ValueError, TypeError, OSError, IndexError) as error:
        raise SealError(
            _("電子署名の鍵を開けません（%(path)s）。ファイルと MADOGUCHI_SEAL_PASSWORD を確かめてください。")
            % {"path": paths[0] or paths[1]}
        ) from error
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    roots = _roots(root_files)
    store.register_multiple(chain)
    signer = LoadedSigner(certificate=certificate, key=key, store=store)
    return SealIdentity(signer, certificate, tuple(chain), roots)


def _read_pkcs12(path: str, secret: bytes | None) -> tuple[SealKey, asn1_x509.Certificate, list[asn1_x509.Certificate]]:
    key, certificate, others = pkcs12.load_key_and_certificates(Path(path).read_bytes(), secret)
    if key is None or certificate is None:
        raise ValueError("no key or no certificate")
    return seal_key(key), _asn1(certificate), [_asn1(other) for other in others]


def _read_pem(
    key_path: str, certificate_path: str, secret: bytes | None
) -> tuple[SealKey, asn1_x509.Certificate, list[asn1_x509.Certificate]]:
    data = Path(key_path).read_bytes()
    key = serialization.load_pem_private_key(data, secret if b"ENCRYPTED" in data else None)
    first, *others = _certificates(Path(certificate_path).read_bytes())
    return seal_key(key), first, others


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
