"""Reports by satellite: a receiver's lines, each report taken once however often three satellites repeat it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta

from madoguchi.kit import clock
from madoguchi.trust.api import Municipality

from ...enums import TelegramSource
from ...rules.qzss import read_report
from .results import Taken
from .taking import take_telegram

_REMEMBERED = 500
_AGAIN_AFTER = timedelta(minutes=10)
"""After so long a report is looked at again: a city may have been added, and the database knows what was taken."""


class SatelliteReader:
    """Takes the lines of one receiver; repetitions are recognised before the database is asked."""

    def __init__(
        self,
        *,
        municipalities: Iterable[Municipality] | None = None,
        dry_run: bool = False,
        as_of: datetime | None = None,
        as_drill: bool = False,
    ) -> None:
        self._municipalities = None if municipalities is None else list(municipalities)
        self._dry_run, self._as_of, self._as_drill = dry_run, as_of, as_drill
        self._seen: OrderedDict[bytes, datetime] = OrderedDict()

    def take(self, line: str) -> Taken | None:
        """
        Take a line; None for the repetition of a report. Raises ``TelegramError`` for a line that cannot be read.

        A report carries no year: it is the one nearest to now, or to the time a rehearsal names.
        """
        report = read_report(line, received=self._as_of or clock.now())
        now = clock.now()
        before = self._seen.get(report.content)
        if before is not None and now - before < _AGAIN_AFTER:
            return None
        self._seen[report.content] = now
        self._seen.move_to_end(report.content)
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return take_telegram(
            data=report.content,
            telegram=report.telegram,
            source=TelegramSource.SATELLITE,
            dry_run=self._dry_run,
            as_of=self._as_of,
            as_drill=self._as_drill,
            municipalities=self._municipalities,
        )
