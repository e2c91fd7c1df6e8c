"""Plain text as safe HTML: paragraphs, lists, links. Authors write no markup, so nothing of theirs can be markup."""

from __future__ import annotations

import re
from html import escape

from .links import split_links

_ITEM = re.compile(r"[ \t\u3000]{0,4}(?:[-*][ \t\u3000]+|・[ \t\u3000]*)(?=\S)")
_BREAK = re.compile(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*)+")


def to_html(body: str) -> str:
    """
    Return a body as HTML of ``p``, ``br``, ``ul``, ``li`` and ``a`` alone; everything else is escaped.

    Blank lines part paragraphs; lines that begin with ``- `` or ``・`` are a list; addresses become links.
    """
    return "\n".join(_block(block) for block in _BREAK.split(body.strip("\n")) if block.strip())


def _block(block: str) -> str:
    parts: list[str] = []
    lines: list[str] = []
    items: list[str] = []
    for line in [*block.split("\n"), None]:
        item = None if line is None else _ITEM.match(line)
        if items and item is None:
            parts.append("<ul>" + "".join(f"<li>{_inline(one)}</li>" for one in items) + "</ul>")
            items = []
        if lines and (line is None or item is not None):
            parts.append("<p>" + "<br>\n".join(_inline(one) for one in lines) + "</p>")
            lines = []
        if line is None:
            break
        if item is not None:
            items.append(line[item.end() :])
        else:
            lines.append(line)
    return "\n".join(parts)


def _inline(text: str) -> str:
    return "".join(_link(piece) if is_link else escape(piece) for piece, is_link in split_links(text))


def _link(address: str) -> str:
    safe = escape(address)
    return f'<a href="{safe}" rel="noopener">{safe}</a>'
