"""Packages: ZIP files whose manifest names every file with its size and SHA-256."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from typing import IO, Any

MANIFEST = "manifest.json"
_FIXED = (2020, 1, 1, 0, 0, 0)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')


def safe_entry(name: str) -> str:
    """Return a file name that stays in its folder and opens on every system."""
    return _UNSAFE.sub("_", name).strip(" .\u3000")[-120:] or "file"


def manifest_of(facts: dict[str, Any], files: list[dict[str, Any]]) -> bytes:
    """Return a manifest: what the package is, then its files in their order."""
    return json.dumps({**facts, "files": files}, ensure_ascii=False, indent=1).encode()


class Package:
    """A ZIP file on its way; the same files give the same bytes. ``close`` writes the manifest last."""

    def __init__(self, target: IO[bytes], facts: dict[str, Any]) -> None:
        self._archive = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self._facts = facts
        self.files: list[dict[str, Any]] = []
        self.size = 0

    def add(self, path: str, content: bytes) -> None:
        """Add a file; a path that is there already gets a number."""
        names = {file["path"] for file in self.files}
        stem, dot, ending = path.rpartition(".")
        number = 2
        while path in names:
            path = f"{stem or path}-{number}{dot}{ending}"
            number += 1
        info = zipfile.ZipInfo(path, _FIXED)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        self._archive.writestr(info, content)
        digest = hashlib.sha256(content).hexdigest()
        self.files.append({"path": path, "size": len(content), "sha256": digest})
        self.size += len(content)

    def close(self) -> None:
        """Write the manifest and finish the file."""
        info = zipfile.ZipInfo(MANIFEST, _FIXED)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        self._archive.writestr(info, manifest_of(self._facts, self.files))
        self._archive.close()
