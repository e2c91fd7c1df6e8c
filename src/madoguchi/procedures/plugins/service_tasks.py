"""What a workflow of an application can have the house do by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from madoguchi.cases.api import Case
from madoguchi.cases.enums import TaskStatus
from madoguchi.cases.registry import ServiceTask

from ..models import Application
from ..services.casework import issue_outputs, notify_applicant, reject_application, request_payment
from ..services.casework.texts import line_of
from .case_subject import of_case

REFUSING = ("reject", "refuse")
Run = Callable[[Application, Mapping[str, Any]], dict[str, Any] | None]


def _request_payment(application: Application, parameters: Mapping[str, Any]) -> dict[str, Any]:
    receivable = request_payment(application=application)
    return {"receivable": None if receivable is None else receivable.pk, "fee": application.fee}


def _issue(application: Application, parameters: Mapping[str, Any]) -> dict[str, Any]:
    codes = tuple(code.strip() for code in str(parameters.get("outputs", "")).split(",") if code.strip())
    return {"documents": [document.pk for document in issue_outputs(application=application, codes=codes)]}


def _reject(application: Application, parameters: Mapping[str, Any]) -> dict[str, Any]:
    reject_application(application=application, reason=str(parameters.get("reason") or _noted_reason(application)))
    return {}


def _noted_reason(application: Application) -> str:
    """Return the note with which a person decided to refuse."""
    if application.case is None:
        return ""
    refusals = application.case.tasks.filter(status=TaskStatus.DONE, outcome__in=REFUSING).order_by("-done_at")
    return next((task.note for task in refusals if task.note), "")


def _notify(application: Application, parameters: Mapping[str, Any]) -> dict[str, Any]:
    text = str(parameters.get("text") or "")
    notify_applicant(application=application, text=text or line_of(application, kind=str(parameters.get("kind") or "")))
    return {}


def _runner(run: Run) -> Callable[[Case, dict[str, Any]], dict[str, Any]]:
    def start(case: Case, parameters: dict[str, Any]) -> dict[str, Any]:
        return run(of_case(case), parameters) or {}

    return start


TASKS = (
    ServiceTask(key="procedures.request_payment", label="手数料のお支払いをお願いする", run=_runner(_request_payment)),
    ServiceTask(
        key="procedures.issue",
        label="結果の文書を発行する",
        run=_runner(_issue),
        parameters=(("outputs", "結果のコード（空欄ですべて）"),),
    ),
    ServiceTask(
        key="procedures.reject",
        label="不承認の通知を発行する",
        run=_runner(_reject),
        parameters=(("reason", "理由"),),
    ),
    ServiceTask(
        key="procedures.notify",
        label="申請した人に知らせる",
        run=_runner(_notify),
        parameters=(("text", "文章（空欄で決まった文）"),),
    ),
)
"""The service tasks of the room."""
