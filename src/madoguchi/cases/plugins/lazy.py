"""The engine, imported when the first workflow runs: a process that shows pages does not carry SpiffWorkflow."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import cast

from ..registry import Engine, Host, Run, Variables


class LazyEngine:
    """See ``registry.Engine``."""

    key = "bpmn"

    @cached_property
    def _engine(self) -> Engine:
        return cast(Engine, import_module("madoguchi.cases.plugins.spiff.engine").SpiffEngine())

    def compile(self, xml: bytes) -> bytes:
        """Return the executable form of a checked file, compressed."""
        return self._engine.compile(xml)

    def start(self, specification: bytes, digest: str, variables: Variables, host: Host) -> Run:
        """Begin a workflow with its first variables."""
        return self._engine.start(specification, digest, variables, host)

    def resume(self, specification: bytes, digest: str, state: bytes, host: Host) -> Run:
        """Take up a workflow where its state left it."""
        return self._engine.resume(specification, digest, state, host)
