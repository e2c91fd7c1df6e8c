"""Shapes of topics in the API."""

from __future__ import annotations

from ninja import Schema


class TopicOut(Schema):
    """A topic people can subscribe to, with its texts by language (``ja``, ``ja-easy``, ``en``)."""

    code: str
    names: dict[str, str]
    descriptions: dict[str, str]
    is_open: bool


class TopicList(Schema):
    """A page of topics."""

    count: int
    items: list[TopicOut]
