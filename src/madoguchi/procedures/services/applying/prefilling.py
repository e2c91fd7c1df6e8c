"""Filling in what the city knows already: with consent, each value with its source, each look logged."""

from __future__ import annotations

from typing import Any

from madoguchi.trust.api import Account, give_consent, verified_attributes

from ...rules.definition import Definition, FormField
from .proxies import Proxy


def prefillable(definition: Definition) -> list[FormField]:
    """Return the fields a verified attribute would fill."""
    return [field for field in definition.form.fields() if field.prefill and field.asks]


def prefilled(*, definition: Definition, actor: Account, proxy: Proxy | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return values for the fields of a form, and for each where it came from (source, as_of, assurance, value).

    The person's consent is kept and the look is logged.
    """
    fields = prefillable(definition)
    if not fields:
        return {}, {}
    keys = sorted({field.prefill for field in fields})
    person: dict[str, Any] = {"account": actor}
    if proxy is not None:
        person = {"account": proxy.delegation.principal, "resident": proxy.resident}
    about = proxy.resident if proxy is not None else None
    give_consent(account=actor, procedure=definition.code, keys=keys, procedure_name=definition.name.ja, about=about)
    purpose = definition.name.ja[:80]
    known = verified_attributes(actor=actor, keys=keys, purpose=purpose, procedure=definition.code, **person)
    values: dict[str, Any] = {}
    origins: dict[str, Any] = {}
    for field in fields:
        if (found := known.get(field.prefill)) is not None:
            values[field.code] = found.value
            origins[field.code] = {
                "kind": "verified",
                "key": field.prefill,
                "source": str(found.source),
                "label": found.source_label,
                "as_of": found.as_of.date().isoformat(),
                "assurance": str(found.assurance),
                "value": found.value,
            }
    return values, origins
