"""The reader of Hiratsuka documents: on the real policy, and on small documents of the same layout with faults."""

from __future__ import annotations

import re
from functools import cache

import pytest

from madoguchi.plan.errors import DocumentError
from madoguchi.plan.plugins.hiratsuka import HiratsukaReader
from madoguchi.plan.rules.draft import DraftMeasure, DraftPlan, DraftProject, ReadResult
from madoguchi.plan.rules.reading.document import find_tables, load_document
from tests.shared import shared_path

# ---- the real policy -----------------------------------------------------------------------------------------------

MEASURES = {
    "1-1": ("市民の活動や事業活動のデジタル化", 263, 6),
    "1-2": ("市民、事業者と行政間のデジタル化", 277, 19),
    "1-3": ("市民、事業者と行政間の情報の受発信", 307, 3),
    "1-4": ("デジタル機器に不慣れな方へのサポート", 313, 5),
    "2-1": ("行政事務の効率化", 360, 9),
    "2-2": ("データ活用", 372, 5),
    "2-3": ("職員一人ひとりの状況に適した働き方", 380, 2),
    "2-4": ("デジタル関連コストの適正化", 385, 8),
    "3-1": ("情報セキュリティ対策", 423, 6),
    "3-2": ("災害や感染症拡大への対応", 437, 4),
}
INITIATIVES = {
    "1-1-1": ("公共施設、避難所等の災害対応施設及び観光施設への公衆無線LANなど通信環境の整備", 267),
    "1-1-2": ("地域ポイントの検討", 268),
    "1-1-6": ("センシングしたデジタルデータ等を活用する農業（スマート農業）導入の支援", 275),
    "1-2-1": ("各種申請や届出のオンライン化", 281),
    "1-2-10": ("2次元バーコードやタブレット端末を利用したデジタル入力による申請や届出書の自動作成", 293),
    "1-2-19": ("電子図書館や地域資料のデジタルアーカイブ化", 305),
    "1-3-2": ("マイナポータルなどを活用した受信者側の個々の状況（パーソナル情報）に応じた情報発信", 310),
    "1-4-4": ("デジタル活用支援員の活用", 323),
    "2-1-1": ("AIの活用による事務処理の支援", 362),
    "2-1-2": ("RPAによる作業の自動化", 363),
    "2-1-5": ("ICカードやICタグによる施設や物品の管理", 366),
    "2-2-1": ("様々なデータの収集と分析・解析によるEBPMの実施", 374),
    "2-3-2": ("障がい者などが働きやすくなるソフトウェアやロボットの活用", 383),
    "2-4-8": ("デジタル技術やデータの分析・活用に関する職員の教育", 399),
    "3-1-6": ("情報セキュリティ事件・事故における対応訓練の実施", 435),
    "3-2-1": ("ICT-BCPの見直しと改善", 439),
    "3-2-4": ("災害時における対応訓練の実施", 442),
}
AGES = {
    "16～19歳": (543, 55, 3.2), "20～29歳": (544, 117, 6.9), "30～39歳": (545, 166, 9.8), "40～49歳": (546, 267, 15.7),
    "50～59歳": (547, 266, 15.7), "60～69歳": (548, 298, 17.5), "70～79歳": (549, 379, 22.3), "80歳以上": (550, 148, 8.7),
    "無回答": (551, 3, 0.2), "計": (552, 1699, 100),
}  # fmt: skip
HEADLINES = [
    ("調査対象", 3000, 512),
    ("標本数／発送", 3000, 524),
    ("標本数／戻り", 9, 526),
    ("標本数／実質標本数", 2991, 528),
    ("有効回収数", 1699, 530),
    ("有効回収数／うち郵送", 1360, 530),
    ("有効回収数／インターネット", 339, 530),
    ("有効回収率", 56.8, 533),
]


@cache
def real() -> ReadResult:
    return HiratsukaReader().read(load_document(_seed()))


def _seed() -> bytes:
    return shared_path("seeds", "004_b774b5e0510156c9.txt").read_bytes()


def measures(result: ReadResult) -> list[DraftMeasure]:
    return [measure for goal in result.plans[0].goals for measure in goal.measures]


def projects(result: ReadResult) -> list[DraftProject]:
    return [project for measure in measures(result) for project in measure.projects]


