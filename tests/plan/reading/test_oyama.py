"""The reader of Oyama documents: on the real plan, and on small documents of the same layout with faults."""

from __future__ import annotations

from functools import cache

import pytest

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.plugins.hiratsuka import HiratsukaReader
from madoguchi.plan.plugins.oyama import OyamaReader
from madoguchi.plan.plugins.oyama.content import split_content
from madoguchi.plan.plugins.oyama.wording import split_circled, split_sections
from madoguchi.plan.rules.draft import DraftPlan, DraftProject, ReadResult
from madoguchi.plan.rules.reading.document import find_tables, load_document
from tests.shared import shared_path

# ---- the real plan -------------------------------------------------------------------------------------------------

SDGS = {
    "1": (1, 10, 13), "2": (9,), "3": (), "4": (9,), "5": (3,), "6": (8, 9, 12), "7": (11,), "8": (2, 12),
    "9": (1, 4, 8), "10": (1, 11, 13), "11": (9, 11), "12": (7, 11), "13": (4,), "14": (9, 12), "15": (11,),
    "16": (9,), "17": (9,), "18": (5, 8), "19": (9,), "20": (9,), "21": (9, 11), "22": (1, 16), "23": (4,), "24": (9,),
}  # fmt: skip
SCHEDULES = {
    "1": (137, ["検証・構築", "導入・運用", "運用", "運用", "運用"]),
    "3": (156, ["導入検討", "構築", "導入・運用", "運用", "運用"]),
    "5": (176, ["実証実験", "検討・構築", "導入・運用", "運用", "運用"]),
    "7": (201, ["一部実証運行 一部研究検討", *["運用・一部研究 研究検討"] * 4]),
    "11": (241, ["拡大 (市立体育館)", "拡大 (大谷出張所)", "運用", "運用", "運用"]),
    "14": (273, ["影響調査 業務標準化", "影響調査 業務標準化", "調達準備", "システム構築", "システム運用"]),
    "18": (312, ["構築・運用 検討", "運用 構築", "運用", "運用", "運用"]),
    "20": (332, ["タブレット利用拡大・システム導入", *["利用拡大・運用"] * 4]),
    "22": (352, ["順次対応"] * 5),
    "24": (370, ["検討", "仮想基盤設計", "仮想基盤構築", "仮想基盤運用", "仮想基盤運用"]),
}
SECTIONS = {
    "1": (130, ("国保年金課", "健康増進課", "資産税課", "情報政策課", "市民課", "行政経営課")),
    "3": (149, ("秘書広報課", "危機管理課", "市民生活安心課", "工業振興課", "こども課", "文化振興課", "環境課")),
    "5": (169, ("健康増進課", "地域包括ケア推進課")),
    "9": (213, ("学校教育課", "教育研究所", "生涯学習課")),
    "14": (266, ("情報政策課",)),
    "20": (325, ("議事課",)),
    "22": (345, ("国際政策課", "シティプロモーション課", "情報政策課")),
}
CATEGORIES = {
    "1": {"スマート自治体", "デジタル行政"},
    "3": {"スマート自治体", "デジタル行政"},
    "7": {"未来社会創出"},
    "15": {"スマート自治体", "未来社会創出", "デジタル行政"},
    "16": {"未来社会創出", "デジタル行政"},
    "22": {"スマート自治体", "未来社会創出", "デジタル行政", "情報基盤強化"},
    "24": {"情報基盤強化"},
}
DX = {
    "1": [
        "マイナンバーカードの普及促進",
        "自治体の行政手続きのオンライン化",
        "デジタル原則に基づく条例等の規制の点検・見直し",
    ],
    "14": ["自治体の情報システムの標準化・共通化", "BPRの取組の徹底"],
    "16": ["オープンデータの推進・官民データ活用の推進"],
    "22": ["デジタルデバイド対策"],
}


@cache
def real() -> ReadResult:
    return OyamaReader().read(load_document(_seed()))


