"""
The fonts of documents: BIZ UD from the front-end build, and behind them what the operator has for rare characters.

IPAmj Mincho (IPAmj明朝), with its 60,000 characters of registers and their variations, is taken from where Debian installs
it; other folders are named by ``MADOGUCHI_FONTS``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from ...errors import FontsMissingError
from ...rules.opentype import BrokenFontError, Face, faces_of

FOLDER = "build/pdf-fonts"
FILES = ("BIZUDPGothic-Regular", "BIZUDPGothic-Bold", "BIZUDPMincho-Regular", "BIZUDPMincho-Bold")
FAMILIES = frozenset({"BIZ UDPGothic", "BIZ UDPMincho"})
ENDINGS = frozenset({".ttf", ".otf", ".ttc", ".otc"})


@dataclass(frozen=True, slots=True)
class FontSet:
    """The fonts there are: folders for the typesetter, the faces all text is set in, and those for what they lack."""

    folders: tuple[str, ...]
    main: tuple[Face, ...]
    others: tuple[Face, ...]


def font_set() -> FontSet:
    """Return the fonts; raises ``FontsMissingError`` naming the file that is not there."""
    return _font_set(tuple(str(folder) for folder in settings.DOCUMENT_FONTS))


@lru_cache(maxsize=4)
def _font_set(extra: tuple[str, ...]) -> FontSet:
    paths = [_find(f"{FOLDER}/{name}.ttf") for name in FILES]
    main = tuple(face for path in paths for face in faces_of(path))
    folders = [str(path.parent) for path in paths]
    others: dict[str, Face] = {}
    for path in _extra_files(extra):
        try:
            found = faces_of(path)
        except (BrokenFontError, OSError):
            continue
        for face in found:
            if face.family and face.family not in FAMILIES:
                others.setdefault(face.family, face)
        folders.append(str(path.parent))
    return FontSet(tuple(dict.fromkeys(folders)), main, tuple(others.values()))


def _extra_files(folders: tuple[str, ...]) -> list[Path]:
    """Return the font files of the operator's folders, those for Japanese first."""
    found = [
        path
        for folder in folders
        for path in sorted(Path(folder).rglob("*"))
        if path.suffix.lower() in ENDINGS and path.is_file()
    ]
    return sorted(found, key=lambda path: "mj" not in path.name.lower())


def _find(name: str) -> Path:
    found = finders.find(name)
    if not found:
        raise FontsMissingError(
            _("文書の書体 %(name)s がありません。npm run build で画面の部品を作ってください。") % {"name": name}
        )
    return Path(str(found))