@pytest.mark.shared
class TestRealPolicy:
    def test_states_its_name_years_and_aim(self) -> None:
        (plan,) = real().plans
        assert (plan.title, plan.line) == ("平塚市デジタル化基本方針(素案)", 3)
        assert (plan.code, plan.start_fiscal_year, plan.end_fiscal_year) == ("ict-2021", 2021, 2025)
        assert plan.philosophy == "デジタルの活用により、一人ひとりが安心して快適に暮らせるまち"

    def test_has_three_policies_with_their_summaries(self) -> None:
        (plan,) = real().plans
        assert [(goal.code, goal.title, goal.line) for goal in plan.goals] == [
            ("1", "暮らしのデジタル化", 238),
            ("2", "行政内部のデジタル化", 326),
            ("3", "情報セキュリティの確保", 401),
        ]
        for goal in plan.goals:
            assert re.findall(r"^(目指すべき姿|現状と課題|取組内容)$", goal.summary, re.M) == [
                "目指すべき姿",
                "現状と課題",
                "取組内容",
            ]

    def test_has_ten_measures_and_67_initiatives(self) -> None:
        found = {item.code: (item.title, item.line, len(item.projects)) for item in measures(real())}
        assert found == MEASURES
        assert len(projects(real())) == 67

    @pytest.mark.parametrize("code", INITIATIVES)
    def test_reads_the_initiative(self, code: str) -> None:
        found = {item.code: (item.title, item.line) for item in projects(real())}
        assert found[code] == INITIATIVES[code]

    def test_keeps_the_small_heading_an_initiative_stands_under(self) -> None:
        fields = {item.code: [(tie.kind, tie.target, tie.line) for tie in item.relations] for item in projects(real())}
        assert fields["1-2-14"] == [("policy_field", "窓口のデジタル化", 289)]
        assert fields["2-4-7"] == [("policy_field", "デジタル人材の確保・育成", 396)]
        assert fields["2-1-1"] == fields["3-2-4"] == []
        assert len({tie for ties in fields.values() for tie in ties}) == 11

    def test_reads_every_bullet_of_the_policies(self) -> None:
        lines = _seed().decode().split("\n")
        bullets = {
            number for number, line in enumerate(lines, start=1) if line.startswith("- ・") and 238 <= number < 444
        }
        assert {item.line for item in projects(real())} == bullets

    def test_names_the_plans_it_stands_under_and_replaces(self) -> None:
        (plan,) = real().plans
        ties = {(tie.kind, tie.target): tie.line for tie in plan.relations}
        assert ties["superior_plan", "平塚市総合計画～ひらつかNEXT～"] == 208
        assert ties["superior_plan", "平塚市行財政改革計画"] == 208
        assert ties["superior_plan", "官民データ活用推進基本法第9条第3項"] == 215
        assert ties["superior_plan", "デジタル・ガバメント実行計画"] == 219
        assert ties["predecessor", "平塚市情報化基本方針(2017年度～2023年度)"] == 53
        assert [kind for kind, _ in ties].count("superior_plan") == 7

    def test_names_the_national_dx_priorities(self) -> None:
        (plan,) = real().plans
        priorities = [(tie.target, tie.line) for tie in plan.relations if tie.kind == "dx_priority"]
        assert priorities[0] == ("自治体の情報システムの標準化・共通化", 118)
        assert [line for _, line in priorities] == [118, 119, 120, 121, 122, 123, 127, 128]

    def test_reports_the_headline_figures_of_the_survey(self) -> None:
        (plan,) = real().plans
        found = [(item.label, item.value, item.line) for item in plan.reported[: len(HEADLINES)]]
        assert found == [(f"市民アンケート／{label}", value, line) for label, value, line in HEADLINES]

    @pytest.mark.parametrize("age", AGES)
    def test_reports_both_figures_of_an_age_group(self, age: str) -> None:
        line, count, share = AGES[age]
        prefix = f"市民アンケート／回答者の年齢区分／{age}／"
        found = {item.label: (item.value, item.line) for item in real().plans[0].reported}
        assert found[prefix + "総数"] == (count, line)
        assert found[prefix + "割合"] == (share, line)

    def test_reports_the_shares_that_sentences_state(self) -> None:
        found = {
            item.label.removeprefix("市民アンケート／"): (item.value, item.line) for item in real().plans[0].reported
        }
        wish = "デジタル化で良くなることを期待するサービス"
        assert found["インターネットの利用状況／インターネットを利用しており"] == (76.7, 567)
        assert found["回答種類別の年齢区分／インターネット回答／20～29歳"] == (40, 560)
        assert found["SNSの利用状況／LINE"] == (90.6, 583)
        assert found["平塚市がSNSで発信している情報の取得状況／LINE"] == (16, 590)
        assert found[f"{wish}／窓口での待ち時間が減る"] == (74, 597)
        assert found[f"{wish}／郵送回答／窓口での待ち時間が減る"] == (71, 603)
        assert found[f"{wish}／インターネット回答／窓口での待ち時間が減る"] == (83, 603)
        assert len(real().plans[0].reported) == 45

    def test_agrees_with_itself_where_a_sentence_repeats_the_table(self) -> None:
        figures = [item for item in real().plans[0].reported if "／回答者の年齢区分／" in item.label]
        table = {item.label.removesuffix("／割合"): item.value for item in figures if item.label.endswith("割合")}
        said = {item.label: item.value for item in figures if item.line == 540}
        assert len(said) == 4
        assert said == {label: table[label] for label in said}

    def test_invents_no_indicator(self) -> None:
        (plan,) = real().plans
        assert not any(item.indicators for item in (*plan.goals, *measures(real()), *projects(real())))

    def test_gives_account_of_every_line_that_holds_something(self) -> None:
        result, document = real(), load_document(_seed())
        known = {item.line for item in (*result.placed, *result.ignored)}
        assert (result.unplaced, result.warnings) == ((), ())
        assert {line.number for line in document.lines if line.clean} <= known
        assert {row.line for table in find_tables(document) for row in table.rows} <= known
        assert {item.place for item in result.ignored if item.line >= 623} == {"用語解説"}
        assert {item.place for item in result.ignored if 9 <= item.line <= 29} == {"目次"}

    def test_is_recognised_by_its_words_and_no_other_plan_is(self) -> None:
        others = [path for path in shared_path("seeds").glob("*.txt") if not path.name.startswith("004_")]
        assert HiratsukaReader().recognises(load_document(_seed())) == 1
        assert all(HiratsukaReader().recognises(load_document(path.read_bytes())) < 0.5 for path in others)


