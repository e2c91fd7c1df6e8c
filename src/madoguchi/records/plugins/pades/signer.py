"""The key of a seal, read once: reading and checking an RSA key takes longer than signing with it."""

from __future__ import annotations

from typing import Any

from asn1crypto import algos, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import CertificateStore

SealKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def seal_key(key: Any) -> SealKey:
    """Return a key that can seal; raises ``TypeError`` for another kind, ``ValueError`` for a short one."""
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < 2048:
            raise ValueError("an RSA key needs 2048 bits")
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key
    raise TypeError("neither an RSA nor an EC key")


class LoadedSigner(Signer):
    """Signs with a key held in memory (RSA PKCS #1 v1.5 or ECDSA)."""

    def __init__(self, *, certificate: x509.Certificate, key: SealKey, store: CertificateStore) -> None:
        self.key = key
        name = "rsassa_pkcs1v15" if isinstance(key, rsa.RSAPrivateKey) else "sha256_ecdsa"
        mechanism = algos.SignedDigestAlgorithm({"algorithm": name})
        super().__init__(
            signing_cert=certificate, cert_registry=store, signature_mechanism=mechanism, embed_roots=False
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Return the signature; a dry run only asks how long one is."""
        algorithm = _HASHES[digest_algorithm]
        if isinstance(self.key, rsa.RSAPrivateKey):
            return bytes(self.key.key_size // 8) if dry_run else self.key.sign(data, padding.PKCS1v15(), algorithm)
        # An ECDSA signature is DER of two numbers: nine bytes more at most.
        return bytes(2 * ((self.key.key_size + 7) // 8) + 9) if dry_run else self.key.sign(data, ec.ECDSA(algorithm))
