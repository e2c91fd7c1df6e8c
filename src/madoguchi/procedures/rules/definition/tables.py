"""Decision tables inside a definition: fees, eligibility, routes (DMN 1.5), in a form that is easy to edit."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from .text import AnyText, Code, Part, Text


class Column(Part):
    """An input (``expression`` is FEEL over the answers) or an output (``name``) of a table."""

    name: Annotated[str, Field(max_length=80)]
    expression: Annotated[str, Field(max_length=300)] = ""
    label: AnyText = Text()


class Table(Part):
    """
    A decision table: each row holds the cells of the inputs (FEEL unary tests), then those of the outputs (FEEL).

    ``hit_policy`` is one of DMN's letters (U, A, P, F, R, O, C, C+, C<, C>, C#). Reason texts are outputs like any other.
    """

    inputs: list[Column]
    outputs: list[Column]
    rows: list[list[Annotated[str, Field(max_length=300)]]] = []
    hit_policy: Annotated[str, Field(pattern=r"^(U|A|P|F|R|O|C[+<>#]?)$")] = "F"

    @model_validator(mode="after")
    def _check_width(self) -> Table:
        width = len(self.inputs) + len(self.outputs)
        for number, row in enumerate(self.rows, start=1):
            if len(row) != width:
                raise ValueError(f"row {number} has {len(row)} cells instead of {width}")
        return self


class Example(Part):
    """A golden example of a table: what comes out for these inputs."""

    given: dict[str, Any]
    expect: dict[str, Any]


class Decision(Part):
    """
    A named table with its golden examples.

    ``eligibility`` gives ``result`` ("yes", "maybe", "no") and ``reason`` (a code of ``reasons``). ``fee`` gives ``amount``
    (yen). Other names may be asked by business rule tasks of the workflow.
    """

    table: Table
    examples: list[Example] = []
    reasons: dict[Code, AnyText] = {}
