"""A message as somebody reads it: in which language, from whom, with what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from django.utils.translation import gettext as _
from markupsafe import Markup

from madoguchi.trust.api import Municipality, municipality_in_scope

from ..enums import MessageKind
from ..errors import AudienceError
from ..models import Attachment, Link, Message, Recipient, Topic
from ..rules.audience import Everyone, Topics, parse_rule
from ..rules.content import LANGUAGES, is_written, render, to_html

NOBODY: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who says something, and where one can ask."""

    section: str
    phone: str


@dataclass(frozen=True, slots=True)
class Reading:
    """
    One message for one reader: ``html`` is safe markup; ``language`` is the one the text is really in.

    ``languages`` are the code and own name of every language there is, ``files`` its attachments.
    """

    message: Message
    subject: str
    body: str
    html: Markup
    short: str
    language: str
    languages: list[tuple[str, str]]
    sender: Sender
    files: list[Attachment] = field(default_factory=list)


def read_message(
    message: Message, language: str, *, recipient: Recipient | None = None, links: Mapping[str, str] | None = None
) -> Reading:
    """Return a message in a language (or the nearest there is), with the reader's own words where they are known."""
    rendered = render(message.contents, language, values_for(message, recipient))
    return Reading(
        message=message,
        subject=rendered.subject,
        body=rendered.body,
        html=_linked(to_html(rendered.body), links or {}),
        short=rendered.short,
        language=rendered.language,
        languages=[(code, name) for code, name in LANGUAGES.items() if is_written(message.contents, code)],
        sender=sender_of(message),
        files=list(Attachment.objects.filter(message=message).select_related("stored")),
    )


def _linked(html: str, links: Mapping[str, str]) -> Markup:
    """Let links lead over the counted addresses, while what is read stays the address they lead to."""
    for address, counted in links.items():
        html = html.replace(f'href="{escape(address)}"', f'href="{escape(counted)}"')
    return Markup(html)  # noqa: S704 - to_html escapes everything but its own five elements


def subject_of(message: Message, language: str, recipient: Recipient | None = None) -> str:
    """Return the subject alone, for lists."""
    return render(message.contents, language, values_for(message, recipient)).subject


def values_for(message: Message, recipient: Recipient | None = None) -> dict[str, str]:
    """Return what stands in the placeholders of a message for somebody."""
    sender = sender_of(message)
    found = {"city": municipality_in_scope().name, "unit": sender.section, "phone": sender.phone}
    if recipient is not None:
        found |= {"name": recipient.name, "town": recipient.town}
    return found


def sender_of(message: Message) -> Sender:
    """Return the section that answers for a message, or the city."""
    municipality: Municipality = municipality_in_scope()
    unit = message.unit
    if unit is None:
        return Sender(municipality.name, municipality.phone)
    return Sender(unit.name, unit.phone or municipality.phone)


def counted_links(message: Message, prefix: str) -> dict[str, str]:
    """Return the addresses in a message by the counted ones, ``prefix`` with the key of each."""
    return {link.address: f"{prefix}{link.key}" for link in Link.objects.filter(message=message)}


def is_public(message: Message) -> bool:
    """
    Tell whether anybody may read what a message says: it went to everyone, or to the subscribers of topics alone.

    What was chosen by what somebody is (age, town, needs), and one person's own matter, is read by those who got it.
    """
    if message.kind == MessageKind.NOTICE or message.fanned_out_at is None:
        return False
    try:
        rule = parse_rule(message.audience)
    except AudienceError:
        return False
    return message.kind == MessageKind.EMERGENCY or isinstance(rule, Everyone | Topics)


def topic_name(topic: Topic | None, language: str) -> str:
    """Return the name of a topic in a language, or in Japanese; empty for none."""
    if topic is None:
        return ""
    return str(topic.names.get(language) or topic.names.get("ja") or topic.code)


def why_received(message: Message, reason: str, language: str = "ja") -> str:
    """Return in a sentence why somebody got a message, from the code kept with the delivery."""
    if reason == "topic" and message.topic is not None:
        words = {"topic": topic_name(message.topic, language)}
        return _("「%(topic)s」のお知らせです。この分野を購読している方や、対象の方にお送りしました。") % words
    known = {
        "notice": _("あなたの手続についての連絡です。受け取り方の設定にかかわらず、受信箱に届きます。"),
        "emergency": _("命を守るための情報です。受け取り方の設定にかかわらず、市内の方にお送りしています。"),
        "audience": _("市が持つ情報や、あなたが登録した内容から、対象の方としてお送りしました。"),
    }
    return known.get(reason, reason)
