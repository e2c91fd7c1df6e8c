"""Sealing and renewing: two incremental updates for a seal, one for a renewal."""

from __future__ import annotations

import io
import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore

from madoguchi.kit import clock
from madoguchi.trust.api import Municipality

from ...errors import SealError, SealUnavailableError
from ...registry import Sealed
from .trust import Material, material_of, run

FIELD = "MadoguchiSeal"
DIGEST = "sha256"
LEVEL = "PAdES-B-LTA"
# PDF/A-2 wants every widget printed, PDF/UA-1 an untagged one off the page: zero-sized outside the page is both.
INVISIBLE = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)


def seal(*, pdf: bytes, municipality: Municipality, reason: str) -> Sealed:
    """Return the PDF with signature, time stamp, proof of the certificates' state, and a time stamp over all of it."""
    material = material_of(municipality)
    try:
        signed = run(_seal(pdf, material, municipality.name, reason))
    except (SigningError, PdfError, ValueError) as error:
        raise SealError(_("文書に電子署名できません（%(detail)s）。") % {"detail": str(error)[:200]}) from error
    except TimestampRequestError as error:
        raise SealUnavailableError(_("時刻認証局の応答を受け取れませんでした。")) from error
    return Sealed(signed, _facts(material, municipality), material.timestamps_until)


def renew(*, pdf: bytes, municipality: Municipality) -> Sealed:
    """Return the PDF with the state of the certificates as of now and a further document time stamp."""
    material = material_of(municipality)
    try:
        renewed = run(_stamp(io.BytesIO(pdf), material))
    except (SigningError, PdfError, ValueError) as error:
        raise SealError(_("タイムスタンプを更新できません（%(detail)s）。") % {"detail": str(error)[:200]}) from error
    except TimestampRequestError as error:
        raise SealUnavailableError(_("時刻認証局の応答を受け取れませんでした。")) from error
    return Sealed(renewed, _facts(material, municipality), material.timestamps_until)


async def _seal(pdf: bytes, material: Material, city: str, reason: str) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        name=city,
        location=city,
        reason=reason,
    )
    signer = PdfSigner(
        metadata,
        signer=material.identity.signer,
        timestamper=material.timestamper,
        new_field_spec=SigFieldSpec(FIELD, invis_sig_settings=INVISIBLE, readable_field_name="電子署名"),
    )
    out: Any = await signer.async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=io.BytesIO())
    return await _stamp(out, material)


async def _stamp(signed: Any, material: Material) -> bytes:
    writer = IncrementalPdfFileWriter(signed)
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        paths=list(material.paths),
        ocsps=list(material.ocsps),
        crls=list(material.crls),
    )
    stamper = PdfTimeStamper(
        material.timestamper,
        field_name=f"MadoguchiTimestamp-{uuid.uuid4().hex[:12]}",
        invis_settings=INVISIBLE,
        readable_field_name="タイムスタンプ",
    )
    out: Any = await stamper.async_timestamp_pdf(writer, DIGEST, output=io.BytesIO())
    stamped: bytes = out.getvalue()
    return stamped


def _facts(material: Material, municipality: Municipality) -> dict[str, Any]:
    certificate = material.identity.certificate
    return {
        "level": LEVEL,
        "signer": certificate.subject.native.get("common_name", municipality.name),
        "issuer": certificate.issuer.native.get("common_name", ""),
        "serial": f"{certificate.serial_number:x}",
        "fingerprint": certificate.sha256.hex(),
        "certificate_until": _iso(certificate.not_valid_after),
        "timestamps_until": _iso(material.timestamps_until),
        "signed_at": _iso(clock.now()),
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
