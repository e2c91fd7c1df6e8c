"""Typesetting: data in, PDF out (PDF/A-2a and PDF/UA-1 in one file, tagged, fonts embedded)."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from madoguchi.kit.hashing import digest_bytes

from ...errors import PlanError
from .fonts import font_files

TEMPLATES = Path(__file__).parent / "templates"
TYPESETTER = Path(__file__).with_name("typesetter.py")
SECONDS = 60
_places = threading.BoundedSemaphore(2)


class TypesettingError(PlanError):
    """A publication cannot be typeset; the message is for the operator's log, a page says something plainer."""


def typeset(*, template: str, data: dict[str, Any], printed_on: date) -> bytes:
    """
    Return a PDF of a template filled with data, made by a process of its own; the same data give the same bytes.

    Raises ``FontsMissingError``, and ``TypesettingError`` with the typesetter's own words, or when it takes a minute.
    """
    job = json.dumps(job_of(template=template, data=data, printed_on=printed_on), ensure_ascii=False)
    with _places:
        try:
            # The program and its arguments are ours; the data go through standard input.
            done = subprocess.run(  # noqa: S603 - no shell, nothing of a user in the command
                [sys.executable, "-P", str(TYPESETTER)],
                input=job.encode(),
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TypesettingError(f"{template}: not finished after {SECONDS} seconds") from error
    if done.returncode != 0:
        raise TypesettingError(f"{template}: {done.stderr.decode(errors='replace').strip() or done.returncode}")
    return done.stdout


def job_of(*, template: str, data: dict[str, Any], printed_on: date) -> dict[str, Any]:
    """Return what the typesetter is given for a document."""
    moment = datetime(printed_on.year, printed_on.month, printed_on.day, tzinfo=UTC)
    return {
        "template": str(TEMPLATES / f"{template}.typ"),
        "root": str(TEMPLATES),
        "fonts": sorted({str(path.parent) for path in font_files()}),
        "data": data,
        "timestamp": int(moment.timestamp()),
    }


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
