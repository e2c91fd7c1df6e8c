"""The library of workflows: drafts, published versions, retirement."""

from __future__ import annotations

import re

from django.db import transaction
from django.db.models import Max

from madoguchi.kit import clock
from madoguchi.trust.api import Account, municipality_in_scope, record_event

from .. import events
from ..errors import BpmnError, CasesError, StaleError
from ..models import Workflow, WorkflowVersion
from ..permissions import workflow_policy
from ..rules.bpmn.document import read_bpmn
from .versions import create_version, default_bpmn

_KEY = re.compile(r"[a-z][a-z0-9_-]{1,79}")
RESERVED = frozenset({"new", "check", "simulate", "part"})


@transaction.atomic
def create_workflow(*, key: str, name: str, bpmn: str = "", actor: Account) -> Workflow:
    """
    Add a workflow to the library; its draft is the given file, else a copy of the house's default flow.

    Raises ``CasesError`` for a key that is taken or no key, ``UnreadableBpmnError`` for a file that cannot be read.
    """
    workflow_policy.require(actor, "edit")
    if not _KEY.fullmatch(key) or key in RESERVED:
        raise CasesError("キーは、英小文字で始まる英数字・「_」・「-」で、2文字以上で入れてください。")
    if not name.strip():
        raise CasesError("業務フローの名称を入れてください。")
    if Workflow.objects.filter(key=key).exists():
        raise CasesError(f"キー「{key}」は、もう使われています。")
    draft = bpmn or default_bpmn()
    read_bpmn(draft.encode())
    workflow: Workflow = Workflow.objects.create(
        municipality=municipality_in_scope(),
        key=key,
        name=name.strip()[:200],
        draft=draft,
        updated_at=clock.now(),
        updated_by=actor,
    )
    record_event(kind=events.WORKFLOW_SAVED, subject=workflow, actor=actor, data={"revision": 0})
    return workflow


@transaction.atomic
def save_workflow(*, workflow: Workflow, bpmn: str, seen_revision: int, actor: Account, name: str = "") -> Workflow:
    """
    Save the draft as it is drawn, supported or not; raises ``StaleError`` when somebody saved since ``seen_revision``.

    A file that cannot be read at all is refused with ``UnreadableBpmnError``.
    """
    workflow_policy.require(actor, "edit", workflow)
    found: Workflow = Workflow.objects.select_for_update().get(pk=workflow.pk)
    if found.revision != seen_revision:
        who = found.updated_by.name if found.updated_by else "だれか"
        raise StaleError(f"{who}さんが先に保存しています。画面を読み込み直してから、描き直してください。")
    read_bpmn(bpmn.encode())
    found.draft, found.revision = bpmn, found.revision + 1
    found.name = name.strip()[:200] or found.name
    found.updated_at, found.updated_by = clock.now(), actor
    found.save()
    record_event(kind=events.WORKFLOW_SAVED, subject=found, actor=actor, data={"revision": found.revision})
    return found


@transaction.atomic
def publish_workflow(*, workflow: Workflow, actor: Account) -> WorkflowVersion:
    """Publish the draft: new cases start on it, running ones keep theirs. Raises ``BpmnError`` that names the elements."""
    workflow_policy.require(actor, "publish", workflow)
    found: Workflow = Workflow.objects.select_for_update().get(pk=workflow.pk)
    version = create_version(key=found.key, bpmn=found.draft, name=found.name, actor=actor)
    if found.current_id == version.pk and not found.is_retired:
        raise CasesError("公開中の版から何も変わっていません。")
    if version.number is None:
        newest = WorkflowVersion.objects.filter(key=found.key).aggregate(newest=Max("number"))["newest"]
        version.number = (newest or 0) + 1
        version.save(update_fields=["number"])
    found.current, found.is_retired = version, False
    found.save(update_fields=["current", "is_retired"])
    record_event(kind=events.WORKFLOW_PUBLISHED, subject=found, actor=actor, data={"number": version.number})
    return version


@transaction.atomic
def retire_workflow(*, workflow: Workflow, actor: Account) -> Workflow:
    """Take a workflow out of use: new cases fall back to the default flow, running ones go on."""
    workflow_policy.require(actor, "retire", workflow)
    found: Workflow = Workflow.objects.select_for_update().get(pk=workflow.pk)
    found.current, found.is_retired = None, True
    found.save(update_fields=["current", "is_retired"])
    record_event(kind=events.WORKFLOW_RETIRED, subject=found, actor=actor)
    return found


__all__ = ["BpmnError", "create_workflow", "publish_workflow", "retire_workflow", "save_workflow"]
