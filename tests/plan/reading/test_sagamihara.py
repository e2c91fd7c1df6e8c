"""The reader of Sagamihara documents on the real strategy: both plans, every value, and an account of every row."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from madoguchi.plan.plugins.sagamihara import SagamiharaReader
from madoguchi.plan.rules.draft import DraftIndicator, DraftPlan, DraftProject, ReadResult
from madoguchi.plan.rules.reading.document import Document, find_tables, load_document
from tests.shared import shared_path

pytestmark = pytest.mark.shared

SEED = ("seeds", "003_faa98ea2890206e1.txt")
COUNT, RATIO, TIME, MONEY = "count", "ratio", "duration", "money"


@cache
def document() -> Document:
    return load_document(shared_path(*SEED).read_bytes())


@cache
def result() -> ReadResult:
    return SagamiharaReader().read(document())


def previous() -> DraftPlan:
    return result().plans[0]


def current() -> DraftPlan:
    return result().plans[1]


def projects(plan: DraftPlan) -> dict[str, DraftProject]:
    return {p.title: p for goal in plan.goals for measure in goal.measures for p in measure.projects}


def indicator(project: str, label: str, plan: DraftPlan | None = None) -> DraftIndicator:
    return next(i for i in projects(plan or current())[project].indicators if i.label == label)


def values(item: DraftIndicator) -> dict[int | None, float | None]:
    return {target.fiscal_year: target.value for target in item.targets}


def reported(plan: DraftPlan, label: str) -> float | None:
    return next(figure.value for figure in plan.reported if figure.label == label)


def test_every_table_row_is_placed_or_ignored_with_a_reason_and_nothing_is_left_over() -> None:
    settled = {entry.line for entry in (*result().placed, *result().ignored)}
    rows = {row.line for table in find_tables(document()) for row in table.rows}
    assert rows == settled
    assert result().unplaced == ()
    assert all(entry.place for entry in result().ignored)


def test_the_document_is_recognised_and_the_other_seeds_are_not() -> None:
    reader = SagamiharaReader()
    assert reader.recognises(document()) == 1
    others = [path for path in shared_path("seeds").glob("*.txt") if path.name != SEED[1]]
    assert all(reader.recognises(load_document(path.read_bytes())) < 0.3 for path in others)


def test_both_plans_carry_the_names_and_years_of_the_document() -> None:
    assert [(p.code, p.title, p.start_fiscal_year, p.end_fiscal_year, p.line) for p in result().plans] == [
        ("ict-2017", "相模原市ICT活用推進計画", 2017, 2019, 88),
        ("ict-2020", "相模原市ICT総合戦略", 2020, 2023, 3),
    ]
    assert previous().is_previous
    assert current().predecessor == previous().code
    assert current().philosophy.startswith("選ばれ・愛される")
    assert previous().philosophy.startswith("豊かな地域社会")
    assert {r.target for r in current().relations} >= {"相模原市総合計画", "かながわICT・データ利活用推進計画"}
    assert next(f.text for f in current().reported if f.label == "改定") == "令和5年3月改定"


# ---- the previous plan ---------------------------------------------------------------------------------------------


def test_the_previous_plan_has_31_projects_under_three_goals_with_their_marks() -> None:
    marks = [Counter(p.progress for m in goal.measures for p in m.projects) for goal in previous().goals]
    assert marks == [Counter({"○": 6, "△": 3}), Counter({"○": 8, "△": 2, "×": 1}), Counter({"○": 11})]
    assert [len(goal.measures) for goal in previous().goals] == [2, 2, 2]
    assert [(r.kind, r.target) for goal in previous().goals for r in goal.relations] == [
        ("goal_category", "利便"), ("goal_category", "活力"), ("goal_category", "効率"),
    ]  # fmt: skip


def test_rows_without_a_measure_belong_to_the_measure_above() -> None:
    by_measure = {m.title: len(m.projects) for goal in previous().goals for m in goal.measures}
    assert list(by_measure.values()) == [4, 5, 3, 8, 4, 7]
    assert projects(previous())["道路陥没予兆検知技術の実証実験"].progress == "×"
    assert projects(previous())["さがみはらデジタルアーカイブの導入研究"].line == 252


@pytest.mark.parametrize(("number", "rate", "count", "priority", "achieved"), [
    ("1", 66, 9, 3, 1), ("2", 72, 11, 4, 2), ("3", 100, 11, 4, 4),
])  # fmt: skip
def test_the_figures_that_the_document_states_follow_from_the_marks(
    number: str, rate: int, count: int, priority: int, achieved: int
) -> None:
    goal = next(goal for goal in previous().goals if goal.code == number)
    own = [p for m in goal.measures for p in m.projects]
    done = sum(p.progress == "○" for p in own)
    assert (len(own), done * 100 // len(own), sum(p.is_priority for p in own)) == (count, rate, priority)
    assert sum(all(i.evaluation == "○" for i in p.indicators) for p in own if p.indicators) == achieved
    labels = ("事業数", "進捗達成率", "重点プロジェクト数", "成果を達成した事業数", "計画どおりに進捗した事業数")
    stated = [reported(previous(), f"基本目標{number} {label}") for label in labels]
    assert stated == [count, rate, priority, achieved, done]


def test_seven_of_eleven_priority_projects_reached_their_target() -> None:
    outcomes = [i for p in projects(previous()).values() for i in p.indicators]
    assert Counter(i.evaluation for i in outcomes) == Counter({"○": 7, "△": 4})
    assert (reported(previous(), "重点プロジェクト数"), reported(previous(), "成果を達成した事業数")) == (11, 7)
    assert all(p.is_priority for p in projects(previous()).values() if p.indicators)
    assert all(bool(i.opinion) == (i.evaluation == "△") for i in outcomes)


@pytest.mark.parametrize(("project", "line", "unit", "kind", "baseline", "target", "actual", "mark"), [
    ("証明書のコンビニ交付拡充", 320, "件", COUNT, 253, 194000, 43000, "△"),
    ("「マイ広報さがみはら」の導入", 335, "件", COUNT, None, 6500, 7815, "○"),
    ("遠隔手話通訳サービスの導入", 346, "箇所", COUNT, None, 3, 0, "△"),
    ("緑区特設サイトの充実(区ビジョン推進事業)", 361, "件", COUNT, None, 10000, 14045, "○"),
    ("公共施設通報アプリの利用促進", 372, "%", RATIO, 10, 30, 11, "△"),
    ("公民館におけるICTを活用した学習環境の充実", 387, "館", COUNT, None, 27, 10, "△"),
    ("さがみはら地域ポータルサイトの充実", 402, "件", COUNT, 7500, 10000, 18015, "○"),
    ("ペーパーレス会議の推進", 413, "%", RATIO, None, 40, 60, "○"),
    ("ナレッジ共有機能の拡充", 424, "件", COUNT, 94, 320, 348, "○"),
    ("基幹システム最適化の推進", 435, "%", RATIO, None, 100, 128, "○"),
    ("フリーアドレスの試験導入", 446, "日", TIME, None, 180, 562, "○"),
])  # fmt: skip
def test_outcome_indicators_have_baseline_of_2015_target_and_result_of_2019(
    project: str, line: int, unit: str, kind: str, baseline: float | None, target: float, actual: float, mark: str
) -> None:
    (item,) = projects(previous())[project].indicators
    assert (item.line, item.unit, item.type, item.evaluation) == (line, unit, kind, mark)
    assert (item.baseline and (item.baseline.fiscal_year, item.baseline.value)) == (
        None if baseline is None else (2015, baseline)
    )
    assert [(v.fiscal_year, v.value) for v in item.targets] == [(2019, target)]
    assert [(v.fiscal_year, v.value) for v in item.actuals] == [(2019, actual)]


# ---- the plan itself -----------------------------------------------------------------------------------------------


def test_the_plan_has_three_goals_eight_measures_and_34_projects_with_their_classes() -> None:
    assert [(goal.code, goal.title) for goal in current().goals] == [
        ("1", "利用者中心の行政サービス改革"),
        ("2", "経営資源を最大限に活用した行財政改革"),
        ("3", "将来にわたり発展し続けるまちづくり"),
    ]
    sizes = {m.code: len(m.projects) for goal in current().goals for m in goal.measures}
    assert sizes == {"1-1": 5, "1-2": 4, "2-1": 5, "2-2": 4, "2-3": 3, "3-1": 4, "3-2": 6, "3-3": 3}
    assert len(projects(current())) == reported(current(), "事業数") == 34
    # The lists class SNS等を活用した… as C, its sheet as A with 重点事業: the sheet counts.
    assert Counter(p.portfolio_class for p in projects(current()).values()) == Counter({"A": 22, "C": 12})
    assert sum(p.is_priority for p in projects(current()).values()) == 17


@pytest.mark.parametrize(("title", "line", "sheet"), [
    ("住民異動届の電子申請化及び住民記録システムの入力の自動化", 713, 1138),
    ("情報共有基盤システムの更新", 766, 1301),
    ("住居表示台帳の電子化", 804, 1402),
    ("ICTを活用した次世代の学校創造事業", 876, 1561),
])  # fmt: skip
def test_a_sheet_that_lost_its_title_gets_it_from_the_lists_and_a_warning(title: str, line: int, sheet: int) -> None:
    project = projects(current())[title]
    assert project.line == line
    assert [action.line for action in project.actions] == [sheet]
    assert any(
        title in warning.reason and "事業名の見出しがありません" in warning.reason for warning in result().warnings
    )


def test_a_misread_letter_in_a_title_is_mended_from_the_lists_and_named() -> None:
    assert projects(current())["市議会対応事務の電子化"].line == 1264
    assert any(w.line == 1264 and "市議会対回事務の電子化" in w.reason for w in result().warnings)


KGIS = {
    "1-1": [("市民等が行政手続等にかかる時間の削減", 702, "時間", TIME, "up", None, 6700, "=")],
    "1-2": [("該当事業の行政サービス数", 720, "種類", COUNT, "up", 3, 12, "=")],
    "2-1": [("簡易作業に係る作業削減時間", 753, "時間", TIME, "up", None, 11600, ">=")],
    "2-2": [("業務生産性の向上を実感した職員の割合", 771, "%", RATIO, "up", None, 80, ">=")],
    "2-3": [("市民に影響を与えた事例の件数", 794, "件", COUNT, "down", 0, 0, "=")],
    "3-1": [("オープンデータカタログサイトへの年間アクセス件数", 828, "件", COUNT, "up", 45570, 60000, ">=")],
    "3-2": [("相模原市LINE公式アカウントの友だち登録人数", 845, "人", COUNT, "up", None, 30000, ">=")],
    "3-3": [
        ("重点事業の成果指標達成率", 866, "%", RATIO, "up", None, 80, ">="),
        ("ICTを活用した行政サービスの利用率", 866, "%", RATIO, "up", 48, 55, ">="),
    ],
}


@pytest.mark.parametrize("code", KGIS)
def test_every_measure_has_its_target_values_for_the_last_year(code: str) -> None:
    measure = next(m for goal in current().goals for m in goal.measures if m.code == code)
    found = [
        (i.label, i.line, i.unit, i.type, i.direction, i.baseline and i.baseline.value, i.targets[0].value,
         i.targets[0].comparison) for i in measure.indicators
    ]  # fmt: skip
    assert found == KGIS[code]
    assert all(i.level == "kgi" and i.note and [t.fiscal_year for t in i.targets] == [2023] for i in measure.indicators)
    assert measure.summary


def test_numbers_of_sdg_icons_are_kept_and_a_missing_icon_is_named() -> None:
    found = {m.code: [r.target for r in m.relations] for goal in current().goals for m in goal.measures}
    assert found == {"1-1": ["8"], "1-2": ["10"], "2-1": ["8"], "2-2": ["8"], "2-3": ["11"], "3-1": ["17"],
                     "3-2": ["17"], "3-3": []}  # fmt: skip
    assert any("施策3-3" in w.reason and "SDGs" in w.reason for w in result().warnings)


Y = (2020, 2021, 2022, 2023)
SERIES = [
    ("電子申請の利用促進", "電子申請手続の増加数", 1113, "種類", COUNT, dict(zip(Y, (4, 15, 15, 15), strict=True)), ">="),
    ("行政手続の検索サービスの導入", "当該年度の検索サービスへのアクセス数", 1128, "件", COUNT,
     {2021: 10000, 2022: 20000, 2023: 30000}, ">="),
    ("多言語対応におけるICT活用", "多言語情報発信ツール当該年度新規追加", 1184, "業務", COUNT, dict.fromkeys(Y, 2), ">="),
    ("相模原市公式ホームページ管理システム更新", "ホームページアクセス数", 1199, "件", COUNT, {2023: 30000000}, "="),
    ("RPAの全庁導入", "RPAツールの導入事業数", 1246, "事業", COUNT, dict(zip(Y, (5, 7, 10, 10), strict=True)), "="),
    ("RPAの全庁導入", "平均業務時間削減率", 1246, "%", RATIO, dict.fromkeys(Y, 75), ">="),
    ("次期自治体クラウドの構築及びネットワーク更新", "システム運用保守費用の削減", 1261, "円", MONEY, {2023: 12000000}, "="),
    ("市議会対応事務の電子化", "資料部数の削減", 1276, "%", RATIO, {2022: 70}, "="),
    ("ICTを活用した多様なワークスタイルの創出", "区合同庁舎以外にサテライトオフィスを設置", 1317, "か所", COUNT, {2021: 1}, "="),
    ("ICTを活用した多様なワークスタイルの創出", "職員が月1回以上の在宅勤務を実施", 1317, "%", RATIO, {2021: 25}, "="),
    ("ICTを活用した多様なワークスタイルの創出", "毎月、職員が1回以上の在宅勤務を実施", 1317, "%", RATIO,
     {2022: 10, 2023: 15}, "="),
    ("ペーパーレス会議の推進", "会議(庁議)に係るペーパーレス会議の実施割合", 1332, "%", RATIO,
     {2021: 60, 2022: 70, 2023: 80}, "="),
    ("プリンタと複合機の統合及び個人認証管理機能の導入", "職員アンケートにおいて業務生産性の向上を実感した職員の割合",
     1362, "%", RATIO, {2023: 80}, ">="),
    ("消防情報管理システム更新", "システム障害率の削減", 1377, "%", RATIO, {2023: 10}, "="),
    ("基幹システムの機器更新", "システムの稼働停止時間", 1392, "時間", TIME, {2022: 3, 2023: 3}, "<="),
    ("公共施設保全台帳の活用・公共施設情報の一元化等の推進", "公開する公共施設情報の追加", 1418, "種類", COUNT,
     {2023: 5}, "="),
    ("オープンデータの充実、活用の推進", "オープンデータ公開数の増加", 1433, "種類", COUNT, dict.fromkeys(Y, 3), "="),
    ("オープンデータの充実、活用の推進", "オープンデータ公開数の合計", 1433, "種類", COUNT, {2023: 50}, ">="),
    ("統計データ利活用推進", "「調査データ一覧」のデータ登録数", 1448, "件", COUNT, {2020: 30, 2023: 33}, ">="),
    ("統計データ利活用推進", "住民基本台帳人口資料の閲覧年数", 1448, "年", COUNT, {2022: 10, 2023: 12}, "="),
    ("緑区特設サイトの充実(区ビジョン推進事業)", "特設サイトのアクセス件数", 1478, "件", COUNT,
     dict(zip(Y, (11000, 12000, 11000, 12000), strict=True)), "="),
    ("SNS等を活用した文化事業及び文化資源に関する情報発信", "Twitterのフォロワー数", 1491, "人", COUNT,
     {2021: 50, 2022: 100, 2023: 150}, "="),
    ("SNS等を活用した文化事業及び文化資源に関する情報発信", "YouTubeのチャンネル登録者数", 1491, "人", COUNT,
     {2021: 350, 2022: 400, 2023: 450}, "="),
    ("さがみはら地域ポータルサイトの充実", "年間ページビュー数", 1506, "件", COUNT,
     dict(zip(Y, (550000, 600000, 670000, 740000), strict=True)), "="),
    ("自治体ポイントの活用推進", "地域活動ポイントを付与した人数", 1521, "人", COUNT,
     dict(zip(Y, (410, 460, 520, 580), strict=True)), "="),
    ("ICTを活用した次世代の学校創造事業", "児童生徒1人1台でのタブレットPCを活用した授業の実施日率", 1562, "%", RATIO,
     {2020: 30}, "="),
]  # fmt: skip


@pytest.mark.parametrize(("project", "label", "line", "unit", "kind", "targets", "comparison"), SERIES)
def test_outcome_indicators_are_series_of_numbers_by_year(
    project: str, label: str, line: int, unit: str, kind: str, targets: dict[int, float], comparison: str
) -> None:
    item = indicator(project, label)
    assert (item.line, item.unit, item.type, values(item)) == (line, unit, kind, targets)
    assert {target.comparison for target in item.targets} == {comparison}
    assert item.note


def test_there_is_no_indicator_beside_those_that_were_compared_with_the_document_by_eye() -> None:
    without_number = {
        "区合同庁舎にサテライトオフィスを設置", "「相模原市DX人材育成方針」の策定", "DX人材育成方針で定める指標",
        "「調査データ一覧」に業務統計の情報を追加等によるデータ登録件数の増加",
        "文科省調査において①ICTを活用して指導する能力、②ICT活用を指導する能力、③情報活用を指導する能力に"
        "「できる」「ややできる」と回答した教員の割合",
    }  # fmt: skip
    labels = Counter(i.label for p in projects(current()).values() for i in p.indicators)
    assert labels == Counter([label for _, label, *_ in SERIES] + list(without_number))


def test_changes_name_what_they_are_measured_against() -> None:
    fault = indicator("消防情報管理システム更新", "システム障害率の削減")
    assert (fault.targets[0].basis, fault.direction) == ("FY2018", "up")
    # 140件 is the base of the change, not a value in per cent.
    assert fault.baseline is not None
    assert (fault.baseline.fiscal_year, fault.baseline.text, fault.baseline.value) == (2018, "140件", None)
    growth = indicator("統計データ利活用推進", "「調査データ一覧」に業務統計の情報を追加等によるデータ登録件数の増加")
    assert [(t.fiscal_year, t.value, t.basis) for t in growth.targets] == [(2021, 10, "previous_year")]


def test_targets_without_a_number_keep_their_words() -> None:
    survey = next(
        i for i in projects(current())["ICTを活用した次世代の学校創造事業"].indicators if i.label.startswith("文科省")
    )
    assert [(t.fiscal_year, t.value, t.comparison) for t in survey.targets] == [(y, None, ">=") for y in Y[1:]]
    assert survey.type == RATIO
    skills = indicator("職員のICTスキルの向上", "DX人材育成方針で定める指標")
    assert [(t.fiscal_year, t.text, t.value) for t in skills.targets] == [
        (y, "DX人材育成方針で定める指標", None) for y in (2022, 2023)
    ]
    assert indicator("職員のICTスキルの向上", "「相模原市DX人材育成方針」の策定").type == "milestone"


def test_projects_whose_indicators_are_set_later_say_so() -> None:
    later = [p for p in projects(current()).values() if p.overall_target]
    assert {p.overall_target for p in later} == {"(事業の進捗に合わせ設定)"}
    assert len(later) == 13
    assert not any(p.indicators for p in later)


def test_actions_are_words_by_year_one_per_list_item() -> None:
    (action,) = projects(current())["相模原市公式ホームページ管理システム更新"].actions
    assert [word.fiscal_year for word in action.words] == [2020] * 3 + [2021] * 4 + [2022] * 2
    assert action.words[4].text == "RFIの実施"
    (action,) = projects(current())["RPAの全庁導入"].actions
    assert Counter(word.fiscal_year for word in action.words) == Counter({2020: 3, 2021: 2, 2022: 3, 2023: 3})
    assert all(p.actions and p.summary for p in projects(current()).values())


def test_relations_follow_the_table_of_policies_and_the_remarks_of_the_lists() -> None:
    related = [p for p in projects(current()).values() if any(r.kind == "basic_policy" for r in p.relations)]
    assert len(related) == reported(current(), "基本法5方針に関連する事業数") == 27
    same = {p.title for p in projects(current()).values()
            for r in p.relations if r.kind == "predecessor" and r.target in projects(previous())}  # fmt: skip
    assert same == {
        "ペーパーレス会議の推進",
        "緑区特設サイトの充実(区ビジョン推進事業)",
        "さがみはら地域ポータルサイトの充実",
    }
    continued = [p for p in projects(current()).values() if any(r.kind == "predecessor" for r in p.relations)]
    assert len(continued) == 10


def test_figures_of_the_document_that_do_not_add_up_are_warned_of() -> None:
    lines = {w.line for w in result().warnings if "文書の「" in w.reason}
    assert lines == {616, 618, 622, 631}
    assert reported(current(), "重点事業数") == 16
