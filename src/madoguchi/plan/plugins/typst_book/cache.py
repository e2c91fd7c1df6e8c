"""Finished PDFs on disk, by the digest of everything that goes into them: made once, whoever asks at the same time."""

from __future__ import annotations

import fcntl
import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

LIMIT_FILES = 200
LIMIT_BYTES = 300 * 1024 * 1024

log = logging.getLogger(__name__)


def folder() -> Path:
    """Return where PDFs are kept; everything in it may be deleted at any time."""
    return Path(settings.HOME) / "cache" / "pdf"


def kept(key: str, make: Callable[[], bytes]) -> bytes:
    """
    Return the PDF of a key, made by ``make`` where none is kept.

    Requests for the same key wait for the first one, in this process and in others. A folder that cannot be written
    costs time, not the answer. What ``make`` raises goes through, and nothing is kept.
    """
    place = folder()
    if (found := _read(place / f"{key}.pdf")) is not None:
        return found
    try:
        place.mkdir(parents=True, exist_ok=True)
        lock = (place / f"{key[:2]}.lock").open("a")
    except OSError as error:
        log.warning("PDFs cannot be kept in %s: %s", place, error)
        return make()
    with lock, _held(lock.fileno()):
        if (found := _read(place / f"{key}.pdf")) is None:
            found = make()
            _write(place, key, found)
    return found


@contextmanager
def _held(descriptor: int) -> Iterator[None]:
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _read(path: Path) -> bytes | None:
    """Return a kept PDF and mark it as used; None where there is none, or a torn one."""
    try:
        content = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    return content if content.startswith(b"%PDF-") and b"%%EOF" in content[-32:] else None


def _write(place: Path, key: str, content: bytes) -> None:
    """Keep a PDF: written beside its name and moved there, so that nobody reads half of it."""
    try:
        with tempfile.NamedTemporaryFile(dir=place, suffix=".part", delete=False) as file:
            file.write(content)
        Path(file.name).replace(place / f"{key}.pdf")
        _shrink(place)
    except OSError as error:
        log.warning("a PDF cannot be kept in %s: %s", place, error)


def _shrink(place: Path) -> None:
    """Delete the longest unused PDFs beyond the limits, and what an earlier crash left half written."""
    files = sorted(((_used(path), path) for path in place.glob("*.pdf")), reverse=True)
    total = 0
    for count, ((_moment, size), path) in enumerate(files, start=1):
        total += size
        if count > LIMIT_FILES or total > LIMIT_BYTES:
            path.unlink(missing_ok=True)
    newest = files[0][0][0] if files else 0.0
    for path in place.glob("*.part"):
        if _used(path)[0] < newest - 3600:
            path.unlink(missing_ok=True)


def _used(path: Path) -> tuple[float, int]:
    try:
        found = path.stat()
    except OSError:
        return 0.0, 0
    return found.st_mtime, found.st_size
