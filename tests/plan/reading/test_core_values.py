"""Values, units and what an indicator measures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.plan.rules.reading.indicators import Cell, build_indicator, has_mixed_units
from madoguchi.plan.rules.reading.values import (
    IndicatorText,
    infer_direction,
    infer_kind,
    infer_type,
    parse_value,
    split_indicators,
)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("104手続き", 104, "手続き"),
        ("64.8%", 64.8, "%"),
        ("６４．８％", 64.8, "%"),
        ("945万件", 9_450_000, "件"),
        ("2,835 万件", 28_350_000, "件"),
        ("1,200万円", 12_000_000, "円"),
        ("1億2,000万円", 120_000_000, "円"),
        ("3千人", 3000, "人"),
        ("5百万円", 5_000_000, "円"),
        ("6割", 60, "%"),
        ("12,000人", 12_000, "人"),
        ("10, 300 時間", 10_300, "時間"),
        ("50 人", 50, "人"),
        ("25", 25, ""),
        ("0件", 0, "件"),
        ("〇箇所", 0, "箇所"),
        ("2時間30分", 2.5, "時間"),
        ("4税目", 4, "税目"),
        ("3チーム以上", 3, "チーム"),
        ("11,000件/年", 11_000, "件"),
        ("当該年度新規導入 4種類以上", 4, "種類"),
        ("会議(庁議)のうち、6割がペーパーレス", 60, "%"),
        ("職員の25%が月1回以上の在宅勤務を実施", 25, "%"),
        ("庁舎以外に拠点を1か所設置", 1, "か所"),
        ("100% (年間△42,000 時間)", 100, "%"),
        ("付与した人数【460人(前年度比110%)】", 460, "人"),
        ("公開数 3種類増加 (合計50種類以上)", 3, "種類"),
        ("児童・生徒 約13,000台", 13_000, "台"),
        ("1人1台の整備（児童 約13,000台）", 13_000, "台"),
        ("令和2年度に20件", 20, "件"),
    ],
)
def test_the_number_and_its_unit_are_read(text: str, value: float, unit: str) -> None:
    parsed = parse_value(text)
    assert parsed is not None
    assert (parsed.value, parsed.unit) == (value, unit)


@pytest.mark.parametrize(
    "text", ["完了", "実施", "全校", "5G", "〇〇件", "第5次計画", "令和5年度", "資料(過去10年間分)", "3～5件"]
)
def test_words_and_names_hold_no_number(text: str) -> None:
    parsed = parse_value(text)
    assert parsed is not None
    assert (parsed.value, parsed.text) == (None, text)


@pytest.mark.parametrize("text", ["", " ", "-", "－", "—", "―", "…", "<p></p>", "\u3000"])
def test_a_dash_says_nothing(text: str) -> None:
    assert parse_value(text) is None


@pytest.mark.parametrize(
    ("text", "comparison"),
    [
        ("80%以上", ">="),
        ("3時間以下", "<="),
        ("10分以内", "<="),
        ("5件未満", "<="),
        ("100件を超える", ">="),
        ("100件", "="),
    ],
)
def test_bounds_are_read(text: str, comparison: str) -> None:
    parsed = parse_value(text)
    assert parsed is not None
    assert parsed.comparison == comparison


@pytest.mark.parametrize(
    ("text", "value", "whole"),
    [
        ("4箇所（16箇所中）", 4, 16),
        ("12箇所 (18箇所中)", 12, 18),
        ("16箇所中4箇所", 4, 16),
        ("全36校のうち、30校", 30, 36),
        ("4/16箇所", 4, 16),
        ("4箇所", 4, None),
        ("11,000件/年", 11_000, None),
    ],
)
def test_the_whole_of_a_part_is_kept_beside_it(text: str, value: float, whole: float | None) -> None:
    parsed = parse_value(text)
    assert parsed is not None
    assert (parsed.value, parsed.out_of) == (value, whole)


@pytest.mark.parametrize(
    ("text", "value", "change", "basis"),
    [
        ("前年比10%増", 10, "increase", "previous_year"),
        ("登録件数の増加(前年比10%増)", 10, "increase", "previous_year"),
        ("前年度比110%", 110, "", "previous_year"),
        ("年間100時間削減", 100, "decrease", ""),
        ("運用費用年間1,200万円削減", 12_000_000, "decrease", ""),
        ("平成30年度に140件発生した障害の10%減", 10, "decrease", "FY2018"),
        ("H30比10%減", 10, "decrease", "FY2018"),
        ("現状から20%以上削減", 20, "decrease", "baseline"),
        ("資料部数7割削減", 70, "decrease", ""),
        ("△5%", 5, "decrease", ""),
        ("5種類追加", 5, "increase", ""),
        ("令和5年度に100件", 100, "", ""),
    ],
)
def test_a_change_is_told_from_a_level(text: str, value: float, change: str, basis: str) -> None:
    parsed = parse_value(text)
    assert parsed is not None
    assert (parsed.value, parsed.change, parsed.basis) == (value, change, basis)


@given(
    st.integers(0, 10**8),
    st.sampled_from(["件", "人", "%", "台", "手続き", "自治会", "円", "時間", "業務"]),
    st.sampled_from(["", " "]),
    st.booleans(),
)
def test_any_number_comes_back_in_any_unit(number: int, unit: str, gap: str, is_wide: bool) -> None:
    text = f"{number:,}{gap}{unit}"
    if is_wide:
        text = text.translate({ord(char): ord(char) + 0xFEE0 for char in "0123456789"})
    parsed = parse_value(text)
    assert parsed is not None
    assert (parsed.value, parsed.unit) == (number, unit)


@given(st.text(st.sampled_from("0123456789,.万億千割%件以上減前年比令和度(（）)～/中…-△ 〇人1台"), max_size=40))
def test_no_text_breaks_the_reading_of_values(text: str) -> None:
    parsed = parse_value(text)
    if parsed is not None:
        assert 0 <= parsed.start <= parsed.end <= len(parsed.text)
        assert parsed.value is None or parsed.value >= 0
    assert all(part.text for part in split_indicators(text))


def test_several_indicators_of_a_cell_are_parted() -> None:
    assert split_indicators("投稿の閲覧者数（50人）、動画の登録者数（350人）") == [
        IndicatorText("投稿の閲覧者数", "50人"),
        IndicatorText("動画の登録者数", "350人"),
    ]
    assert split_indicators("①80%以上 ②55%以上") == [IndicatorText("", "80%以上"), IndicatorText("", "55%以上")]
    assert split_indicators("<ul><li>導入5事業</li><li>平均削減率 75%以上</li></ul>") == [
        IndicatorText("導入", "5事業"),
        IndicatorText("平均削減率", "75%以上"),
    ]
    assert split_indicators("完了") == [IndicatorText("", "完了")]
    assert split_indicators("—") == []


@pytest.mark.parametrize(
    ("label", "unit", "texts", "kind_of_value"),
    [
        ("申請数", "件", ["3件"], "count"),
        ("交付率", "%", ["80%"], "ratio"),
        ("満足度", "割", ["8割"], "ratio"),
        ("停止時間", "時間", ["3時間以下"], "duration"),
        ("運用費", "円", ["100万円"], "money"),
        ("構築", "", ["完了"], "milestone"),
        ("対応", "", ["済", "未"], "existence"),
        ("整備", "", ["全校"], "existence"),
        ("公開数", "", ["25"], "count"),
        ("枚数の削減", "", [], "count"),
    ],
)
def test_the_type_follows_unit_and_texts(label: str, unit: str, texts: list[str], kind_of_value: str) -> None:
    assert infer_type(label, unit, texts) == kind_of_value


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("友だち登録数（累計）", "cumulative"),
        ("アクセス数（年間）", "annual"),
        ("講座の参加者数", "annual"),
        ("削減時間", "annual"),
        ("会員登録者数", "stock"),
        ("カードの交付率", "stock"),
        ("データの公開数", "stock"),
        ("機器の設置箇所数", "stock"),
    ],
)
def test_the_kind_follows_the_label(label: str, kind: str) -> None:
    assert infer_kind(label, "件", ["5件"]) == kind


def test_a_yearly_text_and_a_milestone_decide_the_kind() -> None:
    assert infer_kind("公開数", "件", ["5件/年"]) == "annual"
    assert infer_kind("移行", "", ["完了"]) == "stock"


@pytest.mark.parametrize(
    ("label", "direction"),
    [
        ("障害件数", "down"),
        ("システムの停止時間", "down"),
        ("窓口の待ち時間", "down"),
        ("運用コスト", "down"),
        ("インシデント件数", "down"),
        ("業務削減時間", "up"),
        ("コストの削減額", "up"),
        ("待ち時間の短縮", "up"),
        ("利用者数", "up"),
    ],
)
def test_less_is_better_only_where_the_label_counts_what_hurts(label: str, direction: str) -> None:
    assert infer_direction(label, []) == direction


def test_upper_bounds_make_less_better() -> None:
    assert infer_direction("回答までの日数", ["5日以内", "3日以内"]) == "down"


def test_years_before_the_plan_are_its_past() -> None:
    cells = [
        Cell(2021, "3件", 7),
        Cell(2022, "5件", 7, "2月末時点"),
        Cell(2023, "8件", 7),
        Cell(2024, "-", 7),
        Cell(2025, "12件以上", 8),
    ]
    made = build_indicator(label="公開 件数", cells=cells, line=7, first_target_year=2023)
    assert made.label == "公開件数"
    assert made.baseline is not None
    assert (made.baseline.fiscal_year, made.baseline.value, made.baseline.as_of) == (2022, 5, "2月末時点")
    assert [(item.fiscal_year, item.value) for item in made.actuals] == [(2021, 3)]
    assert [(item.fiscal_year, item.value, item.comparison, item.line) for item in made.targets] == [
        (2023, 8, "=", 7),
        (2025, 12, ">=", 8),
    ]


def test_a_figure_as_of_a_date_is_no_target_even_within_the_plan() -> None:
    cells = [Cell(2022, "5件", 7), Cell(2023, "6件", 7, "2月末時点"), Cell(2024, "9件", 7)]
    made = build_indicator(label="件数", cells=cells, line=7, first_target_year=2023)
    assert made.baseline is not None
    assert made.baseline.fiscal_year == 2022
    assert [value.fiscal_year for value in made.actuals] == [2023]
    assert [value.fiscal_year for value in made.targets] == [2024]
    alone = build_indicator(label="件数", cells=cells[1:], line=7, first_target_year=2023)
    assert alone.baseline is not None
    assert alone.baseline.fiscal_year == 2023


def test_numbers_in_different_units_are_noticed() -> None:
    assert has_mixed_units([Cell(2023, "1", 1), Cell(2024, "80%", 1)])
    assert not has_mixed_units([Cell(2023, "完了", 1), Cell(2024, "80%", 1), Cell(2025, "-", 1)])