def _seed() -> bytes:
    return shared_path("seeds", "001_4cefa27246f421f4.txt").read_bytes()


def project(code: str) -> DraftProject:
    (plan,) = real().plans
    return next(item for goal in plan.goals for item in goal.projects if item.code == code)


def targets(item: DraftProject, kind: str) -> list[str]:
    return [relation.target for relation in item.relations if relation.kind == kind]


@pytest.mark.shared
class TestRealPlan:
    def test_states_its_name_years_policy_and_superior_plans(self) -> None:
        (plan,) = real().plans
        assert (plan.title, plan.line, plan.code, plan.municipality) == ("第3次情報化基本計画", 9, "ict-2021", "oyama")
        assert (plan.start_fiscal_year, plan.end_fiscal_year) == (2021, 2025)
        assert plan.philosophy.startswith("ICTとデータの利活用による")
        assert [(item.target, item.line) for item in plan.relations] == [
            ("第8次小山市総合計画", 7),
            ("自治体DX推進計画", 376),
        ]

    def test_has_four_goals_with_24_projects_in_order(self) -> None:
        (plan,) = real().plans
        assert [(goal.code, goal.line, len(goal.projects)) for goal in plan.goals] == [
            ("1", 22, 5),
            ("2", 34, 8),
            ("3", 46, 7),
            ("4", 58, 4),
        ]
        assert [item.code for goal in plan.goals for item in goal.projects] == [str(n) for n in range(1, 25)]
        assert all(goal.summary and not goal.measures and not goal.indicators for goal in plan.goals)

    def test_reads_a_number_with_a_space_inside(self) -> None:
        assert (project("14").title, project("14").line) == ("基幹系システム標準化と共同運用", 266)

    @pytest.mark.parametrize("code", SDGS)
    def test_ties_each_project_to_its_sdgs(self, code: str) -> None:
        assert tuple(map(int, targets(project(code), "sdg"))) == SDGS[code]

    def test_keeps_a_goal_number_above_17_as_a_mark_and_warns(self) -> None:
        for code, line in (("1", 79), ("3", 81)):
            assert targets(project(code), "legend") == ["SDGs 18"]
            assert any(warning.line == line and "17まで" in warning.reason for warning in real().warnings)

    @pytest.mark.parametrize("code", SCHEDULES)
    def test_reads_the_schedule_by_fiscal_year(self, code: str) -> None:
        line, words = SCHEDULES[code]
        (bar,) = [action for action in project(code).actions if action.words]
        assert bar.line == line
        assert [(word.fiscal_year, word.text) for word in bar.words] == list(zip(range(2021, 2026), words, strict=True))

    def test_has_five_schedule_words_for_every_project(self) -> None:
        counts = [sum(len(action.words) for action in project(str(n)).actions) for n in range(1, 25)]
        assert counts == [5] * 24

    @pytest.mark.parametrize("code", SECTIONS)
    def test_lists_every_section(self, code: str) -> None:
        line, sections = SECTIONS[code]
        assert (project(code).line, project(code).sections) == (line, sections)

    @pytest.mark.parametrize("code", CATEGORIES)
    def test_reads_the_ticked_goal_categories(self, code: str) -> None:
        assert set(targets(project(code), "goal_category")) == CATEGORIES[code]

    @pytest.mark.parametrize("code", DX)
    def test_ties_projects_to_national_dx_items(self, code: str) -> None:
        assert [target for target in targets(project(code), "dx_priority") if target != "自治体DX"] == DX[code]

    def test_marks_the_twelve_projects_of_the_dx_plan(self) -> None:
        marked = [n for n in range(1, 25) if "自治体DX" in targets(project(str(n)), "dx_priority")]
        assert marked == [1, 3, 5, 6, 7, 8, 14, 15, 16, 18, 22, 23]

    def test_reads_policy_fields_and_related_plans(self) -> None:
        assert targets(project("5"), "policy_field") == ["①市民参加", "⑦高齢者支援・保健福祉"]
        assert targets(project("6"), "policy_field") == ["②行財政改革", "④生活基盤・工業・商業観光"]
        assert targets(project("3"), "superior_plan") == ["シティプロ 5カ年計画"]
        assert sum(len(targets(project(str(n)), "superior_plan")) for n in range(1, 25)) == 1

    def test_lists_what_each_project_does(self) -> None:
        labels = [action.label for action in project("15").actions if not action.words]
        assert labels == [
            "AI等の最新技術を活用するための実証実験",
            "・AI-OCR（手書き資料読取り）",
            "・AI-チャットボット（問合せ・ヘルプデスク）",
            "・AI-アナリスト（Web分析・デジタルマーケティング）",
            "・AI-保守点検（画像認識・解析）",
            "AI等の最適な本格導入",
            "専門的な人材の確保及び活用",
        ]
        assert len([action for action in project("17").actions if action.label.startswith("・")]) == 11
        assert next(action.label for action in project("4").actions).startswith("商業施設等での")

    def test_adds_what_only_the_dx_table_names(self) -> None:
        added = [action for action in project("1").actions if action.line == 394]
        assert [action.label for action in added] == ["オンライン化を推進するため、条例及び規則の見直し"]

    def test_keeps_prose_apart_from_the_list_of_actions(self) -> None:
        for n in range(1, 25):
            item = project(str(n))
            assert item.summary.startswith("現状・課題\n")
            assert "\n\n施策内容\n" in item.summary
            assert "主な取組" not in item.summary
            assert item.effects

    def test_gives_account_of_every_table_row(self) -> None:
        result, document = real(), load_document(_seed())
        known = {item.line for item in (*result.placed, *result.ignored)}
        assert result.unplaced == ()
        assert {row.line for table in find_tables(document) for row in table.rows} <= known
        assert sorted(item.line for item in result.ignored) == [77, 78, 382, 383, 391, 395]

    def test_warns_where_the_tables_disagree(self) -> None:
        warned = {warning.line for warning in real().warnings}
        assert warned == {79, 81, 153, 217, 386, 392, 393, 394}

    def test_is_recognised_by_its_words_and_no_other_plan_is(self) -> None:
        others = [path for path in shared_path("seeds").glob("*.txt") if not path.name.startswith("001_")]
        assert OyamaReader().recognises(load_document(_seed())) == 1
        assert all(OyamaReader().recognises(load_document(path.read_bytes())) < 0.5 for path in others)


