"""Feeds in Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry: ``id`` is an IRI that never changes, ``at`` aware; ``html`` is safe markup, empty for a title alone."""

    id: str
    title: str
    link: str
    at: datetime
    author: str
    language: str = "ja"
    html: str = ""
    topics: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: ``link`` is the page with the same content, ``address`` the feed's own; entries the newest first."""

    id: str
    title: str
    link: str
    address: str
    author: str
    language: str
    entries: Sequence[FeedEntry]

    @property
    def changed_at(self) -> datetime:
        """When its newest entry came; a fixed moment for an empty feed, so that its content stays the same."""
        return max((entry.at for entry in self.entries), default=_EPOCH)


def write_feed(feed: Feed) -> bytes:
    """Return the feed as an Atom document in UTF-8; the same feed gives the same bytes."""
    root = etree.Element(f"{{{NAMESPACE}}}feed", nsmap={None: NAMESPACE})
    root.set(_XML_LANGUAGE, _tag(feed.language))
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.changed_at))
    _link(root, "self", feed.address, "application/atom+xml")
    _link(root, "alternate", feed.link, "text/html")
    _add(etree.SubElement(root, f"{{{NAMESPACE}}}author"), "name", feed.author)
    _add(root, "generator", "Madoguchi")
    for entry in feed.entries:
        _entry(root, entry)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def _entry(root: etree._Element, entry: FeedEntry) -> None:
    made = etree.SubElement(root, f"{{{NAMESPACE}}}entry")
    made.set(_XML_LANGUAGE, _tag(entry.language))
    _add(made, "id", entry.id)
    _add(made, "title", entry.title)
    _add(made, "updated", _moment(entry.at))
    _add(made, "published", _moment(entry.at))
    _link(made, "alternate", entry.link, "text/html")
    _add(etree.SubElement(made, f"{{{NAMESPACE}}}author"), "name", entry.author)
    for term, label in entry.topics:
        etree.SubElement(made, f"{{{NAMESPACE}}}category", term=_clean(term), label=_clean(label))
    if entry.html:
        _add(made, "content", entry.html).set("type", "html")


def _link(parent: etree._Element, relation: str, address: str, media_type: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}link", rel=relation, type=media_type, href=_clean(address))


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    made.text = _clean(text)
    return made


def _clean(text: str) -> str:
    """Return a text without what XML 1.0 cannot say: control characters, lone surrogates, non-characters."""
    return "".join(character for character in text if _is_allowed(ord(character)))


def _is_allowed(code: int) -> bool:
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _tag(language: str) -> str:
    """Return a language as BCP 47 knows it: plain Japanese is Japanese."""
    return "ja" if language.startswith("ja") else language
