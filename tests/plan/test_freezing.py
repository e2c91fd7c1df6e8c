"""Closing a round freezes its period: nothing of it can change, and everybody can check that nothing did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit.hashing import digest
from madoguchi.plan.enums import RoundPeriod
from madoguchi.plan.errors import FrozenPeriodError, StageError
from madoguchi.plan.models import Actual, Evaluation, ReviewRound, Target
from madoguchi.plan.selectors.frozen import number_text, verify_frozen
from madoguchi.plan.services import reviews
from madoguchi.trust.api import Event, acting_for
from madoguchi.trust.errors import RefusedError

from .factories import make_city, make_plan
from .reviewing import Cycle, enter_actual, make_cycle, refused

pytestmark = [pytest.mark.django_db, pytest.mark.database]
REFUSED = "plan.evaluation.refused"


@pytest.fixture
def closed() -> Iterator[Cycle]:
    city = make_city()
    plan = make_plan(city)
    with acting_for(city):
        cycle = make_cycle(plan)
        enter_actual(plan, "1", 1600.5)
        cycle.to_closed()
        yield cycle


def test_the_digest_covers_every_figure_and_stands_in_the_event(closed):
    review = closed.review = closed.reload()
    event = Event.objects.get(key="plan.round.closed")
    assert event.data["digest"] == review.digest == digest(review.frozen)
    first = review.frozen["projects"][0]
    assert (first["decision"], first["progress"], first["computed"]["mark"]) == ("○", "○", "○")
    (indicator,) = first["indicators"]
    assert [row["value"] for row in indicator["targets"]] == ["1500"]
    assert [row["value"] for row in indicator["actuals"]] == ["1600.5"]
    assert verify_frozen(review).is_whole


@pytest.mark.parametrize("step", ["submit", "score", "decide"])
def test_no_evaluation_of_a_closed_round_can_change(closed, step):
    with refused(REFUSED, FrozenPeriodError):
        getattr(closed, step)("1")


def test_no_order_can_be_added_to_a_closed_round(closed):
    one = closed.evaluation("1")
    with refused(REFUSED, FrozenPeriodError):
        reviews.order_improvement(
            evaluation=one, text="急ぐこと。", due_date=date(2099, 1, 1), version=one.version, actor=closed.council
        )


def test_bulk_steps_and_stages_of_a_closed_round_are_refused(closed):
    versions = {item.pk: item.version for item in closed.review.evaluations.all()}
    with refused(REFUSED, FrozenPeriodError):
        reviews.decide_as_scored(review=closed.review, versions=versions, actor=closed.council)
    with refused(REFUSED, FrozenPeriodError):
        reviews.undo_decisions(review=closed.review, versions=versions, actor=closed.council)
    with refused(REFUSED, StageError):
        reviews.return_round(review=closed.review, status="closed", reason="やり直し", actor=closed.secretariat)


def test_the_figures_of_the_closed_year_are_frozen_and_others_are_not(closed):
    with pytest.raises(FrozenPeriodError, match="令和6年度"):
        reviews.require_open_period(plan=closed.plan, fiscal_year=2024)
    reviews.require_open_period(plan=closed.plan, fiscal_year=2025)


def test_a_round_is_closed_only_by_the_secretariat_and_only_when_all_is_decided():
    city = make_city()
    plan = make_plan(city)
    with acting_for(city):
        cycle = make_cycle(plan)
        cycle.to_council()
        cycle.decide("1")
        with refused(REFUSED, StageError) as caught:
            cycle.close()
        assert "1件" in str(caught.value)
        cycle.decide("2", "△")
        with refused(REFUSED, RefusedError):
            cycle.close(actor=cycle.council)
        assert cycle.close().digest


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda c: Evaluation.objects.filter(pk=c.evaluation("2").pk).update(decision="○"), "調整会議の評価"),
        (lambda c: Actual.objects.filter(indicator__project__code="1").update(value=9999), "実績"),
        (lambda c: Actual.objects.filter(indicator__project__code="1").delete(), "実績"),
        (lambda c: enter_actual(c.plan, "2", 1), "実績"),
        (lambda c: Target.objects.filter(fiscal_year=2024).update(value=1), "目標値"),
    ],
)
def test_a_figure_changed_behind_the_services_is_named(closed, change, place):
    change(closed)
    verification = verify_frozen(closed.reload())
    assert not verification.is_whole
    assert any(place in item.place for item in verification.differences)
    assert verification.digest == verification.recomputed


def test_a_frozen_record_that_was_rewritten_has_another_digest(closed):
    review = closed.reload()
    review.frozen["projects"][0]["decision"] = "◎"
    ReviewRound.objects.filter(pk=review.pk).update(frozen=review.frozen)
    verification = verify_frozen(closed.reload())
    assert verification.digest != verification.recomputed


def test_a_half_year_freezes_what_it_saw_and_leaves_the_rest_of_the_year_open():
    city = make_city()
    plan = make_plan(city)
    with acting_for(city):
        cycle = make_cycle(plan, period=RoundPeriod.FIRST_HALF)
        enter_actual(plan, "1", 800, as_of=date(2024, 9, 30))
        assert cycle.submit("1").computed["mark"] == "○", "half of the year asks for half of the target"
        cycle.advance()
        cycle.score("1")
        cycle.advance()
        cycle.decide("1")
        review = cycle.close()
        with pytest.raises(FrozenPeriodError, match="上半期"):
            reviews.require_open_period(plan=plan, fiscal_year=2024, as_of=date(2024, 9, 30))
        reviews.require_open_period(plan=plan, fiscal_year=2024, as_of=date(2025, 3, 31))
        reviews.require_open_period(plan=plan, fiscal_year=2024)
        enter_actual(plan, "1", 1600, as_of=date(2025, 3, 31))
        assert verify_frozen(review).is_whole
        Actual.objects.filter(value=800).update(value=900)
        assert not verify_frozen(review).is_whole


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_frozen_with_digits_that_give_it_back(value):
    text = number_text(value)
    assert text is not None
    assert float(text) == value
    assert "e" not in text.lower()
