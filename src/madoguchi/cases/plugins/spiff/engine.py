"""The engine as the room's registry offers it."""

from __future__ import annotations

from ...registry import Host, Variables
from .parsing import compile_bpmn
from .running import SpiffRun
from .specification import SERIALIZER, cache


class SpiffEngine:
    """See ``registry.Engine``."""

    key = "bpmn"

    def compile(self, xml: bytes) -> bytes:
        """Return the executable form of a checked file, compressed."""
        return compile_bpmn(xml, SERIALIZER)

    def start(self, specification: bytes, digest: str, variables: Variables, host: Host) -> SpiffRun:
        """Begin a workflow with its first variables."""
        return SpiffRun.started(cache.get(digest, specification), host, variables)

    def resume(self, specification: bytes, digest: str, state: bytes, host: Host) -> SpiffRun:
        """Take up a workflow where its state left it."""
        return SpiffRun(cache.get(digest, specification), host, state)
