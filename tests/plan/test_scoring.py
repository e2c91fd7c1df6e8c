"""Scoring rules as data: what four cities publish, what tables are told, and how a rule is changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kit.dmn import DecisionModel
from madoguchi.plan.errors import PlanError, StaleError
from madoguchi.plan.models import ReviewRound, ScoringRule
from madoguchi.plan.rules.progress import Figure, Series
from madoguchi.plan.rules.scoring import INDICATOR, INPUTS, NO_MARK, PROJECT, indicator_inputs, mark
from madoguchi.plan.rules.scoring_examples import format_inputs, parse_inputs, read_input, run_examples
from madoguchi.plan.rules.scoring_tables import (
    allowed_marks,
    cells,
    differences,
    faults,
    read_rule,
    table_of,
    tables,
    used_inputs,
    with_cells,
    write_rule,
)
from madoguchi.plan.selectors.scoring import DRAFT, draft_of, published_rules
from madoguchi.plan.services.scoring import (
    SHIPPED,
    discard_draft,
    draft_digest,
    install_rules,
    publish_rule,
    save_draft,
)
from madoguchi.trust.api import acting_for
from madoguchi.trust.errors import RefusedError

from .factories import make_city, make_plan
from .reviewing import Cycle, make_cycle, refused

FOLDER = resources.files("madoguchi.plan") / "data" / "scoring"


def shipped(key: str) -> str:
    return (FOLDER / f"{key}.dmn").read_text(encoding="utf-8")


@lru_cache
def model(key: str) -> DecisionModel:
    return DecisionModel(read_rule(shipped(key)))


def examples(key: str) -> list[dict[str, object]]:
    return list(json.loads((FOLDER / f"{key}.json").read_text(encoding="utf-8"))["examples"])


def figures(target: float, actual: float | None, base: float | None = None, **fields: object) -> Series:
    """A plan of five years from 2020 with one final target, measured in its second year."""
    return Series(
        baseline=None if base is None else Figure(fiscal_year=2019, value=base),
        targets=(Figure(fiscal_year=2024, value=target),),
        actuals=() if actual is None else (Figure(fiscal_year=2021, value=actual),),
        **{"kind": "stock", **fields},  # type: ignore[arg-type]
    )


def yearly(target: float, actual: float | None, base: float | None = None, **fields: object) -> Series:
    return Series(
        baseline=None if base is None else Figure(fiscal_year=2019, value=base),
        targets=(Figure(fiscal_year=2021, value=target),),
        actuals=() if actual is None else (Figure(fiscal_year=2021, value=actual),),
        **fields,  # type: ignore[arg-type]
    )


def judged(key: str, series: Series) -> str:
    inputs = indicator_inputs(series, fiscal_year=2021, first=2020, last=2024)
    return mark(model(key), INDICATOR, inputs).text


@pytest.mark.parametrize("key", SHIPPED)
def test_a_shipped_rule_is_free_of_faults_and_passes_its_golden_examples(key):
    definitions = read_rule(shipped(key))
    assert [fault for fault in faults(definitions) if fault.is_fatal] == []
    results = run_examples(DecisionModel(definitions), examples(key))
    assert [(item.number, item.got) for item in results if not item.passed] == []
    assert {item.decision for item in results} == {INDICATOR, PROJECT}
    named = {mark for _, table in tables(definitions) for mark in allowed_marks(definitions)}
    assert {item.got for item in results} <= named


@pytest.mark.parametrize(
    ("series", "sagamihara", "ino", "nagayo"),
    [
        (yearly(40, 60, 20), "○", "◎", "S"),
        (yearly(40, 40, 20), "○", "○", "A"),
        (yearly(40, 30, 20), "△", "△", "A"),
        (yearly(40, 20, 20), "△", "×", "B"),
        (yearly(40, 18, 20), "△", "×", "B"),
        (yearly(40, 17.9, 20), "△", "×", "C"),
        (yearly(40, None, 20), "−", "−", "−"),
        (yearly(10, 8, 30, direction="down"), "○", "◎", "S"),
        (yearly(10, 20, 30, direction="down"), "△", "△", "A"),
        (yearly(10, 33, 30, direction="down"), "△", "×", "B"),
        (yearly(10, 33.1, 30, direction="down"), "△", "×", "C"),
        (yearly(-54000, -69000, -10000, direction="down"), "○", "◎", "S"),
    ],
)
def test_the_same_figures_get_the_marks_of_each_city(series, sagamihara, ino, nagayo):
    assert (judged("sagamihara", series), judged("ino", series), judged("nagayo", series)) == (sagamihara, ino, nagayo)


@pytest.mark.parametrize(
    ("actual", "expected"), [(140, "①"), (139.9, "②"), (124, "②"), (123.9, "③"), (100, "③"), (None, "−")]
)
def test_tama_asks_in_the_second_of_five_years_for_forty_per_cent_of_the_way(actual, expected):
    assert judged("tama", figures(200, actual, 100)) == expected


def test_a_milestone_is_measured_by_its_stage():
    def milestone(actual: str) -> Series:
        return Series(
            type="milestone",
            kind="stock",
            targets=(Figure(fiscal_year=2021, text="導入"),),
            actuals=(Figure(fiscal_year=2021, text=actual),),
        )

    assert [judged("ino", milestone(word)) for word in ("拡大", "導入", "検討")] == ["◎", "○", "△"]
    assert [judged("sagamihara", milestone(word)) for word in ("導入", "検討")] == ["○", "△"]


def test_an_actual_of_another_year_does_not_count():
    series = Series(
        targets=(Figure(fiscal_year=2021, value=10),), actuals=(Figure(fiscal_year=2020, value=50),), kind="stock"
    )
    assert judged("sagamihara", series) == NO_MARK


def test_the_outcomes_of_sagamiharas_previous_plan_get_the_marks_the_city_gave_them():
    data = resources.files("madoguchi.plan") / "data" / "plans" / "sagamihara.json"
    previous = next(p for p in json.loads(data.read_text(encoding="utf-8"))["plans"] if p.get("is_previous"))
    rule = DecisionModel(read_rule(shipped("sagamihara")))
    years = {"first": previous["start_fiscal_year"], "last": previous["end_fiscal_year"]}
    marks = [
        (
            item["label"],
            item["evaluation"],
            mark(rule, INDICATOR, indicator_inputs(found, fiscal_year=year, **years)).text,
        )
        for item, found, year in map(as_series, marked_indicators(previous))
    ]
    assert len(marks) == 11
    assert [row for row in marks if row[1] != row[2]] == []
    assert sum(row[2] == "○" for row in marks) == 7


def marked_indicators(part: dict[str, object]) -> Iterator[dict[str, object]]:
    """Yield the indicators below a part of a plan data file that carry the document's own mark."""
    for name, value in part.items():
        for item in value if isinstance(value, list) else []:
            if name == "indicators" and item.get("evaluation"):
                yield item
            elif isinstance(item, dict) and name != "indicators":
                yield from marked_indicators(item)


