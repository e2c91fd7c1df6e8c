"""The schedule of one sheet (取組スケジュール): words by year, and how far their bars reach."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from madoguchi.plan.plugins.isehara.series import Placed
from madoguchi.plan.rules.draft import DraftAction, ScheduleWord
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.markup import unwrap
from madoguchi.plan.rules.reading.values import is_nothing

# Words for one moment: no bar follows them into the empty cells on their right.
_MOMENT = re.compile(r"(?:策定|決定|設置|開設|登用|完了|開始|公開|公表)$")
_CARRIED_OUT = frozenset({"実施", "導入", "設置", "開設", "登用", "運用開始"})
_ONGOING = "継続"


class Bars:
    """
    The schedule rows of one sheet.

    An empty cell right of a word belongs to its bar, unless the word names a single moment; a dash ends the bar. A row
    whose only word is 「継続」 is one bar over all its years, wherever the conversion left the word.
    """

    def __init__(self, ledger: Ledger) -> None:
        """Report to ``ledger``."""
        self._ledger = ledger
        self._actions: list[DraftAction] = []

    @property
    def last_label(self) -> str:
        """The task of the latest row that names one, or an empty text."""
        return self._actions[-1].label if self._actions else ""

    def add(self, line: int, label: str, values: Sequence[Placed], path: str) -> None:
        """Add a row; one without a label is a second bar of the task above."""
        if not label and not self._actions:
            self._ledger.unplaced(line, "取組名のない予定の行です。どの取組の予定かを確かめてください。")
            return
        name = label or self.last_label
        words = tuple(_words(values, line))
        if not words:
            self._ledger.warn(line, f"「{name}」の予定の語が原文から読み取れません。")
        self._actions.append(DraftAction(label=name, words=words, line=line))
        self._ledger.place(line, f"{path}/action {name}")

    def actions(self) -> tuple[DraftAction, ...]:
        """Give the rows as actions."""
        return tuple(self._actions)

    def contradicting(self, label: str, year: int) -> Iterator[int]:
        """Give the years other than ``year`` in which the schedule does what the indicator ``label`` calls done."""
        tasks = {action.label for action in self._actions}
        for action in self._actions:
            for word in action.words:
                names_it = label.endswith(word.text) and (action.label == label or len(tasks) == 1)
                carries_out = action.label == label and word.text in _CARRIED_OUT
                if (names_it or carries_out) and not word.continued and word.fiscal_year != year:
                    yield word.fiscal_year


def _words(values: Sequence[Placed], line: int) -> Iterator[ScheduleWord]:
    said = [value for value in values if value.text]
    if len(said) == 1 and unwrap(said[0].text) == _ONGOING:
        for index, value in enumerate(values):
            yield ScheduleWord(fiscal_year=value.fiscal_year, text=_ONGOING, line=line, continued=index > 0)
        return
    bar = ""
    for value in values:
        text = unwrap(value.text)
        if text and not is_nothing(text):
            yield ScheduleWord(fiscal_year=value.fiscal_year, text=text, line=line)
            bar = "" if _MOMENT.search(text) else text
        elif text:
            bar = ""
        elif bar:
            yield ScheduleWord(fiscal_year=value.fiscal_year, text=bar, line=line, continued=True)
