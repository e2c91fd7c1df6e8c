"""How long a text may be on each way, counted as the providers count (UTF-16 code units)."""

from __future__ import annotations

from dataclasses import dataclass

EMAIL, LINE, WEB_PUSH, SMS = "email", "line", "web_push", "sms"
"""Ways with a limit, by the codes of ``enums.ChannelKey`` (rules know no Django)."""

SUBJECT_LIMIT = 60
SHORT_LIMIT = 500
BODY_LIMIT = 10_000
LINE_LIMIT = 5_000
PUSH_LIMIT = 120
SMS_LIMIT, SMS_PART = 70, 67
SMS_PARTS = 4
"""A short message is 70 characters of Japanese; longer ones go in parts of 67 and are paid by the part."""
LINK_LENGTH = 60
"""What a counted link takes at most: the city's address, /l/ and its key."""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("^{}\\[~]|€")


def units(text: str) -> int:
    """Return the length in UTF-16 code units: an emoji or a rare kanji counts two."""
    return len(text) + sum(character > "\uffff" for character in text)


def sms_parts(text: str) -> int:
    """Return in how many short messages a text goes (3GPP TS 23.038): 160/153 Latin letters, 70/67 others; 0 for none."""
    if not text:
        return 0
    if all(character in _GSM or character in _GSM_EXTENDED for character in text):
        septets = len(text) + sum(character in _GSM_EXTENDED for character in text)
        return 1 if septets <= 160 else -(-septets // 153)
    length = units(text)
    return 1 if length <= SMS_LIMIT else -(-length // SMS_PART)


@dataclass(frozen=True, slots=True)
class Size:
    """How long a text is on a way, of how much; ``parts`` is how many short messages it makes."""

    channel: str
    length: int
    limit: int
    parts: int = 1

    @property
    def is_over(self) -> bool:
        """Tell whether it does not fit."""
        return self.length > self.limit


def sizes(subject: str, body: str, short: str) -> list[Size]:
    """Return how long the texts of one language are on each way that has a limit."""
    short = short or subject
    parts = sms_parts(short)
    return [
        Size(EMAIL, units(subject), SUBJECT_LIMIT),
        Size(LINE, units(subject) + units(body) + LINK_LENGTH, LINE_LIMIT),
        Size(WEB_PUSH, units(short), PUSH_LIMIT),
        Size(SMS, units(short), SMS_LIMIT if parts <= 1 else SMS_PART * SMS_PARTS, parts),
    ]
