"""The declared rule of progress: rates, directions, kinds, comparisons, relative targets, milestones, roll-up, results."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from madoguchi.plan.rules.progress import (
    Figure,
    Progress,
    Reason,
    Series,
    Status,
    expected_level,
    is_met,
    judge,
    progress_rate,
    roll_up,
    share_achieved,
    status_of_mark,
)
from madoguchi.plan.rules.results import MarkedProject, checks, goal_result
from madoguchi.plan.rules.stages import Stage, says_done, says_not_done, stage_of

levels = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3))


def figure(year: int | None, value: float | None = None, text: str = "", **more: object) -> Figure:
    return Figure(fiscal_year=year, value=value, text=text or ("" if value is None else f"{value:g}"), **more)  # type: ignore[arg-type]


def series(targets: dict[int, float], actuals: dict[int, float], base: float | None = None, **more: object) -> Series:
    return Series(
        baseline=None if base is None else figure(2022, base),
        targets=tuple(figure(year, value) for year, value in targets.items()),
        actuals=tuple(figure(year, value) for year, value in actuals.items()),
        **more,  # type: ignore[arg-type]
    )


def states(target: str, actual: str, *, year: int = 2024, target_year: int = 2024) -> Progress:
    item = Series(
        type="milestone",
        kind="stock",
        targets=(figure(target_year, text=target),),
        actuals=(figure(year, text=actual),),
    )
    return judge(item, fiscal_year=2025)


# Rates


@given(levels, levels)
def test_the_rate_is_nought_at_the_baseline_and_a_hundred_at_the_target(base: float, target: float) -> None:
    assume(base != target)
    item = series({2025: target}, {}, base, direction="up" if target > base else "down")
    assert progress_rate(item, actual=base, target=target) == 0
    assert progress_rate(item, actual=target, target=target) == pytest.approx(100)


@given(levels, levels, levels, levels)
def test_the_rate_rises_in_the_good_direction(base: float, target: float, one: float, other: float) -> None:
    assume(abs(base - target) > 0.01)
    item = series({2025: target}, {}, base, direction="up" if target > base else "down")
    better, worse = (max(one, other), min(one, other)) if item.up else (min(one, other), max(one, other))
    high = progress_rate(item, actual=better, target=target)
    low = progress_rate(item, actual=worse, target=target)
    assert high is not None
    assert low is not None
    assert high >= low


def test_the_way_from_the_baseline_counts_not_the_level() -> None:
    item = series({2025: 20000}, {}, 9005)
    assert progress_rate(item, actual=14502.5, target=20000) == pytest.approx(50)


def test_without_a_baseline_the_rate_is_the_share_of_the_target() -> None:
    assert progress_rate(series({2025: 40}, {}), actual=60, target=40) == pytest.approx(150)
    assert progress_rate(series({2025: 3}, {}, direction="down"), actual=6, target=3) == pytest.approx(50)
    assert progress_rate(series({2025: 0}, {}, direction="down"), actual=0, target=0) == 100
    assert progress_rate(series({2025: 0}, {}, direction="down"), actual=4, target=0) == 0


def test_a_level_to_keep_is_kept_or_not() -> None:
    assert progress_rate(series({2025: 0}, {}, 0, direction="down"), actual=0, target=0) == 100
    assert progress_rate(series({2025: 0}, {}, 0, direction="down"), actual=2, target=0) == 0


# Judgement


def test_a_target_met_is_achieved_and_one_missed_is_behind() -> None:
    assert judge(series({2023: 120}, {2023: 120}), fiscal_year=2025).status is Status.ACHIEVED
    missed = judge(series({2023: 120}, {2023: 119}), fiscal_year=2025)
    assert (missed.status, missed.reason) == (Status.BEHIND, Reason.NOT_MET)


def test_less_is_better_where_the_direction_says_so() -> None:
    assert judge(series({2023: 0}, {2023: 0}, direction="down"), fiscal_year=2023).status is Status.ACHIEVED
    assert judge(series({2023: 0}, {2023: 1}, direction="down"), fiscal_year=2023).status is Status.BEHIND


def test_the_comparison_of_the_document_comes_before_the_direction() -> None:
    item = series({}, {})
    assert is_met(item, actual=2, target=figure(2023, 3, comparison="<="))
    assert not is_met(item, actual=4, target=figure(2023, 3, comparison="<="))
    assert is_met(item, actual=4, target=figure(2023, 4, comparison=">="))


def test_a_year_without_its_own_target_is_measured_on_the_way_to_the_next() -> None:
    item = series({2025: 20}, {2023: 11}, 5, kind="stock")
    found = judge(item, fiscal_year=2023)
    assert (found.status, found.expected) == (Status.ON_TRACK, 10)
    assert judge(series({2025: 20}, {2023: 9}, 5, kind="stock"), fiscal_year=2023).reason is Reason.BELOW_PATH


def test_half_a_year_of_a_yearly_count_is_measured_against_half_the_target() -> None:
    item = Series(targets=(figure(2026, 1000),), actuals=(figure(2026, 520, until=date(2026, 9, 30)),))
    assert judge(item, fiscal_year=2026).status is Status.ON_TRACK
    late = Series(targets=(figure(2026, 1000),), actuals=(figure(2026, 400, until=date(2026, 9, 30)),))
    assert judge(late, fiscal_year=2026).status is Status.BEHIND


def test_a_ceiling_is_not_achieved_before_the_year_is_over() -> None:
    half = date(2026, 9, 30)
    item = Series(targets=(figure(2026, 3),), actuals=(figure(2026, 1, until=half),), direction="down", type="duration")
    assert judge(item, fiscal_year=2026).status is Status.ON_TRACK


def test_a_running_total_moves_from_the_baseline_to_the_target() -> None:
    item = series({2023: 12000, 2024: 16000}, {}, 9000, kind="cumulative")
    assert expected_level(item, target=figure(2023, 12000), year=2023, fraction=0.5) == 10500
    assert expected_level(item, target=figure(2024, 16000), year=2024, fraction=0.5) == 14000


def test_the_newest_actual_up_to_the_year_counts() -> None:
    item = series({2023: 10, 2024: 20}, {2023: 10, 2024: 15})
    assert judge(item, fiscal_year=2023).status is Status.ACHIEVED
    assert judge(item, fiscal_year=2024).status is Status.BEHIND
    assert judge(series({2023: 10}, {2024: 10}), fiscal_year=2023).status is Status.NOT_MEASURED


def test_nothing_to_judge_is_said_and_not_guessed() -> None:
    assert judge(series({}, {2023: 1}), fiscal_year=2023).status is Status.NO_TARGET
    assert judge(series({2023: 1}, {}), fiscal_year=2023).status is Status.NOT_MEASURED
    words = Series(type="ratio", unit="%", targets=(figure(2023, text="全国平均以上"),), actuals=(figure(2023, 71.0),))
    assert judge(words, fiscal_year=2023).reason is Reason.NOT_COMPARABLE


def test_a_change_against_the_year_before_is_turned_into_a_level() -> None:
    target = figure(2023, 10, "前年比10%増", basis="previous_year")
    item = Series(unit="件", targets=(target,), actuals=(figure(2022, 200), figure(2023, 219)))
    found = judge(item, fiscal_year=2023)
    assert found.target is not None
    assert found.target.value == pytest.approx(220)
    assert found.status is Status.BEHIND
    percent = Series(unit="%", targets=(target,), actuals=(figure(2023, 12),))
    assert judge(percent, fiscal_year=2023).status is Status.ACHIEVED


def test_a_change_against_a_fixed_year_needs_that_year() -> None:
    target = figure(2023, 10, "10%減", basis="FY2018")
    item = Series(
        unit="件", direction="down", targets=(target,), actuals=(figure(2023, 126),), baseline=figure(2018, 140)
    )
    assert judge(item, fiscal_year=2023).status is Status.ACHIEVED
    without = Series(unit="件", direction="down", targets=(target,), actuals=(figure(2023, 126),))
    assert judge(without, fiscal_year=2023).status is Status.NOT_MEASURED


@given(
    st.sampled_from(["up", "down"]),
    st.dictionaries(st.integers(2020, 2026), levels),
    st.dictionaries(st.integers(2020, 2026), levels),
    st.none() | levels,
    st.sampled_from(["annual", "cumulative", "stock"]),
    st.integers(2019, 2027),
)
def test_any_figures_get_a_status_that_fits_them(
    direction: str, targets: dict[int, float], actuals: dict[int, float], base: float | None, kind: str, year: int
) -> None:
    item = series(dict(sorted(targets.items())), dict(sorted(actuals.items())), base, direction=direction, kind=kind)
    found = judge(item, fiscal_year=year)
    assert (found.status is Status.NO_TARGET) == (not targets)
    if targets and not [each for each in actuals if each <= year]:
        assert found.status is Status.NOT_MEASURED
    if found.status is Status.ACHIEVED:
        assert found.actual is not None
        assert found.target is not None
        assert found.actual.value is not None
        assert is_met(item, actual=found.actual.value, target=found.target)


# Milestones


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("検討", Stage.STUDY),
        ("導入の検討", Stage.STUDY),
        ("試験導入", Stage.INTRODUCTION),
        ("導入・運用", Stage.OPERATION),
        ("運用 構築", Stage.OPERATION),
        ("利用拡大・運用", Stage.EXPANSION),
        ("完了", Stage.COMPLETION),
        ("導入済み", Stage.INTRODUCTION),
        ("未実施", Stage.NOT_STARTED),
        ("実施せず", Stage.NOT_STARTED),
        ("☆", None),
        ("", None),
    ],
)
def test_words_are_read_as_stages(text: str, stage: Stage | None) -> None:
    assert stage_of(text) is stage


def test_a_later_stage_meets_an_earlier_target() -> None:
    assert states("実施", "運用").status is Status.ACHIEVED
    assert states("運用", "検討").status is Status.BEHIND
    assert states("完了", "導入済み").status is Status.ACHIEVED
    assert states("完了", "未完了").status is Status.BEHIND


def test_a_milestone_of_a_later_year_is_on_its_way() -> None:
    found = states("完了", "検討", year=2023, target_year=2025)
    assert (found.status, found.reason, found.rate) == (Status.ON_TRACK, Reason.NOT_DUE, 20)


def test_a_thing_named_by_its_target_is_there_when_the_result_says_so() -> None:
    assert states("「人材育成方針」の策定", "策定済み").status is Status.ACHIEVED
    assert states("サテライトオフィスを設置", "サテライトオフィスを設置").status is Status.ACHIEVED


def test_what_is_said_done_is_not_said_undone() -> None:
    for text in ("完了", "○", "設置済み", "あり", "達成"):
        assert says_done(text)
        assert not says_not_done(text)
    for text in ("未完了", "×", "△", "なし", "中止"):
        assert says_not_done(text)
        assert not says_done(text)


# The whole


def test_one_part_behind_makes_the_whole_behind() -> None:
    assert roll_up([Status.ACHIEVED, Status.BEHIND]) is Status.BEHIND
    assert roll_up([Status.ACHIEVED, Status.NO_TARGET, Status.NOT_MEASURED]) is Status.ACHIEVED
    assert roll_up([Status.ACHIEVED, Status.ON_TRACK]) is Status.ON_TRACK
    assert roll_up([Status.STOPPED]) is Status.STOPPED
    assert roll_up([Status.NOT_MEASURED, Status.NO_TARGET]) is Status.NOT_MEASURED
    assert roll_up([]) is Status.NO_TARGET


def test_the_share_counts_only_what_is_measured() -> None:
    assert share_achieved([Status.ACHIEVED, Status.BEHIND, Status.NOT_MEASURED, Status.NO_TARGET]) == 50
    assert share_achieved([Status.NOT_MEASURED]) is None


def test_marks_have_their_meaning() -> None:
    assert [status_of_mark(mark) for mark in "○△×"] == [Status.ON_TRACK, Status.BEHIND, Status.STOPPED]
    assert status_of_mark("S") is None


# Results of a finished plan


def marked(goal: str, marks: str, outcomes: str = "") -> list[MarkedProject]:
    return [
        MarkedProject(
            goal_code=goal,
            is_priority=index < len(outcomes),
            progress=mark,
            outcomes=tuple(outcomes[index : index + 1]),
        )
        for index, mark in enumerate(marks)
    ]


def test_shares_are_cut_off_as_the_document_does() -> None:
    projects = marked("1", "○○○○○○△△△", "○△△") + marked("2", "○○○○○○○○△△×", "○△△○")
    assert goal_result(projects, "1").rate == 66
    assert goal_result(projects, "2").rate == 72
    assert goal_result(projects).outcomes_met == 3


def test_reported_figures_are_compared_with_the_marks() -> None:
    reported = [
        {"label": "基本目標1 進捗達成率", "text": "66%", "value": 66, "line": 242},
        {"label": "事業数", "text": "10事業", "value": 10, "line": 1},
        {"label": "改定", "text": "令和5年3月改定", "value": None, "line": 5},
        {"label": "インターネット利用率", "text": "86.9", "value": 86.9, "line": 9},
    ]
    found = checks(marked("1", "○○○○○○△△△"), reported)
    assert [(item.label, item.computed, item.agrees) for item in found] == [
        ("基本目標1 進捗達成率", 66, True),
        ("事業数", 9, False),
    ]
