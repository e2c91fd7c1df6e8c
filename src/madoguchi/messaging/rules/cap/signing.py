"""Enveloped XML signatures of CAP messages (CAP 1.2 section 3.3.4.1; RSA with SHA-256)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, XMLVerifier

from .checking import parse_cap
from .documents import SIGNATURE_NAMESPACE

YEARS = timedelta(days=3652)
METHODS = frozenset(
    {SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA512, SignatureMethod.ECDSA_SHA256, SignatureMethod.ECDSA_SHA512}
)


class SignatureError(ValueError):
    """A message is not signed by anybody who is trusted, or was changed since."""


def sign_cap(root: etree._Element, *, key: bytes, certificate: bytes) -> etree._Element:
    """Return the message with an enveloped signature at its end; key and certificate are PEM."""
    private = serialization.load_pem_private_key(key, None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise SignatureError("the key is not an RSA key")
    return XMLSigner().sign(root, key=private, cert=[x509.load_pem_x509_certificate(certificate)])


def is_signed(root: etree._Element) -> bool:
    """Tell whether a message carries a signature of its own."""
    return root.find(f"{{{SIGNATURE_NAMESPACE}}}Signature") is not None


def verify_cap(data: bytes, *, certificates: Sequence[bytes], now: datetime) -> etree._Element:
    """
    Return what of a message is signed by the holder of one of the certificates (PEM), and nothing else.

    The signature has to be at the top and to cover the whole message. Raises ``SignatureError``, ``CapError``.
    """
    root = parse_cap(data)
    if not is_signed(root):
        raise SignatureError("the message is not signed")
    config = SignatureConfiguration(location="./", signature_methods=METHODS, verification_time=now)
    for pem in certificates:
        certificate = x509.load_pem_x509_certificate(pem)
        try:
            found = XMLVerifier().verify(root, x509_cert=certificate, expect_config=config)
        except (SignXMLException, InvalidSignature, etree.LxmlError, ValueError):
            continue
        signed = None if isinstance(found, list) else found.signed_xml
        if signed is not None and signed.tag == root.tag and _is_whole(signed, root):
            return signed
    raise SignatureError("the signature is not one of those that are trusted, or the message was changed")


def _is_whole(signed: etree._Element, root: etree._Element) -> bool:
    """Tell whether what is signed is the message but for its signatures."""
    own = [child.tag for child in root if child.tag != f"{{{SIGNATURE_NAMESPACE}}}Signature"]
    return own == [child.tag for child in signed]


def make_key_pair(*, name: str, common_name: str, now: datetime) -> tuple[bytes, bytes]:
    """Return a new RSA key and a certificate of ten years that it signs itself, both PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret, certificate.public_bytes(serialization.Encoding.PEM)
