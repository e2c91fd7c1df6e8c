"""Service tasks of the tests: they do their work through the product's registry and write down every call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from madoguchi.cases.models import Case
from madoguchi.cases.registry import ServiceTask

KEYS = ("procedures.request_payment", "procedures.issue", "procedures.notify", "procedures.reject")


class Recorder:
    """What the services of a flow were asked, in order; ``fails`` maps a key to the exception it raises."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.fails: dict[str, Exception] = {}
        self.answers: dict[str, Mapping[str, Any]] = {}
        self.actions: dict[str, Any] = {}

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.calls]

    def service(self, key: str) -> ServiceTask:
        def run(case: Case, parameters: dict[str, Any]) -> Mapping[str, Any]:
            self.calls.append((key, parameters))
            if key in self.actions:
                self.actions[key](case)
            if key in self.fails:
                raise self.fails[key]
            return self.answers.get(key, {})

        return ServiceTask(key=key, label=key, run=run)
