"""
The signature service (署名API): announce a digest, send the person there, fetch the encrypted result, verify it.

The names of the result's fields are those of the simulator; the contract documents of the real service give them to
operators, so they are settings. What is checked does not depend on them.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from joserfc import jwe
from joserfc.errors import JoseError

from ...rules.identity import SignedDigest
from . import certificates, keys
from .profiles import Place
from .refusals import refuse
from .transport import json_of, origin_of, send

FIELDS = {
    "digest": "digest",
    "algorithm": "digest_algorithm",
    "transaction": "sign_transaction_id",
    "result": "result",
    "signature": "signature",
    "certificate": "certificate",
}


class SignatureService:
    """One provider's signature interface and the authorities whose certificates it may bring."""

    def __init__(
        self, *, api: str, authorities: Iterable[str], revocation_list: str, fields: Mapping[str, str] | None = None
    ) -> None:
        self.api = api.rstrip("/")
        self.files = [Path(path) for path in authorities]
        self.revocation_list = revocation_list
        self.fields = FIELDS | dict(fields or {})
        self.origins = frozenset({origin_of(api), origin_of(revocation_list)} - {""})

    def announce(self, digest: bytes, access_token: str) -> str:
        """Tell the service the SHA-256 to be signed; returns its transaction's id."""
        names = self.fields
        body = {names["digest"]: base64.b64encode(digest).decode(), names["algorithm"]: "SHA-256"}
        response = send(
            "POST",
            f"{self.api}/sign-transactions",
            origins=self.origins,
            json=body,
            headers={"Authorization": f"Bearer {access_token}"},
        )
        transaction = json_of(response).get(names["transaction"]) if response.status_code in {200, 201} else None
        if not isinstance(transaction, str) or not 0 < len(transaction) <= 80:
            refuse("provider_error", f"sign-transactions {response.status_code}")
        return transaction

    def collect(self, transaction: str, access_token: str, digest: bytes, place: Place) -> SignedDigest:
        """Fetch a transaction's result and verify it: signature over this digest, chain, validity, revocation, person."""
        response = send(
            "GET",
            f"{self.api}/sign-transactions/{quote(transaction, safe='')}/result",
            origins=self.origins,
            headers={"Authorization": f"Bearer {access_token}"},
        )
        if response.status_code != 200:
            refuse("provider_error", f"result {response.status_code}")
        result = self._open(json_of(response).get(self.fields["result"]))
        certificate = self._certificate(result)
        signature = _binary(result, self.fields["signature"])
        certificates.verify_signature(certificate, signature, digest)
        issuer = certificates.verify_chain(certificate, self._authorities())
        listed = send("GET", self.revocation_list, origins=self.origins)
        if listed.status_code != 200:
            refuse("revocation_unknown", f"status {listed.status_code}")
        certificates.check_revocation(certificate, issuer, listed.content)
        return SignedDigest(
            signature=base64.b64encode(signature).decode(),
            certificate=certificate.public_bytes(serialization.Encoding.PEM).decode(),
            person=certificates.read_person(certificate, place),
            checks={"signature": "valid", "chain": "valid", "validity": "valid", "revocation": "good"},
        )

    def problems(self) -> list[str]:
        """Return what an operator must put right."""
        found = [f"認証局の証明書「{path}」がありません。" for path in self.files if not path.is_file()]
        if not self.files:
            found.append("認証局の証明書（authorities）が指定されていません。")
        if not self.revocation_list:
            found.append("失効リストのアドレス（revocation_list）が指定されていません。")
        return found

    def _open(self, sealed: object) -> dict[str, Any]:
        if not isinstance(sealed, str):
            refuse("bad_answer", "no result")
        try:
            opened = jwe.decrypt_compact(sealed, keys.encryption_key(), algorithms=["RSA-OAEP-256", "A256GCM"])
            result = json.loads(opened.plaintext or b"")
        except (JoseError, ValueError) as error:
            refuse("bad_answer", f"result: {type(error).__name__}")
        if not isinstance(result, dict):
            refuse("bad_answer", "result")
        return result

    def _certificate(self, result: Mapping[str, Any]) -> x509.Certificate:
        try:
            return x509.load_der_x509_certificate(_binary(result, self.fields["certificate"]))
        except ValueError:
            refuse("bad_certificate", "unreadable")

    def _authorities(self) -> list[x509.Certificate]:
        try:
            return [one for path in self.files for one in x509.load_pem_x509_certificates(path.read_bytes())]
        except (OSError, ValueError) as error:
            refuse("unknown_authority", type(error).__name__)


def _binary(result: Mapping[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(str(result.get(name, "")), validate=True)
    except (binascii.Error, ValueError):
        refuse("bad_answer", name)
