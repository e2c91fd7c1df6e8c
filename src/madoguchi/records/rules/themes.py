"""The key colour of a municipality on documents: the same tokens as on its pages (デジタル庁デザインシステム)."""

from __future__ import annotations

THEMES: dict[str, dict[str, str]] = {
    name: {"key": key, "soft": soft, "line": line}
    for name, key, soft, line in (
        ("blue", "#0017c1", "#e8f1fe", "#c5d7fb"),
        ("light-blue", "#0055ad", "#f0f9ff", "#c0e4ff"),
        ("cyan", "#006f83", "#e9f7f9", "#99f2ff"),
        ("green", "#115a36", "#e6f5ec", "#9bd4b5"),
        ("lime", "#507500", "#ebfad9", "#c0f354"),
        ("orange", "#ac3e00", "#ffeee2", "#ffc199"),
        ("red", "#a90000", "#fdeeee", "#ffbbbb"),
        ("magenta", "#8b008b", "#f3e5f4", "#ffaeff"),
        ("purple", "#5109ad", "#f1eafa", "#ddc2ff"),
    )
}


def theme_of(colour: str) -> dict[str, str]:
    """Return the colours of a key colour; an unknown one is printed in blue."""
    return THEMES.get(colour, THEMES["blue"])
