"""Who applies, out of the answers: the name that lists show and searches find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .definition import Component, Definition, FormField


@dataclass(frozen=True, slots=True)
class Applicant:
    """A name as it was typed, variation selectors and all, and its kana; both empty where the form asks for none."""

    name: str = ""
    kana: str = ""


def applicant_of(definition: Definition, answers: Mapping[str, Any]) -> Applicant:
    """
    Return the applicant: the field that the city's own record would fill (``person.name``), else the first name asked for.

    An organisation counts where no person is named.
    """
    fields = [field for field in definition.form.fields() if field.code in answers]
    people = [field for field in fields if field.component is Component.PERSON_NAME]
    groups = [field for field in fields if field.component is Component.ORGANISATION_NAME]
    for field in sorted(people, key=lambda item: item.prefill != "person.name") + groups:
        found = _read(field, answers[field.code])
        if found.name:
            return found
    return Applicant()


def _read(field: FormField, value: Any) -> Applicant:
    if not isinstance(value, dict):
        return Applicant()
    keys = (("family", "given"), ("family_kana", "given_kana"))
    if field.component is Component.ORGANISATION_NAME:
        keys = (("name",), ("kana",))  # type: ignore[assignment]
    name, kana = (" ".join(str(value.get(key) or "").strip() for key in part).strip() for part in keys)
    return Applicant(name, kana)
