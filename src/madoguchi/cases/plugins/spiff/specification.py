"""Specifications taken up once per process and content."""

from __future__ import annotations

import json
import threading
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow

from .parsing import make_serializer
from .workflow_state import SlimWorkflowConverter

SERIALIZER = make_serializer()
CONVERTER = SlimWorkflowConverter(BpmnWorkflow, SERIALIZER.registry)

KEPT = 256


@dataclass(frozen=True, slots=True)
class Specification:
    """A workflow ready to run, with the settings of its elements; shared by all runs and never changed."""

    spec: Any
    subprocesses: Mapping[str, Any]
    elements: Mapping[str, Mapping[str, Any]]
    messages: frozenset[str]


class _Cache:
    """The last specifications used, by the digest of their file."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[str, Specification] = OrderedDict()

    def get(self, digest: str, stored: bytes) -> Specification:
        with self._lock:
            if digest in self._found:
                self._found.move_to_end(digest)
                return self._found[digest]
        found = restore(stored)
        with self._lock:
            self._found[digest] = found
            while len(self._found) > KEPT:
                self._found.popitem(last=False)
        return found


cache = _Cache()


def restore(stored: bytes) -> Specification:
    """Return a specification from its stored form."""
    kept = json.loads(zlib.decompress(stored))
    return Specification(
        spec=SERIALIZER.from_dict(kept["spec"]),
        subprocesses={name: SERIALIZER.from_dict(item) for name, item in kept["subprocess_specs"].items()},
        elements=kept["elements"],
        messages=frozenset(kept["messages"]),
    )
