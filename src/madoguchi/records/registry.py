"""Extension points of the records room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from madoguchi.kit.registry import Registry
from madoguchi.trust.api import Account, Municipality

from .models import IssuedDocument


@dataclass(frozen=True, slots=True)
class DocumentSubject:
    """
    What documents are issued for, keyed by the model's ``_meta.label_lower`` (``procedures.application``).

    ``may_read`` judges who may see a document beside its recipient and the offices; ``produced`` is called in the
    transaction in which the document is issued.
    """

    key: str
    label: str
    may_read: Callable[[Account | None, IssuedDocument], bool]
    produced: Callable[[IssuedDocument], None]


document_subjects: Registry[DocumentSubject] = Registry("document_subjects")
"""Every kind of thing documents are issued for; a higher room registers its own when the application starts."""


def may_read_subject(actor: Account | None, document: Any) -> bool:
    """Tell whether the room of what a document was issued for lets somebody see it (a rule of ``DocumentPolicy``)."""
    if not isinstance(document, IssuedDocument) or actor is None or not actor.is_active:
        return False
    owner = document_subjects.find(document.subject_type)
    return owner is not None and owner.may_read(actor, document)


@dataclass(frozen=True, slots=True)
class Pages:
    """
    A typeset document: the PDF, the characters it could not show with what was printed instead, and where they were asked for
    pictures of its first pages (PNG in base 64).
    """

    pdf: bytes
    missing: Mapping[str, str] = field(default_factory=dict)
    pictures: Sequence[str] = ()


class Typesetter(Protocol):
    """Turns a template and data into a PDF."""

    def typeset(
        self,
        *,
        source: str,
        data: Mapping[str, Any],
        moment: datetime,
        is_strict: bool,
        seconds: float = 30,
        pictures: bool = False,
    ) -> Pages:
        """
        Return the pages; the same arguments give the same bytes.

        Raises ``TemplateError`` with the place when the source does not compile, ``MissingGlyphsError``, ``TypesettingError``.
        """
        ...


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed PDF and the facts of its seal (see ``IssuedDocument.seal``); ``renew_by`` ends its last time stamp."""

    pdf: bytes
    facts: Mapping[str, Any]
    renew_by: datetime | None


@dataclass(frozen=True, slots=True)
class SignatureFinding:
    """
    What is known of one signature: who signed (``signer``, ``organisation``), when, whether the bytes are as signed, whether the
    certificate leads to a root that is trusted here and was not revoked, and what came after it.
    """

    signer: str
    organisation: str
    serial: str
    fingerprint: str
    signed_at: datetime | None
    is_intact: bool
    is_trusted: bool
    is_ours: bool
    level: str
    revoked_at: datetime | None = None
    covers_all: bool = True
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """What a check of a PDF found: its signatures and the number of its pages."""

    signatures: Sequence[SignatureFinding]
    pages: int


class Sealer(Protocol):
    """Seals PDFs in the name of a municipality and judges the seals of others."""

    def seal(self, *, pdf: bytes, municipality: Municipality, reason: str) -> Sealed:
        """Return the sealed PDF; raises ``SealUnavailableError`` where trying again may help, else ``SealError``."""
        ...

    def renew(self, *, pdf: bytes, municipality: Municipality) -> Sealed:
        """Return the PDF with a further document time stamp; raises like ``seal``."""
        ...

    def examine(self, *, pdf: bytes, municipality: Municipality) -> Examination:
        """Judge every signature of a PDF of unknown origin; raises ``UnreadablePdfError``."""
        ...


typesetters: Registry[Typesetter] = Registry("typesetters")
sealers: Registry[Sealer] = Registry("sealers")

TYPESETTER = "typst"
SEALER = "pades"