# ---- documents of the same layout ----------------------------------------------------------------------------------

OVERVIEW = (
    "基本目標\t\t\t\t施策名\t施策分類\tSDGs",
    "甲\t乙\t丙\t丁\t\t\t",
    "○\t\t\t\t1 申込みの電子化\t①交流\t③ ⑨",
    "\t○\t\t\t2 台帳の地図化\t①交流\t⑪",
)


def sheet(
    head: str = "1. 申込みの電子化",
    *,
    sections: str = "窓口課 企画課",
    boxes: str = "■ 甲 □ 乙 □ 丙 □ 丁",
    content: str = "電子で受け付ける。 【主な取組】 ①様式の整理【企画課】 ②試行",
    years: str = "令和8年度\t令和9年度\t令和10年度",
    words: str = "準備\t試行\t本番",
) -> list[str]:
    return [
        f"{head}\t\t主管課 (関係課)\t{sections}",
        f"目標区分\t{boxes}\t\t",
        "施策分野\t①交流\t関連計画\t",
        "現状・課題\t紙が多い。\t\t",
        f"施策内容\t{content}\t\t",
        "期待される効果\t待ち時間が減る。\t\t",
        f"実施計画\t{years}",
        f"\t{words}",
    ]


SECOND = {"head": "2. 台帳の地図化", "boxes": "□ 甲 ■ 乙 □ 丙 □ 丁"}


def read(*parts: list[str] | tuple[str, ...] | str) -> ReadResult:
    lines = ["第9次みほん市情報化計画を定める。", "", "【基本目標①】", "", "便利な窓口", ""]
    for part in parts:
        lines += [part] if isinstance(part, str) else [*part, ""]
    return OyamaReader().read(load_document("\n".join(lines).encode()))


