"""
The simulated authority's keys, certificates, and answers.

A root (見本の認証局) certifies an issuing CA and the time stamp authority; the issuing CA certifies the seals of
municipalities. State of seals is told by OCSP (RFC 6960), of the CA and the TSA by a CRL (RFC 5280), time by RFC 3161.
Everything lies in one folder that only its owner can read; it is made once.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import algos, keys, ocsp, tsp
from asn1crypto import x509 as asn1_x509
from certomancer.services import (
    CertomancerServiceError,
    RevocationInfoInterface,
    SimpleOCSPResponder,
    TimeStamper,
    issuer_match,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

ROOT, ISSUING, TSA = "root", "issuing", "tsa"
NAMES = {
    ROOT: "見本 ルート認証局（試験用）",
    ISSUING: "見本 職責証明書発行局（試験用）",
    TSA: "見本 時刻認証局（試験用）",
}
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
_RSA = algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})
# The library reads the key anew for each answer, which takes an RSA key as long as everything else together.
_ECDSA = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
_CRL_REASONS = {"key_compromise": x509.ReasonFlags.key_compromise, "superseded": x509.ReasonFlags.superseded}


@dataclass(frozen=True, slots=True)
class AuthorityOptions:
    """How long certificates and answers are good for."""

    root: timedelta = timedelta(days=365 * 30)
    issuing: timedelta = timedelta(days=365 * 15)
    tsa: timedelta = timedelta(days=365 * 10)
    seal: timedelta = timedelta(days=365 * 3)
    answer: timedelta = timedelta(hours=6)


class SimulatedAuthority:
    """The authority on a folder; ``address`` is where its answers are fetched, written into the certificates."""

    def __init__(
        self,
        folder: Path,
        address: str,
        options: AuthorityOptions | None = None,
        *,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.folder, self.address, self.options = folder, address.rstrip("/"), options or AuthorityOptions()
        self.now = now or (lambda: datetime.now(UTC))
        self.lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.keys = {name: self._key(name) for name in NAMES}
        self.certificates = {name: self._certificate(name) for name in NAMES}
        self._crl: tuple[datetime, bytes] | None = None
        self._timestamper = TimeStamper(
            tsa_cert=_asn1(self.certificates[TSA]),
            tsa_key=_asn1_key(self.keys[TSA]),
            signature_algo=_ECDSA,
            certs_to_embed=[_asn1(self.certificates[ROOT])],
        )

    def root_pem(self) -> bytes:
        """Return the root's certificate."""
        return self.certificates[ROOT].public_bytes(serialization.Encoding.PEM)

    def issue(self, request: bytes) -> bytes:
        """Return certificate and issuing CA (PEM) for a signing request (PEM); raises ``ValueError`` for a bad one."""
        asked = x509.load_pem_x509_csr(request)
        if not asked.is_signature_valid:
            raise ValueError("the signature of the request is wrong")
        key = asked.public_key()
        if not isinstance(key, rsa.RSAPublicKey) or key.key_size < 2048:
            raise ValueError("an RSA key of 2048 bits is needed")
        certificate = self._build(asked.subject, key, ISSUING, self.options.seal, _seal_extensions(self.address))
        issued = self.folder / "issued"
        issued.mkdir(exist_ok=True, mode=0o700)
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        _write(issued / f"{certificate.serial_number:x}.pem", pem)
        return pem + self.certificates[ISSUING].public_bytes(serialization.Encoding.PEM)

    def revoke(self, serial: int, reason: str = "key_compromise") -> None:
        """Revoke a certificate as of now; raises ``ValueError`` for an unknown serial or reason."""
        known = {certificate.serial_number for certificate in self.certificates.values()}
        if serial not in known and not (self.folder / "issued" / f"{serial:x}.pem").exists():
            raise ValueError("no certificate has this serial number")
        if reason not in _CRL_REASONS:
            raise ValueError("unknown reason")
        with self.lock:
            revoked = self._revoked()
            revoked.setdefault(f"{serial:x}", {"at": self.now().isoformat(), "reason": reason})
            _write(self.folder / "revoked.json", json.dumps(revoked).encode())
            self._crl = None

    def timestamp(self, request: bytes) -> bytes:
        """Answer a time stamp request (RFC 3161)."""
        answer: bytes = self._timestamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump()
        return answer

    def status(self, request: bytes) -> bytes:
        """Answer a question about the state of a seal's certificate (OCSP)."""
        responder = SimpleOCSPResponder(
            responder_cert=_asn1(self.certificates[ISSUING]),
            responder_key=_asn1_key(self.keys[ISSUING]),
            signature_algo=_RSA,
            at_time=self.now().replace(microsecond=0),
            revinfo_interface=_States(self),
            validity=self.options.answer,
        )
        answer: bytes = responder.build_ocsp_response(ocsp.OCSPRequest.load(request)).dump()
        return answer

    def revocation_list(self) -> bytes:
        """Return the root's list of revoked certificates (CRL), made again when half of its time is over."""
        with self.lock:
            now = self.now()
            if self._crl is None or not self._crl[0] <= now < self._crl[0] + self.options.answer / 2:
                self._crl = (now, self._build_crl(now))
            return self._crl[1]

    def _build_crl(self, now: datetime) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificates[ROOT].subject)
            .last_update(now)
            .next_update(now + self.options.answer)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.keys[ROOT].public_key()), critical=False
            )
        )
        for serial, entry in self._revoked().items():
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(int(serial, 16))
                .revocation_date(datetime.fromisoformat(entry["at"]))
                .add_extension(x509.CRLReason(_CRL_REASONS[entry["reason"]]), critical=False)
                .build()
            )
        return builder.sign(self.keys[ROOT], hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _revoked(self) -> dict[str, dict[str, str]]:
        try:
            found: dict[str, dict[str, str]] = json.loads((self.folder / "revoked.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def _key(self, name: str) -> PrivateKey:
        path = self.folder / f"{name}.key"
        if not path.exists():
            _write(path, _new_key_pem(name))
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise TypeError(f"{path}: neither an RSA nor an EC key")
        return key

    def _certificate(self, name: str) -> x509.Certificate:
        path = self.folder / f"{name}.pem"
        if not path.exists():
            certificate = self._make(name)
            _write(path, certificate.public_bytes(serialization.Encoding.PEM))
        return x509.load_pem_x509_certificate(path.read_bytes())

    def _make(self, name: str) -> x509.Certificate:
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "見本"),
                x509.NameAttribute(NameOID.COMMON_NAME, NAMES[name]),
            ]
        )
        life = {ROOT: self.options.root, ISSUING: self.options.issuing, TSA: self.options.tsa}[name]
        extensions = _authority_extensions() if name != TSA else _tsa_extensions()
        if name != ROOT:
            extensions.append((_crl_point(self.address), False))
        return self._build(subject, self.keys[name].public_key(), ROOT, life, extensions)

    def _build(
        self,
        subject: x509.Name,
        key: PublicKey,
        issuer: str,
        life: timedelta,
        extensions: Sequence[tuple[x509.ExtensionType, bool]],
    ) -> x509.Certificate:
        now = self.now()
        above = getattr(self, "certificates", {}).get(issuer) or self._above(issuer, subject)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(above if isinstance(above, x509.Name) else above.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + life)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.keys[issuer].public_key()), critical=False
            )
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.keys[issuer], hashes.SHA256())

    def _above(self, issuer: str, subject: x509.Name) -> x509.Certificate | x509.Name:
        path = self.folder / f"{issuer}.pem"
        return x509.load_pem_x509_certificate(path.read_bytes()) if path.exists() else subject