def as_series(item: dict[str, object]) -> tuple[dict[str, object], Series, int]:
    def figure(value: dict[str, object]) -> Figure:
        known = {key: value[key] for key in ("fiscal_year", "value", "text", "comparison", "basis") if key in value}
        return Figure(**{"fiscal_year": None, **known})  # type: ignore[arg-type]

    fields = {key: item[key] for key in ("type", "kind", "direction", "unit") if key in item}
    actuals = tuple(map(figure, item["actuals"]))  # type: ignore[call-overload]
    targets = tuple(map(figure, item["targets"]))  # type: ignore[call-overload]
    baseline = figure(item["baseline"]) if "baseline" in item else None  # type: ignore[arg-type]
    series = Series(baseline=baseline, targets=targets, actuals=actuals, **fields)  # type: ignore[arg-type]
    return item, series, actuals[-1].fiscal_year or 0


@given(
    actual=st.integers(-1000, 1000),
    target=st.integers(-1000, 1000),
    base=st.one_of(st.none(), st.integers(-1000, 1000)),
    direction=st.sampled_from(["up", "down"]),
)
def test_every_measured_indicator_gets_a_mark_of_its_table_or_none(actual, target, base, direction):
    series = yearly(target, actual, base, direction=direction)
    for key in SHIPPED:
        assert judged(key, series) in {*allowed_marks(model(key).definitions, INDICATOR), NO_MARK}
    assert judged("sagamihara", series) != NO_MARK


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_better_actual_never_gets_a_worse_mark(target, actual):
    order = {mark: place for place, mark in enumerate(("◎", "○", "△", "×"))}
    better = judged("ino", yearly(target, actual + 1, 0))
    assert order[better] <= order[judged("ino", yearly(target, actual, 0))]


