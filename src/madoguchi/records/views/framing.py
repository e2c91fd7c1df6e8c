"""What the pages of the records room have in common."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from madoguchi.trust.api import open_file

from ..enums import DocumentStatus
from ..models import IssuedDocument
from ..services.composing import issuer

STATUS_TONES = {
    DocumentStatus.PREPARING: "active",
    DocumentStatus.ISSUED: "good",
    DocumentStatus.REVOKED: "bad",
    DocumentStatus.REPLACED: "idle",
    DocumentStatus.FAILED: "bad",
}


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return breadcrumbs from the top through (label, address)."""
    return [{"label": label, "url": url} for label, url in [(_("トップ"), "/"), *steps]]


def staff_crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Return the breadcrumbs of a staff page."""
    return crumbs((_("発行した文書"), reverse("records:index")), *steps)


def responsible(request: HttpRequest) -> dict[str, Any]:
    """Return who answers for a page."""
    municipality = request.municipality  # type: ignore[attr-defined]  # set by the municipality middleware
    named = issuer(municipality)
    return {
        "section": named["section"] or municipality.name,
        "phone": named["phone"],
        "hours": municipality.office_hours,
    }


def address_of(request: HttpRequest) -> str:
    """Return the network address a request came from."""
    return str(request.META.get("REMOTE_ADDR") or "")


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """Return a PDF for the browser to show; whatever it holds, it runs nothing."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    _quiet(response)
    return response


def file_response(document: IssuedDocument) -> FileResponse:
    """Return the sealed file of a document, to be saved."""
    if document.file is None:
        raise ValueError("the document has no file")
    content = open_file(document.file)
    response = FileResponse(content, as_attachment=True, filename=document.file.name, content_type="application/pdf")
    _quiet(response)
    return response


def _quiet(response: HttpResponseBase) -> None:
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cache-Control"] = "private, no-store"


def read_day(text: str) -> date | None:
    """Return the day a filter names, None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
