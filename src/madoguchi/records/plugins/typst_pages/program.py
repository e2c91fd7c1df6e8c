"""
The typesetter itself: run as a program of its own, jobs as lines of JSON in, PDFs out, until its input ends.

A process of its own can be stopped when a document takes too long, cannot take more memory than it is given, and takes nobody
with it. It sees a folder that holds the shared parts of the templates and nothing else. This module imports nothing of the
product.
"""

from __future__ import annotations

import base64
import json
import resource
import struct
import sys
from typing import Any

import typst

STANDARDS: list[Any] = ["a-2a", "ua-1"]
MEMORY = 2 * 1024**3
MOST_PICTURES = 4
OK, REFUSED = 0, 1


def compile_document(job: dict[str, Any], fonts: typst.Fonts) -> bytes:
    """
    Return the PDF of a job, or its first pages as a JSON list of PNG in base 64 where it asks for pictures.

    Raises ``typst.TypstError`` for what does not compile, ``ValueError`` for warnings.
    """
    pictures = bool(job.get("pictures"))
    made, warnings = typst.compile_with_warnings(
        job["source"].encode(),
        root=job["root"],
        font_paths=fonts,
        ignore_system_fonts=True,
        format="png" if pictures else "pdf",
        ppi=80,
        sys_inputs={"data": job["data"]},
        pdf_standards=[] if pictures else STANDARDS,
        package_path=job["root"] + "/packages",
        package_cache_path=job["root"] + "/packages",
        timestamp=job["timestamp"],
    )
    if warnings:
        raise ValueError("; ".join(warning.message for warning in warnings))
    pages = made if isinstance(made, list) else [made or b""]
    if pictures:
        return json.dumps([base64.b64encode(page).decode() for page in pages[:MOST_PICTURES]]).encode()
    return pages[0]


def answer(kind: int, content: bytes) -> None:
    """Write one answer: kind, length, content."""
    sys.stdout.buffer.write(struct.pack(">BI", kind, len(content)) + content)
    sys.stdout.buffer.flush()


def main() -> None:
    """Work off jobs; the first line names the fonts."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    first = json.loads(sys.stdin.buffer.readline())
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=first["fonts"])
    answer(OK, json.dumps(sorted(set(fonts.families()))).encode())
    for line in sys.stdin.buffer:
        try:
            answer(OK, compile_document(json.loads(line), fonts))
        except typst.TypstError as error:
            answer(REFUSED, (error.diagnostic or str(error)).encode())
        except (ValueError, TypeError) as error:
            answer(REFUSED, str(error).encode())


if __name__ == "__main__":
    main()
