"""Naming the device of a session from what its browser says of itself (the User-Agent header)."""

from __future__ import annotations

import re

# In this order: later ones claim to be earlier ones too (Edge says Chrome, Chrome says Safari, Android says Linux).
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Macintosh|Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"CriOS/|Chrome/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)


def describe_device(user_agent: str) -> tuple[str, str]:
    """Return system and browser, such as ``("Windows", "Edge")``; an empty text for what cannot be told."""
    return _first(_SYSTEMS, user_agent), _first(_BROWSERS, user_agent)


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for pattern, name in patterns if re.search(pattern, text)), "")
