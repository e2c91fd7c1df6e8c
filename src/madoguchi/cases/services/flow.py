"""Moving a case's workflow on: one locked transaction per step, with the engine's state projected to plain columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from madoguchi.trust.api import Account, record_event

from .. import events
from ..errors import CasesError
from ..models import Case
from ..registry import Run, Variables, case_subjects, engines, service_tasks
from .projecting import project

Act = Callable[[Run], None]


@dataclass(slots=True)
class _Step:
    """A case being moved on in this thread: what a service asked for meanwhile waits here."""

    later: list[Act] = field(default_factory=list)
    is_irreversible: bool = False


_steps: ContextVar[dict[int, _Step] | None] = ContextVar("madoguchi_case_steps", default=None)


class CaseHost:
    """See ``registry.Host``: what the workflow of one case may ask of the house."""

    def __init__(self, case: Case, step: _Step | None = None) -> None:
        self.case = case
        self.step = step
        self._facts: dict[str, Any] | None = None

    def facts(self) -> Variables:
        """Return the facts of the case's subject, asked once per step and anew after every service."""
        if self._facts is None:
            subject = case_subjects.find(self.case.kind)
            self._facts = {} if subject is None else dict(subject.variables(self.case))
        return self._facts

    def run_service(self, key: str, parameters: dict[str, Any]) -> Variables:
        """Run a service task in a savepoint of its own."""
        service = service_tasks.find(key)
        if service is None:
            raise CasesError(f"サービス「{key}」は、この窓口にありません。")
        if self.step is not None and not service.is_reversible:
            self.step.is_irreversible = True
        with transaction.atomic():
            found = service.run(self.case, parameters) or {}
        self._facts = None
        return found

    def decide(self, table: str, variables: Variables) -> Variables:
        """Evaluate a decision table of the subject."""
        subject = case_subjects.find(self.case.kind)
        try:
            if subject is None:
                raise LookupError(table)
            return subject.decide(self.case, table, variables)
        except LookupError as error:
            raise CasesError(f"判定表「{table}」がありません。") from error


def lock(case: Case) -> Case:
    """Return the case as it stands, locked until the transaction ends."""
    found: Case = Case.objects.select_for_update().get(pk=case.pk)
    return found


@contextmanager
def _stepping(case: Case) -> Iterator[_Step]:
    outer = _steps.get() or {}
    step = _Step()
    token = _steps.set({**outer, case.pk: step})
    try:
        yield step
    finally:
        _steps.reset(token)


@transaction.atomic
def move(case: Case, *, act: Act | None, actor: Account | None = None) -> tuple[Case, bool]:
    """
    Let the workflow of a locked case act and go as far as it can; store and project the result.

    Returns the case and whether something irreversible was done on the way. When a service of the same case calls this
    again, the act waits until that service is done.
    """
    running = (_steps.get() or {}).get(case.pk)
    if running is not None:
        if act is not None:
            running.later.append(act)
        return case, False
    with _stepping(case) as step:
        run = resume(case, step=step)
        if act is not None:
            act(run)
        _run_out(run, step)
        _store(case, run, actor)
    return case, step.is_irreversible


def begin(case: Case, *, variables: Variables, actor: Account | None = None) -> Case:
    """Start the workflow of a new case."""
    with _stepping(case) as step:
        version = _version(case)
        engine = engines.get("bpmn")
        run = engine.start(bytes(version.specification), version.digest, variables, CaseHost(case, step))
        _run_out(run, step)
        _store(case, run, actor)
    return case


def resume(case: Case, *, step: _Step | None = None) -> Run:
    """Return the workflow of a case in memory, as it was stored."""
    version = _version(case)
    state = bytes(case.state or b"")
    return engines.get("bpmn").resume(bytes(version.specification), version.digest, state, CaseHost(case, step))


def _version(case: Case) -> Any:
    if case.workflow is None:
        raise CasesError("この案件には業務フローがありません。")
    return case.workflow


def _run_out(run: Run, step: _Step) -> None:
    run.advance()
    while step.later:
        step.later.pop(0)(run)
        run.advance()


def _store(case: Case, run: Run, actor: Account | None) -> None:
    case.state = run.dump()
    for name in run.thrown:
        record_event(kind=events.MESSAGE_THROWN, subject=case, actor=actor, data={"message": name})
    project(case, run=run, actor=actor)
