"""Procedures and versions, read."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import translation

from ..enums import VersionStatus
from ..models import Procedure, ProcedureVersion, SharedTemplate


def published_definitions() -> list[ProcedureVersion]:
    """
    Return the versions residents see, by name, in one query; their documents are read once per content.

    ``version.procedure`` and its unit come along.
    """
    rows = ProcedureVersion.objects.filter(status=VersionStatus.PUBLISHED, procedure__is_retired=False)
    return list(rows.select_related("procedure", "procedure__unit").order_by("name", "pk"))


def delegable_procedures() -> list[tuple[str, str]]:
    """Return code and name, in the reader's language, of what a person may have others do for them, one by one."""
    language = translation.get_language() or "ja"
    return [
        (version.definition.code, version.definition.name.in_language(language)) for version in published_definitions()
    ]


def published_version(code: str) -> ProcedureVersion | None:
    """Return the version of a procedure that residents see, or None for one that is not offered."""
    rows = ProcedureVersion.objects.select_related("procedure", "procedure__unit")
    return rows.filter(procedure__code=code, status=VersionStatus.PUBLISHED).first()


def find_procedure(code: str) -> Procedure | None:
    """Return a procedure by its code, published or not."""
    return Procedure.objects.select_related("published", "unit").filter(code=code).first()


def draft_of(procedure: Procedure) -> ProcedureVersion | None:
    """Return the draft of a procedure, or None."""
    return procedure.versions.filter(status=VersionStatus.DRAFT).order_by("-number").first()


def versions_of(procedure: Procedure) -> QuerySet[ProcedureVersion]:
    """Return the versions of a procedure, newest first, with who edited and published them."""
    return procedure.versions.select_related("edited_by", "published_by").order_by("-number")


def newest_version(procedure: Procedure) -> ProcedureVersion | None:
    """Return the newest version of a procedure, draft or not."""
    return procedure.versions.order_by("-number").first()


def shared_templates(query: str = "", category: str = "") -> QuerySet[SharedTemplate]:
    """Return the templates of the installation, by category and name, narrowed by words and category."""
    rows = SharedTemplate.objects.select_related("source")
    if category:
        rows = rows.filter(category=category)
    for word in query.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(code__icontains=word) | Q(note__icontains=word))
    return rows
