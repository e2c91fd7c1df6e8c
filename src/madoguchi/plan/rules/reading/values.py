"""Values as plan documents write them: 「104手続き」「64.8%」「945万件」「4箇所（16箇所中）」「80%以上」「前年比10%増」."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from madoguchi.plan.rules.reading.markup import clean_text
from madoguchi.plan.rules.reading.years import find_years

Comparison = Literal["=", ">=", "<="]
Change = Literal["", "increase", "decrease"]


@dataclass(frozen=True, slots=True)
class ParsedValue:
    """
    What a text says as a value.

    ``value`` is the number in ``unit`` (万, 千 and 億 multiplied out, 割 as per cent), None where the text holds none
    (完了, 全校) or more than one reading. ``out_of`` is the whole of 「4箇所（16箇所中）」. ``change`` is set where the number
    is a change (「100時間削減」), ``basis`` what it is measured against: "previous_year", "FY2018", "baseline" or empty.
    ``text`` is the plain text of the whole, ``start`` and ``end`` the part of it that the value stands in.
    """

    value: float | None
    unit: str
    comparison: Comparison
    out_of: float | None
    basis: str
    change: Change
    text: str
    start: int = 0
    end: int = 0


_NOTHING = frozenset({"", "-", "－", "―", "—", "–", "ー", "‐", "−", "…", "・・・", "／", "/", "―", "─"})
_DIGITS = r"\d{1,3}(?:, ?\d{3})+(?:\.\d+)?|\d+(?:[.．]\d+)?"
_NUMBER = re.compile(
    rf"(?P<minus>[△▲−]\s*)?(?<![A-Za-z\d.,])(?P<oku>(?:{_DIGITS})\s*億\s*)?(?P<man>(?:{_DIGITS})\s*(?:百|千)?万\s*)?"
    rf"(?P<sen>(?:{_DIGITS})\s*(?:千|百)\s*(?!年))?(?P<rest>{_DIGITS})?"
)
_ZERO_MARK = re.compile(r"(?<![〇○])[〇](?=箇所|か所|ヶ所|カ所|件|人|回|台|校|名)")
# Longest first, so that 手続き wins over 手. A unit outside this list is taken from the text only when nothing else follows.
_COUNTERS = (
    "ポイント|プロジェクト|システム|アカウント|コンテンツ|データセット|ダウンロード|アクセス|ページビュー|ページ|フォロワー|"
    "自治会|手続き|手続|業務|事業|税目|種類|種別|項目|施設|団体|世帯|企業|店舗|講座|路線|箇所|か所|ヶ所|カ所|ヵ所|ケ所|個所|"
    "分野|地区|地域|教室|学校|学級|会議|か月|ヶ月|カ月|ヵ月|ケ月|か国語|ヶ国語|カ国語|言語|"
    "時間|日間|週間|分間|年間|か年|秒|分|日|"
    "%|割|倍|円|件|人|名|台|機|回|校|園|館|個|本|枚|冊|部|課|局|室|所|社|者|点|種|棟|戸|組|班|局|票|基|隻|両|"
    "例|床|便|問|曲|カード|セット|アプリ|サイト|メニュー|拠点|公園|避難所|窓口|㎡|km|kg|GB|TB|MB|Mbps|kWh|PV|pt|t|ha"
)
_UNIT = re.compile(rf"(?P<unit>{_COUNTERS})")
_FREE_UNIT = re.compile(r"(?P<unit>[一-龥々ァ-ヺーぁ-ゖA-Za-z]{1,8}?)(?=以上|以下|以内|未満|増|減|削減|追加|を|に|の|$|[\s、。,（(）)/／])")
_COMPARISON = re.compile(r"\s*(?:を|の)?(以上|以下|以内|未満|超|を超える|を上回る|を下回る|まで)")
_AT_LEAST = frozenset({"以上", "超", "を超える", "を上回る"})
_CHANGE = re.compile(
    r"\s*(?:以上|以下|程度|以内)?\s*(?:の|を|に|ずつ|分)?\s*"
    r"(?:(?P<up>増|向上|追加|上昇|拡大|アップ|UP)|(?P<down>減|削減|短縮|縮減|低減|縮小|ダウン|圧縮|節減|抑制))"
)
_OUT_OF_AFTER = re.compile(rf"\s*[(（]?\s*(?:全)?\s*(?P<whole>{_DIGITS})\s*(?:[^\d()（）、。\s]{{0,6}}?)(?:中|のうち)")
_OUT_OF_SLASH = re.compile(rf"\s*[/／]\s*(?P<whole>{_DIGITS})")
_PREVIOUS_YEAR = re.compile(r"(?:対)?前年度?(?:比|より|から|に比べ|実績|の|同期比)|毎年度?(?=\D{0,4}\d+(?:\.\d+)?%(?:ずつ)?[増減])")
_BASELINE = re.compile(r"(?:計画)?(?:策定時|現状値?|当初)(?:比|より|から|に比べ|の)")
_RANGE = re.compile(r"\s*[^\d\s、。,（(）)]{0,4}\s*[~〜～]\s*\d")
_NOT_A_VALUE_BEFORE = re.compile(r"(?:第|No\.?|過去|直近|バージョン|Ver\.?|Society ?|\d[-‐]|週|月に|年に|1人)$", re.IGNORECASE)
_NOT_A_VALUE_AFTER = re.compile(r"\s*(?:月(?!間)|年度|年(?!間)|G\b|次(?:計画|総合|期|$)|期|号|条|項(?!目)|章|[-‐]\d)")
_BRACKETS = {"(": 1, "（": 1, "【": 1, "[": 1, "［": 1, ")": -1, "）": -1, "】": -1, "]": -1, "］": -1}


@dataclass(frozen=True, slots=True)
class _Candidate:
    value: float | None
    unit: str
    start: int
    end: int
    depth: int
    comparison: Comparison
    change: Change
    is_decimal: bool = False


def is_nothing(text: str) -> bool:
    """Tell whether a cell says nothing: empty, or a dash of any kind."""
    return clean_text(text).strip() in _NOTHING


def parse_value(text: str) -> ParsedValue | None:
    """
    Read the value of a cell or phrase; None where the text says nothing (empty, 「-」, 「—」).

    Years, dates, ordinals and names such as 「5G」 are no values. Of several numbers the one outside brackets counts, and
    among those the one that is said to grow or shrink, else the first. A span (「3～5件」) gives no number.
    """
    plain = re.sub(r"\s+", " ", clean_text(text)).strip()
    if plain in _NOTHING:
        return None
    candidates = _candidates(plain)
    if not candidates:
        return ParsedValue(None, "", "=", None, "", _change_of(plain), plain, 0, len(plain))
    best = min(candidates, key=lambda item: (item.depth, item.change == "", item.start))
    out_of, end = _out_of(plain, best)
    return ParsedValue(
        best.value, best.unit, best.comparison, out_of, _basis(plain, best), best.change, plain, best.start, end
    )


def parse_number(text: str) -> float | None:
    """Give the number that a text is, apart from its unit, or None: 「1億2,000万円」 → 120000000.0."""
    parsed = parse_value(text)
    return parsed.value if parsed else None


def _candidates(text: str) -> list[_Candidate]:
    found: list[_Candidate] = []
    years = find_years(text)
    depths = _depths(text)
    position = 0
    while position < len(text):
        candidate = _candidate_at(text, position, depths)
        if candidate is None:
            position += 1
            continue
        in_year = any(year.start < candidate.end and candidate.start < year.end for year in years)
        if not in_year and not _is_whole(text, candidate):
            found.append(candidate)
        position = max(candidate.end, position + 1)
    return found


def _candidate_at(text: str, position: int, depths: list[int]) -> _Candidate | None:
    if zero := _ZERO_MARK.match(text, position):
        return _measure(text, 0.0, zero.start(), zero.end(), depths)
    match = _NUMBER.match(text, position)
    if match is None or not match.group().strip() or not re.search(r"\d", match.group()):
        return None
    end = match.start() + len(match.group().rstrip())
    if _NOT_A_VALUE_BEFORE.search(text[: match.start()]) or _NOT_A_VALUE_AFTER.match(text, end):
        return _Candidate(None, "", match.start(), end, 99, "=", "") if False else _skip(text, match.start(), end)
    candidate = _measure(text, _number(match), match.start(), end, depths)
    return _with_minus(candidate) if match["minus"] else candidate
