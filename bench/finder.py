"""
One step of the finder over 2,000 procedures: judge them all and choose the next question.

The procedures are made up: one to five conditions each, over the whole vocabulary, four hundred different tests. Each step is
measured as a page does it, with the index made beforehand (as the application keeps it) and with answers no step has seen
before, so that nothing but the index itself is warm. Times are those of the processor: a step neither waits nor asks
anybody, and the machine may be busy with other things. Beside it stands one pass over the same conditions that only
reads the statuses, the least any finder must do.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.lib import report_p95

from madoguchi.procedures.rules.definition import Definition
from madoguchi.procedures.rules.finder.index import Index
from madoguchi.procedures.rules.finder.questions import QUESTIONS, Answer, FinderQuestion, QuestionKind

PROCEDURES = 2000
EVENTS = 12
WALKS = 60
BUDGET_MS = 30.0


def one_test(question: FinderQuestion, chance: random.Random) -> str:
    if question.kind == QuestionKind.YES_NO:
        return chance.choice(["true", "false"])
    if question.kind == QuestionKind.CHOICE:
        return chance.choice([f'"{choice.code}"' for choice in question.choices])
    if question.kind == QuestionKind.CHOICES:
        codes = [choice.code for choice in question.choices]
        return " or ".join(f'list contains(?, "{code}")' for code in chance.sample(codes, chance.randint(1, 3)))
    if question.kind == QuestionKind.NUMBER:
        return f">= {chance.randint(1, 100)}"
    return f'>= date("{chance.randint(2020, 2026)}-04-01")'


def one_procedure(number: int, chance: random.Random) -> Definition:
    asked = chance.sample(list(QUESTIONS.values()), chance.randint(1, 5))
    return Definition.model_validate(
        {
            "code": f"procedure-{number}",
            "name": f"手続その{number}",
            "life_events": [f"event-{chance.randrange(EVENTS)}"],
            "finder": [
                {
                    "question": question.code,
                    "test": one_test(question, chance),
                    "otherwise": chance.choice(["no", "no", "no", "maybe"]),
                }
                for question in asked
            ],
        }
    )


def one_answer(question: FinderQuestion, chance: random.Random) -> Answer:
    if question.kind == QuestionKind.YES_NO:
        return chance.random() < 0.5
    if question.kind == QuestionKind.CHOICES:
        return tuple(choice.code for choice in question.choices if chance.random() < 0.3)
    if question.kind == QuestionKind.NUMBER:
        return chance.randint(question.low, question.high)
    return chance.choice(question.choices).code if question.choices else "unknown"


def main() -> int:
    chance = random.Random(7)
    started = time.thread_time()
    index = Index(one_procedure(number, chance) for number in range(PROCEDURES))
    built = time.thread_time() - started
    index.next_question("", {})
    steps: list[float] = []
    least: list[float] = []
    for _ in range(WALKS):
        answers: dict[str, Answer] = {}
        while True:
            started = time.thread_time()
            index.judge("", answers)
            question = index.next_question("", answers)
            steps.append(time.thread_time() - started)
            started = time.thread_time()
            index.judge("", answers)
            least.append(time.thread_time() - started)
            if question is None:
                break
            answers[question.code] = one_answer(question, chance)
    print(
        json.dumps(
            {
                "bench": "finder: facts",
                "worst_ms": round(max(steps) * 1000, 2),
                "reading_alone_ms": round(statistics.median(least) * 1000, 2),
                "index_ms": round(built * 1000, 1),
                "questions_per_walk": round(len(steps) / WALKS - 1, 1),
            }
        )
    )
    passed = report_p95("finder: a step over 2,000 procedures", [step * 1000 for step in steps], at_most=BUDGET_MS)
    return 0 if passed else 1


if __name__ == "__main__":
    raise SystemExit(main())