def test_what_a_table_is_told_is_exact_where_binary_numbers_are_not():
    inputs = indicator_inputs(yearly(0.3, 0.1 + 0.2, 0), fiscal_year=2021, first=2020, last=2024)
    assert inputs["目標との差"] == 0
    assert inputs["達成率"] == Decimal(100)
    assert set(inputs) <= set(INPUTS)


def rows_of(xml: str) -> dict[str, list[list[str]]]:
    return {name: [cells(rule, table) for rule in table.rules] for name, table in tables(read_rule(xml))}


def test_a_rule_survives_being_written_and_read():
    for key in SHIPPED:
        definitions = read_rule(shipped(key))
        assert differences(definitions, read_rule(write_rule(definitions))) == []
        again = with_cells(definitions, rows_of(shipped(key)))
        assert differences(definitions, again) == []


@pytest.mark.parametrize(
    ("row", "column", "text", "words"),
    [
        (0, 0, "[0..5", "1行目の1列目"),
        (1, 0, "> 売上", "「売上」という名前はありません"),
        (0, 2, '"◎', "1行目の3列目"),
        (2, 2, '"優"', '「"優"」は評価の記号ではありません'),
    ],
)
def test_a_wrong_cell_is_named(row, column, text, words):
    rows = rows_of(shipped("ino"))
    rows[INDICATOR][row][column] = text
    found = [str(fault) for fault in faults(with_cells(read_rule(shipped("ino")), rows)) if fault.is_fatal]
    assert any(words in item and "「指標の評価」の表" in item for item in found), found


def test_two_rows_that_collide_are_named():
    rows = rows_of(shipped("ino"))
    rows[INDICATOR][2][:3] = [*rows[INDICATOR][0][:2], '"×"']
    (fault,) = [item for item in faults(with_cells(read_rule(shipped("ino")), rows)) if item.is_fatal]
    assert "1行目と3行目が同時に当てはまる" in str(fault)


def test_a_foreign_document_is_no_rule():
    for text in ("", "<html/>", "決定表", shipped("ino").replace(PROJECT, "別の決定")):
        with pytest.raises(PlanError):
            read_rule(text)


def test_a_table_without_rows_or_with_a_short_row_is_refused():
    definitions = read_rule(shipped("ino"))
    with pytest.raises(PlanError, match="1行から"):
        with_cells(definitions, {INDICATOR: [["", "", "", ""]]})
    with pytest.raises(PlanError, match="1行目は、列の数（4）"):
        with_cells(definitions, {INDICATOR: [["> 0", '"◎"']]})


def test_what_a_person_types_is_read_by_the_kind_of_input():
    assert read_input("実績", "1,200.5") == Decimal("1200.5")
    assert read_input("実績", " ") is None
    assert read_input("達成", "true") is True
    assert read_input("指標の評価一覧", "○、△ ○") == ["○", "△", "○"]
    with pytest.raises(PlanError, match="実績"):
        read_input("実績", "たくさん")


@pytest.mark.parametrize("key", SHIPPED)
def test_examples_are_typed_and_read_without_loss(key):
    for example in examples(key):
        assert parse_inputs(format_inputs(example["inputs"])) == example["inputs"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("売上=3", "「売上」という入力はありません"),
        ("実績", "名前=値"),
        ("達成=たぶん", "「はい」か「いいえ」"),
        ("実績=NaN", "数を入力"),
    ],
)
def test_a_mistyped_example_is_named(text, words):
    with pytest.raises(PlanError, match=words):
        parse_inputs(text)


def test_a_decision_names_the_inputs_it_asks_for():
    assert used_inputs(read_rule(shipped("tama")), INDICATOR) == ["進捗率", "年次", "計画年数"]


@pytest.fixture
def cycle(db) -> Iterator[Cycle]:
    city = make_city()
    plan = make_plan(city)
    with acting_for(city):
        yield make_cycle(plan, rule="ino")


