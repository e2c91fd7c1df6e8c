"""Reading XML of strangers: no entities, no document type, nothing from outside, nothing too big or too deep."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lxml import etree

from ..telegram import N_, TelegramError

MAX_BYTES = 4_000_000
"""The agency's largest telegrams have some 600,000 bytes."""
MAX_DEPTH = 40
MAX_ELEMENTS = 400_000

Element = Any  # lxml's own type is private

JMX = "http://xml.kishou.go.jp/jmaxml1/"
HEAD = "http://xml.kishou.go.jp/jmaxml1/informationBasis1/"


def parse(data: bytes) -> Element:
    """Return the root of a document; ``TelegramError`` for what is not XML, or is more than a telegram can be."""
    if len(data) > MAX_BYTES:
        raise TelegramError(
            N_("大きすぎます（%(size)sバイト。上限は%(limit)sバイトです）。"), size=len(data), limit=MAX_BYTES
        )
    if not data.strip():
        raise TelegramError(N_("中身がありません。"))
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for start in range(0, len(data), 65536):
            parser.feed(data[start : start + 65536])
            if start == 0 and b"<!DOCTYPE" in data[:65536]:
                raise TelegramError(N_("文書型宣言（DOCTYPE）のあるXMLは受け付けません。"))
        root = parser.close()
    except etree.XMLSyntaxError as error:
        raise TelegramError(N_("XMLとして読めません（%(error)s）。"), error=error.msg) from error
    except (ValueError, LookupError) as error:
        if isinstance(error, TelegramError):
            raise
        raise TelegramError(N_("XMLとして読めません（%(error)s）。"), error=error) from error
    _check_shape(parser, root)
    return root


def _check_shape(parser: Any, root: Element) -> None:
    document = root.getroottree().docinfo
    if document.doctype or document.internalDTD is not None:
        raise TelegramError(N_("文書型宣言（DOCTYPE）のあるXMLは受け付けません。"))
    depth = elements = 0
    for event, _node in parser.read_events():
        if event == "end":
            depth -= 1
            continue
        depth += 1
        elements += 1
        if depth > MAX_DEPTH:
            raise TelegramError(N_("要素の入れ子が深すぎます（上限は%(limit)s段です）。"), limit=MAX_DEPTH)
        if elements > MAX_ELEMENTS:
            raise TelegramError(N_("要素が多すぎます（上限は%(limit)s個です）。"), limit=MAX_ELEMENTS)


def narrow(text: str) -> str:
    """Return a text with wide digits, letters and brackets made narrow (NFKC), for comparing only."""
    return unicodedata.normalize("NFKC", text).strip()


def tag(element: Element) -> str:
    """Return the name of an element without its namespace."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def children(element: Element | None, *names: str) -> list[Element]:
    """Return the children of the given local names, in order."""
    if element is None:
        return []
    return [child for child in element if tag(child) in names]


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first element down a path of local names."""
    for name in path:
        element = next(iter(children(element, name)), None)
        if element is None:
            return None
    return element


def text(element: Element | None, *path: str) -> str:
    """Return the text at a path, stripped; empty where there is none."""
    found = child(element, *path)
    return "" if found is None else (found.text or "").strip()


def within(element: Element | None, name: str) -> Iterator[Element]:
    """Yield every descendant of a local name, in order."""
    if element is not None:
        yield from element.iter("{*}" + name)


def moment(value: str, where: str) -> datetime | None:
    """Return a time of the telegram, aware; None for an empty one; ``TelegramError`` for what is no time or has no zone."""
    if not value:
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError as error:
        raise TelegramError(N_("%(where)sの日時「%(value)s」が読めません。"), where=where, value=value[:40]) from error
    if parsed.tzinfo is None or not 1900 <= parsed.year <= 2200:
        raise TelegramError(N_("%(where)sの日時「%(value)s」が読めません。"), where=where, value=value[:40])
    return parsed
