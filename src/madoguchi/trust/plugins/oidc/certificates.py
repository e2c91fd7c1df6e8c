"""Signature certificates (署名用電子証明書) of the public personal authentication: reading, chain, validity, revocation."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from madoguchi.kit import clock

from ...rules.identity import read_certificate_day, read_sex, split_address, split_name
from .profiles import Place
from .refusals import refuse

# 基本4情報 as otherName of the subject alternative name, and the policy of certificates for digital signatures.
_BASE = "1.2.392.200149.8.5"
NAME, SEX, BIRTH, ADDRESS = (f"{_BASE}.5.{number}" for number in (1, 3, 4, 5))
SIGNATURE_POLICY = f"{_BASE}.1.1.20"
_UTF8 = 0x0C


def verify_signature(certificate: x509.Certificate, signature: bytes, digest: bytes) -> None:
    """Check an RSA signature (PKCS #1 1.5, SHA-256) over a document's SHA-256; refuses any other."""
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < 2048:
        refuse("bad_certificate", "key")
    try:
        key.verify(signature, digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
    except InvalidSignature:
        refuse("wrong_signature")


def verify_chain(certificate: x509.Certificate, authorities: list[x509.Certificate]) -> x509.Certificate:
    """Return the configured authority that issued a certificate, both valid now; refuses every other certificate."""
    issuer = next((one for one in authorities if _issued(one, certificate)), None)
    if issuer is None:
        refuse("unknown_authority")
    now = clock.now()
    for one in (issuer, certificate):
        if not one.not_valid_before_utc <= now <= one.not_valid_after_utc:
            refuse("expired_certificate")
    _check_purpose(certificate)
    return issuer


def _issued(authority: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, TypeError, ValueError, x509.ExtensionNotFound):
        return False
    return constraints.ca


def _check_purpose(certificate: x509.Certificate) -> None:
    """A certificate for signing in (利用者証明用) must not pass for one that signs."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except (x509.ExtensionNotFound, ValueError):
        refuse("bad_certificate", "purpose")
    signs = usage.digital_signature or usage.content_commitment
    if not signs or SIGNATURE_POLICY not in {policy.policy_identifier.dotted_string for policy in policies}:
        refuse("bad_certificate", "policy")


def check_revocation(certificate: x509.Certificate, issuer: x509.Certificate, crl: bytes) -> None:
    """Look a certificate up in its authority's revocation list, which must be genuine and current."""
    try:
        revoked = x509.load_der_x509_crl(crl)
    except ValueError:
        refuse("revocation_unknown", "unreadable")
    if revoked.issuer != issuer.subject or not revoked.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
        refuse("revocation_unknown", "issuer")
    now = clock.now()
    until = revoked.next_update_utc
    if revoked.last_update_utc > now or until is None or until < now:
        refuse("revocation_unknown", "not current")
    if revoked.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
        refuse("revoked_certificate")


def read_person(certificate: x509.Certificate, place: Place) -> dict[str, Any]:
    """Return the four basic facts of a signature certificate as attributes; refuses one that lacks name or birth."""
    facts = _other_names(certificate)
    day = read_certificate_day(facts.get(BIRTH, ""))
    if not facts.get(NAME) or day is None:
        refuse("bad_certificate", "person")
    found: dict[str, Any] = {"person.name": split_name(facts[NAME]), "person.birth_date": day}
    if sex := read_sex(facts.get(SEX, "")):
        found["person.sex"] = sex
    if line := facts.get(ADDRESS):
        found["person.address"] = split_address(line, prefecture=place.prefecture, city=place.city)
    return found


def _other_names(certificate: x509.Certificate) -> dict[str, str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return {}
    found = {}
    for name in names.get_values_for_type(x509.OtherName):
        if text := _utf8(name.value):
            found[name.type_id.dotted_string] = text
    return found


def _utf8(der: bytes) -> str:
    """Read one DER UTF8String; anything else is no text."""
    if len(der) < 2 or der[0] != _UTF8:
        return ""
    if der[1] < 0x80:
        length, start = der[1], 2
    else:
        count = der[1] & 0x7F
        length, start = int.from_bytes(der[2 : 2 + count], "big"), 2 + count
    try:
        return "" if start + length != len(der) else der[start:].decode("utf-8").strip()
    except UnicodeDecodeError:
        return ""
