"""Addresses of people on the channels: one writing of each, and the digest by which it is found again."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit

_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{2,59})")
_LINE = re.compile(r"U[0-9a-f]{32}")
_MOBILE = re.compile(r"\+81(60|70|80|90)[0-9]{8}")
_FIXED = re.compile(r"\+81[1-9][0-9]{8}")
_ABROAD = re.compile(r"\+[1-9][0-9]{6,14}")
_LONGEST = 2000


class AddressError(ValueError):
    """An address cannot be one of its channel; ``code`` says why (``email``, ``phone``, ``line``, ``web_push``, ``post``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def normalise_address(channel: str, address: str) -> str:
    """
    Return the one writing of an address on a channel (``ChannelKey``).

    E-mail: NFKC, domain in lower case and IDNA; addresses of mobile carriers with dots that RFC 5322 does not know (``a..b@``) are
    taken as they are. SMS: E.164, mobile numbers alone where they are Japanese. LINE: ``U`` and 32 hexadecimal digits. Web push:
    an ``https`` address. Post: lines without space at their ends. Raises ``AddressError``.
    """
    text = address.strip()
    if not text or len(text) > _LONGEST or any(unicodedata.category(one) == "Cc" for one in text if one != "\n"):
        raise AddressError(channel)
    normalise = _NORMALISERS.get(channel)
    if normalise is None:
        raise AddressError(channel)
    return normalise(text)


def address_digest(channel: str, address: str) -> str:
    """Return the SHA-256 by which an address is found; e-mail addresses that differ in case are one. Raises ``AddressError``."""
    text = normalise_address(channel, address)
    return hashlib.sha256(f"{channel}:{text.casefold() if channel == 'email' else text}".encode()).hexdigest()


def mask_address(channel: str, address: str) -> str:
    """Return an address so that its owner knows it again and nobody else learns it: ``ha•••@example.jp``, ``•••5678``."""
    if channel == "email":
        local, _, domain = address.partition("@")
        return f"{local[:2] if len(local) > 3 else local[:1]}•••@{domain}"
    if channel == "sms":
        return f"•••{address[-4:]}"
    if channel == "web_push":
        return urlsplit(address).hostname or ""
    return "" if channel == "line" else address[:6] + "•••"


def _email(text: str) -> str:
    local, at, domain = unicodedata.normalize("NFKC", text).rpartition("@")
    try:
        domain = domain.strip().encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise AddressError("email") from None
    if not at or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise AddressError("email")
    return f"{local}@{domain}"


def normalise_phone(text: str) -> str:
    """Return a phone number as E.164, whatever way it was typed; a number without a country is Japanese."""
    digits = re.sub(r"[\s().‐‑‒–—―−ー-]", "", unicodedata.normalize("NFKC", text))
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0"):
        digits = f"+81{digits[1:]}"
    elif digits.startswith("+810"):
        digits = f"+81{digits[4:]}"
    known = (_MOBILE, _FIXED) if digits.startswith("+81") else (_ABROAD,)
    if not any(pattern.fullmatch(digits) for pattern in known):
        raise AddressError("sms")
    return digits


def _mobile(text: str) -> str:
    number = normalise_phone(text)
    if number.startswith("+81") and not _MOBILE.fullmatch(number):
        raise AddressError("sms")
    return number


def _line(text: str) -> str:
    if not _LINE.fullmatch(text):
        raise AddressError("line")
    return text


def _push(text: str) -> str:
    try:
        parts = urlsplit(text)
        # Only the simulated push service speaks plain HTTP, on this machine; whom the city calls is judged by the channel.
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "127.0.0.1")
        is_good = is_safe and bool(parts.hostname) and not parts.username
    except ValueError:
        is_good = False
    if not is_good or re.search(r"\s", text):
        raise AddressError("web_push")
    return text


def _post(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


_NORMALISERS = {"email": _email, "sms": _mobile, "line": _line, "web_push": _push, "post": _post}
