"""
The typesetter itself: run as a program of its own, letters as JSON in, a PDF out.

A process of its own gives its memory back, can be stopped when it takes too long, and takes nobody with it should it fail. So
this module imports nothing of the product.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import typst

STANDARDS: list[Any] = ["a-2a", "ua-1"]
FAMILY = "BIZ UDPGothic"


def compile_letters(job: dict[str, Any]) -> bytes:
    """Return the PDF of a job; raises ``ValueError`` for missing fonts and warnings, ``typst.TypstError`` for what does not compile."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=job["fonts"])
    if FAMILY not in set(fonts.families()):
        raise ValueError(f"font not found: {FAMILY}")
    pdf, complaints = typst.compile_with_warnings(
        job["template"],
        root=job["root"],
        font_paths=fonts,
        format="pdf",
        sys_inputs={"data": json.dumps(job["data"], ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=job["timestamp"],
    )
    if complaints:
        raise ValueError("; ".join(item.message for item in complaints))
    return bytes(pdf)


def main() -> int:
    """Read a job from standard input and write the PDF to standard output; what is refused is said on standard error."""
    try:
        pdf = compile_letters(json.load(sys.stdin.buffer))
    except (typst.TypstError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 3
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
