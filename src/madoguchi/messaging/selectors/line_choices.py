"""What friends can choose at LINE: topics and towns, by pages that fit its buttons."""

from __future__ import annotations

import unicodedata

from ..models import Recipient, Subscription, Topic
from .reading import topic_name

PER_PAGE = 10
LONGEST_TOWN = 30


def open_topics() -> list[Topic]:
    """Return the topics people can subscribe to, in their order."""
    return list(Topic.objects.filter(is_open=True, retired_at__isnull=True).order_by("order", "id"))


def subscribed_topics(recipient: Recipient) -> set[int]:
    """Return the ids of the topics somebody hears of."""
    mine = Subscription.objects.filter(recipient=recipient, ended_at__isnull=True)
    return set(mine.values_list("topic_id", flat=True))


def known_towns() -> list[str]:
    """Return the towns (町域) people of the municipality live in, in order; those whose names fit a button of LINE's."""
    towns = Recipient.objects.exclude(town="").order_by("town").values_list("town", flat=True).distinct()
    return [town for town in towns if len(town) <= LONGEST_TOWN]


def towns_like(text: str) -> list[str]:
    """Return the towns whose name somebody may have meant: exactly it, or what begins with it, or contains it."""
    wanted = _plain(text)
    if not wanted:
        return []
    towns = known_towns()
    exact = [town for town in towns if _plain(town) == wanted]
    if exact:
        return exact
    beginning = [town for town in towns if _plain(town).startswith(wanted)]
    return beginning or [town for town in towns if wanted in _plain(town)]


def page_of(items: list[str], number: int, size: int = PER_PAGE) -> tuple[list[str], bool]:
    """Return one page of a list and whether there is another."""
    start = max(0, number - 1) * size
    return items[start : start + size], len(items) > start + size


def name_of(topic: Topic, language: str) -> str:
    """Return what a topic is called in a language."""
    return topic_name(topic, language)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "").replace("ヶ", "ケ").strip().casefold()