def changed(cell: str, row: int = 4, column: int = 1) -> dict[str, list[list[str]]]:
    rows = rows_of(shipped("ino"))
    rows[INDICATOR][row][column] = cell
    return rows


@pytest.mark.database
def test_shipped_rules_are_installed_once(cycle):
    assert install_rules() == []
    assert {rule.key for rule in published_rules()} == set(SHIPPED)
    assert table_of(read_rule(published_rules().first().xml), PROJECT) is not None


@pytest.mark.database
def test_a_draft_that_fails_an_example_is_not_published_and_one_that_passes_becomes_the_next_version(cycle):
    rule = ScoringRule.objects.get(key="ino")
    draft = save_draft(rule=rule, rows=changed("< 0"), actor=cycle.secretariat)
    with refused("plan.evaluation.refused", PlanError) as caught:
        publish_rule(rule=rule, seen=draft_digest(draft), actor=cycle.secretariat)
    assert "確認例5（基準のまま）の結果が違います。期待: ×" in str(caught.value)
    rows = rows_of(shipped("ino"))
    rows[INDICATOR][2][3] = "目標を下回ったが進んだ"
    draft = save_draft(rule=rule, rows=rows, seen=draft_digest(draft), actor=cycle.secretariat)
    new = publish_rule(rule=rule, seen=draft_digest(draft), actor=cycle.secretariat)
    assert (new.key, new.version) == ("ino", 2)
    assert draft_of("ino") is None
    (change,) = differences(read_rule(rule.xml), read_rule(new.xml))
    assert (change.row, change.column, change.after) == (3, "説明", "目標を下回ったが進んだ")


@pytest.mark.database
def test_a_round_keeps_the_version_it_was_opened_with(cycle):
    rule = ScoringRule.objects.get(key="ino")
    draft = save_draft(rule=rule, rows=changed("別の説明", 0, 3), actor=cycle.secretariat)
    publish_rule(rule=rule, seen=draft_digest(draft), actor=cycle.secretariat)
    assert ReviewRound.objects.get().scoring_rule.version == 1


@pytest.mark.database
def test_a_draft_with_a_syntax_error_is_kept_but_not_published(cycle):
    rule = ScoringRule.objects.get(key="ino")
    draft = save_draft(rule=rule, rows=changed(">>"), actor=cycle.secretariat)
    with refused("plan.evaluation.refused", PlanError) as caught:
        publish_rule(rule=rule, seen=draft_digest(draft), actor=cycle.secretariat)
    assert "「指標の評価」の表の5行目の2列目" in str(caught.value)
    assert ScoringRule.objects.get(key="ino", version=DRAFT).pk == draft.pk


@pytest.mark.database
def test_of_two_editors_of_a_rule_the_second_is_stopped(cycle):
    rule = ScoringRule.objects.get(key="ino")
    save_draft(rule=rule, rows=changed("<= 1"), actor=cycle.secretariat)
    with refused("plan.evaluation.refused", StaleError):
        save_draft(rule=rule, rows=changed("<= 2"), actor=cycle.second_secretariat)


@pytest.mark.database
def test_only_the_secretariat_changes_rules(cycle):
    rule = ScoringRule.objects.get(key="ino")
    with refused("plan.evaluation.refused", RefusedError):
        save_draft(rule=rule, rows=changed("<= 1"), actor=cycle.chief)
    draft = save_draft(rule=rule, rows=changed("<= 1"), actor=cycle.secretariat)
    with refused("plan.evaluation.refused", RefusedError):
        publish_rule(rule=rule, seen=draft_digest(draft), actor=cycle.council)
    with refused("plan.evaluation.refused", RefusedError):
        discard_draft(rule=rule, actor=cycle.chief)
    discard_draft(rule=rule, actor=cycle.secretariat)
    assert draft_of("ino") is None


@pytest.mark.database
def test_a_draft_equal_to_the_published_version_is_not_published_again(cycle):
    rule = ScoringRule.objects.get(key="ino")
    draft = save_draft(rule=rule, rows=rows_of(rule.xml), actor=cycle.secretariat)
    with refused("plan.evaluation.refused", PlanError) as caught:
        publish_rule(rule=rule, seen=draft_digest(draft), actor=cycle.secretariat)
    assert "同じ内容" in str(caught.value)
