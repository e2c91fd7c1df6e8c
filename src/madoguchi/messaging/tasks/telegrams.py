"""Jobs of telegrams."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_noop as N_

from madoguchi.trust.api import job

from ..enums import TelegramSource
from ..plugins.jma_feed import FeedReader
from ..services.telegrams import take_telegram

logger = logging.getLogger(__name__)


@job(label=N_("気象庁の配信の確認"), every=timedelta(minutes=1), attempts=1, is_per_municipality=False)
def poll_jma() -> int:
    """Take the new telegrams of the feeds an operator named; nothing where there are none. Returns how many."""
    if not settings.JMA_FEEDS:
        return 0
    reader = FeedReader(
        settings.JMA_FEEDS,
        settings.HOME / "jma" / "feeds.json",
        lambda data, name: take_telegram(data=data, name=name, source=TelegramSource.FEED),
    )
    taken = reader.poll()
    for problem in reader.problems:
        logger.warning("feed of telegrams: %s", problem)
    return taken
