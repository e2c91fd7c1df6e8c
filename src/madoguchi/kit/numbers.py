"""Numbers as Japanese documents write them: 945万件, 1億2,000万円, 3千, 七割五分, △5, full width and kanji.

A number is exact: an `int` where it is whole, else a `Decimal`; never a float. Ratios in 割 become per cent.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from madoguchi.kit.text import normalise_digits

Number = int | Decimal

_KANJI_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "壱": 1,
    "壹": 1,
    "弐": 2,
    "参": 3,
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10**4, "萬": 10**4, "億": 10**8, "兆": 10**12, "京": 10**16}
_WARI = {"割": Decimal(10), "分": Decimal(1), "厘": Decimal("0.1")}

_ARABIC = r"(?:[0-9]{1,3}(?:,\s?[0-9]{3}(?![0-9]))+|[0-9]+)(?:\.[0-9]+)?"
_KANJI = "〇○零一二三四五六七八九壱壹弐参十拾百千仟万萬億兆京"
_MULTIPLIERS = "十拾百千仟万萬億兆京"
_SIGNS = r"[-+△▲−－＋±]"
# Within these limits Decimal arithmetic (28 digits) is exact; beyond them no document means a number.
_LIMIT_VALUE, _LIMIT_DIGITS, _LIMIT_DECIMALS = 10**20, 26, 8
_TOKEN = re.compile(rf"{_ARABIC}|[〇○零一二三四五六七八九壱壹弐参]+|[{_MULTIPLIERS}]")
_WHOLE = re.compile(rf"(?P<sign>{_SIGNS})?\s?(?P<body>[0-9{_KANJI}][0-9,.{_KANJI}]*)")
_WARI_PART = rf"({_ARABIC}|[〇零一二三四五六七八九十]+)(割|分|厘)"
_WARI_WHOLE = re.compile(rf"{_WARI_PART}(?:{_WARI_PART})?(?:{_WARI_PART})?")
_IN_TEXT = re.compile(
    rf"(?P<sign>(?<![0-9A-Za-z]){_SIGNS})?"
    rf"(?P<body>{_ARABIC}(?:[{_MULTIPLIERS}]+(?:{_ARABIC})?)*|[〇零一二三四五六七八九十]+(?=割))"
)
_UNIT = re.compile(
    r"\s?(?P<unit>%|％|パーセント|ポイント|割(?![合引])|"
    r"[a-zA-Zμ]{1,4}(?:[-‐/][A-Za-z0-9₂]{1,4})?[²³]?|[㎡㎥㎞㎏℃‰]|"
    r"年度|か月|ヶ月|カ月|ヵ月|箇月|箇所|か所|カ所|ヶ所|ケ所|ヵ所|時間|世帯|平方メートル|キロメートル|メートル|ページ|"
    r"[年月日時分秒週期円件回台点校館園戸名人歳才種課店社類級番位倍部冊枚本室条項号]|施設|団体|事業|業務|手続き?|項目|講座|システム)?"
)
_ABOUT = re.compile(r"^(?:約|およそ|おおよそ|延べ|のべ|累計|合計|計|年間|全)+")
_SPLIT_THOUSANDS = re.compile(r"(?<=[0-9],)\s(?=[0-9]{3}(?![0-9]))")
_NARROW = str.maketrans({chr(c + 0xFEE0): chr(c) for c in range(ord("!"), ord("~") + 1)})
_WORDS = frozenset({"十分", "一部", "一時", "一番", "一本", "一戸"})  # words, not amounts, though they look like ones
_LIMIT = re.compile(r"(?:以上|以下|以内|未満|超|程度|前後|強|弱)$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit as found: `value` in the unit, `unit` ("" when none), and the text it was read from."""

    value: Number
    unit: str
    text: str
    start: int = 0


def kanji_number(text: str) -> int | None:
    """Return the whole number written in kanji (二十五, 二〇二六, 壱百弐拾), or None when it is not one.

    〇 and ○ are zero only beside another digit: alone they are marks (○△×).
    """
    if not text or text[0] in "〇○" or any(c not in _KANJI for c in text):
        return None
    value = _evaluate(text)
    return int(value) if value is not None else None


def parse_number(text: str) -> Number | None:
    """Return the number the text is (945万, 1,200, １億2,000万, 二十五, △3.5), or None when there is more or less."""
    match = _WHOLE.fullmatch(_plain(text))
    if match is None or match["body"][0] in "〇○":
        return None
    value = _evaluate(match["body"])
    return None if value is None else _signed(value, match["sign"])


def parse_quantity(text: str) -> Quantity | None:
    """Return the one quantity the text is, such as 約945万件以上 or 七割五分, or None when it is something else.

    Words around it that do not change the figure (約, 延べ, 以上, 程度) are passed over; any unit word is accepted.
    """
    plain = _LIMIT.sub("", _ABOUT.sub("", _plain(text))).strip()
    ratio = _parse_wari(plain)
    if ratio is not None:
        return Quantity(ratio, "%", text)
    match = _WHOLE.match(plain)
    if match is None or match["body"][0] in "〇○":
        return None
    value, unit = _evaluate(match["body"]), plain[match.end() :].strip()
    if value is None or re.search(r"[0-9]", unit) or not _is_amount(match["body"], unit):
        return None
    return Quantity(_signed(value, match["sign"]), _unit(unit), text)


