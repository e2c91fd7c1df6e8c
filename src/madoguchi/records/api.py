"""The only door to the records room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from .errors import (
    ContentError,
    DocumentStateError,
    MissingGlyphsError,
    RecordsError,
    SealError,
    SealUnavailableError,
    TemplateError,
)
from .models import DocumentBatch, IssuedDocument
from .selectors.documents import documents_of
from .selectors.templates import find_template
from .services.composing import render_pages, verify_url
from .services.issuing import (
    access_document,
    issue_batch,
    issue_document,
    replace_document,
    retry_document,
    revoke_document,
)


def render_pdf(*, template: str, content: Mapping[str, Any], language: str = "ja") -> bytes:
    """
    Return an unsealed PDF (a receipt, a checklist) made from a template at once; nothing is kept.

    Characters no font has are printed as 〓 and explained on the page. Raises ``TemplateError``, ``ContentError``.
    """
    return render_pages(template=find_template(template), content=content, language=language, is_strict=False).pdf


def run_authority(*, port: int, tsa_life: timedelta | None = None) -> None:
    """Run the simulated authority on loopback until it is interrupted; its keys lie in the data folder."""
    from django.conf import settings

    from .plugins.simulated_authority import AuthorityOptions, SimulatedAuthority, make_server, serve

    options = AuthorityOptions(tsa=tsa_life) if tsa_life else AuthorityOptions()
    folder = settings.HOME / "authority"
    serve(make_server(SimulatedAuthority(folder, f"http://127.0.0.1:{port}", options), port))


__all__ = [
    "ContentError",
    "DocumentBatch",
    "DocumentStateError",
    "IssuedDocument",
    "MissingGlyphsError",
    "RecordsError",
    "SealError",
    "SealUnavailableError",
    "TemplateError",
    "access_document",
    "documents_of",
    "issue_batch",
    "issue_document",
    "render_pdf",
    "replace_document",
    "retry_document",
    "revoke_document",
    "run_authority",
    "verify_url",
]
