"""The reader of Sagamihara documents on small documents of the same layout, sound and with faults."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.plugins.sagamihara import SagamiharaReader
from madoguchi.plan.rules.draft import DraftPlan, DraftProject, ReadResult
from madoguchi.plan.rules.reading.document import find_tables, load_document

STRATEGY = """\
# 相模原市デジタル戦略
(令和9年3月改定)
第1章 計画の背景.....\t3
## 第1章
# 計画の背景
令和5年3月に「つながるまち」を基本理念として「相模原市まちのICT計画(以下「前計画」という。)」を策定しました。
計画期間は、令和6年度から令和8年度までの3年間とします。
### 3 基本理念
## ともに使うデジタル
## 第2章
# 前計画の振り返り
- ◇基本目標1 《便利》使いやすい窓口をめざします
<基本目標1 使いやすい窓口をめざします>
【事業数：3事業 進捗達成率：66%】
施策名\t事業名\t\t進捗評価
窓口の改善\t重点\t予約窓口の導入\t◯
\t\t番号表示の更新\t○
\t\t音声案内の研究\t×
基本目標1 使いやすい窓口をめざします
重点プロジェクト数：1事業 成果を達成した事業数：1事業
#### <予約窓口の導入>
■事業概要
予約で待たない窓口にします。
■成果指標の達成状況
指 標\t計画策定時(R3)\t目標値(R5)\t結 果\t評 価
予約の利用件数\t—\t1,000件\t1,200件\t○
■結果に対する見解
おおむね順調です。
## 第3章
# 施策
## 基本目標 1 手続の改革
窓口を変えていきます。
## 《施策1-1》申請の電子化
3 すべての人に健康を 8 働きがい\tねらい\t施策目標値について\t現状値\t施策目標値
\t申請を電子化します。\t(説明) 電子申請の割合 (捉え方) 全申請に占める割合\t12%\t50%以上
■事業
- (A) 予約窓口の導入 ※前計画からの継続事業
- (B) 書かない窓口
- (候補) 遠隔相談
## 第4章
# 事業一覧
基本目標1 手続の改革
<予約窓口の導入>
<事業区分A(重点事業)>
■事業概要
予約の枠を広げます。
■取組予定
年 度\t令和6年度\t令和7年度\t令和8年度
行動目標\t・設計 ・調達\t導入\t—
成果指標\t\t予約件数 1万2千件以上\t予約件数 2万件以上
成果指標の 説明\t予約の件数\t\t
<書かない窓口>
<事業区分B>
■事業概要
記入を減らします。
■取組予定
年 度\t令和6年度\t令和7年度\t令和8年度
行動目標\t検討\t\t
成果指標\t\t\t平均待ち時間 10分以下
成果指標の説明\t待ち時間\t\t
<遠隔相談>
<事業候補>
■事業概要
離れた場所から相談できます。
■取組予定
年 度\t令和6年度\t令和7年度\t令和8年度
行動目標\t検討\t\t
成果指標\t\t\t
成果指標の説明\t(事業の進捗に合わせ設定)\t\t
"""


def read(text: str) -> ReadResult:
    return SagamiharaReader().read(load_document(text.encode()))


def changed(old: str, new: str, count: int = 1) -> ReadResult:
    assert old in STRATEGY
    return read(STRATEGY.replace(old, new, count))


def line_of(text: str, within: str = STRATEGY) -> int:
    return next(number for number, line in enumerate(within.split("\n"), 1) if text in line)


def projects(plan: DraftPlan) -> list[DraftProject]:
    return [p for g in plan.goals for p in (*(q for m in g.measures for q in m.projects), *g.projects)]


def reasons(result: ReadResult, line: int) -> str:
    return " ".join(item.reason for item in (*result.unplaced, *result.warnings) if item.line == line)


def test_a_later_document_of_the_same_layout_is_read_whole() -> None:
    result = read(STRATEGY)
    old, new = result.plans
    assert result.unplaced == ()
    assert (old.code, old.title, old.start_fiscal_year, old.end_fiscal_year) == (
        "ict-2023",
        "相模原市まちのICT計画",
        2023,
        2023,
    )
    assert (new.code, new.start_fiscal_year, new.end_fiscal_year, new.philosophy) == (
        "ict-2024",
        2024,
        2026,
        "ともに使うデジタル",
    )
    assert [(p.title, p.progress, p.is_priority) for p in projects(old)] == [
        ("予約窓口の導入", "○", True), ("番号表示の更新", "○", False), ("音声案内の研究", "×", False),
    ]  # fmt: skip
    assert [(p.title, p.portfolio_class, p.is_priority) for p in projects(new)] == [
        ("予約窓口の導入", "A", True), ("書かない窓口", "B", False), ("遠隔相談", "candidate", False),
    ]  # fmt: skip
    assert [(r.kind, r.target) for r in projects(new)[0].relations] == [("predecessor", "予約窓口の導入")]
    assert [r.target for r in new.goals[0].measures[0].relations] == ["3", "8"]


def test_values_of_a_later_document_are_numbers_in_its_own_years() -> None:
    new = read(STRATEGY).plans[1]
    booking, waiting, _ = projects(new)
    assert [(t.fiscal_year, t.value, t.comparison) for t in booking.indicators[0].targets] == [
        (2025, 12000, ">="), (2026, 20000, ">="),
    ]  # fmt: skip
    assert (waiting.indicators[0].unit, waiting.indicators[0].direction) == ("分", "down")
    (target,) = new.goals[0].measures[0].indicators
    assert (target.baseline and target.baseline.value, target.targets[0].fiscal_year) == (12, 2026)
    assert [(w.fiscal_year, w.text) for w in booking.actions[0].words] == [
        (2024, "設計"),
        (2024, "調達"),
        (2025, "導入"),
    ]


@pytest.mark.parametrize(("old", "new", "at", "part"), [
    ("成果指標\t\t予約件数 1万2千件以上\t", "成果指標\t予約件数 1万2千件以上\t", "成果指標\t予約", "列の数"),
    ("窓口の改善\t重点\t予約窓口の導入", "\t重点\t予約窓口の導入", "\t重点\t予約窓口の導入", "施策名"),
    ("\t\t番号表示の更新\t○", "\t\t番号表示の更新\t済", "番号表示の更新\t済", "○・△・×"),
    ("\t\t番号表示の更新\t○", "\t別の事業\t番号表示の更新\t○", "別の事業", "1つに決められません"),
    ("指 標\t計画策定時(R3)\t目標値(R5)", "指 標\t計画策定時(R3)\t目標値(Q5)", "予約の利用件数", "年度が分かりません"),
    ("#### <予約窓口の導入>", "#### <前にない事業>", "予約の利用件数", "前計画の事業の表にない"),
    ("(説明) 電子申請の割合 ", "", "全申請に占める割合", "（説明）"),
    ("## 《施策1-1》申請の電子化", "## 申請の電子化", "ねらい", "どの施策の施策目標値か"),
    ("<事業区分B>", "<事業区分D>", "<事業区分D>", "A・B・C・候補"),
    ("成果指標の 説明\t予約の件数", "委託先\t予約の件数", "委託先", "知られていません"),
    ("年 度\t令和6年度\t令和7年度\t令和8年度\n行動目標\t・設計", "年 度\t前期\t中期\t後期\n行動目標\t・設計", "・設計", "年度の見出し"),
])  # fmt: skip
def test_a_fault_is_listed_as_unplaced_with_its_line_and_reason(old: str, new: str, at: str, part: str) -> None:
    result = changed(old, new)
    line = line_of(at, STRATEGY.replace(old, new, 1))
    assert any(item.line == line and part in item.reason for item in result.unplaced)


def test_values_under_an_unknown_year_are_unplaced_and_the_others_stay() -> None:
    result = changed("年 度\t令和6年度\t令和7年度\t令和8年度", "年 度\t令和6年度\t令和0年度\t令和8年度")
    assert [u.text for u in result.unplaced] == ["導入", "予約件数 1万2千件以上"]
    assert [t.fiscal_year for t in projects(result.plans[1])[0].indicators[0].targets] == [2026]


def test_values_under_a_year_that_stands_twice_belong_to_neither_column() -> None:
    result = changed("年 度\t令和6年度\t令和7年度\t令和8年度", "年 度\t令和6年度\t令和6年度\t令和8年度")
    assert [u.text for u in result.unplaced] == ["・設計 ・調達", "導入", "予約件数 1万2千件以上"]


@pytest.mark.parametrize(("old", "new", "at", "part"), [
    ("- (B) 書かない窓口", "- (B) 書かない窓口\n- (B) 書かない窓口", "- (候補)", "2回挙がっています"),
    ("■事業\n", "■事業\n## 《施策1-1》申請の統一\n■事業\n", "申請の統一", "2回出てきます"),
    ("【事業数：3事業 進捗達成率：66%】", "【事業数：4事業 進捗達成率：66%】", "【事業数：4事業", "数えると3"),
    ("予約の利用件数\t—\t1,000件\t1,200件\t○", "予約の利用件数\t—\t1,000件\t900件\t○", "予約の利用件数", "比較と合いません"),
    ("年 度\t令和6年度\t令和7年度\t令和8年度", "年 度\t令和6年度\t令和7年度\t令和9年度", "年 度", "計画期間の外"),
    ("<事業区分B>", "<事業区分C>", "<書かない窓口>", "一覧のB"),
    ("<書かない窓口>", "<書かないで済む受付>", "<書かないで済む受付>", "一覧にありません"),
])  # fmt: skip
def test_what_looks_wrong_is_placed_with_a_warning(old: str, new: str, at: str, part: str) -> None:
    text = STRATEGY.replace(old, new, 1)
    result = read(text)
    line = line_of(at, text) - (1 if part == "2回挙がっています" else 0)
    assert part in reasons(result, line)


def test_an_untitled_sheet_takes_the_title_that_the_order_of_the_list_leaves() -> None:
    result = changed("<書かない窓口>\n<事業区分B>\n", "")
    assert [p.title for p in projects(result.plans[1])] == ["予約窓口の導入", "書かない窓口", "遠隔相談"]
    assert projects(result.plans[1])[1].portfolio_class == "B"
    assert any("書かない窓口" in w.reason for w in result.warnings)


def test_a_sheet_whose_title_cannot_be_known_is_unplaced_and_its_title_is_not_invented() -> None:
    text = STRATEGY.replace("<書かない窓口>\n<事業区分B>\n", "").replace("- (B) 書かない窓口\n", "")
    result = read(text)
    assert [p.title for p in projects(result.plans[1])] == ["予約窓口の導入", "遠隔相談"]
    start = line_of("記入を減らします", text) - 1
    assert {u.line for u in result.unplaced} == {start, *range(start + 3, start + 7)}


def test_a_title_without_brackets_is_known_from_the_list() -> None:
    result = changed("<書かない窓口>", "##### 書かない窓口")
    assert [p.title for p in projects(result.plans[1])] == ["予約窓口の導入", "書かない窓口", "遠隔相談"]
    assert result.unplaced == ()


def test_a_project_without_a_sheet_and_a_sheet_without_a_list_are_both_kept() -> None:
    result = changed("<遠隔相談>", "<まったく別の取組>")
    titles = [p.title for p in projects(result.plans[1])]
    assert sorted(titles) == sorted(["予約窓口の導入", "書かない窓口", "遠隔相談", "まったく別の取組"])
    assert [p.title for p in result.plans[1].goals[0].projects] == ["まったく別の取組"]


def test_responsible_sections_are_read_where_the_document_gives_them() -> None:
    result = changed("行動目標\t・設計", "所管課\t市民課、情報政策課\t\t\n行動目標\t・設計")
    assert projects(result.plans[1])[0].sections == ("市民課", "情報政策課")


def test_a_document_that_does_not_look_back_gives_one_plan() -> None:
    start, end = STRATEGY.index("## 第2章"), STRATEGY.index("## 第3章")
    result = read(STRATEGY[:start] + STRATEGY[end:])
    assert [plan.code for plan in result.plans] == ["ict-2024"]
    assert result.plans[0].predecessor == ""


@pytest.mark.parametrize(("text", "part"), [
    ("# 広報\n今月のお知らせです。\n", "施策"),
    (STRATEGY.replace("# 相模原市デジタル戦略\n", "", 1), "名称"),
    (STRATEGY.replace("令和6年度から令和8年度まで", "令和8年度から令和6年度まで"), "計画期間"),
    (STRATEGY.replace("令和", "新暦"), "計画期間"),
])  # fmt: skip
def test_a_document_of_another_kind_is_refused_with_the_reason(text: str, part: str) -> None:
    with pytest.raises(DocumentError, match=part):
        read(text)


LINES = STRATEGY.split("\n")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from(["drop", "double", "cut", "shift", "swap"])),
        max_size=6,
    )
)
def test_however_a_document_is_damaged_every_row_is_accounted_for(damage: list[tuple[int, str]]) -> None:
    lines = list(LINES)
    for index, kind in damage:
        row = lines[index]
        lines[index] = {
            "drop": "",
            "double": f"{row}\n{row}",
            "cut": "\t".join(row.split("\t")[:-1]),
            "shift": "\t" + row if "\t" in row else row,
            "swap": "\t".join(reversed(row.split("\t"))),
        }[kind]
    document = load_document("\n".join(lines).encode())
    try:
        result = SagamiharaReader().read(document)
    except DocumentError:
        return
    rows = Counter(row.line for table in find_tables(document) for row in table.rows)
    settled = {e.line for e in (*result.placed, *result.ignored)} | {u.line for u in result.unplaced}
    assert set(rows) <= settled
    for plan in result.plans:
        assert plan.start_fiscal_year <= plan.end_fiscal_year
        for item in (i for p in projects(plan) for i in p.indicators):
            years = [t.fiscal_year for t in item.targets]
            assert len(years) == len(set(years))
