"""
Anchors: the newest seal of each chain, noted in a file beside the database.

Whoever cuts the end of a chain in the database, head row and all, leaves a seal number in this file that the database no
longer has. An operator may copy the files elsewhere.
"""

from __future__ import annotations

import json
import logging
import os

from madoguchi.kit import clock

from ..enums import Stream
from ..models import Municipality
from ..selectors.anchors import anchor_path

logger = logging.getLogger(__name__)


def write_anchor(*, municipality: Municipality, stream: Stream, number: int, hash: str) -> None:
    """Note the newest seal of a stream; a folder that cannot be written is logged, sealing goes on."""
    path = anchor_path(municipality, stream)
    text = json.dumps({"number": number, "hash": hash, "at": clock.now().isoformat()})
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(text)
        fresh.replace(path)
    except OSError as error:
        logger.warning("cannot write the seal anchor %s: %s", path, error)
