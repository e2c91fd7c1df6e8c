"""
The typesetter itself: run as a program of its own, ``python typesetter.py``, a job as JSON in, a PDF out.

A process for each document gives its memory back (the typesetter keeps some 30 MB of each one for reuse), can be stopped when
it takes too long, and takes nobody with it should it fail. So this module imports nothing of the product.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import typst

STANDARDS: list[Any] = ["a-2a", "ua-1"]
FAMILIES = frozenset({"BIZ UDPGothic", "BIZ UDPMincho"})
REFUSED = 3


class RefusedDocumentError(Exception):
    """The typesetter does not accept a document, or warns of something: in its own words."""


def compile_document(
    *, template: str, root: str, fonts: Sequence[str], data: Mapping[str, Any], timestamp: int
) -> bytes:
    """
    Return the PDF of a template (a path below ``root``) with the fonts of these folders and no others.

    ``timestamp`` (seconds since 1970) is all that the PDF knows of time. Raises ``RefusedDocumentError``: an unknown font
    family would pass silently and print nothing we know, so warnings are errors too.
    """
    known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(fonts))
    if absent := FAMILIES - set(known.families()):
        raise RefusedDocumentError(f"fonts not found: {', '.join(sorted(absent))}")
    try:
        pdf, complaints = typst.compile_with_warnings(
            template,
            root=root,
            font_paths=known,
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=STANDARDS,
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise RefusedDocumentError(error.diagnostic or str(error)) from error
    if complaints:
        raise RefusedDocumentError("; ".join(item.message for item in complaints))
    if not isinstance(pdf, bytes):
        raise RefusedDocumentError("more than one document")
    return pdf


def main() -> int:
    """Read a job from standard input and write the PDF to standard output; what is refused is said on standard error."""
    try:
        pdf = compile_document(**json.load(sys.stdin.buffer))
    except RefusedDocumentError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
