"""The definition of a procedure (手続): one document from which every channel is made."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from .form import Form
from .tables import Decision
from .text import AnyText, Code, Condition, Part, Text

FORMAT = "madoguchi.procedure/1"


class Assurance(StrEnum):
    """How surely it must be known who applies (本人確認の保証レベル), weakest first."""

    NONE = "none"
    ACCOUNT = "account"  # signed in with a registered account
    AUTHENTICATED = "authenticated"  # a national identity provider vouched for the person in this session
    SIGNED = "signed"  # and the application itself was signed (署名用電子証明書)


class PaymentTime(StrEnum):
    """When the fee is paid."""

    NONE = "none"
    BEFORE = "before"  # at sending: the work begins once it is paid
    AFTER = "after"  # once the city has looked at it: the result is handed out when it is paid


class Law(Part):
    """A legal basis (根拠法令)."""

    title: Annotated[str, Field(max_length=120)]
    article: Annotated[str, Field(max_length=60)] = ""
    url: Annotated[str, Field(max_length=300)] = ""


class Deadline(Part):
    """
    Until when one must apply: ``text`` for people; ``days`` after (or before, negative) the date in ``from_field``.

    ``rolls`` moves an end that falls on a closed day to the next open one (民法142条).
    """

    text: AnyText
    days: int | None = None
    from_field: str = ""
    rolls: bool = True


class RequiredDocument(Part):
    """Something to bring or to attach; ``required_if`` is a condition over the answers (and those of the finder)."""

    code: Code
    name: AnyText
    note: AnyText = Text()
    required_if: Condition = ""
    online: Literal["attach", "identity", "not_needed"] = "attach"


class Question(Part):
    """A question people ask, and its answer."""

    question: AnyText
    answer: AnyText


class Output(Part):
    """What the resident gets: a document made from a template of the records room."""

    code: Code
    name: AnyText
    kind: Literal["certificate", "notice", "permit", "receipt"] = "notice"
    template: Annotated[str, Field(max_length=60)] = "notice"
    title: AnyText = Text()
    body: AnyText = Text()
    valid_days: int | None = None
    fields: list[str] = []


class Minutes(Part):
    """Standard minutes of staff time for one matter on paper (``before``) and here (``after``)."""

    before: Annotated[int, Field(ge=0, le=6000)] = 0
    after: Annotated[int, Field(ge=0, le=6000)] = 0


class Contact(Part):
    """The section that answers."""

    section: AnyText = Text()
    phone: Annotated[str, Field(max_length=40)] = ""
    hours: AnyText = Text()


class Eligibility(Part):
    """
    One condition of the finder: a question's code and the FEEL unary test its answer must satisfy.

    ``otherwise`` is "no" (certainly not) or "maybe" (a person has to look); ``reason`` is said when the test fails.
    """

    question: Code
    test: Annotated[str, Field(max_length=200)]
    otherwise: Literal["no", "maybe"] = "no"
    reason: AnyText = Text()


class TestCase(Part):
    """
    A test kept with the definition: answers in, and what must come of them.

    ``expect`` may hold ``valid`` (bool), ``errors`` (paths of fields), ``visible``/``hidden`` (codes of fields), ``fee`` (yen),
    ``eligible`` ("yes", "maybe", "no"), ``documents`` (codes), ``calculated`` (code → value).
    """

    __test__ = False

    name: Annotated[str, Field(max_length=120)]
    today: date | None = None
    answers: dict[str, Any] = {}
    expect: dict[str, Any] = {}


class Definition(Part):
    """
    A procedure, as one document; ``format`` is the version of this form.

    ``workflow`` is the BPMN 2.0 XML of a flow of its own; empty for the house's default flow. ``decisions`` holds ``fee`` and
    ``eligibility`` tables and those the flow asks for. ``finder`` are the conditions of the finder beside ``life_events``.
    """

    format: Literal["madoguchi.procedure/1"] = "madoguchi.procedure/1"
    code: Code
    name: AnyText
    summary: AnyText = Text()
    category: Annotated[str, Field(max_length=40)] = ""
    life_events: list[Code] = []
    keywords: list[Annotated[str, Field(max_length=40)]] = []
    laws: list[Law] = []
    who: AnyText = Text()
    not_for: list[AnyText] = []
    when: AnyText = Text()
    deadline: Deadline | None = None
    fee_text: AnyText = Text()
    minutes_to_apply: Annotated[int, Field(ge=1, le=240)] = 10
    processing_days: Annotated[int, Field(ge=0, le=400)] = 7
    documents: list[RequiredDocument] = []
    channels: list[Literal["online", "counter", "post"]] = ["online", "counter"]
    counter: AnyText = Text()
    finder: list[Eligibility] = []
    form: Form = Form()
    assurance: Assurance = Assurance.ACCOUNT
    applicants: list[Literal["person", "business"]] = ["person"]
    delegates: bool = True
    payment: PaymentTime = PaymentTime.NONE
    decisions: dict[Code, Decision] = {}
    workflow: str = ""
    needs_approval: bool = False
    outputs: list[Output] = []
    retention: Literal["1", "3", "5", "10", "30", "permanent"] = "5"
    minutes: Minutes = Minutes()
    faq: list[Question] = []
    contact: Contact = Contact()
    tests: list[TestCase] = []
