"""The Isehara layout: the real plan by its figures, and small documents of the same layout with faults."""

from __future__ import annotations

from functools import cache

import pytest

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.plugins.isehara import IseharaReader
from madoguchi.plan.rules.draft import DraftIndicator, DraftProject, ReadResult
from madoguchi.plan.rules.reading.document import find_tables, load_document
from tests.shared import shared_path

SEED = "002_ea242bac5a20fb20.txt"
READER = IseharaReader()

COVER = "某市緑化推進計画\n\nアクションプラン\n\n令和9年度～令和11年度\n\n"
LIST = "2 取組事業一覧\n\n【基本方針1 緑を増やす】\n\n項目番号\t取組\n1-1\t街路樹の植え替え ☆\n1-2\t【新】公園の台帳づくり\n\n"
LEGEND = "【凡例】\n\n☆：「某省DX推進計画」に示された内容\n\n【新】：今回追加された取組\n\n"
GOAL = "3 基本方針1 緑を増やす\n\n"
FIRST = (
    "取組\t街路樹※の植え替え ☆\t\t取組番号\t1-1\n"
    "取組内容\t<p>古い木を植え替えます。</p> <p>[公園課、道路課]</p>\t\t\t\n"
    "期待効果\t木陰が増えます。\t\t\t\n"
    "年度毎の取組\t令和8年度 (1月末時点)\t令和9年度\t令和10年度\t令和11年度\n"
    "取組スケジュール\t植え替え\t検討\t実施\t\n"
    "指標\t植え替えた本数\t10本\t30本\t50本\n"
    "\t\t\t\t80本\n\n"
)
SECOND = (
    "取組\t【新】公園の台帳づくり\t\t\t取組番号\t1-2\n"
    "取組内容\t台帳を作ります。 [公園課 台帳担当]\t\t\t\t\n"
    "期待効果\t管理が楽になります。\t\t\t\t\n"
    "年度毎の取組\t\t令和8年度 (1月末時点)\t令和9年度\t令和10年度\t令和11年度\n"
    "取組スケジュール\t台帳の整備\t-\t調査\t\t公開\n"
    "指標\t台帳の公開\t-\t-\t-\t完了\n"
    "\t登録した公園数（累計）\t-\t4箇所 (20箇所中)\t12箇所 (20箇所中)\t20箇所 (20箇所中)\n\n"
)
WHOLE = COVER + LIST + LEGEND + GOAL + FIRST + SECOND


def read(text: str) -> ReadResult:
    return READER.read(load_document(text.encode()))


def projects(result: ReadResult) -> list[DraftProject]:
    return [project for plan in result.plans for goal in plan.goals for project in goal.projects]


def indicators(result: ReadResult) -> dict[str, DraftIndicator]:
    return {item.label: item for project in projects(result) for item in project.indicators}


def targets(item: DraftIndicator) -> dict[int | None, float | str | None]:
    return {value.fiscal_year: value.text if value.value is None else value.value for value in item.targets}


def reasons(result: ReadResult) -> str:
    return "\n".join(f"{item.line}: {item.reason}" for item in (*result.unplaced, *result.warnings))


# --- the published plan ---------------------------------------------------------------------------------------------


@cache
def seed() -> ReadResult:
    return READER.read(load_document(shared_path("seeds", SEED).read_bytes()))


@pytest.mark.shared
def test_the_plan_is_read_whole() -> None:
    (plan,) = seed().plans
    assert (plan.code, plan.municipality, plan.start_fiscal_year, plan.end_fiscal_year) == (
        "ict-2023",
        "isehara",
        2023,
        2025,
    )
    assert plan.title == "伊勢原市ICT推進計画【改定版】アクションプラン"
    assert [(goal.code, len(goal.projects)) for goal in plan.goals] == [("1", 12), ("2", 6), ("3", 11), ("4", 5)]
    assert sum(len(project.indicators) for project in projects(seed())) == 53
    assert sum(project.is_new for project in projects(seed())) == 16
    assert {relation.kind for relation in plan.relations} == {"superior_plan", "basic_policy", "predecessor", "legend"}


