"""Writing templates: copies, drafts with a revision, trial runs, putting a version to use."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from .. import events
from ..enums import TemplateStatus
from ..errors import DocumentStateError, TemplateError
from ..models import DocumentTemplate, IssuerProfile, TemplateVersion
from ..permissions import document_policy, template_policy
from ..registry import Pages
from ..selectors.templates import TemplateSource, find_template, source_of
from .composing import render_pages

PREVIEW_SECONDS = 10.0
LANGUAGES = ("ja", "ja-easy", "en")


@transaction.atomic
def create_template(
    *, key: str, name: str, kind: str, is_strict: bool, copy_of: str, actor: Account | None
) -> TemplateVersion:
    """Start a template of one's own from a copy; its first version is a draft. Raises ``TemplateError`` for a key that is taken."""
    template_policy.require(actor, "change")
    if DocumentTemplate.objects.filter(key=key).exists():
        raise TemplateError(_("このキーのひな形は、すでにあります。別のキーにするか、そのひな形を編集してください。"))
    found = find_template(copy_of)
    template = DocumentTemplate.objects.create(
        municipality=municipality_in_scope(),
        key=key,
        name=name,
        kind=kind,
        is_strict=is_strict,
        created_at=clock.now(),
    )
    return _new_version(template, found, actor)


@transaction.atomic
def new_draft(*, template: DocumentTemplate, actor: Account | None) -> TemplateVersion:
    """Return the draft of a template, made from its version in use where there is none."""
    template_policy.require(actor, "change")
    draft = template.versions.filter(status=TemplateStatus.DRAFT).first()
    if draft is not None:
        return draft
    latest = template.versions.select_related("template").order_by("-number").first()
    if latest is None:
        raise DocumentStateError(_("このひな形には、まだ版がありません。"))
    return _new_version(template, source_of(latest), actor)


def _new_version(template: DocumentTemplate, found: TemplateSource, actor: Account | None) -> TemplateVersion:
    last = template.versions.aggregate(last=Max("number"))["last"] or 0
    version = TemplateVersion.objects.create(
        municipality=municipality_in_scope(),
        template=template,
        number=last + 1,
        source=found.source,
        schema=dict(found.schema),
        words=dict(found.words),
        sample=dict(found.sample),
        created_by=actor,
        saved_at=clock.now(),
    )
    record_event(kind=events.TEMPLATE_SAVED, subject=version, actor=actor, data={"template": template.key})
    return version


@transaction.atomic
def save_template(
    *,
    version: TemplateVersion,
    seen_revision: int,
    source: str,
    schema: dict[str, Any],
    words: dict[str, Any],
    sample: dict[str, Any],
    actor: Account | None,
) -> TemplateVersion:
    """Save a draft; raises ``DocumentStateError`` when it is no draft, or somebody else saved it since it was read."""
    template_policy.require(actor, "change")
    fresh = TemplateVersion.objects.select_for_update().get(pk=version.pk)
    if fresh.status != TemplateStatus.DRAFT:
        raise DocumentStateError(_("この版は使用中のため変更できません。新しい版を作ってください。"))
    if fresh.revision != seen_revision:
        raise DocumentStateError(
            _("ほかの人が先に保存しました。内容を控えてから、ページを開き直して、もう一度変更してください。")
        )
    fresh.source, fresh.schema, fresh.words, fresh.sample = source, schema, words, sample
    fresh.revision += 1
    fresh.saved_at = clock.now()
    fresh.save(update_fields=["source", "schema", "words", "sample", "revision", "saved_at"])
    data = {"template": fresh.template.key, "number": fresh.number, "revision": fresh.revision}
    record_event(kind=events.TEMPLATE_SAVED, subject=fresh, actor=actor, data=data)
    return fresh


def preview_template(*, template: TemplateSource, language: str = "ja") -> Pages:
    """
    Return the pages of a template with its test data, as an issued document would look; nothing is kept.

    Raises ``TemplateError`` with the typesetter's own words and the line, ``ContentError``, ``MissingGlyphsError``,
    ``TypesettingError`` when it takes longer than ten seconds.
    """
    return render_pages(
        template=template, content=template.sample, language=language, seconds=PREVIEW_SECONDS, is_trial=True
    )


@transaction.atomic
def publish_template(*, version: TemplateVersion, actor: Account | None) -> TemplateVersion:
    """
    Put a draft to use in place of the version before; raises like ``preview_template`` when it does not compile in every language.
    """
    template_policy.require(actor, "change")
    fresh = TemplateVersion.objects.select_for_update().select_related("template").get(pk=version.pk)
    if fresh.status != TemplateStatus.DRAFT:
        raise DocumentStateError(_("この版は、すでに使用中か、前の版です。"))
    for language in LANGUAGES:
        preview_template(template=source_of(fresh), language=language)
    used = TemplateVersion.objects.filter(template=fresh.template, status=TemplateStatus.PUBLISHED)
    used.update(status=TemplateStatus.SUPERSEDED)
    fresh.status, fresh.published_at = TemplateStatus.PUBLISHED, clock.now()
    fresh.save(update_fields=["status", "published_at"])
    data = {"template": fresh.template.key, "number": fresh.number}
    record_event(kind=events.TEMPLATE_PUBLISHED, subject=fresh, actor=actor, data=data)
    return fresh


@transaction.atomic
def change_profile(*, actor: Account | None, **values: str) -> IssuerProfile:
    """Change how the municipality names itself on documents from now on (``head_title``, ``head_name``, ``section``, ``phone``)."""
    document_policy.require(actor, "profile")
    profile, _new = IssuerProfile.objects.update_or_create(municipality=municipality_in_scope(), defaults=values)
    record_event(kind=events.PROFILE_CHANGED, subject=profile, actor=actor, data={"fields": sorted(values)})
    return profile
