"""Small workflows for the tests, written as lines of elements and flows."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from madoguchi.cases.plugins.spiff.engine import SpiffEngine
from madoguchi.cases.registry import Run

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:madoguchi="https://madoguchi.example/bpmn" '
    'targetNamespace="https://madoguchi.example/tests">'
)


def process(body: str, *, before: str = "", identifier: str = "p", more: str = "") -> str:
    """Return a file with one process around ``body``; ``before`` and ``more`` stand beside it."""
    return f'{HEAD}{before}<process id="{identifier}" isExecutable="true">{body}</process>{more}</definitions>'


def flow(source: str, target: str, condition: str = "", identifier: str = "") -> str:
    """Return a sequence flow, named after its ends."""
    key = identifier or f"{source}-{target}"
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def chain(*ids: str) -> str:
    """Return the flows from each element to the next."""
    return "".join(flow(source, target) for source, target in pairwise(ids))


def start(identifier: str = "s") -> str:
    return f'<startEvent id="{identifier}"/>'


def end(identifier: str = "e", inner: str = "", **attributes: str) -> str:
    more = "".join(f' madoguchi:{name}="{value}"' for name, value in attributes.items())
    return f'<endEvent id="{identifier}"{more}>{inner}</endEvent>'


def user(identifier: str, *outcomes: str, inner: str = "", **attributes: str) -> str:
    more = "".join(f' madoguchi:{name}="{value}"' for name, value in attributes.items())
    listed = "".join(f'<madoguchi:outcome code="{code}" label="{code}"/>' for code in outcomes)
    extensions = f"<extensionElements>{listed}</extensionElements>" if listed else ""
    return f'<userTask id="{identifier}" name="{identifier}"{more}>{extensions}{inner}</userTask>'


def service(identifier: str, key: str = "tests.work", **parameters: str) -> str:
    listed = "".join(f'<madoguchi:parameter name="{name}" value="{value}"/>' for name, value in parameters.items())
    return (
        f'<serviceTask id="{identifier}" madoguchi:service="{key}">'
        f"<extensionElements>{listed}</extensionElements></serviceTask>"
    )


class Host:
    """A house for flows that run without a case."""

    def __init__(self, **facts: Any) -> None:
        self._facts = facts
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, Any] = {}

    def facts(self) -> dict[str, Any]:
        return self._facts

    def run_service(self, key: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((key, parameters))
        answer = self.answers.get(key, {})
        if isinstance(answer, Exception):
            raise answer
        return answer

    def decide(self, table: str, variables: Any) -> dict[str, Any]:
        return {"decided": f"{table}:{variables.get('age')}"}


class Walk:
    """A flow being walked; its state goes through storage after every step, as in the product."""

    def __init__(self, xml: str, host: Host | None = None, **variables: Any) -> None:
        self.host = host or Host()
        self._engine = SpiffEngine()
        self._digest = str(hash(xml))
        self._specification = self._engine.compile(xml.encode())
        self.run: Run = self._engine.start(self._specification, self._digest, variables, self.host)
        self._settle()

    def _settle(self) -> None:
        self.run.advance()
        problems = self.run.problems
        state = self.run.dump()
        self.run = self._engine.resume(self._specification, self._digest, state, self.host)
        self.run.problems = problems

    @property
    def open(self) -> list[str]:
        """The elements people can work on."""
        return sorted(task.element for task in self.run.open_tasks())

    def do(self, element: str, outcome: str = "done", **variables: Any) -> Walk:
        task = next(task for task in self.run.open_tasks() if task.element == element)
        self.run.complete(task.engine_id, {"outcome": outcome, f"{element}_outcome": outcome, **variables})
        self._settle()
        return self

    def tell(self, message: str, **variables: Any) -> bool:
        taken = self.run.deliver(message, variables)
        self._settle()
        return taken

    def wait(self) -> Walk:
        self._settle()
        return self
