"""How a message would look, by way and language, for a made-up person."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from markupsafe import Markup

from madoguchi.trust.api import municipality_in_scope

from ...enums import ChannelKey
from ...models import Message
from ...registry import Channel, Outgoing, channels
from ...rules.content import JAPANESE, LANGUAGES, is_written, render, to_html
from ..settings import site_address

_NAMES = {"ja": "見本 花子", "ja-easy": "見本（みほん） 花子（はなこ）"}
_ADDRESSES = {"email": "hanako@example.com", "sms": "+819000000000"}


@dataclass(frozen=True, slots=True)
class Sample:
    """
    A message on one way in one language: ``parts`` with headings, ``problems`` of the way, and the body as safe markup.

    ``is_written`` is false where the language falls back to another one.
    """

    channel: str
    label: str
    language: str
    is_written: bool
    is_ready: bool
    parts: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]
    html: Markup


def sample_values(message: Message, language: str = JAPANESE) -> dict[str, str]:
    """Return what stands at the placeholders for a made-up person."""
    municipality = municipality_in_scope()
    unit = message.unit
    return {
        "name": _NAMES.get(language, "MIHON Hanako"),
        "town": _("栄町"),
        "city": municipality.name,
        "unit": unit.name if unit is not None else municipality.name,
        "phone": (unit.phone if unit is not None else "") or municipality.phone,
    }


def preview(message: Message, *, language: str = JAPANESE, channel: str = "") -> list[Sample]:
    """Return a message, saved or not, as it would look on every way it can go, or on one."""
    wanted = [found for found in channels if (channel == found.key if channel else _is_wanted(message, found))]
    return [_sample(message, found, language) for found in wanted]


def _is_wanted(message: Message, channel: Channel) -> bool:
    if message.channels:
        return channel.key in message.channels or channel.key == ChannelKey.INBOX
    return channel.key == ChannelKey.INBOX or (channel.is_automatic and channel.is_ready())


def language_name(code: str) -> str:
    """Return what a language is called, in that language: whoever chooses one can read it."""
    # Only the Japanese names are ours to translate; Django's own catalogue would call English 英語(米国).
    name = LANGUAGES.get(code, code)
    return _(name) if code.startswith(JAPANESE) else name


def _sample(message: Message, channel: Channel, language: str) -> Sample:
    rendered = render(message.contents, language, sample_values(message, language))
    outgoing = Outgoing(
        delivery_id=0,
        message_key=message.key,
        address=_ADDRESSES.get(channel.key, ""),
        details={},
        language=rendered.language,
        subject=rendered.subject,
        body=rendered.body,
        short=rendered.short,
        page=f"{site_address()}/inbox/",
        unsubscribe=f"{site_address()}/preferences/",
        is_drill=message.is_drill,
        expires_at=message.expires_at,
    )
    made = channel.preview(outgoing)
    return Sample(
        channel=channel.key,
        label=_(channel.label),
        language=rendered.language,
        is_written=is_written(message.contents, language),
        is_ready=channel.is_ready(),
        parts=made.parts,
        problems=made.problems,
        html=Markup(to_html(rendered.body)),  # noqa: S704 - to_html escapes everything and writes known tags alone
    )
