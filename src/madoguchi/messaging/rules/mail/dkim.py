"""
DKIM signatures (RFC 6376, Ed25519: RFC 8463), relaxed headers and simple body.

The signature covers the headers of one-click unsubscription, as RFC 8058 demands.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SIGNED = (
    "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "auto-submitted",
    "list-unsubscribe", "list-unsubscribe-post",
)  # fmt: skip
_SPACES = re.compile(rb"[ \t]+")
SMALLEST_RSA = 1024


class KeyUnusableError(ValueError):
    """The key is of a kind DKIM does not know, too small, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Signer:
    """The key of a domain under a selector."""

    selector: str
    domain: str
    key: RSAPrivateKey | Ed25519PrivateKey

    def sign(self, mail: bytes) -> bytes:
        """Return a mail with the signature as its first header; ``mail`` has CRLF line ends."""
        head, _, body = mail.partition(b"\r\n\r\n")
        fields = _fields(head)
        names = [name for name in SIGNED if name.encode() in fields]
        # Named once more than it is there: nobody can add a second From, To or Subject (section 8.15).
        listed = ":".join([*names, "from", "to", "subject"])
        algorithm = "ed25519-sha256" if isinstance(self.key, Ed25519PrivateKey) else "rsa-sha256"
        digest = b64encode(hashlib.sha256(_simple_body(body)).digest()).decode()
        value = f"v=1; a={algorithm}; c=relaxed/simple; d={self.domain}; s={self.selector};\r\n h={listed};\r\n bh={digest};\r\n b="
        signed = b"".join(name.encode() + b":" + fields[name.encode()] + b"\r\n" for name in names)
        signed += b"dkim-signature:" + _relaxed(value.encode())
        return f"DKIM-Signature: {value}{_folded(self._signature(signed))}\r\n".encode() + mail

    def _signature(self, data: bytes) -> bytes:
        if isinstance(self.key, Ed25519PrivateKey):
            return self.key.sign(hashlib.sha256(data).digest())
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def record(self) -> str:
        """Return what DNS must say at ``<selector>._domainkey.<domain>`` (TXT)."""
        public = self.key.public_key()
        if isinstance(self.key, Ed25519PrivateKey):
            raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return f"v=DKIM1; k=ed25519; p={b64encode(raw).decode()}"
        der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={b64encode(der).decode()}"


def load_signer(selector: str, domain: str, path: str) -> Signer:
    """Return a signer with the key of a PEM file; raise ``KeyUnusableError``."""
    try:
        key = serialization.load_pem_private_key(Path(path).read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise KeyUnusableError(str(error)) from error
    if isinstance(key, Ed25519PrivateKey) or (isinstance(key, RSAPrivateKey) and key.key_size >= SMALLEST_RSA):
        return Signer(selector, domain, key)
    raise KeyUnusableError("RSA (1024 bits and more) or Ed25519")


def _fields(head: bytes) -> dict[bytes, bytes]:
    """Return the headers of a mail of ours in relaxed form; none of them stands there twice."""
    unfolded = head.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    pairs = (line.partition(b":") for line in unfolded.split(b"\r\n"))
    return {name.strip().lower(): _relaxed(value) for name, _, value in pairs}


def _relaxed(value: bytes) -> bytes:
    return _SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip()


def _simple_body(body: bytes) -> bytes:
    return body.rstrip(b"\r\n") + b"\r\n"


def _folded(signature: bytes) -> str:
    text = b64encode(signature).decode()
    return "\r\n ".join(text[start : start + 72] for start in range(0, len(text), 72))
