"""A city in the middle of its review cycle, made through the services of the product."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from madoguchi.kit import clock
from madoguchi.plan.enums import ActualSource, ActualStatus, RoundPeriod
from madoguchi.plan.errors import PlanError
from madoguchi.plan.models import Actual, ChangeRecord, Evaluation, Indicator, Plan, Project, ReviewRound
from madoguchi.plan.services import reviews
from madoguchi.plan.services.scoring import install_rules
from madoguchi.trust.api import Account, Event, Municipality, current_municipality
from madoguchi.trust.enums import Role
from madoguchi.trust.errors import RefusedError

from .factories import make_staff

DUE = date(2025, 5, 31)


@dataclass
class Cycle:
    """A plan of two projects, the people of its review, and a round that is open."""

    plan: Plan
    secretariat: Account
    second_secretariat: Account
    council: Account
    chief: Account
    stranger: Account
    review: ReviewRound

    def evaluation(self, code: str = "1") -> Evaluation:
        return Evaluation.objects.select_related("round", "project").get(round=self.review, project__code=code)

    def reload(self) -> ReviewRound:
        self.review = ReviewRound.objects.get(pk=self.review.pk)
        return self.review

    def submit(self, code: str = "1", progress: str = "○", reason: str = "", **changes: Any) -> Evaluation:
        one = self.evaluation(code)
        fields = {"version": one.version, "actor": self.chief} | changes
        return reviews.submit_evaluation(evaluation=one, progress=progress, reason=reason, **fields)

    def score(self, code: str = "1", score: str = "○", comment: str = "確認しました。", **changes: Any) -> Evaluation:
        one = self.evaluation(code)
        fields = {"version": one.version, "actor": self.secretariat} | changes
        return reviews.score_evaluation(evaluation=one, score=score, comment=comment, **fields)

    def decide(self, code: str = "1", decision: str = "○", comment: str = "", **changes: Any) -> Evaluation:
        one = self.evaluation(code)
        fields = {"version": one.version, "actor": self.council} | changes
        return reviews.decide_evaluation(evaluation=one, decision=decision, comment=comment, **fields)

    def advance(self, **changes: Any) -> ReviewRound:
        review = self.reload()
        fields = {"status": review.status, "actor": self.secretariat} | changes
        return reviews.advance_round(review=review, **fields)

    def close(self, **changes: Any) -> ReviewRound:
        review = self.reload()
        fields = {"status": review.status, "actor": self.secretariat} | changes
        return reviews.close_round(review=review, **fields)

    def to_secretariat(self) -> None:
        self.submit("1")
        self.submit("2", "△", "調達が遅れました。")
        self.advance()

    def to_council(self) -> None:
        self.to_secretariat()
        self.score("1")
        self.score("2", "△", "理由を確認しました。")
        self.advance()

    def to_closed(self) -> ReviewRound:
        self.to_council()
        self.decide("1")
        self.decide("2", "△")
        return self.close()


def make_cycle(plan: Plan, *, period: RoundPeriod = RoundPeriod.FULL_YEAR, rule: str = "sagamihara") -> Cycle:
    """Open a round over fiscal year 2024; the chief leads the section of both projects. A city must be in scope."""
    rules = {item.key: item for item in install_rules()}
    unit = Project.objects.get(plan=plan, code="1").responsibilities.get(is_lead=True).unit
    secretariat = make_staff(Role.SECRETARIAT)
    review = reviews.open_round(
        plan=plan, fiscal_year=2024, period=period, self_evaluation_due=DUE, rule=rules[rule], actor=secretariat
    )
    other = Project.objects.get(plan=plan, code="1").responsibilities.get(is_lead=False).unit
    return Cycle(
        plan=plan,
        secretariat=secretariat,
        second_secretariat=make_staff(Role.SECRETARIAT, login="secretariat-2"),
        council=make_staff(Role.COUNCIL),
        chief=make_staff(Role.SECTION_CHIEF, unit),
        stranger=make_staff(Role.SECTION_CHIEF, other, login="other-chief"),
        review=review,
    )


def enter_actual(plan: Plan, code: str, value: float, *, fiscal_year: int = 2024, as_of: date | None = None) -> Actual:
    """Store an approved actual value of the indicator of a project."""
    return Actual.objects.create(
        municipality=current_municipality(),
        indicator=Indicator.objects.get(plan=plan, project__code=code),
        fiscal_year=fiscal_year,
        as_of=as_of,
        value=value,
        text=f"{value:g}",
        status=ActualStatus.APPROVED,
        source=ActualSource.MANUAL,
        entered_at=clock.now(),
    )


def snapshot(city: Municipality) -> list[Any]:
    """Return everything a refused step must leave as it was."""
    return [
        list(ReviewRound.objects.order_by("pk").values()),
        list(Evaluation.objects.order_by("pk").values()),
        list(ChangeRecord.objects.order_by("pk").values()),
        list(Project.objects.order_by("pk").values()),
        list(Indicator.objects.order_by("pk").values()),
        list(Actual.objects.order_by("pk").values()),
    ]


@contextmanager
def refused(
    kind: str, error: type[Exception] | tuple[type[Exception], ...] = (PlanError, RefusedError)
) -> Iterator[Any]:
    """Expect a refusal that changes nothing and leaves exactly one event of its own."""
    city = current_municipality()
    before, events = snapshot(city), Event.objects.count()
    with pytest.raises(error) as caught:
        yield caught
    assert snapshot(city) == before
    assert list(Event.objects.order_by("pk").values_list("key", flat=True))[events:] == [kind]