# ---- documents of the same layout ----------------------------------------------------------------------------------

PERIOD = "本方針の適用期間は、国の計画（2019年1月から2020年3月）をふまえ、令和9年4月から令和13年3月までとします。"


def policy(
    heading: str = "方針1 まちの電子化", *, list_label: str = "【想定される取組】", listed: str = ""
) -> list[str]:
    listed = listed or "受付のしごと\n\n○窓口\n\n- ・ 電子の受付\n- ・ 予約の導入"
    return [
        heading, "", "【目指すべき姿】", "", "便利です。", "", "【現状と課題】", "", "不便です。", "", "【取組内容】", "",
        "取り組みます。", "", list_label, "", *listed.split("\n"), "",
    ]  # fmt: skip


def read(*parts: list[str], period: str = PERIOD, title: str = "みほん市デジタル化基本方針") -> ReadResult:
    lines = [title, "", "3 適用期間", "", period, ""]
    for part in parts:
        lines += part
    return HiratsukaReader().read(load_document("\n".join(lines).encode()))


def plan_of(result: ReadResult) -> DraftPlan:
    return result.plans[0]


def test_reads_a_policy_of_other_years_with_other_initiatives() -> None:
    result = read(policy(), policy("方針 2 役所の電子化", listed="書類のしごと\n\n- ・ 紙の削減"))
    plan = plan_of(result)
    assert (plan.title, plan.start_fiscal_year, plan.end_fiscal_year) == ("みほん市デジタル化基本方針", 2027, 2030)
    assert [item.code for item in projects(result)] == ["1-1-1", "1-1-2", "2-1-1"]
    assert [tie.target for tie in projects(result)[0].relations] == ["窓口"]
    assert result.unplaced == ()


@pytest.mark.parametrize(
    ("period", "years"),
    [
        ("適用期間は2021年6月から2026年3月までとします。", (2021, 2025)),
        ("計画期間は2024年度から2028年度までの5年間とします。", (2024, 2028)),
        ("期間は令和6年1月～令和8年12月とする。", (2023, 2026)),
    ],
)
def test_turns_months_into_fiscal_years(period: str, years: tuple[int, int]) -> None:
    plan = plan_of(read(policy(), period=period))
    assert (plan.start_fiscal_year, plan.end_fiscal_year) == years


@pytest.mark.parametrize(
    "period",
    ["期間は当面の間とします。", "2021年13月から2026年3月までとします。", "2026年4月から2021年3月までとします。"],
)
def test_refuses_a_period_that_cannot_be(period: str) -> None:
    with pytest.raises(DocumentError, match=r"3行目.*適用期間") as refusal:
        read(policy(), period=period)
    assert refusal.value.line == 3


def test_refuses_a_document_without_a_policy_or_a_name() -> None:
    with pytest.raises(DocumentError, match="方針1"):
        read([])
    with pytest.raises(DocumentError, match="名前"):
        read(policy(), title="みほん市")


def test_warns_of_a_policy_number_used_twice() -> None:
    result = read(policy(), policy())
    assert ["二度出てきます" in warning.reason for warning in result.warnings] == [True]
    assert len(plan_of(result).goals) == 2


def test_warns_of_an_initiative_listed_twice() -> None:
    result = read(policy(listed="受付\n\n- ・ 同じ取組\n- ・ 同じ取組"))
    assert [item.title for item in projects(result)] == ["同じ取組"] * 2
    assert [warning.line for warning in result.warnings] == [26]