@pytest.mark.shared
def test_every_row_of_the_plan_is_accounted_for() -> None:
    document = load_document(shared_path("seeds", SEED).read_bytes())
    settled = {item.line for group in (seed().placed, seed().ignored) for item in group}
    assert {row.line for table in find_tables(document) for row in table.rows} <= settled
    assert seed().unplaced == ()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("label", "line", "baseline", "expected"),
    [
        ("オンライン手続き数", 103, 104, {2023: 110, 2024: 120}),
        ("オンライン申請数", 104, 17178, {2023: 18500, 2024: 20000, 2025: 22000}),
        ("マイナンバーカードの交付率", 113, 64.8, {2023: 80, 2024: 90, 2025: 100}),
        ("公式LINE友達登録数（累計）", 139, 9005, {2023: 12000, 2024: 16000, 2025: 20000}),
        ("地方税統一QRコード対応の税目数（累計）", 174, None, {2023: 2, 2024: 4, 2025: 4}),
        ("AI技術の導入数 (累計)", 204, 1, {2023: 2, 2024: 2, 2025: 3}),
        ("RPA活用業務数", 213, 20, {2023: 24, 2024: 27}),
        ("RPA活用による業務削減時間 (年間)", 214, 1179, {2023: 1450, 2024: 1700, 2025: 2000}),
        ("活用業務数 (累計)", 229, 10, {2023: 20, 2024: 30, 2025: 40}),
        ("一斉配信システムの登録者数", 260, None, {2023: 20, 2024: 40, 2025: 60}),
        ("オープンデータ活用事例数 (累計)", 279, 0, {2023: 1, 2024: 2, 2025: 3}),
        ("紙の回覧板を廃止した自治会数（累計）", 304, None, {2025: 1}),
        ("クラウド型カメラの設置箇所数", 327, None, {2023: 4, 2024: 8, 2025: 12}),
        ("MCA無線機数", 334, None, {2025: 115}),
        ("ICT講座の参加者数", 350, 74, {2023: 200, 2024: 300, 2025: 400}),
        ("システム監査実施率", 364, 70, {2023: 90, 2024: 100, 2025: 100}),
        ("デジタル化研修対象者の受講率", 375, None, {2024: 100, 2025: 100}),
        ("電子決裁の導入", 237, None, {2024: "完了"}),
        ("テレワーク時の連絡体制実証実験", 249, None, {2025: "完了"}),
        ("一元的相談窓口の設置", 122, None, {2023: "完了"}),
    ],
)
def test_the_figures_of_the_plan_stand_under_their_years(
    label: str, line: int, baseline: float | None, expected: dict[int | None, float | str | None]
) -> None:
    item = indicators(seed())[label]
    assert item.line == line
    assert (item.baseline.value if item.baseline else None) == baseline
    assert targets(item) == expected


@pytest.mark.shared
def test_units_wholes_kinds_and_dates_are_kept() -> None:
    found = indicators(seed())
    camera = found["クラウド型カメラの設置箇所数"]
    assert [value.out_of for value in camera.targets] == [16, 17, 18]
    assert (camera.unit, camera.type, camera.kind) == ("箇所", "count", "stock")
    rate = found["マイナンバーカードの交付率"]
    assert rate.baseline is not None
    assert (rate.unit, rate.type, rate.baseline.as_of, rate.targets[-1].line) == ("%", "ratio", "2月末時点", 114)
    assert found["AI活用による業務削減時間 (年間)"].kind == "annual"
    assert found["情報セキュリティインシデント件数"].direction == "down"


@pytest.mark.shared
def test_sections_marks_and_schedules_are_read() -> None:
    found = {project.code: project for project in projects(seed())}
    online = found["1-1"]
    assert online.sections == ("子育て支援課", "子ども育成課", "介護高齢課", "資産税課", "選挙管理委員会")
    assert [(relation.kind, relation.target) for relation in online.relations] == [("dx_priority", "自治体DX推進計画")]
    assert found["1-12"].is_new
    assert found["3-8"].sections == ("教育総務課 歴史文化担当",)
    qr = found["1-9"].actions[0]
    assert [(word.fiscal_year, word.text) for word in qr.words] == [
        (2022, "検討"),
        (2023, "導入"),
        (2024, "拡大"),
        (2025, "継続"),
    ]
    cashless = found["1-10"].actions[0]
    assert [(word.fiscal_year, word.text, word.continued) for word in cashless.words] == [
        (2022, "調査・研究", False),
        (2023, "調査・研究", True),
        (2024, "方針決定", False),
        (2025, "実証実験", False),
    ]


# --- other documents of the layout ----------------------------------------------------------------------------------


def test_another_document_of_the_layout_is_read() -> None:
    result = read(WHOLE)
    (plan,) = result.plans
    assert (plan.title, plan.code, plan.end_fiscal_year) == ("某市緑化推進計画アクションプラン", "ict-2027", 2029)
    first, second = projects(result)
    assert (first.title, first.code, first.sections, first.is_new) == (
        "街路樹の植え替え",
        "1-1",
        ("公園課", "道路課"),
        False,
    )
    assert [relation.target for relation in first.relations] == ["某省DX推進計画"]
    assert (second.title, second.sections, second.is_new) == ("公園の台帳づくり", ("公園課 台帳担当",), True)
    found = indicators(result)
    assert targets(found["植え替えた本数"]) == {2027: 30, 2028: 50, 2029: 80}
    assert found["植え替えた本数"].targets[-1].line == found["植え替えた本数"].line + 1
    assert targets(found["台帳の公開"]) == {2029: "完了"}
    assert [value.out_of for value in found["登録した公園数（累計）"].targets] == [20, 20, 20]
    assert result.unplaced == ()


