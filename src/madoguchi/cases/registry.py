"""Extension points of the cases room: what cases are about, what service tasks do, and what runs a workflow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from madoguchi.kit.registry import Registry
from madoguchi.trust.api import Account

from .models import Case
from .rules.running import OpenTask, Problem

Variables = Mapping[str, Any]
"""Values of a workflow by name: JSON values only (text, whole and decimal numbers, true/false, lists, mappings)."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the record page that a higher room fills: a Jinja2 template and its context."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


def _nothing(case: Case) -> dict[str, Any]:
    return {}


def _no_decision(case: Case, table: str, variables: Variables) -> dict[str, Any]:
    raise LookupError(table)


def _ignore(case: Case) -> None:
    return None


def _no_pages(case: Case) -> dict[str, str]:
    return {}


def _anybody(actor: Account | None, case: Case) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class CaseSubject:
    """
    What cases of one kind are about, registered under ``Case.kind`` by the room that owns it.

    ``variables`` are the facts conditions may ask for; they are asked anew each time and never stored with the flow.
    ``panel`` fills the left of the record page, ``decide`` evaluates a decision table of the subject, ``closed`` and
    ``progressed`` are called in the transaction that closed the case, or changed its status or tasks. ``may_see``
    narrows who sees the case beyond duty. ``outcome_pages`` names the page of the subject that must be used for an outcome,
    where more has to be said than a note (which fields are to be corrected); that page completes the task.
    """

    key: str
    label: str
    variables: Callable[[Case], dict[str, Any]] = _nothing
    panel: Callable[[Case, Account | None], Panel | None] = lambda case, actor: None
    decide: Callable[[Case, str, Variables], dict[str, Any]] = _no_decision
    closed: Callable[[Case], None] = _ignore
    progressed: Callable[[Case], None] = _ignore
    may_see: Callable[[Account | None, Case], bool] = _anybody
    outcome_pages: Callable[[Case], Mapping[str, str]] = _no_pages


case_subjects: Registry[CaseSubject] = Registry("case_subjects")


def may_see_case(actor: Account | None, case: Case) -> bool:
    """Tell whether the subject of a case lets somebody see it, beyond duty."""
    subject = case_subjects.find(case.kind)
    return subject is None or subject.may_see(actor, case)


@dataclass(frozen=True, slots=True)
class ServiceTask:
    """
    What a service task of a workflow does, by the key in ``madoguchi:service``.

    ``run`` gets the case and the task's parameters, and returns variables for the flow. It runs in a savepoint: when it
    raises, its writes are undone and the case is stuck until staff retries; ``ServiceFault`` is caught by the flow.
    ``is_reversible`` says that a person's decision before it may still be taken back.
    """

    key: str
    label: str
    run: Callable[[Case, dict[str, Any]], Mapping[str, Any] | None]
    parameters: Sequence[tuple[str, str]] = ()
    is_reversible: bool = False


service_tasks: Registry[ServiceTask] = Registry("service_tasks")


class Host(Protocol):
    """What a running workflow may ask of the house."""

    def facts(self) -> Variables:
        """Return the facts of the case's subject."""
        ...

    def run_service(self, key: str, parameters: dict[str, Any]) -> Variables:
        """Run a service task; raises ``ServiceFault`` or any other exception."""
        ...

    def decide(self, table: str, variables: Variables) -> Variables:
        """Evaluate a decision table of the subject."""
        ...


class Run(Protocol):
    """A workflow in progress, in memory."""

    problems: list[Problem]
    thrown: list[str]

    def advance(self) -> None:
        """Run everything that needs no person: gateways, timers that are due, services, decisions."""
        ...

    def complete(self, engine_id: str, variables: Variables) -> None:
        """Complete a user task; raises ``StaleError`` when it is not open."""
        ...

    def deliver(self, name: str, variables: Variables) -> bool:
        """Hand a message to whoever waits for it; False when it was kept for later."""
        ...

    def cancel(self) -> None:
        """End everything that is open."""
        ...

    def open_tasks(self) -> list[OpenTask]:
        """Return the user tasks that wait for a person."""
        ...

    def waiting(self) -> list[str]:
        """Return the ids of all elements where something waits."""
        ...

    def passed(self) -> list[str]:
        """Return the ids of the elements that are done."""
        ...

    def awaited_messages(self) -> list[str]:
        """Return the names of the messages the flow waits for."""
        ...

    def next_timer(self) -> datetime | None:
        """Return the earliest moment a timer waits for."""
        ...

    @property
    def is_finished(self) -> bool:
        """Whether the flow has come to its end."""
        ...

    @property
    def result(self) -> str:
        """The result the end event names, or the last outcome."""
        ...

    @property
    def data(self) -> dict[str, Any]:
        """The variables where the flow stands."""
        ...

    def dump(self) -> bytes:
        """Return the state, compressed."""
        ...


class Engine(Protocol):
    """Runs workflows of one notation."""

    key: str

    def compile(self, xml: bytes) -> bytes:
        """Return the executable form of a checked file, compressed; raises ``BpmnError``."""
        ...

    def start(self, specification: bytes, digest: str, variables: Variables, host: Host) -> Run:
        """Begin a workflow with its first variables."""
        ...

    def resume(self, specification: bytes, digest: str, state: bytes, host: Host) -> Run:
        """Take up a workflow where its state left it."""
        ...


engines: Registry[Engine] = Registry("workflow_engines")
"""``bpmn`` is the engine of the house; another one may take its place."""
