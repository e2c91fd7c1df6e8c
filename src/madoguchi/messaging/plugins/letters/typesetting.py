"""Typesetting letters with typst, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from ...errors import MessagingError

FOLDER = Path(__file__).parent
FONTS = ("BIZUDPGothic-Regular", "BIZUDPGothic-Bold")
SECONDS = 120
_places = threading.BoundedSemaphore(1)


class LettersError(MessagingError):
    """Letters cannot be made; the message is for the operator."""


def letters_pdf(*, letters: Sequence[dict[str, Any]], title: str, city: str, printed_on: date) -> bytes:
    """
    Return one PDF of letters (PDF/A-2a, PDF/UA-1), each beginning on a sheet of its own.

    A letter is what ``letter.typ`` reads: ``postal_code``, ``address`` (lines), ``name``, ``honorific``, ``date``, ``section``, ``phone``,
    ``subject``, ``blocks``, ``footer``, ``number``, ``lang``, ``drill``, ``drill_line``. Raises ``LettersError``.
    """
    moment = datetime(printed_on.year, printed_on.month, printed_on.day, tzinfo=UTC)
    job = {
        "template": str(FOLDER / "letter.typ"),
        "root": str(FOLDER),
        "fonts": sorted({str(path.parent) for path in _fonts()}),
        "data": {"title": title, "city": city, "letters": list(letters)},
        "timestamp": int(moment.timestamp()),
    }
    with _places:
        try:
            # The program and its arguments are ours; the letters go through standard input.
            done = subprocess.run(  # noqa: S603 - no shell, nothing of a user in the command
                [sys.executable, "-P", str(FOLDER / "program.py")],
                input=json.dumps(job, ensure_ascii=False).encode(),
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise LettersError(f"not finished after {SECONDS} seconds") from error
    if done.returncode != 0:
        raise LettersError(done.stderr.decode(errors="replace").strip() or str(done.returncode))
    return done.stdout


def _fonts() -> list[Path]:
    found = [finders.find(f"build/pdf-fonts/{name}.ttf") for name in FONTS]
    if not all(found):
        raise LettersError("PDFの書体がありません。npm run build で画面の部品を作ってください。")
    return [Path(str(path)) for path in found]
