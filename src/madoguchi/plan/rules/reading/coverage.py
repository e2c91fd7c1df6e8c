"""The account of a reading: no table row of the source is dropped silently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from madoguchi.plan.rules.draft import DraftPlan, ReadResult, RowPlacement, Unplaced
from madoguchi.plan.rules.reading.document import Document, find_tables

_NO_RULE = "どの読み取り規則にも当てはまらない行です。計画のどこに入れるかを選ぶか、対象外にしてください。"
_LONGEST_TEXT = 300


class Ledger:
    """
    Keeps where each line of a document went while a reader works through it.

    ``result`` counts for itself: each table row that nobody placed, ignored or reported is listed as unplaced.
    """

    def __init__(self, document: Document) -> None:
        """Open the account of ``document``."""
        self.document = document
        self._placed: dict[int, list[str]] = defaultdict(list)
        self._ignored: dict[int, str] = {}
        self._unplaced: list[Unplaced] = []
        self._warnings: list[Unplaced] = []
        self._reported: set[int] = set()

    def place(self, line: int, where: str) -> None:
        """Note that ``line`` (1-based) went to ``where`` (a path: 「1/1-1/指標」); several places are possible."""
        if where not in self._placed[line]:
            self._placed[line].append(where)

    def ignore(self, line: int, why: str) -> None:
        """Note that ``line`` carries nothing of the plan's own, and why (page furniture, table header, glossary)."""
        self._ignored.setdefault(line, why)

    def unplaced(self, line: int, reason: str, *, text: str = "") -> None:
        """List ``line`` (or ``text``, a value in it) as not placed; ``reason`` is read by the person who reviews."""
        self._reported.add(line)
        self._unplaced.append(Unplaced(line=line, text=text or self._text(line), reason=reason))

    def warn(self, line: int, reason: str, *, text: str = "") -> None:
        """List something that was placed but that a person should look at."""
        self._warnings.append(Unplaced(line=line, text=text or self._text(line), reason=reason))

    def is_settled(self, line: int) -> bool:
        """Tell whether ``line`` was placed, ignored or reported already."""
        return line in self._placed or line in self._ignored or line in self._reported

    def result(self, *, reader: str, plans: Iterable[DraftPlan]) -> ReadResult:
        """Close the account: give what was read, and list every table row that is neither placed nor ignored."""
        for table in find_tables(self.document):
            for row in table.rows:
                if not self.is_settled(row.line):
                    self.unplaced(row.line, _NO_RULE)
        return ReadResult(
            reader=reader,
            plans=tuple(plans),
            placed=tuple(RowPlacement(line=n, place=w) for n, places in sorted(self._placed.items()) for w in places),
            ignored=tuple(RowPlacement(line=n, place=w) for n, w in sorted(self._ignored.items())),
            unplaced=tuple(sorted(self._unplaced, key=lambda item: item.line)),
            warnings=tuple(sorted(self._warnings, key=lambda item: item.line)),
        )

    def _text(self, line: int) -> str:
        return self.document.text(line).replace("\t", "｜")[:_LONGEST_TEXT]
