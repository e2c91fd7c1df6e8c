"""What the editor asks while somebody draws: save, live findings, a trial run. JSON in, JSON out."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse, RawPostDataException
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from madoguchi.trust.api import permission_required

from ..errors import CasesError, StaleError, UnreadableBpmnError
from ..permissions import workflow_policy
from ..rules.bpmn.document import MAXIMUM_BYTES
from ..rules.bpmn.report import BpmnReport
from ..selectors.checking import check_bpmn
from ..services import library
from ..services.simulating import simulate as try_out
from .common import UNPROCESSABLE, actor_of
from .workflows import find_workflow

CONFLICT = 409


class _BadRequest(Exception):
    """The body is not what the editor sends."""


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise _BadRequest(_("図が大きすぎます。")) from error
    except RawPostDataException as error:
        # Sent as a form, which was read for its CSRF token before.
        raise _BadRequest(_("内容を読めません。")) from error
    if len(body) > 2 * MAXIMUM_BYTES:
        raise _BadRequest(_("図が大きすぎます。"))
    try:
        found = json.loads(body)
        # Half a character, which JSON can name, can be neither kept nor sent.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise _BadRequest(_("内容を読めません。")) from error
    if not isinstance(found, dict) or not isinstance(found.get("xml"), str):
        raise _BadRequest(_("内容を読めません。"))
    return found


def _problem(message: str, status: int) -> JsonResponse:
    return JsonResponse({"problem": message}, status=status)


def _findings(report: BpmnReport) -> list[dict[str, Any]]:
    return [
        {
            "id": element.id,
            "name": element.name,
            "kind": _(element.kind_name),
            "line": element.line,
            "reasons": [_(fault.message) % dict(fault.values) for fault in element.faults],
        }
        for element in report.faulty
    ]


@require_POST
@permission_required(workflow_policy, "view")
def check(request: HttpRequest) -> JsonResponse:
    """Judge the XML in the body element by element."""
    try:
        report = check_bpmn(_body(request)["xml"].encode())
    except (_BadRequest, UnreadableBpmnError) as error:
        return _problem(str(error), UNPROCESSABLE)
    return JsonResponse({"supported": report.supported, "total": len(report.elements), "findings": _findings(report)})


@require_POST
@permission_required(workflow_policy, "edit")
def save(request: HttpRequest, key: str) -> JsonResponse:
    """Save the draft; 409 when somebody else saved since."""
    workflow = find_workflow(key)
    try:
        body = _body(request)
        revision = body.get("revision")
        if not isinstance(revision, int):
            raise _BadRequest(_("内容を読めません。"))
        saved = library.save_workflow(
            workflow=workflow, bpmn=body["xml"], seen_revision=revision, actor=actor_of(request)
        )
    except StaleError as error:
        return _problem(str(error), CONFLICT)
    except (_BadRequest, CasesError) as error:
        return _problem(str(error), UNPROCESSABLE)
    return JsonResponse({"revision": saved.revision})


@require_POST
@permission_required(workflow_policy, "view")
def simulate(request: HttpRequest) -> JsonResponse:
    """Try the XML in the body out through the choices in it."""
    try:
        body = _body(request)
        variables, choices = body.get("variables") or {}, body.get("choices") or []
        if not isinstance(variables, dict) or not _are_choices(choices):
            raise _BadRequest(_("内容を読めません。"))
        trial = try_out(bpmn=body["xml"], variables=variables, choices=choices)
    except (_BadRequest, CasesError) as error:
        return _problem(str(error), UNPROCESSABLE)
    return JsonResponse(
        {
            "finished": trial.is_finished,
            "result": trial.result,
            "passed": trial.passed,
            "waiting": trial.waiting,
            "tasks": trial.tasks,
            "messages": trial.messages,
            "timer": trial.next_timer.isoformat() if trial.next_timer else None,
            "problems": trial.problems,
            "calls": trial.calls,
            "data": trial.data,
        }
    )


def _are_choices(choices: Any) -> bool:
    return isinstance(choices, list) and all(isinstance(choice, dict) for choice in choices)