def whole(*, overview: tuple[str, ...] = OVERVIEW, first: list[str] | None = None) -> ReadResult:
    return read(overview, "【基本目標①】 便利な窓口", first or sheet(), sheet(**SECOND))


def projects(result: ReadResult) -> list[DraftProject]:
    plan: DraftPlan = result.plans[0]
    return [item for goal in plan.goals for item in goal.projects]


def test_reads_a_plan_of_other_years_with_other_rows() -> None:
    result = whole()
    plan = result.plans[0]
    assert (plan.title, plan.code, plan.end_fiscal_year) == ("第9次みほん市情報化計画", "ict-2026", 2028)
    assert [item.sections for item in projects(result)] == [("窓口課", "企画課")] * 2
    assert [targets(item, "sdg") for item in projects(result)] == [["3", "9"], ["11"]]
    assert result.unplaced == ()


def test_reads_two_tables_without_a_blank_line_between_them() -> None:
    result = read("【基本目標①】", [*sheet(), *sheet(**SECOND)])
    assert [item.code for item in projects(result)] == ["1", "2"]
    assert result.unplaced == ()


def test_reads_a_table_that_a_page_break_tore() -> None:
    rows = sheet()
    result = read("【基本目標①】", [*rows[:4], "", "- 12 -", "", *rows[4:]])
    assert projects(result)[0].effects == "待ち時間が減る。"
    assert result.unplaced == ()


def test_lists_text_that_fell_out_of_a_cell() -> None:
    rows = sheet()
    result = read("【基本目標①】", [*rows[:4], "こぼれた文です。", *rows[4:]])
    assert [item.text for item in result.unplaced] == ["こぼれた文です。"]


def test_reads_check_boxes_as_inputs() -> None:
    boxes = '<input type="checkbox"/> 甲 <input checked="" type="checkbox"/> 乙'
    assert targets(projects(read("【基本目標①】", sheet(boxes=boxes)))[0], "goal_category") == ["乙"]


def test_lists_goal_categories_without_any_box() -> None:
    result = read("【基本目標①】", sheet(boxes="甲 乙"))
    assert [item.line for item in result.unplaced] == [9]


def test_warns_of_a_project_number_used_twice() -> None:
    result = read("【基本目標①】", sheet(), sheet())
    assert sum("2回使われています" in warning.reason for warning in result.warnings) == 2
    assert len(projects(result)) == 2


def test_lists_an_unknown_year_and_the_words_under_it() -> None:
    result = read("【基本目標①】", sheet(years="令和8年度\t令和0年度\t令和10年度"))
    assert [(item.line, item.text) for item in result.unplaced] == [(14, "令和0年度"), (15, "試行")]
    (bar,) = [action for action in projects(result)[0].actions if action.words]
    assert [word.fiscal_year for word in bar.words] == [2026, 2028]


@pytest.mark.parametrize("words", ["準備\t試行\t本番\t余り", "\t準備\t試行\t本番", "試行\t本番"])
def test_lists_a_schedule_whose_words_may_have_slipped_a_year(words: str) -> None:
    result = read("【基本目標①】", sheet(), sheet(words=words, **SECOND))
    assert [item.line for item in result.unplaced] == [24]
    assert not any(action.words for action in projects(result)[1].actions)
    assert 24 not in {item.line for item in result.placed}


def test_does_not_take_words_without_years_for_prose() -> None:
    rows = sheet()
    rows[6] = rows[6].replace("\t", "", 1)
    result = read("【基本目標①】", rows, sheet(**SECOND))
    assert [item.line for item in result.unplaced] == [14, 15]
    assert projects(result)[0].effects == "待ち時間が減る。"


