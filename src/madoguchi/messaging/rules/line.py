"""Pure rules of the LINE channel: signatures, sizes, postbacks, accounts at the simulator."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode

CHUNK = 500
"""How many people one multicast request may go to."""
MOST_MESSAGES, TEXT_LIMIT, ALT_LIMIT, POSTBACK_LIMIT, UNIT_LIMIT = 5, 5000, 400, 300, 30
LABEL_LIMIT = 20
CHILD_YEARS = 18
"""Children are told of until the year in which they become so old."""
RETRY_HOURS = 24
"""For how many hours LINE knows a retry key."""
USER = re.compile(r"U[0-9a-f]{32}")
"""A user id as LINE writes it."""
SENTENCE_END = re.compile(r"[。．.！？!?\n、，, 　]")


def sign(secret: str, body: bytes) -> str:
    """Return the signature of a webhook: base64 of HMAC-SHA256 over the raw body with the channel secret."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Tell whether a webhook was signed with the channel secret, in constant time."""
    return bool(secret) and hmac.compare_digest(sign(secret, body).encode(), signature.encode("utf-8", "replace"))


def measure(text: str) -> int:
    """Return the length as LINE counts it: UTF-16 code units."""
    return len(text) + sum(1 for sign in text if ord(sign) > 0xFFFF)


def cut(text: str, limit: int) -> str:
    """Return the beginning of a text that fits, with 「…」 where something was left out."""
    if measure(text) <= limit:
        return text
    return text[: _fitting(text, limit - 1)].rstrip() + "…"


def split_text(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """Split a text into parts that fit, at the ends of paragraphs, sentences or words where there are any."""
    parts = []
    rest = text.strip()
    while measure(rest) > limit:
        end = _good_end(rest, _fitting(rest, limit))
        parts.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*parts, rest] if rest else parts


def _fitting(text: str, limit: int) -> int:
    used = 0
    for place, letter in enumerate(text):
        used += 2 if ord(letter) > 0xFFFF else 1
        if used > limit:
            return place
    return len(text)


def _good_end(text: str, most: int) -> int:
    paragraph = text.rfind("\n\n", most // 2, most)
    if paragraph > 0:
        return paragraph
    ends = [found.end() for found in SENTENCE_END.finditer(text, most // 2, most)]
    return ends[-1] if ends else most


def pack(action: str, **values: str) -> str:
    """Return the data of a postback; raises ``ValueError`` where it is longer than LINE takes."""
    data = urlencode({"do": action, **values})
    if len(data) > POSTBACK_LIMIT:
        raise ValueError("a postback is too long")
    return data


def unpack(data: str) -> dict[str, str]:
    """Return what a postback says; ``do`` is missing where it is not one of ours."""
    try:
        return dict(parse_qsl(data[:POSTBACK_LIMIT], keep_blank_values=True, max_num_fields=8))
    except ValueError:
        return {}


def chunks_of(items: list[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Yield the items in lists of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def unit_name(message_key: str) -> str:
    """Return the name under which LINE counts a message (custom aggregation unit)."""
    return re.sub(r"[^a-zA-Z0-9_]", "", f"m_{message_key}")[:UNIT_LIMIT]


def simulated_account(url: str, seed: str, municipality: str) -> dict[str, str]:
    """Return the account a municipality has at the simulator: made from the seed, so that both sides know it."""

    def derived(use: str) -> str:
        return hmac.digest(seed.encode(), f"{use} {municipality}".encode(), sha256).hex()

    return {
        "channel_id": f"sim-{municipality}",
        "channel_secret": derived("secret")[:32],
        "access_token": f"{municipality}.{derived('token')}",
        "bot_user_id": f"U{derived('bot')[:32]}",
        "base_url": url,
        "data_url": url,
        "link_url": f"{url}/dialog/bot/accountLink",
        "friend_url": f"{url}/add/{municipality}",
    }


def detail_of(answer: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return what LINE says of a refusal in one line, and the properties it names."""
    details = [one for one in answer.get("details") or [] if isinstance(one, Mapping)]
    words = [str(answer.get("message", ""))]
    words += [f"{one.get('property', '')}: {one.get('message', '')}" for one in details]
    return " / ".join(word for word in words if word.strip(": "))[:200], tuple(
        str(one.get("property", "")) for one in details
    )
