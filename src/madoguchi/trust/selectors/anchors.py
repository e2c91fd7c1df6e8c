"""The newest seal of each chain as noted in a file beside the database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ..enums import Stream
from ..models import Municipality


@dataclass(frozen=True, slots=True)
class Anchor:
    """A seal that existed: its number and hash."""

    number: int
    hash: str


def anchor_path(municipality: Municipality, stream: Stream) -> Path:
    """Return the file of a chain, in ``seals`` of the data folder."""
    return Path(settings.HOME) / "seals" / f"{municipality.key}.{stream}.json"


def read_anchor(municipality: Municipality, stream: Stream) -> Anchor | None:
    """Return the noted seal; None when nothing was noted; raise ``ValueError`` when the file cannot be read."""
    path = anchor_path(municipality, stream)
    try:
        noted = json.loads(path.read_text())
        return Anchor(int(noted["number"]), str(noted["hash"]))
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error
