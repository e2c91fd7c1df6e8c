"""
The states a PDF went through, by their digests.

Whatever is appended to a PDF (a signature, a time stamp, a forgery) leaves the bytes before it as they were, so an earlier state
is the file up to one of its end marks.
"""

from __future__ import annotations

import hashlib
import re

MOST_REVISIONS = 60
_END = re.compile(rb"%%EOF(?:\r\n|\n|\r)?")


def revision_digests(pdf: bytes) -> list[str]:
    """Return the SHA-256 of the file up to each end mark (with and without its line break), the whole file's last."""
    digest, done, found = hashlib.sha256(), 0, []
    for match in list(_END.finditer(pdf))[-MOST_REVISIONS:]:
        for end in sorted({match.start() + 5, match.end()}):
            digest.update(pdf[done:end])
            done = end
            found.append(digest.hexdigest())
    digest.update(pdf[done:])
    found.append(digest.hexdigest())
    return found
