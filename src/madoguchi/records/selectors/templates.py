"""Finding templates: those a municipality wrote itself come before those that are shipped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from madoguchi.kit.hashing import digest_bytes

from ..enums import DocumentKind, TemplateStatus
from ..errors import TemplateError
from ..models import DocumentTemplate, TemplateVersion

FOLDER = Path(__file__).parents[1] / "data" / "templates"


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """A template ready to use; ``version`` is the row it comes from, None for a shipped one."""

    key: str
    name: str
    kind: str
    is_strict: bool
    source: str
    schema: Mapping[str, Any]
    words: Mapping[str, Mapping[str, str]]
    sample: Mapping[str, Any] = field(default_factory=dict)
    version: TemplateVersion | None = None

    @property
    def digest(self) -> str:
        """The digest of everything that shapes a document but its content."""
        parts = {"source": self.source, "words": self.words, "kit": shared_parts()}
        return digest_bytes(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode())

    def words_in(self, language: str) -> dict[str, str]:
        """Return the words for a language: the template's own before the shared ones, missing ones in Japanese."""
        shared = shared_words()
        found: dict[str, str] = {}
        for words in (shared["ja"], self.words.get("ja", {}), shared.get(language, {}), self.words.get(language, {})):
            found |= words
        return found


@lru_cache(maxsize=1)
def shared_parts() -> str:
    """Return the source all templates share."""
    return (FOLDER / "kit.typ").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def shared_words() -> dict[str, dict[str, str]]:
    """Return the words all templates share, by language."""
    found: dict[str, dict[str, str]] = json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def shipped_templates() -> dict[str, TemplateSource]:
    """Return the templates that come with the product, by key."""
    return {path.parent.name: _shipped(path.parent) for path in sorted(FOLDER.glob("*/template.typ"))}


def _shipped(folder: Path) -> TemplateSource:
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    return TemplateSource(
        key=folder.name,
        name=about["name"],
        kind=about["kind"],
        is_strict=about["is_strict"],
        source=(folder / "template.typ").read_text(encoding="utf-8"),
        schema=json.loads((folder / "schema.json").read_text(encoding="utf-8")),
        words=about.get("words", {}),
        sample=json.loads((folder / "sample.json").read_text(encoding="utf-8")),
    )


def source_of(version: TemplateVersion) -> TemplateSource:
    """Return a version of the municipality's own as a template."""
    template = version.template
    return TemplateSource(
        key=template.key,
        name=template.name,
        kind=template.kind,
        is_strict=template.is_strict,
        source=version.source,
        schema=version.schema,
        words=version.words,
        sample=version.sample,
        version=version,
    )


def find_template(key: str, *, version: TemplateVersion | None = None) -> TemplateSource:
    """
    Return the template of a key: the version given, the municipality's own in use, or the shipped one.

    Raises ``TemplateError`` when there is none.
    """
    if version is not None:
        return source_of(version)
    own = (
        TemplateVersion.objects.select_related("template")
        .filter(template__key=key, status=TemplateStatus.PUBLISHED)
        .first()
    )
    if own is not None:
        return source_of(own)
    try:
        return shipped_templates()[key]
    except KeyError:
        known = "、".join(sorted({*shipped_templates(), *own_keys()}))
        message = _("文書のひな形「%(key)s」がありません。使えるひな形：%(known)s")
        raise TemplateError(message % {"key": key, "known": known}) from None


def own_keys() -> list[str]:
    """Return the keys of the municipality's own templates that are in use."""
    return list(
        DocumentTemplate.objects.filter(versions__status=TemplateStatus.PUBLISHED).values_list("key", flat=True)
    )


def kind_label(kind: str) -> str:
    """Return a kind of document in words."""
    return str(DocumentKind(kind).label) if kind in DocumentKind.values else str(DocumentKind.OTHER.label)
