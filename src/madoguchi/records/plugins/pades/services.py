"""Talking to the services of a seal: time stamps (RFC 3161) and the state of certificates (OCSP, CRL)."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from asn1crypto import crl, ocsp, tsp
from asn1crypto import x509 as asn1_x509
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.fetchers.common_utils import format_ocsp_request

from madoguchi.kit import clock

from ...errors import SealUnavailableError

_clients: list[httpx.Client] = []
_client_lock = threading.Lock()
LARGEST = 20 * 1024 * 1024


def client() -> httpx.Client:
    """Return this process's connections, which are kept open from one document to the next and shared by its threads."""
    with _client_lock:
        if not _clients:
            _clients.append(httpx.Client(timeout=settings.SEAL_TIMEOUT, follow_redirects=False))
        return _clients[0]


def close_client() -> None:
    """Close the connections; the next request opens new ones."""
    with _client_lock:
        while _clients:
            _clients.pop().close()


def _start_afresh() -> None:
    """A forked child must not talk through the connections of its parent."""
    global _client_lock
    _client_lock = threading.Lock()
    _clients.clear()


os.register_at_fork(after_in_child=_start_afresh)


def _ask(method: str, address: str, what: str, **options: object) -> bytes:
    try:
        answer = client().request(method, address, **options)  # type: ignore[arg-type]
        answer.raise_for_status()
    except httpx.HTTPError as error:
        message = _("%(what)s（%(address)s）が応答しません。復旧すると自動で続けます。")
        raise SealUnavailableError(message % {"what": what, "address": address}) from error
    return answer.content


class SessionTimeStamper(TimeStamper):
    """Asks a time stamp authority over connections that stay open."""

    def __init__(self, url: str, user: str = "", password: str = "") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.url = url
        self.auth = (user, password) if user else None

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Return the answer to a request; raises ``SealUnavailableError``."""
        content = _ask(
            "POST",
            self.url,
            _("時刻認証局"),
            content=req.dump(),
            headers={"Content-Type": "application/timestamp-query"},
            auth=self.auth,
        )
        try:
            answer = tsp.TimeStampResp.load(content)
            granted = answer["status"]["status"].native in ("granted", "granted_with_mods")
        except (ValueError, KeyError) as error:
            raise SealUnavailableError(_("時刻認証局の応答を読み取れません。")) from error
        if not granted:
            raise SealUnavailableError(_("時刻認証局がタイムスタンプの発行を断りました。"))
        return answer


@dataclass(slots=True)
class RevocationStore:
    """
    What is known of the state of certificates, asked again after some minutes or when an answer runs out.

    EN 319 142-1 asks for revocation data that covers the certificate, not for fresh data for each signature; a time stamp
    of its own is still asked for each document.
    """

    answers: dict[str, tuple[datetime, bytes]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ocsps(self, certificate: asn1_x509.Certificate, issuer: asn1_x509.Certificate) -> list[ocsp.OCSPResponse]:
        """Return the answers of the responder named in a certificate; empty where none is named."""
        found = []
        for address in certificate.ocsp_urls:
            key = f"{address}#{certificate.sha256_fingerprint}"
            data = self._kept(key)
            if data is None:
                request = format_ocsp_request(
                    certificate, CertTrustAnchor(issuer).authority, certid_hash_algo="sha1", request_nonces=False
                )
                headers = {"Content-Type": "application/ocsp-request"}
                data = _ask(
                    "POST", address, _("証明書の失効を答えるサーバー（OCSP）"), content=request.dump(), headers=headers
                )
                self._keep(key, data, _end_of_ocsp(data))
            found.append(ocsp.OCSPResponse.load(data))
        return found

    def crls(self, certificate: asn1_x509.Certificate) -> list[crl.CertificateList]:
        """Return the revocation lists named in a certificate."""
        found = []
        for point in certificate.crl_distribution_points:
            address = point.url
            if not address or not address.startswith(("http://", "https://")):
                continue
            data = self._kept(address)
            if data is None:
                data = _ask("GET", address, _("証明書の失効リスト（CRL）"))
                self._keep(address, data, crl.CertificateList.load(data)["tbs_cert_list"]["next_update"].native)
            found.append(crl.CertificateList.load(data))
        return found

    def _kept(self, key: str) -> bytes | None:
        with self.lock:
            until, data = self.answers.get(key, (None, b""))
        return data if until is not None and clock.now() < until else None

    def _keep(self, key: str, data: bytes, end: datetime | None) -> None:
        until = clock.now() + timedelta(seconds=settings.SEAL_REVOCATION_SECONDS)
        # An answer in its last minute would run out while it is used.
        if end is not None:
            until = min(until, end - timedelta(minutes=1))
        with self.lock:
            self.answers[key] = (until, data)

    def clear(self) -> None:
        """Forget everything."""
        with self.lock:
            self.answers.clear()


def _end_of_ocsp(data: bytes) -> datetime | None:
    answer = ocsp.OCSPResponse.load(data)
    if answer["response_status"].native != "successful":
        raise SealUnavailableError(_("証明書の失効を答えるサーバー（OCSP）が、答えられないと返しました。"))
    response = answer.response_data["responses"][0]
    end: datetime | None = response["next_update"].native
    return end
