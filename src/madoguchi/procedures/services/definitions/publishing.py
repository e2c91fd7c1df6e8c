"""From a draft to what residents see: judged, tested, published, confirmed, retired."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from madoguchi.cases.api import UnreadableBpmnError, check_bpmn
from madoguchi.kit import clock
from madoguchi.trust.api import Account, record_event

from ... import events
from ...enums import VersionStatus
from ...errors import ProceduresError, UnfitError
from ...models import Application, Procedure, ProcedureVersion
from ...rules.definition import Definition
from ...rules.lint import LintFinding, Severity, lint, sort_findings
from ...rules.replay import ReplayReport, Sent, replay_sent
from ...rules.testing import run_tests
from .drafting import locked_draft, require


def check_definition(definition: Definition) -> list[LintFinding]:
    """Return the findings of the linter and of the check of the workflow, worst first."""
    return sort_findings([*lint(definition), *_check_workflow(definition)])


@transaction.atomic
def publish(
    *, version: ProcedureVersion, actor: Account | None, system: bool = False, is_judged: bool = False
) -> ProcedureVersion:
    """
    Publish a draft and return it; the version before is superseded, running matters keep it.

    ``is_judged`` says that the installation itself has judged the same definition already, for another municipality.

    Raises ``UnfitError`` with the findings and test results where the linter finds an error or a test fails,
    ``FixedVersionError`` for a version that is no draft, ``RefusedError``. Nothing was changed then.
    """
    require(actor, action="publish", subject=version, system=system)
    draft = locked_draft(version)
    procedure = Procedure.objects.select_for_update().get(pk=draft.procedure_id)
    if not (system and is_judged):
        _require_fit(draft.definition)
    now = clock.now()
    procedure.versions.filter(status__in=[VersionStatus.PUBLISHED, VersionStatus.RETIRED]).update(
        status=VersionStatus.SUPERSEDED
    )
    draft.status = VersionStatus.PUBLISHED
    draft.published_by, draft.published_at = actor, now
    draft.save(update_fields=["status", "published_by", "published_at"])
    procedure.published = draft
    procedure.is_retired, procedure.retired_at = False, None
    procedure.checked_on = clock.today()
    procedure.save(update_fields=["published", "is_retired", "retired_at", "checked_on"])
    draft.procedure = procedure
    _record(events.VERSION_PUBLISHED, draft, actor)
    return draft


def _require_fit(definition: Definition) -> None:
    findings = [item for item in check_definition(definition) if item.severity == Severity.ERROR]
    failed = [result for result in run_tests(definition) if not result.passed]
    if findings or failed:
        counts = {"findings": len(findings), "tests": len(failed)}
        message = _(
            "まだ公開できません。直す必要のある点が%(findings)s件、合わないテストが%(tests)s件あります。"
            "一覧を見て直してから、もう一度公開してください。"
        )
        raise UnfitError(message % counts, findings=findings, results=failed)


def _check_workflow(definition: Definition) -> list[LintFinding]:
    if not definition.workflow:
        return []
    try:
        report = check_bpmn(definition.workflow.encode())
    except UnreadableBpmnError as error:
        return [
            LintFinding(
                "workflow_unreadable",
                Severity.ERROR,
                "workflow",
                N_("フロー（BPMN）を読み取れません：%(reason)s"),
                N_("BPMN 2.0のファイルを取り込み直してください。"),
                {"reason": str(error)},
            )
        ]
    return [
        LintFinding(
            "workflow_unsupported",
            Severity.ERROR,
            "workflow",
            N_("フローの「%(name)s」（%(kind)s）は使えません：%(reason)s"),
            N_("フローの画面でこの部品を外すか、使える部品に置き換えてください。"),
            {"name": element.name or element.id, "kind": element.kind, "reason": element.reason},
        )
        for element in report.elements
        if not element.is_supported
    ]


@transaction.atomic
def retire(*, procedure: Procedure, actor: Account | None) -> Procedure:
    """End a procedure: nobody can begin it any more, running matters go on; publishing a version opens it again."""
    require(actor, action="publish", subject=procedure)
    locked = Procedure.objects.select_for_update().get(pk=procedure.pk)
    if locked.published_id is None or locked.is_retired:
        raise ProceduresError(_("この手続は公開されていません。"))
    locked.versions.filter(pk=locked.published_id).update(status=VersionStatus.RETIRED)
    locked.is_retired, locked.retired_at = True, clock.now()
    locked.save(update_fields=["is_retired", "retired_at"])
    record_event(kind=events.PROCEDURE_RETIRED, subject=locked, actor=actor, data={"procedure": locked.code})
    return locked


@transaction.atomic
def confirm_procedure(*, procedure: Procedure, actor: Account | None) -> Procedure:
    """Note that somebody read a procedure today and found it right (内容を確かめた日)."""
    require(actor, action="publish", subject=procedure)
    procedure.checked_on = clock.today()
    procedure.save(update_fields=["checked_on"])
    record_event(kind=events.PROCEDURE_CHECKED, subject=procedure, actor=actor, data={"procedure": procedure.code})
    return procedure


@transaction.atomic
def replay(
    *,
    version: ProcedureVersion,
    actor: Account | None,
    applications: Iterable[Application] | None = None,
    most: int = 500,
) -> ReplayReport:
    """
    Send the applications of earlier versions through this one and return what would happen; changes nothing.

    The report names applications by number and fields by path, never an answer. By default the newest ``most`` of the
    procedure are taken.
    """
    require(actor, action="edit", subject=version)
    if applications is None:
        chosen = Application.objects.filter(procedure_id=version.procedure_id).exclude(version_id=version.pk)
        applications = chosen.select_related("version").order_by("-submitted_at")[:most]
    sent = [
        Sent(item.number, item.version.definition, item.answers, clock.local(item.submitted_at).date())
        for item in applications
    ]
    report = replay_sent(version.definition, sent)
    record_event(
        kind=events.DEFINITION_REPLAYED,
        subject=version,
        actor=actor,
        quantity=len(sent),
        data={"procedure": version.procedure.code, "version": version.number, "refused": len(report.refused)},
    )
    return report


def _record(kind: Any, version: ProcedureVersion, actor: Account | None) -> None:
    data = {"procedure": version.procedure.code, "version": version.number}
    record_event(kind=kind, subject=version, actor=actor, data=data)
