"""The fonts of the printed books: the four BIZ UD files that the front-end build lays down, and no others."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import typst
from django.contrib.staticfiles import finders

from ...errors import PlanError

FOLDER = "build/pdf-fonts"
FILES = ("BIZUDPGothic-Regular", "BIZUDPGothic-Bold", "BIZUDPMincho-Regular", "BIZUDPMincho-Bold")
FAMILIES = frozenset({"BIZ UDPGothic", "BIZ UDPMincho"})


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


@lru_cache(maxsize=2)
def load_fonts(files: tuple[Path, ...]) -> typst.Fonts:
    """
    Return the fonts ready for typesetting; fonts of the system and of the typesetter are left out.

    An unknown family name would pass silently and print nothing we know, so both families must be there.
    """
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=sorted({str(path.parent) for path in files}),
    )
    if absent := FAMILIES - set(fonts.families()):
        raise FontsMissingError(f"PDFの書体 {'、'.join(sorted(absent))} が読み込めません。")
    return fonts
