"""Moves on the portfolio map keep their reasons and can be taken back as new moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from madoguchi.plan.errors import PlanError, StaleError
from madoguchi.plan.models import ChangeRecord, PortfolioMove, Project
from madoguchi.plan.services.portfolio import move_project, undo_move
from madoguchi.trust.api import Event, acting_for
from madoguchi.trust.errors import RefusedError

from .factories import make_city, make_plan
from .reviewing import Cycle, make_cycle, refused

pytestmark = [pytest.mark.django_db, pytest.mark.database]
REFUSED = "plan.project.refused"


@pytest.fixture
def cycle() -> Iterator[Cycle]:
    city = make_city()
    plan = make_plan(city)
    with acting_for(city):
        yield make_cycle(plan)


def move(cycle: Cycle, **changes: object) -> PortfolioMove:
    fields = {
        "project": Project.objects.get(code="2"),
        "to_class": "A",
        "feasibility": 4,
        "new_value": 5,
        "reason": "実施条件が整ったため",
        "actor": cycle.secretariat,
    }
    return move_project(**fields | changes)  # type: ignore[arg-type]


def test_a_move_changes_class_place_and_priority_and_is_written_down(cycle):
    made = move(cycle)
    project = Project.objects.get(code="2")
    assert (project.portfolio_class, project.feasibility, project.new_value, project.is_priority) == ("A", 4, 5, True)
    assert (made.from_class, made.from_position, made.to_class, made.to_position) == ("C", [], "A", [4, 5])
    record = ChangeRecord.objects.get(subject_type="project")
    assert (record.before, record.after) == ({"区分": "C", "位置": []}, {"区分": "A", "位置": [4, 5]})
    event = Event.objects.get(key="plan.project.moved")
    assert event.data == {"from": "C", "to": "A", "place": [4, 5]}


def test_a_move_is_undone_by_a_new_move(cycle):
    move(cycle)
    second = move(cycle, to_class="B", feasibility=2, new_value=2)
    assert not Project.objects.get(code="2").is_priority
    back = undo_move(move=second, reason="誤り", actor=cycle.secretariat)
    assert (back.to_class, back.to_position) == ("A", [4, 5])
    assert PortfolioMove.objects.count() == 3
    with refused(REFUSED, PlanError) as caught:
        undo_move(move=second, reason="もう一度", actor=cycle.secretariat)
    assert "いちばん新しい" in str(caught.value)


def test_a_candidate_needs_no_place(cycle):
    assert move(cycle, to_class="candidate", feasibility=None, new_value=None).to_position == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "理由"),
        ({"feasibility": 0}, "1から5"),
        ({"feasibility": 6}, "1から5"),
        ({"new_value": None}, "1から5"),
        ({"feasibility": None, "new_value": None}, "候補だけ"),
    ],
)
def test_a_move_that_makes_no_sense_changes_nothing(cycle, changes, words):
    with refused(REFUSED, PlanError) as caught:
        move(cycle, **changes)
    assert words in str(caught.value)


def test_a_move_to_where_the_project_is_already_is_refused(cycle):
    move(cycle)
    with refused(REFUSED, PlanError) as caught:
        move(cycle)
    assert "変わっていません" in str(caught.value)


@pytest.mark.parametrize("who", ["chief", "council", "stranger"])
def test_only_the_secretariat_moves(cycle, who):
    with refused(REFUSED, RefusedError):
        move(cycle, actor=getattr(cycle, who))


def test_of_two_who_move_the_second_is_told(cycle):
    version = Project.objects.get(code="2").version
    move(cycle)
    with refused(REFUSED, StaleError) as caught:
        move(cycle, to_class="B", version=version)
    assert caught.value.theirs["区分"] == "A"
