"""
The review cycle as two tables that can be read (相模原市ICT総合戦略 第6章2 計画の進行管理).

A round goes from self-evaluation over the secretariat to the council and is then closed; inside a round each project has
an evaluation of its own. What is not in a table cannot be done. Words are the values of ``RoundStatus`` and
``EvaluationStatus``.
"""

from __future__ import annotations

from dataclasses import dataclass

from madoguchi.kit import fiscal

PERIODS = {"first_half": "上半期", "full_year": "年間"}
PROGRESS_MARKS = {"○": "計画どおり進んだ", "△": "進みが滞っている", "×": "中止した"}
"""Marks of a self-evaluation with their meaning (相模原市 第2章の進捗評価)."""
MARKS_WITH_REASON = frozenset({"△", "×"})


@dataclass(frozen=True, slots=True)
class RoundStep:
    """A round at ``start`` may be brought to ``end`` by ``action``, when ``condition`` holds."""

    action: str
    start: str
    end: str
    condition: str
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class EvaluationStep:
    """While the round is at ``stage``, ``action`` brings an evaluation that is in one of ``before`` to ``after``."""

    action: str
    stage: str
    before: tuple[str, ...]
    after: str
    who: str


# fmt: off
ROUND_STEPS = (
    #         action     from               to                 when
    RoundStep("advance", "self_evaluation", "secretariat",     "すべての事業が提出済み（未提出を残すときは理由を書く）"),
    RoundStep("advance", "secretariat",     "council",         "すべての事業を事務局が確認済み"),
    RoundStep("close",   "council",         "closed",          "すべての事業の評価を調整会議が決定済み"),
    RoundStep("return",  "secretariat",     "self_evaluation", "提出をやり直すとき", needs_reason=True),
    RoundStep("return",  "council",         "secretariat",     "事務局の確認をやり直すとき", needs_reason=True),
)
EVALUATION_STEPS = (
    #              action    stage of the round  before                            after        who
    EvaluationStep("submit", "self_evaluation", ("waiting", "submitted"),          "submitted", "担当課"),
    EvaluationStep("submit", "secretariat",     ("waiting",),                      "submitted", "担当課"),
    EvaluationStep("return", "self_evaluation", ("submitted",),                    "waiting",   "事務局"),
    EvaluationStep("return", "secretariat",     ("submitted", "scored"),           "waiting",   "事務局"),
    EvaluationStep("score",  "secretariat",     ("waiting", "submitted", "scored"), "scored",   "事務局"),
    EvaluationStep("unscore", "secretariat",    ("scored",),                       "submitted", "事務局"),
    EvaluationStep("decide", "council",         ("scored", "decided"),             "decided",   "調整会議"),
    EvaluationStep("undecide", "council",       ("decided",),                      "scored",    "調整会議"),
)
# fmt: on


def round_step(action: str, status: str) -> RoundStep | None:
    """Return the step that an action takes a round at, or None when the round stands elsewhere."""
    return next((step for step in ROUND_STEPS if step.action == action and step.start == status), None)


def evaluation_step(action: str, stage: str, status: str) -> EvaluationStep | None:
    """Return the step that an action takes an evaluation at a stage of its round, or None when it may not be taken."""
    return next(
        (step for step in EVALUATION_STEPS if (step.action, step.stage) == (action, stage) and status in step.before),
        None,
    )


def reason_missing(progress: str, reason: str) -> bool:
    """Tell whether a self-evaluation lacks the reason that its mark asks for."""
    return progress in MARKS_WITH_REASON and not reason.strip()


def round_name(fiscal_year: int, period: str) -> str:
    """Return what people call a round: 令和6年度（上半期）, 令和6年度（年間）."""
    return f"{fiscal.label(fiscal_year)}（{PERIODS[period]}）"
