"""The content-addressed store on disk: one folder per municipality, a content under its SHA-256."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

from django.conf import settings

from ..models import Municipality, municipality_in_scope


def folder_of(municipality: Municipality) -> Path:
    """Return the folder of a municipality's contents."""
    return Path(settings.MEDIA_ROOT) / str(municipality.pk)


def path_of(digest: str) -> Path:
    """Return where a content of the municipality in scope lies."""
    return folder_of(municipality_in_scope()) / digest[:2] / digest


def put(content: bytes) -> str:
    """Store a content and return its digest; a content that is there already is left alone. Readers see all or nothing."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if path.exists():
        # A sweep running now takes it for one that is wanted again.
        os.utime(path)
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).replace(path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
    return digest


def open_content(digest: str) -> BufferedReader:
    """Open a content for reading; raises ``FileNotFoundError`` when it is gone."""
    return path_of(digest).open("rb")


def remove(digest: str) -> None:
    """Remove a content, if it is there."""
    path_of(digest).unlink(missing_ok=True)


def is_intact(digest: str) -> bool | None:
    """Tell whether a content still has its digest; None when it is gone."""
    try:
        with open_content(digest) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except FileNotFoundError:
        return None


def contents_older_than(seconds: float) -> Iterator[Path]:
    """Return the paths of contents (and of writes cut off half-way) that were last touched so long ago."""
    limit = time.time() - seconds
    for path in folder_of(municipality_in_scope()).glob("??/*"):
        if path.is_file() and path.stat().st_mtime < limit:
            yield path
