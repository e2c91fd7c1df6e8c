"""Extension points of the plan room: readers of plan documents."""

from __future__ import annotations

from typing import Protocol

from madoguchi.kit.registry import Registry

from .rules.draft import ReadResult
from .rules.reading.document import Document


class PlanReader(Protocol):
    """Reads the documents of one layout."""

    key: str
    name: str

    def recognises(self, document: Document) -> float:
        """Return how sure the reader is that this layout is its own, from 0 to 1."""
        ...

    def read(self, document: Document) -> ReadResult:
        """Read a document; raises ``DocumentError`` naming the line when it is broken."""
        ...


readers: Registry[PlanReader] = Registry("plan_readers")