def find_quantities(text: str) -> list[Quantity]:
    """Return every number written with Arabic digits (and kanji 割) in running text, with known units, in order.

    `start` is the position in the text. Kanji numerals in running text are not taken: 一般, 三重県 and 十分 hold them.
    """
    plain = normalise_digits(text).translate(_NARROW)
    found, end = [], 0
    for match in _IN_TEXT.finditer(plain):
        if match.start() < end:
            continue
        quantity, end = _read_at(plain, text, match)
        if quantity is not None:
            found.append(quantity)
    return found


def format_number(value: Number, unit: str = "", *, decimals: int | None = None) -> str:
    """Return the number with thousands separators and its unit: 9,450,000件, 64.8%."""
    if decimals is not None:
        return f"{value:,.{decimals}f}{unit}"
    return f"{value:,}{unit}" if isinstance(value, int) else f"{value.normalize():,f}{unit}"


def format_myriads(value: int, unit: str = "") -> str:
    """Return a whole number in myriads as Japanese reads it: 9450000 → 945万, 120000000 → 1億2,000万."""
    sign, rest, parts = "-" if value < 0 else "", abs(value), []
    for name in ("京", "兆", "億", "万"):
        count, rest = divmod(rest, _BIG[name])
        parts += [f"{count:,}{name}"] if count else []
    parts += [f"{rest:,}"] if rest or not parts else []
    return f"{sign}{''.join(parts)}{unit}"


def whole_or_decimal(value: Decimal) -> Number:
    """Return an int when the value is whole, else the Decimal."""
    return int(value) if value == value.to_integral_value() else value


def _plain(text: str) -> str:
    return _SPLIT_THOUSANDS.sub("", normalise_digits(text).translate(_NARROW)).strip()


def _is_amount(body: str, unit: str) -> bool:
    """Tell 二十五件 from 一般: kanji numerals need a unit that is known."""
    if re.search(r"[0-9]", body) or not unit:
        return True
    return body + unit not in _WORDS and _UNIT.fullmatch(unit) is not None


def _signed(value: Decimal, sign: str | None) -> Number:
    return whole_or_decimal(-value if sign and sign in "-△▲−－" else value)


def _unit(text: str) -> str:
    return "%" if text in {"％", "パーセント"} else text


def _read_at(plain: str, original: str, match: re.Match[str]) -> tuple[Quantity | None, int]:
    wari = _WARI_WHOLE.match(plain, match.start("body"))
    if wari and "割" in wari[0] and plain[wari.end() : wari.end() + 1] not in {"合", "引"}:
        ratio = _parse_wari(wari[0])
        if ratio is not None:
            return Quantity(ratio, "%", original[match.start() : wari.end()], match.start()), wari.end()
    value = _evaluate(match["body"])
    if value is None:
        return None, match.end()
    unit = _UNIT.match(plain, match.end())
    name, end = (unit["unit"] or "", unit.end("unit")) if unit and unit["unit"] else ("", match.end())
    return Quantity(_signed(value, match["sign"]), _unit(name), original[match.start() : end], match.start()), end


def _parse_wari(text: str) -> Number | None:
    match = _WARI_WHOLE.fullmatch(text)
    if match is None or match[2] != "割":
        return None
    total, last = Decimal(0), Decimal(100)
    for number, name in zip(match.groups()[::2], match.groups()[1::2], strict=True):
        value = _evaluate(number) if number else None
        if number is None:
            continue
        if value is None or _WARI[name] >= last:
            return None
        last = _WARI[name]
        total += value * last
    return whole_or_decimal(total)


def _evaluate(body: str) -> Decimal | None:
    """Add up literals and multipliers (1億2,000万 → 120000000); None when they are out of order."""
    tokens = _TOKEN.findall(body)
    if "".join(tokens) != body:
        return None
    total = section = Decimal(0)
    current: Decimal | None = None
    ceiling = small_ceiling = 10**20
    for token in tokens:
        if token in _BIG:
            if _BIG[token] >= ceiling or (current is None and not section):
                return None
            ceiling, small_ceiling = _BIG[token], 10**20
            total += (section + (current or 0)) * ceiling
            section, current = Decimal(0), None
        elif token in _SMALL:
            if _SMALL[token] >= small_ceiling:
                return None
            small_ceiling = _SMALL[token]
            section += (1 if current is None else current) * small_ceiling
            current = None
        elif current is not None:
            return None
        else:
            current = _literal(token)
            if current is None:
                return None
    total += section + (current or 0)
    return total if total < _LIMIT_VALUE else None


def _literal(token: str) -> Decimal | None:
    whole, _, decimals = token.partition(".")
    if len(whole) > _LIMIT_DIGITS or len(decimals) > _LIMIT_DECIMALS:
        return None
    if token[0] in _KANJI_DIGITS:
        return Decimal("".join(str(_KANJI_DIGITS[c]) for c in token))
    return Decimal(re.sub(r"[,\s]", "", token))


def plain_integer(text: str, *, digits: int = 18) -> int | None:
    """
    Return the number that a parameter of an address or a form states in plain ASCII digits, else None.

    No sign, no other script, no more than ``digits`` digits (18 fit the 64 bits of a database key), so that nothing a
    visitor types can overflow a query.
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else None
