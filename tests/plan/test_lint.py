"""Lint: each fault is found where it is and not where it is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.plan.rules.lint import (
    Fault,
    IndicatorFacts,
    ProjectFacts,
    Severity,
    TargetFacts,
    best_step,
    check_indicator,
    check_plan,
    count_by_severity,
    needed_step,
)

YEARS = range(2023, 2028)


def sound(**changes: Any) -> IndicatorFacts:
    facts: dict[str, Any] = {
        "id": 1,
        "label": "オンライン申請の件数",
        "unit": "件",
        "type": "count",
        "baseline": 100.0,
        "past": [(2020, 60.0), (2021, 80.0), (2022, 100.0)],
        "targets": [TargetFacts(fiscal_year=2027, value=200.0, text="200件")],
        "project_id": 7,
        "has_source": True,
        "has_owner": True,
    }
    return IndicatorFacts(**(facts | changes))


def faults(indicator: IndicatorFacts) -> set[Fault]:
    return {finding.fault for finding in check_indicator(YEARS, indicator)}


def target(value: float | None, year: int = 2027, text: str = "") -> list[TargetFacts]:
    return [TargetFacts(fiscal_year=year, value=value, text=text)]


def test_a_sound_indicator_has_no_findings() -> None:
    assert check_plan(YEARS, [ProjectFacts(id=7, title="窓口")], [sound()]) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"baseline": None}, Fault.NO_BASELINE),
        ({"has_source": False}, Fault.NO_SOURCE),
        ({"binding_kind": "meter"}, Fault.NO_BINDING),
        ({"binding_kind": "push"}, Fault.NO_BINDING),
        ({"has_owner": False}, Fault.NO_OWNER),
        ({"unit": ""}, Fault.NO_UNIT),
        ({"targets": []}, Fault.NO_TARGET),
        ({"targets": target(None, text="増加")}, Fault.NOT_NUMERIC),
        ({"targets": target(200.0, 2029)}, Fault.OUTSIDE_PLAN),
        ({"targets": target(401.0)}, Fault.UNREACHABLE),
        ({"targets": target(90.0)}, Fault.ALREADY_MET),
        ({"unit": "%", "kind": "stock", "targets": target(120.0)}, Fault.OVER_HUNDRED),
    ],
)
def test_each_fault_is_found_alone(changes: dict[str, Any], fault: Fault) -> None:
    assert faults(sound(**changes)) == {fault}


@pytest.mark.parametrize(
    "changes",
    [
        {"binding_kind": "meter", "is_bound": True, "has_source": False},
        {"targets": target(400.0)},
        {"targets": target(100.0, text="100件を維持")},
        {"type": "milestone", "unit": "", "baseline": None, "targets": target(None, text="完了")},
        {"direction": "down", "past": [(2021, 120.0), (2022, 100.0)], "targets": target(50.0)},
    ],
)
def test_what_only_looks_like_a_fault_is_left_alone(changes: dict[str, Any]) -> None:
    assert faults(sound(**changes)) == set()


def test_less_is_better_turns_reached_and_out_of_reach_around() -> None:
    falling = {"direction": "down", "past": [(2021, 105.0), (2022, 100.0)]}
    assert faults(sound(**falling, targets=target(110.0))) == {Fault.ALREADY_MET}
    assert faults(sound(**falling, targets=target(20.0))) == {Fault.UNREACHABLE}


def test_a_project_without_indicator_and_one_that_only_acts_are_named() -> None:
    projects = [ProjectFacts(id=7, title="測る"), ProjectFacts(id=8, title="導入する"), ProjectFacts(id=9, title="空")]
    acting = sound(id=2, label="電子決裁の導入", project_id=8, type="existence", unit="", targets=target(1.0))
    found = check_plan(YEARS, projects, [sound(), acting])
    assert [(item.fault, item.subject_id) for item in found if item.subject == "project"] == [
        (Fault.NO_OUTCOME, 8),
        (Fault.NO_INDICATOR, 9),
    ]


@pytest.mark.parametrize("label", ["電子決裁の導入", "研修を実施する", "システムの更新", "計画の策定状況"])
def test_doing_is_not_an_outcome(label: str) -> None:
    assert sound(label=label).is_action


@pytest.mark.parametrize("label", ["オンライン申請の件数", "研修を受けた職員の割合", "導入により減った時間"])
def test_a_figure_that_people_feel_is_an_outcome(label: str) -> None:
    assert not sound(label=label).is_action


def test_findings_are_counted_by_weight() -> None:
    found = check_indicator(YEARS, sound(targets=[], has_owner=False))
    assert count_by_severity(found) == {Severity.ERROR: 1, Severity.WARNING: 1, Severity.HINT: 0}


VALUES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=6)


@given(VALUES, st.floats(-1e6, 1e6))
def test_more_and_less_are_mirror_images(values: list[float], goal: float) -> None:
    up = sound(past=list(enumerate(values, 2018)), targets=target(goal), baseline=values[-1])
    down = sound(
        past=[(year, -value) for year, value in enumerate(values, 2018)],
        targets=target(-goal),
        baseline=-values[-1],
        direction="down",
    )
    assert faults(up) == faults(down)


@given(VALUES)
def test_going_on_at_the_best_pace_is_never_out_of_reach(values: list[float]) -> None:
    indicator = sound(past=list(enumerate(values, 2018)))
    step, last = best_step(indicator), values[-1]
    assert step is not None
    year = 2018 + len(values) - 1
    goal = sound(
        past=indicator.past, baseline=last, targets=target(last + step * (2027 - year)) if step > 0 else target(last)
    )
    assert Fault.UNREACHABLE not in faults(goal)
    needed = needed_step(goal, 2027, last + step * (2027 - year))
    assert needed is not None
    assert abs(needed - step) <= max(abs(step), 1) * 1e-6 + 1e-3
