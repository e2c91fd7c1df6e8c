"""Workflow versions: a file is checked and compiled once per content, and kept for the cases that run on it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import resources

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope

from ..errors import BpmnError
from ..models import Workflow, WorkflowVersion
from ..registry import engines
from ..selectors.checking import check_bpmn

DEFAULT_KEY = "default"
DEFAULT_NAME = "標準の業務フロー"
PART_KEY = "part"
PART_NAME = "分けた案件の業務フロー"


@lru_cache(maxsize=1)
def default_bpmn() -> str:
    """Return the house's default workflow as BPMN 2.0 XML."""
    return _shipped("default.bpmn")


def _shipped(name: str) -> str:
    return (resources.files("madoguchi.cases") / "data" / name).read_text(encoding="utf-8")


def part_version(key: str = PART_KEY) -> WorkflowVersion:
    """Return the version a part split off a case runs on: the library's ``key``, else a single task of the section."""
    bpmn = _shipped("part.bpmn") if key == PART_KEY else ""
    return version_for(key=key, bpmn=bpmn, name=PART_NAME)


@lru_cache(maxsize=64)
def _compiled(bpmn: str) -> bytes:
    return engines.get("bpmn").compile(bpmn.encode())


def digest_of(bpmn: str) -> str:
    """Return the SHA-256 of a workflow's text, by which its version is known."""
    return hashlib.sha256(bpmn.encode()).hexdigest()


def version_for(*, key: str, bpmn: str, name: str = "", actor: Account | None = None) -> WorkflowVersion:
    """
    Return the version of a workflow with this content, made when it is new.

    Empty ``bpmn`` means the published version of the library's workflow ``key``, else the house's default flow. Raises
    ``BpmnError`` that names the elements when the file is not supported.
    """
    if not bpmn:
        published = Workflow.objects.filter(key=key, current__isnull=False).select_related("current").first()
        if published is not None and published.current is not None:
            return published.current
        key, bpmn, name = DEFAULT_KEY, default_bpmn(), DEFAULT_NAME
    found = WorkflowVersion.objects.filter(key=key, digest=digest_of(bpmn)).first()
    return found or create_version(key=key, bpmn=bpmn, name=name or key, actor=actor)


def create_version(*, key: str, bpmn: str, name: str, actor: Account | None) -> WorkflowVersion:
    """Check, compile and store a version; raises ``BpmnError`` that names the elements that are not supported."""
    report = check_bpmn(bpmn.encode())
    if not report.supported:
        raise BpmnError("\n".join(report.sentences()))
    version, _ = WorkflowVersion.objects.get_or_create(
        municipality=municipality_in_scope(),
        key=key,
        digest=digest_of(bpmn),
        defaults={
            "name": name,
            "bpmn": bpmn,
            "specification": _compiled(bpmn),
            "created_at": clock.now(),
            "created_by": actor,
        },
    )
    return version
