"""Applications that were begun together: what was said once is not asked again."""

from __future__ import annotations

from typing import Any

from ...models import Draft
from ...rules.definition import Definition
from ...rules.finder.checklist import shared_answers
from ...rules.forms import check_field, compute


def carry_over(*, draft: Draft, step: str) -> int:
    """
    Put what a step says into the empty fields of the drafts that were begun with it; return how many got it.

    Fields are the same where they name the same attribute (``person.name``), or have the same name and label; only answers
    without a mistake are carried (see ``rules.finder.checklist.shared_answers``).
    Call it in the transaction that saved the step.
    """
    known = _said(draft, draft.version.definition, step)
    if not known:
        return 0
    others = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("version")
        .filter(bundle=draft.bundle, account=draft.account_id, secret_digest=draft.secret_digest, proxy=draft.proxy)
    )
    return sum(_receive(other, known, draft) for other in others.exclude(pk=draft.pk))


def _said(draft: Draft, definition: Definition, step: str) -> dict[str, Any]:
    found = definition.form.step(step)
    fields = [field for field in found.fields if field.code in draft.answers] if found else []
    return {
        field.code: draft.answers[field.code]
        for field in fields
        if not check_field(definition, field, draft.answers[field.code], draft.answers)
    }


def _receive(other: Draft, known: dict[str, Any], source: Draft) -> bool:
    definition = other.version.definition
    # Under a code of its own: both may be applications of the same procedure.
    first = source.version.definition.model_copy(update={"code": "said-before"})
    own = {code: value for code, value in other.answers.items() if value is not None}
    values = shared_answers([first, definition], {first.code: known, definition.code: own})[definition.code]
    fitting = {
        code: value
        for code, value in values.items()
        if (field := definition.form.find(code)) is not None
        and not check_field(definition, field, value, other.answers)
    }
    if not fitting:
        return False
    name = source.version.definition.name.ja
    origin = {"kind": "bundle", "source": source.key, "label": name, "as_of": source.saved_at.date().isoformat()}
    other.answers = compute(definition, {**other.answers, **fitting})
    other.origins = {**other.origins, **{code: {**origin, "value": value} for code, value in fitting.items()}}
    other.save(update_fields=["answers", "origins"])
    return True
