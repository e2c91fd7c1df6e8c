"""Typesetting: data in, PDF out (PDF/A-2a and PDF/UA-1 in one file, tagged, fonts embedded)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from madoguchi.kit.hashing import digest_bytes

from ...errors import PlanError
from .fonts import font_files, load_fonts

TEMPLATES = Path(__file__).parent / "templates"
STANDARDS: list[Any] = ["a-2a", "ua-1"]


class TypesettingError(PlanError):
    """A publication cannot be typeset; the message is for the operator's log, a page says something plainer."""


def typeset(*, template: str, data: dict[str, Any], printed_on: date) -> bytes:
    """
    Return a PDF of a template filled with data; the same data give the same bytes.

    Raises ``FontsMissingError``, and ``TypesettingError`` with the typesetter's own words: what it warns of (a font
    that is not there) is an error too, since nobody would see it in a PDF.
    """
    moment = datetime(printed_on.year, printed_on.month, printed_on.day, tzinfo=UTC)
    compiler = typst.Compiler(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=load_fonts(font_files()),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    try:
        pdf, complaints = compiler.compile_with_warnings(format="pdf", pdf_standards=STANDARDS, timestamp=moment)
    except typst.TypstError as error:
        raise TypesettingError(f"{template}: {error.diagnostic or error}") from error
    if complaints:
        raise TypesettingError(f"{template}: {'; '.join(item.message for item in complaints)}")
    if not isinstance(pdf, bytes):
        raise TypesettingError(f"{template}: no document")
    return pdf


@lru_cache(maxsize=1)
def version_of_layout() -> str:
    """Return a digest of templates, code, translations and typesetter: another one makes every kept PDF stale."""
    room = Path(__file__).parents[2]
    files = [
        *sorted(Path(__file__).parent.rglob("*.typ")),
        *sorted(Path(__file__).parent.glob("*.py")),
        *sorted((room / "rules" / "charts").glob("*.py")),
        *sorted((room / "locale").rglob("*.mo")),
    ]
    return digest_bytes(b"".join(path.read_bytes() for path in files) + version("typst").encode())
