"""What the records room keeps."""

from .document import DocumentBatch, DocumentCounter, IssuedDocument, SealedRevision, VerificationAttempt
from .template import DocumentTemplate, IssuerProfile, TemplateVersion

__all__ = [
    "DocumentBatch",
    "DocumentCounter",
    "DocumentTemplate",
    "IssuedDocument",
    "IssuerProfile",
    "SealedRevision",
    "TemplateVersion",
    "VerificationAttempt",
]