def test_lists_a_table_whose_heading_row_names_no_project() -> None:
    rows = sheet()
    rows[0] = "\t\t主管課 (関係課)\t窓口課"
    result = read("【基本目標①】", rows, sheet(**SECOND))
    assert [item.code for item in projects(result)] == ["2"]
    assert [item.line for item in result.unplaced] == list(range(8, 16))


def test_warns_of_an_empty_year() -> None:
    result = read("【基本目標①】", sheet(words="準備\t\t本番"))
    assert any("2027年度の欄が空" in warning.reason for warning in result.warnings)


def test_reads_schedule_rows_that_name_their_tasks() -> None:
    result = read("【基本目標①】", [*sheet()[:-1], "様式の整理\t準備\t完了\t", "試行\t\t\t開始"])
    bars = [action for action in projects(result)[0].actions if action.words]
    assert [(bar.label, len(bar.words)) for bar in bars] == [("様式の整理", 2), ("試行", 1)]


def test_lists_rows_this_layout_does_not_know() -> None:
    result = read("【基本目標①】", [*sheet(), "数値目標\t50%\t60%\t70%"])
    assert [item.line for item in result.unplaced] == [16]


def test_does_not_mix_up_a_table_that_lost_its_heading_row() -> None:
    result = read("【基本目標①】", [*sheet(), *sheet(**SECOND)[1:]])
    (item,) = projects(result)
    assert targets(item, "goal_category") == ["甲"]
    assert [fault.line for fault in result.unplaced] == list(range(16, 23))


def test_lists_a_table_that_stands_before_any_goal() -> None:
    lines = "\n".join([*sheet(), "", "【基本目標①】 便利な窓口", "", *sheet(**SECOND)])
    result = OyamaReader().read(load_document(lines.encode()))
    assert [item.code for item in projects(result)] == ["2"]
    assert {item.line for item in result.unplaced} >= set(range(1, 9))


def test_lists_a_row_of_the_overview_without_a_table() -> None:
    result = whole(overview=(*OVERVIEW, "\t\t○\t\t3 未着手の施策\t②財政\t⑨"))
    assert [(item.line, "見つかりません" in item.reason) for item in result.unplaced] == [(11, True)]


def test_lists_a_row_of_the_overview_without_a_number() -> None:
    result = whole(overview=(*OVERVIEW, "\t\t○\t\t番号のない施策\t②財政\t⑨"))
    assert [item.line for item in result.unplaced] == [11]


@pytest.mark.parametrize(
    ("row", "hint"),
    [
        ("\t○\t\t\t1 申込みの電子化\t①交流\t③ ⑨", "目標区分と違います"),
        ("○\t\t\t\t1 申込みの電子化\t②財政\t③ ⑨", "施策分野と違います"),
        ("○\t\t\t\t1 申し込みの電子化\t①交流\t③ ⑨", "名称が施策表"),
        ("○\t○\t\t1\t申込みの電子化\t①交流\t③ ⑨", "目標区分と違います"),
        ("○\t\t\t\t1 申込みの電子化\t①交流\t", "SDGs の欄が読み取れません"),
    ],
)
def test_warns_where_overview_and_table_disagree(row: str, hint: str) -> None:
    result = whole(overview=(*OVERVIEW[:2], row, OVERVIEW[3]))
    assert [warning.line for warning in result.warnings if hint in warning.reason] == [9]
    assert result.unplaced == ()


def test_does_not_guess_the_goal_column_that_a_page_break_swallowed() -> None:
    result = whole(overview=(*OVERVIEW[:3], "○\t\t\t2\t台帳の地図化\t①交流\t⑪"))
    assert not [warning for warning in result.warnings if "目標区分" in warning.reason]


DX_HEAD = ("DX 取組事項\t情報化施策", "【自治体 DX の重点取組事項】\t")


def read_dx(row: str, *, mark: str = " 【自治体 DX】") -> ReadResult:
    return read("【基本目標①】", sheet(f"1. 申込みの電子化{mark}"), (*DX_HEAD, row))