class _States(RevocationInfoInterface):
    """What the responder asks: who issues, and what is the state of a serial number."""

    def __init__(self, authority: SimulatedAuthority) -> None:
        self.authority = authority

    def get_issuer_cert(self) -> asn1_x509.Certificate:
        return _asn1(self.authority.certificates[ISSUING])

    def check_revocation_status(self, cid: ocsp.CertId, at_time: datetime) -> tuple[ocsp.CertStatus, list[Any]]:
        if not issuer_match(cid, self.get_issuer_cert()):
            raise CertomancerServiceError("not issued here")
        serial = f"{cid['serial_number'].native:x}"
        if not (self.authority.folder / "issued" / f"{serial}.pem").exists():
            return ocsp.CertStatus("unknown"), []
        entry = self.authority._revoked().get(serial)
        if entry is None:
            return ocsp.CertStatus("good"), []
        info = {
            "revocation_time": datetime.fromisoformat(entry["at"]).replace(microsecond=0),
            "revocation_reason": entry["reason"],
        }
        return ocsp.CertStatus("revoked", ocsp.RevokedInfo(info)), []


def _new_key_pem(name: str) -> bytes:
    """Return a new key as PEM without a password; the file's mode protects it."""
    key: PrivateKey = (
        ec.generate_private_key(ec.SECP256R1())
        if name == TSA
        else rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    fresh = path.with_name(f".{path.name}.part")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    fresh.replace(path)


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _asn1_key(key: PrivateKey) -> keys.PrivateKeyInfo:
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return keys.PrivateKeyInfo.load(der)


def _usage(**wanted: bool) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names})


def _authority_extensions() -> list[tuple[x509.ExtensionType, bool]]:
    return [
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (_usage(key_cert_sign=True, crl_sign=True, digital_signature=True), True),
    ]


def _tsa_extensions() -> list[tuple[x509.ExtensionType, bool]]:
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(digital_signature=True), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
    ]


def _seal_extensions(address: str) -> list[tuple[x509.ExtensionType, bool]]:
    places = [
        x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{address}/ocsp"))
    ]
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(digital_signature=True, content_commitment=True), True),
        (x509.AuthorityInformationAccess(places), False),
    ]


def _crl_point(address: str) -> x509.CRLDistributionPoints:
    names = [x509.UniformResourceIdentifier(f"{address}/crl")]
    return x509.CRLDistributionPoints([x509.DistributionPoint(names, None, None, None)])
