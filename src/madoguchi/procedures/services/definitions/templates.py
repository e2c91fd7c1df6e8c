"""The library of templates (ひな形) that municipalities of one installation share."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from madoguchi.kit import clock
from madoguchi.trust.api import Account, Unit, municipality_in_scope, record_event

from ... import events
from ...enums import VersionStatus
from ...errors import ProceduresError
from ...models import ProcedureVersion, SharedTemplate
from ...rules.definition import write_definition
from .drafting import create_procedure, require


@transaction.atomic
def share_template(*, version: ProcedureVersion, actor: Account | None, note: str = "") -> SharedTemplate:
    """Offer a published version to all municipalities of the installation; sharing again renews what is offered."""
    require(actor, action="share", subject=version)
    if version.status != VersionStatus.PUBLISHED:
        raise ProceduresError(_("共有できるのは、公開中の版だけです。公開してから共有してください。"))
    definition = version.definition
    template, _created = SharedTemplate.objects.update_or_create(
        source=municipality_in_scope(),
        code=definition.code,
        defaults={
            "name": definition.name.ja[:200],
            "category": definition.category,
            "document": write_definition(definition),
            "note": note[:400],
            "shared_at": clock.now(),
        },
    )
    data = {"procedure": definition.code, "version": version.number}
    record_event(kind=events.TEMPLATE_SHARED, subject=version, actor=actor, data=data)
    return template


@transaction.atomic
def unshare_template(*, template: SharedTemplate, actor: Account | None) -> None:
    """Take back a template of one's own municipality; procedures made from it stay."""
    require(actor, action="share")
    if template.source_id != municipality_in_scope().pk:
        raise ProceduresError(_("ほかの自治体が共有したひな形は、取り下げられません。"))
    template.delete()


@transaction.atomic
def use_template(
    *, template: SharedTemplate, actor: Account | None, unit: Unit | None = None, code: str = ""
) -> ProcedureVersion:
    """
    Make a procedure from a template and return its draft; ``code`` replaces the template's where that is taken.

    What belongs to the other city (counter, section and telephone) is left out, so that nobody publishes it by mistake.
    """
    require(actor, action="edit")
    document = {key: value for key, value in template.document.items() if key not in {"contact", "counter"}}
    version = create_procedure(code=code or template.code, document=document, actor=actor, unit=unit)
    SharedTemplate.objects.filter(pk=template.pk).update(uses=F("uses") + 1)
    record_event(kind=events.TEMPLATE_USED, subject=version, actor=actor, data={"procedure": version.procedure.code})
    return version