def test_the_layout_is_told_by_its_words() -> None:
    assert READER.recognises(load_document(WHOLE.encode())) > 0.9
    assert READER.recognises(load_document("事業名\t甲\n主な取り組み\t乙".encode())) < 0.2


def test_a_value_that_slipped_down_goes_to_the_indicator_of_its_unit() -> None:
    text = WHOLE.replace("指標\t植え替えた本数", "指標\t世話をした日数\t5日\t6日\t7日\n\t植え替えた本数")
    found = indicators(read(text))
    assert targets(found["植え替えた本数"])[2029] == 80
    assert targets(found["世話をした日数"]) == {2027: 6, 2028: 7}


def test_a_cell_that_repeats_itself_is_shared_out_over_the_lost_column() -> None:
    found = indicators(read(WHOLE.replace("\t50本\n\t\t\t\t80本", "\t50本 80本")))
    assert targets(found["植え替えた本数"]) == {2027: 30, 2028: 50, 2029: 80}


def test_a_merged_label_takes_its_values_from_the_next_column() -> None:
    text = WHOLE.replace(
        "指標\t植え替えた本数\t10本\t30本\t50本\n\t\t\t\t80本", "指標 植え替えた本数\t10本\t30本\t50本\t80本"
    )
    item = indicators(read(text))["植え替えた本数"]
    assert item.baseline is not None
    assert (item.baseline.value, targets(item)) == (10, {2027: 30, 2028: 50, 2029: 80})


def test_a_column_under_no_known_year_is_listed_with_its_value() -> None:
    result = read(
        WHOLE.replace(
            "\t\t令和8年度 (1月末時点)\t令和9年度\t令和10年度", "\t\t令和8年度 (1月末時点)\t明和9年度\t令和10年度"
        )
    )
    assert targets(indicators(result)["登録した公園数（累計）"]) == {2028: 12, 2029: 20}
    assert "4箇所 (20箇所中)" in {item.text for item in result.unplaced}


def test_a_value_outside_the_plan_years_is_listed() -> None:
    result = read(WHOLE.replace("20箇所 (20箇所中)\n", "20箇所 (20箇所中)\t99箇所\n"))
    assert [item.text for item in result.unplaced] == ["99箇所"]


def test_rows_without_year_headings_are_listed() -> None:
    lines = WHOLE.split("\n")
    header = next(index for index, line in enumerate(lines) if line.startswith("年度毎の取組"))
    del lines[header]
    result = read("\n".join(lines))
    assert {item.line for item in result.unplaced} == {header + 1, header + 2, header + 3}
    assert "年度の見出し行がない" in reasons(result)


def test_a_code_used_twice_is_reported_and_both_projects_stay() -> None:
    result = read(WHOLE.replace("取組番号\t1-2", "取組番号\t1-1"))
    assert [project.code for project in projects(result)] == ["1-1", "1-1"]
    assert "取組番号 1-1 は" in reasons(result)
    assert "一覧にある取組 1-2 の表が見つかりません" in reasons(result)


def test_a_sheet_without_a_name_is_listed_whole() -> None:
    result = read(WHOLE.replace("取組\t街路樹※の植え替え ☆\t\t取組番号\t1-1", "取組\t\t\t取組番号\t1-1"))
    assert [project.code for project in projects(result)] == ["1-2"]
    assert sum("名称がない" in item.reason for item in result.unplaced) == FIRST.strip().count("\n") + 1


def test_a_sheet_above_all_goals_is_listed() -> None:
    result = read(COVER + FIRST + GOAL + SECOND)
    assert [project.code for project in projects(result)] == ["1-2"]
    assert "基本方針の見出しより前" in reasons(result)


def test_list_and_sheets_that_differ_are_reported() -> None:
    result = read(WHOLE.replace("1-1\t街路樹の植え替え ☆", "1-1\t並木の植え替え"))
    assert "一覧の名称「並木の植え替え」" in reasons(result)
    assert "印（☆・【新】）が異なります" in reasons(result)


def test_numbers_without_a_label_are_never_guessed() -> None:
    result = read(WHOLE.replace("\t\t\t\t80本", "\t\t\t\t80人"))
    assert [item.reason for item in result.unplaced] == [
        "指標名のない行の値です。どの指標のどの年度の値かを確かめてください。"
    ]
    assert targets(indicators(result)["植え替えた本数"]) == {2027: 30, 2028: 50}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (WHOLE.replace("令和9年度～令和11年度", "期間は未定"), "計画期間"),
        (COVER + GOAL + "表はまだありません。", "取組の表"),
        (WHOLE.replace("\t", "  "), "タブ"),
    ],
)
def test_a_document_without_period_or_sheets_is_refused(text: str, words: str) -> None:
    with pytest.raises(DocumentError, match=words):
        read(text)
