"""The Odawara layout: the real programme by its figures, and small documents of the same layout with faults."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.plugins.odawara import OdawaraReader
from madoguchi.plan.plugins.odawara.targets import split_targets
from madoguchi.plan.rules.draft import DraftIndicator, DraftProject, ReadResult
from madoguchi.plan.rules.reading.document import find_tables, load_document
from tests.shared import shared_path

SEED = "000_a1f557fcb0bb8986.txt"
READER = OdawaraReader()

FRONT = (
    "某市緑のプログラム\n\n令和8年4月\n\n目次\n\n1\t背景\t1\n\t1-1 並木\t2\n\n1 背景\n\n"
    "本計画の計画期間は、令和8年度から令和10年度までの3年間とします。\n\n"
    "6 緑の推進に関する柱\n\n(1) 緑を増やす\n\n木を植えます。\n\n(2) 緑を守る\n\n木を守ります。\n\n"
)
OVERVIEW = (
    "7 一覧\n\n柱\t施策\t個別事業\t頁\n(1) 緑を増やす\t1-1 並木\t<ul> ・並木の植え替え ・苗木の配布 \t3\n"
    "(2) 緑を守る\t\t・公園の見守り\t4\n\n"
)
TREES = (
    "8 取組\n\n1-1 並木\n\n- ・木陰を増やします。\n\n○今後の取り組み\n\n"
    "事業名\t並木の植え替え\t\t\t\n主な担当課\t公園課、道路課\t\t\t\n事業概要\t<p>古い木を替えます。</p>\t\t\t\n"
    "期待される効果\t木陰の増加\t\t\t\n"
    "全体計画目標\t<p>植えた本数 計 90 本（令和8年度…20本、令和9年度…30本、令和10年度…40本）</p>\t\t\t\n"
    "\t事業期間\t令和8年度\t令和9年度\t令和10年度\n主な取り組み\t植え替え\t\t\t\n\t方針の決定\t☆\t\t\n\n"
    "事業名\t苗木の配布\t\t\n主な所管課\t公園課\t\t\n全体計画目標\t配布（令和9年度…実施、令和10年度…）\t\t\n"
    "事業期間\t令和8年度\t令和9年度\t令和10年度\n主な取り組み\t調達\t\t\n\n"
)
PARKS = (
    "2-1 公園\n\n○今後の取り組み\n\n事業名\t公園の見守り\t\t\t\n主な担当課\t公園課\t\t\t\n全体計画目標\t\t\t\t\n"
    "\t事業期間\t令和8年度\t令和9年度\t令和10年度\n主な取り組み\t●見回り\t\t\t\n\t調査\t\t\t\n"
)
WHOLE = FRONT + OVERVIEW + TREES + PARKS


def read(text: str) -> ReadResult:
    return READER.read(load_document(text.encode()))


def projects(result: ReadResult) -> dict[str, DraftProject]:
    measures = [measure for plan in result.plans for goal in plan.goals for measure in goal.measures]
    return {project.code: project for measure in measures for project in measure.projects}


def targets(item: DraftIndicator) -> dict[int | None, float | str | None]:
    return {value.fiscal_year: value.text if value.value is None else value.value for value in item.targets}


def reasons(result: ReadResult) -> str:
    return "\n".join(f"{item.line}: {item.reason} {item.text}" for item in (*result.unplaced, *result.warnings))


# --- the published programme ----------------------------------------------------------------------------------------


@cache
def seed() -> ReadResult:
    return READER.read(load_document(shared_path("seeds", SEED).read_bytes()))


@pytest.mark.shared
def test_the_programme_is_read_whole() -> None:
    (plan,) = seed().plans
    assert (plan.code, plan.title, plan.start_fiscal_year, plan.end_fiscal_year) == (
        "ict-2020",
        "小田原市ICT推進プログラム",
        2020,
        2022,
    )
    assert [goal.title for goal in plan.goals] == [
        "データ活用の推進",
        "ICTを活用した行政効率化の推進",
        "情報化基盤の強化",
    ]
    counts = {measure.code: len(measure.projects) for goal in plan.goals for measure in goal.measures}
    assert counts == {"1-1": 2, "1-2": 2, "2-1": 8, "2-2": 10, "2-3": 2, "3-1": 3, "3-2": 4}
    found = projects(seed()).values()
    assert sum(len(project.indicators) for project in found) == 30
    assert sum(len(project.actions) for project in found) == 91


@pytest.mark.shared
def test_every_row_of_the_programme_is_accounted_for() -> None:
    document = load_document(shared_path("seeds", SEED).read_bytes())
    settled = {item.line for group in (seed().placed, seed().ignored) for item in group}
    assert {row.line for table in find_tables(document) for row in table.rows} <= settled
    assert seed().unplaced == ()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("code", "label", "line", "kind", "expected"),
    [
        ("1-1-1", "オープンデータ公開数", 258, "stock", {2020: 15, 2021: 20, 2022: 25}),
        ("1-1-2", "デジタルアーカイブ閲覧者数", 273, "annual", {2020: 60000, 2021: 60000, 2022: 60000}),
        ("1-2-1", "環境の構築", 297, "stock", {2021: "実施", 2022: "実施"}),
        ("1-2-1", "掲載画像数", 297, "stock", {2020: 0, 2021: 50, 2022: 75}),
        ("1-2-2", "受講者数", 308, "annual", {2020: 20, 2021: 20, 2022: 20}),
        ("2-1-2", "RPA導入数", 345, "stock", {2020: 10, 2021: 15, 2022: 19}),
        ("2-1-2", "総削減時間数", 345, "annual", {2020: 900, 2021: 1295, 2022: 1690}),
        ("2-1-3", "導入判断", 360, "stock", {2020: "実施"}),
        ("2-1-5", "削減時間数", 380, "annual", {2021: 781, 2022: 1562}),
        ("2-1-7", "利用者数", 400, "annual", {2021: 50, 2022: 100}),
        ("2-1-8", "削減時間数", 411, "annual", {2020: 500, 2021: 10300, 2022: 10300}),
        ("2-2-1", "解決率", 438, "annual", {2022: 70}),
        ("2-2-4", "無線LAN環境整備", 479, "stock", {2020: 36}),
        ("2-2-4", "1人1台の端末整備", 479, "stock", {2023: 13000}),
        ("2-3-1", "AI利用業務", 554, "stock", {2020: 1, 2022: 2}),
        ("3-2-3", "アンケート満足度", 653, "annual", {2020: 1, 2021: 80, 2022: 80}),
        ("3-2-4", "ホームページ閲覧件数", 663, "annual", {2020: 9450000, 2021: 9450000, 2022: 9450000}),
    ],
)
def test_the_figures_of_the_programme_stand_under_their_years(
    code: str, label: str, line: int, kind: str, expected: dict[int | None, float | str | None]
) -> None:
    (item,) = [item for item in projects(seed())[code].indicators if item.label == label]
    assert (item.line, item.kind, targets(item)) == (line, kind, expected)


@pytest.mark.shared
def test_a_doubtful_figure_is_read_but_reported() -> None:
    assert [item.line for item in seed().warnings if "単位" in item.reason] == [653]


@pytest.mark.shared
def test_sections_sentences_stars_and_law_are_kept() -> None:
    found = projects(seed())
    assert found["2-1-6"].sections == ("防災対策課", "市税総務課", "市民税課", "資産税課")
    assert found["1-1-2"].overall_target.startswith("デジタルアーカイブ閲覧者数 180,000人")
    starred = [
        (word.fiscal_year, action.line) for item in found.values() for action in item.actions for word in action.words
    ]
    assert starred == [(2020, 363), (2021, 523), (2021, 541)]
    goals = seed().plans[0].goals
    assert [[item.target for item in goal.relations] for goal in goals] == [
        ["官民データ活用推進基本法第11条"],
        ["官民データ活用推進基本法第15条"],
        [],
    ]


# --- other documents of the layout ----------------------------------------------------------------------------------


def test_another_document_of_the_layout_is_read() -> None:
    result = read(WHOLE)
    (plan,) = result.plans
    assert (plan.title, plan.code, plan.end_fiscal_year) == ("某市緑のプログラム", "ict-2026", 2028)
    assert [(goal.title, goal.summary) for goal in plan.goals] == [
        ("緑を増やす", "木を植えます。"),
        ("緑を守る", "木を守ります。"),
    ]
    found = projects(result)
    assert list(found) == ["1-1-1", "1-1-2", "2-1-1"]
    trees = found["1-1-1"]
    assert trees.sections == ("公園課", "道路課")
    assert targets(trees.indicators[0]) == {2026: 20, 2027: 30, 2028: 40}
    assert (trees.indicators[0].label, trees.indicators[0].kind, trees.indicators[0].note) == (
        "植えた本数",
        "annual",
        "計画全体: 90本",
    )
    assert [[(word.fiscal_year, word.text) for word in action.words] for action in trees.actions] == [[], [(2026, "☆")]]
    assert targets(found["1-1-2"].indicators[0]) == {2027: "実施"}
    assert [action.label for action in found["2-1-1"].actions] == ["見回り：調査"]
    assert found["2-1-1"].indicators == ()
    assert result.unplaced == ()


def test_the_layout_is_told_by_its_words() -> None:
    assert READER.recognises(load_document(WHOLE.encode())) > 0.9
    assert READER.recognises(load_document("取組\t甲\t\t取組番号\t1-1".encode())) == 0


def test_several_indicators_in_one_cell_are_parted() -> None:
    parts = split_targets("環境の整備（令和8年度…実施） 利用数 75（令和8年度…0、令和9年度…4箇所（16箇所中））")
    assert [(part.label, part.total, part.values) for part in parts] == [
        ("環境の整備", "", [("令和8年度", "実施")]),
        ("利用数", "75", [("令和8年度", "0"), ("令和9年度", "4箇所（16箇所中）")]),
    ]


@pytest.mark.parametrize(
    "inner", ["令和8年度：15件、令和9年度：20件", "令和8年度 15件、令和9年度 20件", "令和8年度…15件 令和9年度…20件"]
)
def test_years_and_values_are_parted_whatever_stands_between(inner: str) -> None:
    (part,) = split_targets(f"利用数（{inner}）")
    assert (part.label, part.values) == ("利用数", [("令和8年度", "15件"), ("令和9年度", "20件")])


def test_a_remark_in_brackets_is_no_target() -> None:
    (part,) = split_targets("待ち時間 5分（令和7年度実績）")
    assert part.values == []


def test_dated_targets_and_bare_names_are_parted_too() -> None:
    parts = split_targets("令和8年度：並木の整備（全36校） 令和9年度まで：苗木の配布（約1,000本）")
    assert [(part.label, part.values) for part in parts] == [
        ("並木の整備", [("令和8年度", "全36校")]),
        ("苗木の配布", [("令和9年度", "約1,000本")]),
    ]
    assert [(part.label, part.total, part.values) for part in split_targets("枯れ枝の削減")] == [
        ("枯れ枝の削減", "", [])
    ]
    assert split_targets("") == []


@given(st.text(st.sampled_from("令和89年度…、（）() 公開数実施0123%件：計"), max_size=60))
def test_no_sentence_breaks_the_parting_of_targets(text: str) -> None:
    for part in split_targets(text):
        assert part.label or part.values or part.total


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=3),
    st.sampled_from(["本", "件", "人", ""]),
    st.sampled_from(["（）", "()"]),
)
def test_yearly_values_come_back_whatever_the_brackets(values: list[int], unit: str, brackets: str) -> None:
    inner = "、".join(f"令和{8 + index}年度…{value:,}{unit}" for index, value in enumerate(values))
    (part,) = split_targets(f"植えた本数{brackets[0]}{inner}{brackets[1]}")
    assert part.label == "植えた本数"
    assert part.values == [(f"令和{8 + index}年度", f"{value:,}{unit}") for index, value in enumerate(values)]


@pytest.mark.parametrize("year", ["明和9年度", "令和0年度", "来年度"])
def test_a_target_of_an_unknown_year_is_listed(year: str) -> None:
    result = read(WHOLE.replace("令和9年度…30本", f"{year}…30本"))
    assert targets(projects(result)["1-1-1"].indicators[0]) == {2026: 20, 2028: 40}
    assert [item.text for item in result.unplaced] == [f"{year}…30本"]


def test_a_year_given_twice_is_listed() -> None:
    result = read(WHOLE.replace("令和9年度…30本", "令和8年度…30本"))
    assert [item.text for item in result.unplaced] == ["令和8年度…30本"]


def test_a_total_that_does_not_add_up_is_reported() -> None:
    assert "年度ごとの値と合いません" in reasons(read(WHOLE.replace("計 90 本", "計 95 本")))


def test_an_unknown_item_of_a_sheet_is_listed() -> None:
    result = read(WHOLE.replace("期待される効果\t木陰の増加", "想定される課題\t落ち葉"))
    assert [item.reason for item in result.unplaced] == ["「想定される課題」という項目はこの様式にありません。"]


def test_year_headings_that_cannot_be_read_are_listed_with_their_words() -> None:
    result = read(WHOLE.replace("\t事業期間\t令和8年度\t令和9年度\t令和10年度", "\t事業期間\t甲\t乙\t丙", 1))
    assert [item.reason[:6] for item in result.unplaced] == ["事業期間の年", "事業期間の年"]
    assert "☆" in {item.text for item in result.unplaced}


def test_a_measure_code_used_twice_is_reported() -> None:
    result = read(WHOLE.replace("2-1 公園", "1-1 公園"))
    assert "施策番号 1-1 は" in reasons(result)
    assert list(projects(result)) == ["1-1-1", "1-1-2", "1-1-3"]


def test_a_sheet_above_all_measures_is_listed() -> None:
    sheet = TREES.partition("○今後の取り組み\n\n")[2]
    assert "施策の見出しより前" in reasons(read(FRONT + sheet + PARKS))


def test_overview_and_sheets_that_differ_are_reported() -> None:
    result = read(WHOLE.replace("・苗木の配布", "・花の種まき").replace("・公園の見守り", "・公園の見守り隊"))
    assert [item.text for item in result.unplaced] == ["花の種まき"]
    assert "事業「苗木の配布」が一覧にありません" in reasons(result)
    assert "一覧の名称「公園の見守り隊」" in reasons(result)


def test_a_sheet_without_a_name_is_listed_whole() -> None:
    result = read(WHOLE.replace("事業名\t並木の植え替え", "事業名\t"))
    assert sum("事業名のない表" in item.reason for item in result.unplaced) == 8
    assert projects(result)["1-1-1"].title == "苗木の配布"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (WHOLE.replace("令和8年度から令和10年度まで", "当面"), "計画期間"),
        (FRONT + OVERVIEW, "事業の表"),
        (WHOLE.replace("\t", "  "), "タブ"),
    ],
)
def test_a_document_without_period_or_sheets_is_refused(text: str, words: str) -> None:
    with pytest.raises(DocumentError, match=words):
        read(text)