def test_joins_an_initiative_that_runs_over_two_lines() -> None:
    result = read(policy(listed="受付\n\n- ・ とても長い\n取組の名前\n- ・ 次の取組"))
    assert [item.title for item in projects(result)] == ["とても長い取組の名前", "次の取組"]


def test_skips_page_numbers_between_initiatives() -> None:
    result = read(policy(listed="受付\n\n- ・ 一つ目\n\n- 12 -\n\n- ・ 二つ目"))
    assert [item.title for item in projects(result)] == ["一つ目", "二つ目"]
    assert ("ページ番号" in {item.place for item in result.ignored}, result.unplaced) == (True, ())


@pytest.mark.parametrize(
    ("listed", "line"),
    [
        ("- ・ 区分のない取組", 23),
        ("受付\n\n- ・ 取組\n\n一覧のなかほどに置かれた文で、どの取組のことか分からないものがあります。", 27),
        ("受付\n\n- ・ 取組\n\n年度\t件数", 27),
    ],
)
def test_lists_what_it_cannot_place_among_the_initiatives(listed: str, line: int) -> None:
    assert [item.line for item in read(policy(listed=listed)).unplaced] == [line]


def test_warns_of_a_group_and_a_policy_without_initiatives() -> None:
    result = read(policy(listed="空の区分"), policy("方針2 別の方針", list_label="【参考】"))
    reasons = [warning.reason for warning in result.warnings]
    assert any("区分には取組がありません" in reason for reason in reasons)
    assert any("方針2に【想定される取組】が見つかりません" in reason for reason in reasons)
    assert any("この様式にない項目" in reason for reason in reasons)


def test_does_not_take_a_sentence_about_a_policy_for_a_policy() -> None:
    result = read(["方針1の実施に向けて", "", "「方針1 まちの電子化」を進めます。", ""], policy())
    assert [goal.line for goal in plan_of(result).goals] == [11]


def test_reads_contents_without_tabs_as_contents() -> None:
    contents = ["目次", "方針1 まちの電子化 9", "1 アンケート ……12", "", "はじめに", ""]
    result = read(contents, policy())
    assert len(plan_of(result).goals) == 1
    assert [item.line for item in result.ignored if item.place == "目次"] == [7, 8, 9]


SURVEY = ["1 市民アンケート（概要）", "", "（1）調査の概要", "", "【標本数】 発送 1,200件", "", "（2）調査結果", ""]


def survey(*lines: str) -> ReadResult:
    return read(policy(), SURVEY, list(lines))


def figures(result: ReadResult) -> dict[str, float | None]:
    return {item.label.removeprefix("市民アンケート／"): item.value for item in plan_of(result).reported}


def test_reports_a_table_with_other_columns() -> None:
    result = survey("利用の状況", "", "区分\t男\t女\t計", "使う\t10\t20\t30", "使わない\t1\t2\t3", "計\t11\t22\t33")
    assert figures(result)["利用の状況／使わない／女"] == 2
    assert len(figures(result)) == 10
    assert (result.unplaced, result.warnings) == ((), ())


def test_warns_of_a_total_that_does_not_add_up() -> None:
    result = survey("利用の状況", "", "区分\t件数", "使う\t10", "使わない\t1", "計\t12")
    assert [(warning.line, warning.text) for warning in result.warnings] == [(43, "12")]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (["10\t20", "11\t22"], [40, 41]),
        (["区分\t件数", "使う\t10\t99"], [41]),
        (["区分\t件数", "\t10"], [41]),
        (["区分\t件数\t割合", "使う\t10\t"], [41]),
        (["区分\t件数\t割合", "使う\t10"], [41]),
    ],
)
def test_lists_rows_of_a_broken_table(rows: list[str], lines: list[int]) -> None:
    assert [item.line for item in survey("利用の状況", "", *rows).unplaced] == lines


def test_does_not_mix_up_answers_by_post_and_by_net() -> None:
    result = survey("望むこと", "", "郵送回答においては、「早さ」が71%です。全体では、「早さ」が80%です。", "")
    assert figures(result)["望むこと／郵送回答／早さ"] == 71
    assert figures(result)["望むこと／早さ"] == 80


def test_reports_no_bounds_as_figures() -> None:
    result = survey("望むこと", "", "「早さ」を選んだ割合は50%を上回り、利用率が95%を超えています。", "")
    assert list(figures(result)) == ["標本数／発送"]


def test_lists_a_table_in_a_part_that_has_none() -> None:
    result = read(["1 はじめに", "", "担当\t人数", ""], policy())
    assert [item.line for item in result.unplaced] == [9]