def test_ties_a_project_to_a_dx_item_and_adds_its_further_actions() -> None:
    result = read_dx("(1)新しい取組事項\t<u>1.申込みの電子化</u> <ul> ・様式の整理 ・広報の充実")
    (item,) = projects(result)
    assert targets(item, "dx_priority") == ["新しい取組事項", "自治体DX"]
    assert [action.label for action in item.actions] == ["様式の整理【企画課】", "試行", "広報の充実", ""]
    assert result.unplaced == ()


@pytest.mark.parametrize(
    "row", ["(1)新しい取組事項\t<u>7.知らない施策</u>", "(1)新しい取組事項\t", "\t1.申込みの電子化"]
)
def test_lists_a_dx_row_that_names_no_known_project(row: str) -> None:
    assert [item.line for item in read_dx(row).unplaced] == [19]


def test_lists_words_of_the_dx_table_that_belong_to_no_project() -> None:
    result = read_dx("(1)新しい取組事項\t・誰のものでもない取組 <u>1.申込みの電子化</u>")
    assert [(item.line, item.text) for item in result.unplaced] == [(19, "・誰のものでもない取組")]


def test_warns_where_dx_mark_and_dx_table_disagree() -> None:
    result = read_dx("(1)新しい取組事項\t<u>1.申込みの電子化</u>", mark="")
    assert any("一致しません" in warning.reason for warning in result.warnings)


def test_repairs_a_national_item_with_foreign_letters_but_says_so() -> None:
    result = read_dx("(1)テレワーкの推進\t<u>1.申込みの電子化</u>")
    assert targets(projects(result)[0], "dx_priority")[0] == "テレワークの推進"
    assert any("読み誤り" in warning.reason for warning in result.warnings)
    unknown = read_dx("(1)まったく別のкд取組\t<u>1.申込みの電子化</u>")
    assert targets(projects(unknown)[0], "dx_priority")[0] == "まったく別のкд取組"


def test_reads_the_marks_of_a_heading() -> None:
    (item,) = projects(read("【基本目標①】", sheet("1. 申込みの電子化 【重点】【新規】【試】")))
    assert (item.title, item.is_priority, item.is_new) == ("申込みの電子化", True, True)
    assert targets(item, "legend") == ["試"]


def test_refuses_a_document_without_tables_or_years() -> None:
    with pytest.raises(DocumentError, match="主管課"):
        OyamaReader().read(load_document("【基本目標①】\n便利な窓口".encode()))
    with pytest.raises(DocumentError, match=r"7行目.*年度"):
        read(sheet(years="一年目\t二年目\t三年目"))


def test_does_not_take_a_plan_in_prose_for_its_own() -> None:
    document = load_document("方針1 みほん\n【目指すべき姿】\nよくなります。".encode())
    assert OyamaReader().recognises(document) == 0
    assert HiratsukaReader().recognises(load_document("\n".join(sheet()).encode())) == 0


def test_joins_a_torn_section_name_and_warns() -> None:
    result = read("【基本目標①】", sheet(sections="シティプロモー ション課 企画課"))
    assert projects(result)[0].sections == ("シティプロモーション課", "企画課")
    assert any("つないで" in warning.reason for warning in result.warnings)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("窓口課 教育研究所、市民課・税務課", ["窓口課", "教育研究所", "市民課", "税務課"]),
        ("危機管理監 建築・開発課", ["危機管理監", "建築・開発課"]),
        ("", []),
    ],
)
def test_splits_sections(text: str, names: list[str]) -> None:
    assert split_sections(text) == names


def test_splits_before_circled_numbers() -> None:
    assert split_circled("①市民参加、④生活基盤・ 工業") == ["①市民参加", "④生活基盤・工業"]


def test_tells_when_the_numbers_of_a_list_have_a_gap() -> None:
    body, names, in_order = split_content("する。\n【主な取組】\n①一つ目 ・細目 ③三つ目")
    assert (body, names, in_order) == ("する。", ["一つ目", "・細目", "三つ目"], False)
    assert split_content("【主な取組】 ・甲 ・乙")[1] == ["甲", "乙"]
