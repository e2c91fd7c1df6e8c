"""The fonts of the printed books: the four BIZ UD files that the front-end build lays down, and no others."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders

from ...errors import PlanError

FOLDER = "build/pdf-fonts"
FILES = ("BIZUDPGothic-Regular", "BIZUDPGothic-Bold", "BIZUDPMincho-Regular", "BIZUDPMincho-Bold")


class FontsMissingError(PlanError):
    """The fonts are not there: the front end has not been built."""


def font_files() -> tuple[Path, ...]:
    """Return the font files; raises ``FontsMissingError`` naming the one that is not there."""
    return tuple(_find(f"{FOLDER}/{name}.ttf") for name in FILES)


def _find(name: str) -> Path:
    found = finders.find(name)
    if not found:
        raise FontsMissingError(f"PDFの書体 {name} がありません。npm run build で画面の部品を作ってください。")
    return Path(str(found))
