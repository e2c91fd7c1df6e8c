"""What stands behind a seal, checked and gathered once for many documents: paths to the roots, state of the certificates."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from asn1crypto import crl, ocsp
from asn1crypto import x509 as asn1_x509
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError, RevokedError, ValidationError
from pyhanko_certvalidator.path import ValidationPath

from madoguchi.kit import clock
from madoguchi.trust.api import Municipality

from ...errors import SealError
from .identity import SealIdentity, identity_of
from .services import RevocationStore, SessionTimeStamper, close_client

T = TypeVar("T")
store = RevocationStore()


@dataclass(frozen=True, slots=True)
class Material:
    """A seal ready for use until ``until``; ``timestamps_until`` is the end of the time stamp authority's certificate."""

    identity: SealIdentity
    timestamper: SessionTimeStamper
    paths: tuple[ValidationPath, ...]
    ocsps: tuple[ocsp.OCSPResponse, ...]
    crls: tuple[crl.CertificateList, ...]
    until: datetime
    timestamps_until: datetime


_materials: dict[tuple[int, str], Material] = {}
_lock = threading.Lock()


def material_of(municipality: Municipality) -> Material:
    """
    Return the checked seal of a municipality.

    Raises ``SealError`` when its certificate is not good (expired, revoked, no path to a trusted root), and
    ``SealUnavailableError`` when a service that must say so does not answer.
    """
    identity = identity_of(municipality)
    key = (municipality.pk, identity.certificate.sha256_fingerprint + settings.SEAL_TSA)
    with _lock:
        found = _materials.get(key)
    if found is not None and clock.now() < found.until and found.identity is identity:
        return found
    fresh = run(_gather(identity))
    with _lock:
        _materials[key] = fresh
    return fresh


def forget() -> None:
    """Forget everything learnt, as after a change of keys."""
    with _lock:
        _materials.clear()
    store.clear()
    close_client()


async def _gather(identity: SealIdentity) -> Material:
    if not settings.SEAL_TSA:
        raise SealError(_("時刻認証局が設定されていません。MADOGUCHI_SEAL_TSA にアドレスを設定してください。"))
    timestamper = SessionTimeStamper(settings.SEAL_TSA, settings.SEAL_TSA_USER, settings.SEAL_TSA_PASSWORD)
    # The first answer shows the authority's certificates; it is kept to know the size of the others.
    await timestamper.async_dummy_response("sha256")
    tsa = _tsa_certificate(timestamper)
    known = [*identity.chain, *timestamper.cert_registry]
    ocsps, crls = _states(identity.certificate, tsa, [*known, *identity.roots])
    context = ValidationContext(
        trust_roots=list(identity.roots),
        other_certs=known,
        ocsps=ocsps,
        crls=crls,
        revocation_mode="require",
        allow_fetching=False,
        moment=clock.now(),
    )
    paths = [
        await _path(identity.certificate, known, context, {"non_repudiation"}, set(), _("電子署名の証明書")),
        await _path(tsa, known, context, set(), {"time_stamping"}, _("時刻認証局の証明書")),
    ]
    return Material(
        identity=identity,
        timestamper=timestamper,
        paths=tuple(paths),
        ocsps=tuple(ocsps),
        crls=tuple(crls),
        until=clock.now() + timedelta(seconds=min(settings.SEAL_REVOCATION_SECONDS, 3600)),
        timestamps_until=tsa.not_valid_after,
    )


def _tsa_certificate(timestamper: SessionTimeStamper) -> asn1_x509.Certificate:
    for certificate in timestamper.cert_registry:
        usage = certificate.extended_key_usage_value
        if usage is not None and "time_stamping" in usage.native:
            return certificate
    raise SealError(_("時刻認証局の応答に、タイムスタンプ用の証明書がありません。"))


def _states(
    seal: asn1_x509.Certificate, tsa: asn1_x509.Certificate, known: list[asn1_x509.Certificate]
) -> tuple[list[ocsp.OCSPResponse], list[crl.CertificateList]]:
    """Ask for the state of the certificates of both paths: by OCSP where one is named, else by CRL."""
    ocsps: list[ocsp.OCSPResponse] = []
    crls: dict[bytes, crl.CertificateList] = {}
    waiting, seen = [seal, tsa], set()
    while waiting:
        certificate = waiting.pop()
        if certificate.sha256 in seen or certificate.self_signed in ("yes", "maybe"):
            continue
        seen.add(certificate.sha256)
        above = next((one for one in known if one.subject == certificate.issuer), None)
        if above is None:
            continue
        answers = store.ocsps(certificate, above)
        ocsps += answers
        if not answers:
            crls |= {found.dump(): found for found in store.crls(certificate)}
        waiting.append(above)
    return ocsps, list(crls.values())


async def _path(
    certificate: asn1_x509.Certificate,
    known: list[asn1_x509.Certificate],
    context: ValidationContext,
    usage: set[str],
    extended: set[str],
    what: str,
) -> ValidationPath:
    validator = CertificateValidator(certificate, intermediate_certs=known, validation_context=context)
    try:
        path: ValidationPath = await validator.async_validate_usage(usage, extended)  # type: ignore[no-untyped-call]
    except RevokedError as error:
        raise SealError(_("%(what)sが失効しています。新しい証明書を設定してください。") % {"what": what}) from error
    except (PathBuildingError, PathValidationError, ValidationError) as error:
        message = _(
            "%(what)sを確かめられません（%(detail)s）。証明書の期限と、信頼するルートの設定を確かめてください。"
        )
        raise SealError(message % {"what": what, "detail": str(error)[:200]}) from error
    return path


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, in a thread of its own where this one has a loop already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
