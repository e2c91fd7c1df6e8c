"""Which rows the seals hold."""

from __future__ import annotations

from ..enums import Stream
from ..models import Seal
from ..rules.seals import IdSet, member_ids


def sealed_ids(stream: Stream) -> IdSet:
    """Return the numbers of all rows that some seal of the municipality in scope holds."""
    found = IdSet()
    for members, count in Seal.objects.filter(stream=stream).values_list("members", "count").iterator():
        for row_id in member_ids(bytes(members), count):
            found.add(row_id)
    return found
