"""SVG elements as safe text: attributes are escaped, numbers finite and short, nothing that a strict CSP would refuse."""

from __future__ import annotations

import math
import re

from markupsafe import Markup, escape

# Characters that XML 1.0 forbids even when escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LIMIT = 1e6


def clean(text: object) -> str:
    """Return a text on one line without the characters that XML forbids."""
    return " ".join(_FORBIDDEN.sub("", str(text)).split())


def coordinate(value: float) -> str:
    """Return a number for an attribute: finite, at most two decimals, no exponent."""
    if not math.isfinite(value):
        raise ValueError("a drawing has no place for a number that is not finite")
    text = f"{max(-_LIMIT, min(_LIMIT, value)):.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def element(name: str, /, *children: Markup, **attributes: object) -> Markup:
    """
    Return an element; ``stroke_width=2`` becomes ``stroke-width="2"``, ``class_`` ``class``, None is left out.

    ``view_box`` is written ``viewBox``, the one name of SVG in use here that keeps a capital.
    """
    written = "".join(f' {_name(key)}="{_text(value)}"' for key, value in attributes.items() if value is not None)
    inside = f">{''.join(children)}</{name}>" if children else "/>"
    # Formatting through Markup would escape the finished parts again and costs ten times as much.
    return Markup(f"<{name}{written}{inside}")  # noqa: S704 - values are escaped, children are Markup, names our own


def _name(key: str) -> str:
    return "viewBox" if key == "view_box" else key.rstrip("_").replace("_", "-")


def _text(value: object) -> str:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return coordinate(value)
    return str(escape(clean(value)))


def characters(text: object) -> Markup:
    """Return escaped character data."""
    return escape(clean(text))
