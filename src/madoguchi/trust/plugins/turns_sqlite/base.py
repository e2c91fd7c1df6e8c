"""
SQLite for Django, with writers of one process that wait for each other in a queue instead of asleep.

SQLite lets one connection write at a time; another that wants to asks again after sleeps that grow to 100 ms, so whoever came
first may come last. Here the threads of a server stand in a queue before they ask (`BEGIN IMMEDIATE`). The turn is advice: who
waited for it too long asks SQLite anyway, so nobody is kept out by a turn that was never given back.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import Any, Final

from django.db.backends.sqlite3 import base

LONGEST_WAIT_S: Final = 2.0

_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
"""By the name of the database."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that takes its turn before a transaction that writes, and gives it back after it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._turn: threading.Lock | None = None
        """The turn this connection has, while it writes."""

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode == "IMMEDIATE" and not self.is_in_memory_db():  # type: ignore[attr-defined]
            self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_turn_back()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self._give_turn_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn_back()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._give_turn_back()

    def _take_turn(self) -> None:
        turn = _turns[str(self.settings_dict["NAME"])]
        if self._turn is None and turn.acquire(timeout=LONGEST_WAIT_S):
            self._turn = turn

    def _give_turn_back(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.release()
