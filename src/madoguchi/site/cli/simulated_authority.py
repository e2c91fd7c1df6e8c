"""A certification authority like that of the public personal authentication (公的個人認証), for the identity simulator alone."""

from __future__ import annotations

import base64
import os
import secrets
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

from madoguchi.kit import era

BASE = "1.2.392.200149.8.5"
ERA_DIGITS = {"明治": "1", "大正": "2", "昭和": "3", "平成": "4", "令和": "5"}
CERTIFICATE, KEY = "authority.pem", "authority-key.pem"


def _name(unit: str, common: str = "") -> x509.Name:
    parts = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Madoguchi simulator"),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
    ]
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common)] if common else parts)


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class Authority:
    """Issues signature certificates with the four basic facts, and says which are revoked."""

    def __init__(self, folder: Path, *, revocation_address: str) -> None:
        """Take the authority of a folder, or make one there; ``authority.pem`` is its certificate."""
        self.address = revocation_address
        self.key, self.certificate = self._kept(folder) or self._made(folder)
        self.revoked: list[int] = []

    def _kept(self, folder: Path) -> tuple[rsa.RSAPrivateKey, x509.Certificate] | None:
        try:
            key = serialization.load_pem_private_key((folder / KEY).read_bytes(), None)
            certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE).read_bytes())
        except (OSError, ValueError):
            return None
        return (key, certificate) if isinstance(key, rsa.RSAPrivateKey) else None

    def _made(self, folder: Path) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
        key, certificate = _root()
        descriptor = os.open(folder / KEY, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_pem(key))
        (folder / CERTIFICATE).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return key, certificate

    def issue(self, person: dict[str, str], *, condition: str) -> tuple[str, str]:
        """
        Issue a certificate to a person; returns the private key (PEM) and the certificate (DER, base64).

        ``condition``: ``good``, ``revoked``, ``expired``, or ``foreign`` (of an authority nobody trusts).
        """
        key = _new_key()
        signer, issuer = (self.key, self.certificate) if condition != "foreign" else _root()
        now = datetime.now(UTC)
        end = now - timedelta(days=1) if condition == "expired" else now + timedelta(days=365)
        serial = x509.random_serial_number()
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name("JPKI for digital signature", secrets.token_hex(13).upper()))
            .issuer_name(issuer.subject)
            .public_key(key.public_key())
            .serial_number(serial)
            .not_valid_before(now - timedelta(days=400))
            .not_valid_after(end)
        )
        for extension, is_critical in self._extensions(person):
            builder = builder.add_extension(extension, critical=is_critical)
        certificate = builder.sign(signer, hashes.SHA256())
        if condition == "revoked":
            self.revoked.append(serial)
        der = certificate.public_bytes(serialization.Encoding.DER)
        return _pem(key).decode(), base64.b64encode(der).decode()

    def _extensions(self, person: dict[str, str]) -> list[tuple[x509.ExtensionType, bool]]:
        facts = {
            "1": person["name"].replace(" ", "　"),
            "3": person["gender"],
            "4": _era_date(person["birthdate"]),
            "5": person["address"],
        }
        names = [
            x509.OtherName(ObjectIdentifier(f"{BASE}.5.{number}"), _utf8_string(text)) for number, text in facts.items()
        ]
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=True,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=False,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )
        policy = x509.PolicyInformation(ObjectIdentifier(f"{BASE}.1.1.20"), None)
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(self.address)], None, None, None)
        return [
            (x509.SubjectAlternativeName(names), False),
            (usage, True),
            (x509.CertificatePolicies([policy]), True),
            (x509.CRLDistributionPoints([point]), False),
        ]

    def revocation_list(self) -> str:
        """Return the current revocation list (DER, base64), good for a week."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now - timedelta(minutes=5))
            .next_update(now + timedelta(days=7))
        )
        for serial in self.revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - timedelta(days=2))
            builder = builder.add_revoked_certificate(entry.build())
        listed = builder.sign(self.key, hashes.SHA256())
        return base64.b64encode(listed.public_bytes(serialization.Encoding.DER)).decode()


def _root() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key, now, name = _new_key(), datetime.now(UTC), _name("JPKI for digital signature")
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=800))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _era_date(day: str) -> str:
    """Return YYYYMMDD with the digit of its era in front, as the certificates have it."""
    found = era.to_era(date(int(day[:4]), int(day[4:6]), int(day[6:])))
    return (ERA_DIGITS.get(found[0].name, "0") if found else "0") + day


def _utf8_string(text: str) -> bytes:
    content = text.encode()
    if len(content) < 0x80:
        return bytes([0x0C, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([0x0C, 0x80 | len(length)]) + length + content
