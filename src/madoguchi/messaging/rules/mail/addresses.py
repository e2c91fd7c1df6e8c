"""E-mail addresses as SMTP and headers want them (RFC 5321, RFC 6531, RFC 5891)."""

from __future__ import annotations

import re
from functools import lru_cache

import idna

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s<>]")
LONGEST, LONGEST_LOCAL = 254, 64


class AddressError(ValueError):
    """An address cannot be written to."""


def wire_address(address: str) -> tuple[str, bool]:
    """
    Return an address as it stands in SMTP commands and headers, and whether the server must know SMTPUTF8 for it.

    Domains become ASCII (IDNA 2008). Local parts that are no dot-atom, as some Japanese phone companies gave them
    (``a..b.@docomo.ne.jp``), are quoted. Raises ``AddressError`` for everything that is no address, line breaks above all.
    """
    local, at, domain = address.strip().rpartition("@")
    if not at or not local or not domain or _CONTROL.search(address.strip()):
        raise AddressError("no e-mail address")
    if local[0] == '"' == local[-1] and len(local) > 2:
        local = local[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if len(local.encode()) > LONGEST_LOCAL:
        raise AddressError("the local part is too long")
    if not _DOT_ATOM.fullmatch(local):
        local = '"' + local.replace("\\", "\\\\").replace('"', '\\"') + '"'
    whole = f"{local}@{ascii_domain(domain)}"
    if len(whole.encode()) > LONGEST:
        raise AddressError("the address is too long")
    return whole, not whole.isascii()


@lru_cache(maxsize=4096)
def ascii_domain(domain: str) -> str:
    """Return a domain in ASCII, lower case; raise ``AddressError`` where it is none."""
    if re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*", domain):
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise AddressError("no domain") from error
