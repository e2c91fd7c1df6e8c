"""What an engine tells about a running workflow, in plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.kit.deadlines import business_days_after, deadline


@dataclass(frozen=True, slots=True)
class OpenTask:
    """
    A user task that waits for a person.

    ``settings`` are those of the element (``rules.bpmn.settings``); ``instance`` tells the parallel instances of one
    element apart (the item or number), and is empty otherwise.
    """

    engine_id: str
    element: str
    name: str
    settings: Mapping[str, Any]
    instance: str = ""

    def due_on(self, today: date) -> date | None:
        """Return the last day to do it, counted from the day it began (初日不算入)."""
        if days := self.settings.get("due_days"):
            return deadline(today, days=int(days))
        if days := self.settings.get("due_business_days"):
            return business_days_after(today, int(days))
        return None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a workflow cannot go on: the element, and a sentence for staff."""

    element: str
    name: str
    message: str
