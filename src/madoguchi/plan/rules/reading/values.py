"""Values as plan documents write them: 「104手続き」「945万件」「4箇所（16箇所中）」「80%以上」「前年比10%増」."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from madoguchi.plan.rules.reading.inference import infer_direction, infer_kind, infer_type
from madoguchi.plan.rules.reading.markup import clean_text, list_items
from madoguchi.plan.rules.reading.years import YearMention, find_years

__all__ = [
    "IndicatorText",
    "ParsedValue",
    "infer_direction",
    "infer_kind",
    "infer_type",
    "is_nothing",
    "parse_value",
    "split_indicators",
]

Comparison = Literal["=", ">=", "<="]
Change = Literal["", "increase", "decrease"]

_NOTHING = frozenset({"", "-", "－", "―", "—", "–", "ー", "‐", "−", "─", "…", "・・・", "/", "／"})
_DIGITS = r"(?:\d{1,3}(?:[,，] ?\d{3})+(?!\d)|\d+)(?:[.．]\d+)?"
_NUMBER = re.compile(
    rf"(?P<sign>[△▲−+＋±]\s*|(?:^|(?<=\s))-)?(?<![A-Za-z\d.,])"
    rf"(?:(?P<zero>(?<!〇)〇(?=箇所|か所|ヶ所|カ所|件|人|回|台|校|名|業務))"
    rf"|(?=\d)(?:(?P<oku>{_DIGITS})\s*億\s*)?(?:(?P<man>{_DIGITS})\s*(?P<man_unit>[百千]?)万\s*)?"
    rf"(?:(?P<sen>{_DIGITS})\s*千\s*)?(?P<rest>{_DIGITS})?)"
)
_COUNTERS = (
    "ポイント|プロジェクト|システム|アカウント|コンテンツ|データセット|ダウンロード|アクセス|ページビュー|ページ|"
    "フォロワー|カード|セット|アプリ|サイト|メニュー|サービス|データ|自治会|手続き|手続|業務|事業|税目|種類|種別|種|"
    "項目|施設|団体|世帯|企業|店舗|講座|路線|箇所|か所|ヶ所|カ所|ヵ所|ケ所|個所|分野|地区|地域|教室|学校|学級|会議|"
    "拠点|公園|避難所|窓口|部署|部局|部門|か国語|ヶ国語|カ国語|言語|時間|日間|週間|分間|か月|ヶ月|カ月|ヵ月|ケ月|"
    "日|秒|分|%|割|倍|円|件|人|名|台|機|回|校|園|館|個|本|枚|冊|部|課|局|室|所|社|者|点|棟|戸|組|班|票|基|隻|両|例|"
    "床|便|問|曲|㎡|km|kg|GB|TB|MB|Mbps|kWh|PV|pt|t|ha"
)
_UNIT = re.compile(r"\s*(" + "|".join(sorted(_COUNTERS.split("|"), key=len, reverse=True)) + ")")
_FREE_UNIT = re.compile(
    r"\s*([一-龥々]{1,4}?|[ァ-ヶー]{2,}|[A-Za-z]{1,8})(?=以上|以下|以内|未満|増|減|削減|追加|$|[\s、。,（(）)/／])"
)
_COMPARISON = re.compile(r"\s*(?:(?P<least>以上|超|を超え|を上回)|(?P<most>以下|以内|未満|を下回))")
_CHANGE = re.compile(
    r"\s*(?:程度)?(?:の|を|分|ずつ)?\s*(?:(?P<up>増|向上|追加|上昇|アップ)|(?P<down>減|削減|短縮|縮減|低減|ダウン|圧縮|節減|抑制))"
)
_MINUTES = re.compile(r"\s*(\d{1,2})分")
_WHOLE = re.compile(r"\s*(?:中|のうち|の内)")
_SLASH = re.compile(rf"\s*[/／]\s*({_DIGITS})")
_GAP_TO_WHOLE = re.compile(r"[\s(（、,全]*")
_RANGE = re.compile(r"\s*[~〜～]\s*\d")
_PREVIOUS_YEAR = re.compile(r"(?:前年度?(?:同期)?(?:比|より|から|に比べ|実績|の)|毎年度?)\D*$")
_PREVIOUS_YEAR_AFTER = re.compile(r"[^\d、。]{0,4}[(（]対?前年度?比[)）]")
_BASELINE = re.compile(r"(?:策定時|現状値?|当初)(?:比|より|から|に比べ|の)\D*$")
_BASE_YEAR = re.compile(r"\s*(?:末|実績|時点)?\s*(?:比|に比べ|に対し|より|から|の|に)")
_NAME_BEFORE = re.compile(
    r"(?:第|No\.?|過去|直近|今後|バージョン|Ver\.?|Society ?|世代|\d[-‐ー]|人に?|\d月|\d[/／])\s*$", re.IGNORECASE
)
_NAME_AFTER = re.compile(
    r"\s*(?:月(?!間)|年|[かヶカヵケ箇]年|世紀|代|G\b|D\b|次(?:元|期|計画|総合|実施|産業|利用|$)|期|号|条|章|節|歳|時(?!間)|[-‐]\d|[:：]\d"
    r"|[百千万億]?\s*人(?:に?\d\s*台|当たり|あたり|につき|ひとり))"
)
_ONE_EACH = re.compile(r"\d\s*人に?\s*$")
_LONGEST_NAME = 12
_OPENING, _CLOSING = "(（【[［「『", ")）】]］」』"
_QUOTES = "「『」』"


@dataclass(frozen=True, slots=True)
class ParsedValue:
    """
    What a text says as a value.

    ``value`` is the number in ``unit`` (億, 万 and 千 multiplied out, 割 as per cent), None where the text holds none
    (完了, 全校) or leaves it open (「3～5件」). ``out_of`` is the whole of 「4箇所（16箇所中）」. ``change`` is set
    where the number is a change (「100時間削減」) and ``basis`` says against what: "previous_year", "FY2018",
    "baseline" or nothing. ``text`` is the plain text of the whole; ``start`` and ``end`` bound the part that holds the value.
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


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """One of several indicators in one cell: what it measures and the words of its value."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    value: float | None
    unit: str
    start: int
    end: int
    depth: int
    comparison: Comparison = "="
    change: Change = ""
    is_whole: bool = False


def is_nothing(text: str) -> bool:
    """Tell whether a cell says nothing: empty, or a dash of any kind."""
    return clean_text(text) in _NOTHING


def parse_value(text: str) -> ParsedValue | None:
    """
    Read the value of a cell or phrase; None where the text says nothing (empty, 「-」, 「—」).

    Years, dates, ordinals and names such as 「5G」 are no values. Of several numbers the one outside brackets counts,
    then the first, except where the first is only the base of a change (「平成30年度に140件発生した障害の10%減」).
    """
    plain = re.sub(r"\s+", " ", clean_text(text))
    if plain in _NOTHING:
        return None
    years = find_years(plain)
    found = _candidates(plain, years)
    levels = [item for item in found if not item.is_whole]
    if not levels:
        return ParsedValue(None, "", "=", None, "", "", plain, 0, len(plain))
    best = min(levels, key=lambda item: (item.depth, _is_base(plain, item, levels, years), item.start))
    out_of, unit, end = _out_of(plain, best, [item for item in found if item.is_whole])
    basis = _basis(plain, best, years)
    return ParsedValue(best.value, unit, best.comparison, out_of, basis, best.change, plain, best.start, end)


def split_indicators(text: str) -> list[IndicatorText]:
    """
    Split a cell that holds several indicators into label and value words, one per indicator.

    Parts end at list items, circled numbers and 「）、」: 「フォロワー数（50人）、登録者数（350人）」 gives two.
    A part without a number keeps its words as value text under an empty label.
    """
    return [_label_and_value(part) for item in list_items(text) for part in _parts(item)]


def _parts(item: str) -> list[str]:
    pieces = re.split(r"(?<=[)）】])[、,，]\s*|\s*(?=[①-⑳])|\s+(?=\d+[.)）]\s)", item)
    return [stripped for piece in pieces if (stripped := re.sub(r"^[①-⑳]\s*", "", piece).strip()) not in _NOTHING]


def _label_and_value(part: str) -> IndicatorText:
    parsed = parse_value(part)
    if parsed is None or (parsed.value is None and parsed.end - parsed.start == len(parsed.text)):
        return IndicatorText("", part)
    before = parsed.text[: parsed.start].rstrip(_OPENING + " ")
    value = parsed.text[len(before) :].strip(" 、")
    return IndicatorText(before.strip(" 、:："), _unwrapped(value) or part)


def _unwrapped(value: str) -> str:
    """Drop the brackets that enclose a whole value: 「（50人）」 → 「50人」."""
    enclosed = len(value) > 1 and (value[0] + value[-1]) in ("()", "（）", "【】", "[]", "［］")
    return value[1:-1].strip() if enclosed else value


def _candidates(text: str, years: list[YearMention]) -> list[_Candidate]:
    depths, found, end = _depths(text), [], 0
    for match in _NUMBER.finditer(text):
        if match.start() < end or not (match["zero"] or re.search(r"\d", match.group())):
            continue
        stop = match.start() + len(match.group().rstrip())
        if _is_name(text, match, stop, years):
            continue
        candidate = _measure(text, match, stop, depths[match.start()])
        found.append(candidate)
        end = candidate.end
    return found


def _is_name(text: str, match: re.Match[str], stop: int, years: list[YearMention]) -> bool:
    if any(year.start < stop and match.start() < year.end for year in years):
        return True
    before = text[max(0, match.start() - _LONGEST_NAME) : match.start()]
    return bool(_ONE_EACH.search(before) or _NAME_BEFORE.search(before) or _NAME_AFTER.match(text, stop))


def _measure(text: str, match: re.Match[str], stop: int, depth: int) -> _Candidate:
    value: float | None = 0.0 if match["zero"] else _number(match)
    unit, stop = _unit(text, stop)
    if unit == "割" and value is not None:
        value, unit = value * 10, "%"
    if unit == "時間" and value is not None and (minutes := _MINUTES.match(text, stop)):
        value, stop = value + int(minutes[1]) / 60, minutes.end()
    if _RANGE.match(text, stop):
        value = None
    is_whole = _WHOLE.match(text, stop) is not None
    candidate = _Candidate(value, unit, match.start(), stop, depth, is_whole=is_whole)
    return _with_sign(_with_suffixes(text, candidate), match["sign"])


def _number(match: re.Match[str]) -> float:
    thousands = {"": 1, "百": 100, "千": 1000}[match["man_unit"] or ""]
    scales = (("oku", 10**8), ("man", 10**4 * thousands), ("sen", 1000), ("rest", 1))
    return sum(_decimal(match[name]) * scale for name, scale in scales if match[name])


def _decimal(digits: str) -> float:
    return float(re.sub(r"[,，\s]", "", digits).replace("．", "."))


def _unit(text: str, stop: int) -> tuple[str, int]:
    match = _UNIT.match(text, stop) or _FREE_UNIT.match(text, stop)
    return (match[1], match.end()) if match else ("", stop)


def _with_suffixes(text: str, item: _Candidate) -> _Candidate:
    """Add 以上・以下 and 増・減, in either order."""
    for _ in range(2):
        if match := _COMPARISON.match(text, item.end):
            item = replace(item, comparison=">=" if match["least"] else "<=", end=match.end())
        if (match := _CHANGE.match(text, item.end)) and not item.change:
            item = replace(item, change="increase" if match["up"] else "decrease", end=match.end())
    return item


def _with_sign(item: _Candidate, sign: str | None) -> _Candidate:
    if not sign or sign.strip() == "±" or item.change:
        return item
    return replace(item, change="increase" if sign.strip() in "+＋" else "decrease")


def _depths(text: str) -> list[int]:
    depth, depths = 0, []
    for char in text:
        depth -= char in _CLOSING and char not in _QUOTES
        depths.append(depth)
        depth += char in _OPENING and char not in _QUOTES
    return depths


def _is_base(text: str, item: _Candidate, levels: list[_Candidate], years: list[YearMention]) -> bool:
    """Tell whether a number only states the base of a change that the same clause goes on to."""
    has_year = any(0 <= item.start - year.end <= 2 for year in years)
    return has_year and item.change == "" and any(other.start > item.start and other.change for other in levels)


def _out_of(text: str, best: _Candidate, wholes: list[_Candidate]) -> tuple[float | None, str, int]:
    if slash := _SLASH.match(text, best.end):
        unit, end = _unit(text, slash.end())
        if unit or best.unit:
            return _decimal(slash[1]), best.unit or unit, end
    for whole in wholes:
        gap = text[best.end : whole.start] if whole.start >= best.end else ""
        if whole.start >= best.end and _GAP_TO_WHOLE.fullmatch(gap):
            return whole.value, best.unit or whole.unit, best.end
        if whole.end <= best.start and best.start - whole.end <= len("のうち、"):
            return whole.value, best.unit or whole.unit, best.end
    return None, best.unit, best.end


def _basis(text: str, best: _Candidate, years: list[YearMention]) -> str:
    before = text[: best.start]
    if _PREVIOUS_YEAR.search(before) or _PREVIOUS_YEAR_AFTER.match(text, best.end):
        return "previous_year" if best.change or "比" in text else ""
    if _BASELINE.search(before) and best.change:
        return "baseline"
    past = [year for year in years if year.end <= best.start and _BASE_YEAR.match(text, year.end)]
    return f"FY{past[-1].fiscal_year}" if past and best.change else ""
