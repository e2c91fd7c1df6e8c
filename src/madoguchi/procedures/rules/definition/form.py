"""The form of a definition: steps of fields, each field with its component, its label and its conditions."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from .text import AnyText, Code, Condition, Part, Text


class Component(StrEnum):
    """
    What a field asks for and in which shape the answer is kept (JSON).

    Dates are ``YYYY-MM-DD``. Where nothing else is said the answer is a string. Names follow the core vocabulary of the
    government's interoperability framework (GIF コア語彙).
    """

    TEXT = "text"
    TEXTAREA = "textarea"
    INTEGER = "integer"  # int
    NUMBER = "number"  # a decimal number
    MONEY = "money"  # int, yen
    DATE = "date"
    BIRTH_DATE = "birth_date"  # entered in 元号 or western years
    TIME = "time"  # HH:MM
    YES_NO = "yes_no"  # bool
    CHOICE = "choice"  # the code of an option
    CHOICES = "choices"  # list of codes
    PERSON_NAME = "person_name"  # {family, given, family_kana, given_kana}; as typed, variation selectors and all
    ORGANISATION_NAME = "organisation_name"  # {name, kana}
    CORPORATE_NUMBER = "corporate_number"  # 法人番号, 13 digits with a valid check digit
    ADDRESS = "address"  # {postal_code, prefecture, city, town, street, building}
    PHONE = "phone"
    EMAIL = "email"
    HOUSEHOLD = "household"  # list of {name: person_name, birth_date, relationship}
    BANK_ACCOUNT = "bank_account"  # {bank, branch, kind: 普通|当座|貯蓄, number, holder_kana}; codes of the Zengin list
    FILE = "file"  # list of {file: id of a stored file, name, media_type, size}
    SIGNATURE = "signature"  # {typed: name} or {file: id of an image}
    CONSENT = "consent"  # true
    CALCULATED = "calculated"  # whatever ``calculation`` gives; never typed
    GROUP = "group"  # list of objects of the fields in ``fields`` (repeated group)
    NOTE = "note"  # says something, asks nothing


class Option(Part):
    """One choice of a field."""

    code: Code
    label: AnyText
    hint: AnyText = Text()


class FormField(Part):
    """
    One question.

    ``visible_if`` and ``required_if`` are conditions over the answers: names of fields of the whole form, and inside a group
    first those of the same row. A hidden field is never required and its answer is dropped. ``required`` holds while
    visible; ``required_if`` replaces it where given. ``prefill`` names a verified attribute (``person.name``,
    ``person.birth_date``, ``person.address``, ``person.household`` …). ``constraint`` is a JSON Schema 2020-12 fragment that
    the answer must also satisfy (``{"minimum": 1}``), ``message`` what is said when it does not.
    """

    code: Code
    component: Component
    label: AnyText = Text()
    hint: AnyText = Text()
    required: bool = True
    required_if: Condition = ""
    visible_if: Condition = ""
    calculation: Annotated[str, Field(max_length=500)] = ""
    default: Any = None
    prefill: Annotated[str, Field(max_length=60)] = ""
    options: list[Option] = []
    fields: list[FormField] = []
    minimum_rows: Annotated[int, Field(ge=0, le=50)] = 0
    maximum_rows: Annotated[int, Field(ge=1, le=50)] = 10
    media_types: list[str] = []
    maximum_megabytes: Annotated[int, Field(ge=1, le=50)] = 10
    maximum_files: Annotated[int, Field(ge=1, le=20)] = 5
    maximum_length: Annotated[int, Field(ge=1, le=20000)] | None = None
    unit: AnyText = Text()
    constraint: dict[str, Any] = {}
    message: AnyText = Text()

    @property
    def asks(self) -> bool:
        """True for a field somebody fills in."""
        return self.component not in {Component.NOTE, Component.CALCULATED}


class Step(Part):
    """One page of the form: one group of questions."""

    code: Code
    title: AnyText
    lead: AnyText = Text()
    visible_if: Condition = ""
    fields: list[FormField] = []


class Form(Part):
    """The steps in their order; codes of fields are unique in the whole form (inside a group: in the group)."""

    steps: list[Step] = []

    def fields(self) -> Iterator[FormField]:
        """Yield the fields of all steps, without those inside groups."""
        for step in self.steps:
            yield from step.fields

    def find(self, code: str) -> FormField | None:
        """Return a field by its code, or None."""
        return next((field for field in self.fields() if field.code == code), None)

    def step(self, code: str) -> Step | None:
        """Return a step by its code, or None."""
        return next((step for step in self.steps if step.code == code), None)

    def step_of(self, code: str) -> Step | None:
        """Return the step that holds a field."""
        return next((step for step in self.steps if any(field.code == code for field in step.fields)), None)
