"""
Judging the signatures of a PDF of unknown origin: run as a program of its own, a PDF in, JSON out.

A process of its own has a limit on memory and time, so that a file made to explode hurts nobody. It asks nothing of any
network: what it needs to trust comes in with the job. This module imports nothing of the product.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import resource
import sys
import zlib
from datetime import datetime
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.context import CertValidationPolicySpec, ValidationContext
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

MEMORY, SECONDS = 1024 * 1024**2, 15
MOST_SIGNATURES = 50


def main() -> int:
    """Read a job from standard input and write the findings to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    job = json.loads(sys.stdin.buffer.readline())
    pdf = sys.stdin.buffer.read()
    try:
        found = asyncio.run(judge(pdf, job))
    except MemoryError:
        found = {"error": "too_complex"}
    except RecursionError:
        found = {"error": "too_complex"}
    except Exception as error:  # whatever a file does to the parser, the answer is that it cannot be read
        found = {"error": "broken", "detail": f"{type(error).__name__}: {error}"[:300]}
    sys.stdout.write(json.dumps(found, ensure_ascii=False))
    return 0


async def judge(pdf: bytes, job: dict[str, Any]) -> dict[str, Any]:
    """Return what is found about every signature."""
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    if reader.encrypted:
        return {"error": "encrypted"}
    pages = int(reader.root["/Pages"]["/Count"])
    signatures = reader.embedded_regular_signatures
    if len(signatures) > MOST_SIGNATURES:
        return {"error": "too_complex"}
    roots = [x509.Certificate.load(base64.b64decode(text)) for text in job["roots"]]
    ours = set(job["ours"])
    return {
        "pages": pages,
        "signatures": [await one(signature, roots, ours, job) for signature in signatures],
    }


async def one(signature: Any, roots: list[x509.Certificate], ours: set[str], job: dict[str, Any]) -> dict[str, Any]:
    """Return what is found about one signature."""
    certificate = signature.signer_cert
    subject = certificate.subject.native
    status = await _status(signature, roots)
    found = {
        "signer": _text(subject.get("common_name") or subject.get("organization_name") or ""),
        "organisation": _text(subject.get("organization_name") or ""),
        "serial": f"{certificate.serial_number:x}",
        "fingerprint": certificate.sha256.hex(),
        "is_intact": status is not None and bool(status.intact and status.valid),
        "is_trusted": False,
        "is_ours": certificate.sha256.hex() in ours,
        "covers_all": status is not None and _is_untouched(status),
        "signed_at": _time(signature.self_reported_timestamp),
        "level": "",
        "revoked_at": None,
        "problem": "",
    }
    if status is None or not found["is_intact"] or not _leads_to(status, roots):
        found["problem"] = "untrusted" if found["is_intact"] else "altered"
        return found
    return {**found, **await long_term(signature, roots, job)}


async def _status(signature: Any, roots: list[x509.Certificate]) -> Any:
    """Return pyHanko's own status, None where what was changed cannot even be read."""
    for skip_diff in (False, True):
        context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
        try:
            return await async_validate_pdf_signature(signature, signer_validation_context=context, skip_diff=skip_diff)
        except (PdfError, ValueError, KeyError, TypeError, OSError, zlib.error):
            continue
    return None


def _is_untouched(status: Any) -> bool:
    allowed = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
    whole = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
    return status.modification_level in allowed and status.coverage in whole


def _leads_to(status: Any, roots: list[x509.Certificate]) -> bool:
    path = status.validation_path
    return bool(status.trusted) or (path is not None and any(root in path for root in roots))


async def long_term(signature: Any, roots: list[x509.Certificate], job: dict[str, Any]) -> dict[str, Any]:
    """Validate by ETSI EN 319 102-1 § 5.6.3, certificates' state required; fall back on what can be said otherwise."""
    result = await ades_lta_validation(signature, specification(roots, job))
    passed = isinstance(result.ades_subindic, AdESPassed)
    best = result.best_signature_time
    found: dict[str, Any] = {"is_trusted": passed, "signed_at": _time(best) or _time(signature.self_reported_timestamp)}
    if passed:
        stamped = result.oldest_evidence_record_timestamp is not None
        found["level"] = "PAdES-B-LTA" if stamped else "PAdES-B"
    else:
        found["problem"] = str(result.ades_subindic)
    return found


def specification(roots: list[x509.Certificate], job: dict[str, Any]) -> PdfSignatureValidationSpec:
    """Return the policy: these roots, state of every certificate required, nothing fetched."""
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(roots),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    knowledge = LocalKnowledge(
        known_ocsps=[OCSPContainer(ocsp.OCSPResponse.load(base64.b64decode(text))) for text in job.get("ocsps", [])],
        known_crls=[CRLContainer(crl.CertificateList.load(base64.b64decode(text))) for text in job.get("crls", [])],
    )
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=policy,
            revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
            local_knowledge=knowledge,
        )
    )


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _text(value: Any) -> str:
    return str(value if not isinstance(value, list) else value[0])[:200]


if __name__ == "__main__":
    sys.exit(main())
