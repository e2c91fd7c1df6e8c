"""What an indicator measures, told from its label, its unit and its texts: type, kind and direction."""

from __future__ import annotations

import re
from collections.abc import Iterable

from madoguchi.plan.rules.draft import Direction, IndicatorKind, IndicatorType
from madoguchi.plan.rules.reading.markup import clean_text

_RATIO_UNITS = frozenset({"%", "割", "倍", "ポイント"})
_DURATION_UNITS = frozenset({"時間", "分", "秒", "日", "日間", "週間", "分間", "か月", "ヶ月", "カ月", "ヵ月", "ケ月"})
_EXISTENCE = re.compile(
    r"有|無|有無|あり|なし|有り|無し|済|済み|未|○|×|◯|未設置|設置済み?|対応済み?|全(?:校|課|庁|館|園|施設|小中学校)"
)
_COUNT_LABEL = re.compile(r"数(?:$|の|[(（])")
_HAS_NUMBER = re.compile(r"\d")

_CUMULATIVE = re.compile(r"累計|累積|延べ|のべ|通算|総計")
_ANNUAL = re.compile(
    r"年間|/年|／年|当該年度|年度内|1年(?:間|当たり|あたり)|月平均|実施回数|開催回数|受講|参加者|参加人数|講座|"
    r"申請(?:件)?数|申込(?:件)?数|利用(?:件|者|回|人)?数|利用率|閲覧|アクセス|ビュー|訪問|来館|相談件数|交付件数|"
    r"問い?合わせ|削減|障害|停止|インシデント|発生|実施率|満足度|研修"
)
_STOCK = re.compile(
    r"(?:利用|活用|対象)業務|登録|友だち|友達|フォロワー|交付率|普及率|保有率|整備率|導入率|移行率|対応率|公開(?:件|データ)?数|公開する|データセット数|"
    r"設置|配置|導入(?:件|業務|事業)?数|整備|端末|機数|台数|団体数|自治会数|業務数|税目数|手続き?数|種類数|事例|"
    r"システム数|移行数|会員|掲載|画像数|部署数|環境構築|箇所数|校数"
)
_LESS_IS_BETTER = re.compile(
    r"障害|事故|インシデント|停止時間|待ち?時間|待機|滞在時間|所要時間|処理時間|業務時間|作業時間|かかる時間|要する時間|対応時間|"
    r"残業|時間外|超過勤務|コスト|経費|費用|費$|運用費|保守費|印刷|用紙|紙の使用|使用枚数|部数|苦情|クレーム|エラー|誤り|ミス|"
    r"滞納|未納|未対応|遅延|違反|漏えい|漏洩|感染|被害|排出|エネルギー|消費|電話(?:対応|件数)|影響を与えた"
)
_SAVED = re.compile(r"(?:削減|短縮|縮減|低減|節減|抑制|減少|圧縮|解消|防止)")
_KEPT_LOW = re.compile(r"以下|以内|未満")


def infer_type(label: str, unit: str, texts: Iterable[str]) -> IndicatorType:
    """Tell what an indicator counts from its unit; without a number an existence (有・無) or a milestone (完了)."""
    said = [plain for text in texts if (plain := clean_text(text).strip())]
    if unit in _RATIO_UNITS or (not unit and re.search(r"率$|割合$", clean_text(label))):
        return "ratio"
    if unit.endswith("円"):
        return "money"
    if unit in _DURATION_UNITS:
        return "duration"
    if unit or any(_HAS_NUMBER.search(text) for text in said) or (not said and _COUNT_LABEL.search(clean_text(label))):
        return "count"
    return "existence" if said and all(_EXISTENCE.fullmatch(text) for text in said) else "milestone"


def infer_kind(label: str, unit: str = "", texts: Iterable[str] = ()) -> IndicatorKind:
    """
    Tell how the yearly values of an indicator relate.

    "cumulative": each includes the years before (累計); "annual": each stands for its year (年間, 参加者数, 削減時間);
    "stock": a state at the end of the year (登録者数, 交付率, 公開数, a reached milestone).
    """
    plain = clean_text(label)
    said = " ".join(clean_text(text) for text in texts)
    if _CUMULATIVE.search(plain):
        return "cumulative"
    if re.search(r"年間|/年|／年|当該年度|月平均", f"{plain} {said}"):
        return "annual"
    if said and not unit and not _HAS_NUMBER.search(said):
        return "stock"
    if _ANNUAL.search(plain) and not re.search(r"登録|友だち|友達|フォロワー", plain):
        return "annual"
    return "stock" if _STOCK.search(plain) else "annual"


def infer_direction(label: str, texts: Iterable[str] = ()) -> Direction:
    """Tell whether more is better: "down" for faults, waiting, cost, paper; "up" where it counts what is saved."""
    plain = clean_text(label)
    said = [clean_text(text) for text in texts]
    if _SAVED.search(plain):
        return "up"
    if _LESS_IS_BETTER.search(plain):
        return "down"
    return "down" if said and all(_KEPT_LOW.search(text) for text in said) else "up"
