"""
The questions of the finder (手続ナビの質問), from ``data/vocabulary``: shared by all procedures, so nothing is asked twice.

Answers are what a FEEL unary test sees: the code of an option, a list of codes, true or false, a whole number, a date.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import resources
from typing import Any

from madoguchi.kit.text import normalise_digits

from ..definition.text import Text

UNKNOWN = "unknown"
"""「わからない」: an answer every question takes; it never decides anything."""

NONE = "none"
"""The one option of several that says that no other holds."""

Answer = str | bool | int | date | tuple[str, ...]


class QuestionKind(StrEnum):
    """What a question takes: one option, several, yes or no, a whole number, a date."""

    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Choice:
    """An option; ``share`` is the part of people who answer so, as far as one can say beforehand (0 to 1)."""

    code: str
    label: Text
    share: float


@dataclass(frozen=True, slots=True)
class FinderQuestion:
    """
    A question.

    The options of ``choice`` exclude each other; those of ``choices`` do not, and it may be that none holds. ``ease`` says
    how readily people know the answer: 1 at once, 2 after a look at their papers, 3 only the office knows.
    """

    code: str
    kind: QuestionKind
    text: Text
    hint: Text
    choices: tuple[Choice, ...]
    ease: int
    low: int
    high: int
    unit: Text


_YES = Text.model_validate({"ja": "はい", "ja-easy": "はい", "en": "Yes"})
_NO = Text.model_validate({"ja": "いいえ", "ja-easy": "いいえ", "en": "No"})


def read_question(row: Mapping[str, Any]) -> FinderQuestion:
    """Return the question of a row of the vocabulary."""
    kind = QuestionKind(row["kind"])
    choices = tuple(Choice(item["code"], Text(**item["label"]), item["share"]) for item in row.get("choices", ()))
    if kind == QuestionKind.YES_NO:
        choices = (Choice("yes", _YES, row["share"]), Choice("no", _NO, 1 - row["share"]))
    return FinderQuestion(
        row["code"],
        kind,
        Text(**row["text"]),
        Text(**row.get("hint", {})),
        choices,
        row.get("ease", 1),
        row.get("low", 0),
        row.get("high", 120),
        Text(**row.get("unit", {})),
    )


_DATA = json.loads(
    resources.files("madoguchi.procedures").joinpath("data/vocabulary/questions.json").read_text("utf-8")
)
QUESTIONS: dict[str, FinderQuestion] = {row["code"]: read_question(row) for row in _DATA}
ORDER: dict[str, int] = {code: number for number, code in enumerate(QUESTIONS)}


def read_answer(question: FinderQuestion, values: Sequence[str]) -> Answer | None:
    """Return what an address or a form says to a question; None where it says nothing that can be understood."""
    if UNKNOWN in values:
        return UNKNOWN
    if question.kind == QuestionKind.CHOICES:
        return _several(question, values)
    text = values[-1].strip() if values else ""
    if question.kind == QuestionKind.YES_NO:
        return {"yes": True, "no": False}.get(text)
    if question.kind == QuestionKind.CHOICE:
        return text if any(choice.code == text for choice in question.choices) else None
    if question.kind == QuestionKind.NUMBER:
        return _number(question, text)
    return _date(text)


def write_answer(answer: Answer) -> list[str]:
    """Return an answer as the values of an address."""
    if isinstance(answer, tuple):
        return list(answer) or [NONE]
    if isinstance(answer, bool):
        return ["yes" if answer else "no"]
    return [answer.isoformat() if isinstance(answer, date) else str(answer)]


def answer_label(question: FinderQuestion, answer: Answer, language: str) -> str:
    """Return an answer in words (of an option), or as its number or ISO date; empty for わからない and for none."""
    codes = answer if isinstance(answer, tuple) else write_answer(answer)
    labels = {choice.code: choice.label.in_language(language) for choice in question.choices}
    if labels:
        return "、".join(labels[code] for code in codes if code in labels)
    return "" if answer == UNKNOWN else f"{codes[0]}{question.unit.in_language(language)}"


def _several(question: FinderQuestion, values: Sequence[str]) -> Answer | None:
    known = tuple(choice.code for choice in question.choices if choice.code in values)
    return known if known or NONE in values else None


def _number(question: FinderQuestion, text: str) -> int | None:
    digits = normalise_digits(text)
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 6:
        return None
    return int(digits) if question.low <= int(digits) <= question.high else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
