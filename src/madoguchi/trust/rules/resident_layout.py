"""
Reading residents from a core system's file (住民記録の標準レイアウト): CSV with Japanese headings, or JSON with the same names.

Columns go by the names of the standard basic data list of the resident record system, in the ways systems write them. A
value that cannot be read is a problem with its line, never a guess; a name stays as it is, variation selectors and all.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from madoguchi.kit import era
from madoguchi.kit.check_digits import looks_like_my_number
from madoguchi.kit.csvio import CsvError, read_csv
from madoguchi.kit.names import has_unencodable

COLUMNS: dict[str, tuple[str, ...]] = {
    "registry_number": ("宛名番号", "住民番号", "個人番号（宛名）", "住民宛名番号"),
    "name": ("氏名", "氏名_漢字", "氏名（漢字）", "本名"),
    "family": ("氏", "姓", "氏_漢字"),
    "given": ("名", "名_漢字"),
    "name_kana": ("氏名_カナ", "氏名カナ", "氏名（カナ）", "フリガナ", "氏名_フリガナ"),
    "birth_date": ("生年月日",),
    "sex": ("性別", "性別コード"),
    "household": ("世帯番号", "世帯コード"),
    "relationship": ("続柄", "続柄1", "続柄名称"),
    "postal_code": ("郵便番号",),
    "address": ("住所", "住所_連結表記", "現住所"),
    "prefecture": ("都道府県", "住所_都道府県"),
    "city": ("市区町村", "住所_市区郡町村名"),
    "town": ("町字", "住所_町字"),
    "street": ("番地", "番地号", "住所_番地号表記"),
    "building": ("方書", "住所_方書"),
    "ended_on": ("消除年月日", "消除の異動年月日", "除票年月日"),
}
"""What we keep → the headings it comes under."""

REQUIRED = ("registry_number",)
SEXES = {"1": "male", "2": "female", "男": "male", "女": "female", "男性": "male", "女性": "female", "": ""}
FORBIDDEN = ("個人番号", "マイナンバー")
_COMPACT_DATE = re.compile(r"\d{8}")
_POSTAL = re.compile(r"(\d{3})-?(\d{4})")
LONGEST = {"name_kana": 160, "household": 40, "relationship": 40, "address": 300}
MOST_JSON = 20 * 1024 * 1024


class LayoutError(ValueError):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in a record, and where: the line (1-based), the heading, what to do."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class RegistryRow:
    """A person as the core system has them; ``remarks`` are things to know that keep nothing out (外字 without a code)."""

    line: int
    registry_number: str
    values: Mapping[str, Any]
    ended_on: date | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegistryFile:
    """A file as read: people, records left out with their reasons, headings nobody uses, the encoding it was in."""

    rows: tuple[RegistryRow, ...]
    problems: tuple[RowProblem, ...]
    ignored: tuple[str, ...]
    encoding: str
    columns: Mapping[str, str] = field(default_factory=dict)


def read_registry(content: bytes) -> RegistryFile:
    """
    Read a CSV (UTF-8, UTF-16, CP932) or JSON file of residents; raises ``LayoutError`` for one that is neither.

    A file that holds a column of individual numbers (個人番号) is refused as a whole: this house keeps none.
    """
    start = content.lstrip()[:1]
    headings, records, encoding, problems = _json(content) if start in (b"[", b"{") else _csv(content)
    _refuse_individual_numbers(headings)
    columns = _columns(headings)
    rows: list[RegistryRow] = []
    seen: dict[str, int] = {}
    for line, cells in records:
        row, faults = _row(line, cells, columns)
        if row is not None and row.registry_number in seen:
            first = seen[row.registry_number]
            faults = [RowProblem(line, columns["registry_number"], f"{first}行目と同じ宛名番号です。")]
        if faults or row is None:
            problems += faults
            continue
        seen[row.registry_number] = line
        rows.append(row)
    used = set(columns.values())
    return RegistryFile(tuple(rows), tuple(problems), tuple(h for h in headings if h not in used), encoding, columns)


_Records = Iterable[tuple[int, Mapping[str, str]]]


def _csv(content: bytes) -> tuple[list[str], _Records, str, list[RowProblem]]:
    try:
        table = read_csv(content)
    except CsvError as error:
        raise LayoutError(str(error)) from error
    problems = [RowProblem(item.line or 0, "", str(item)) for item in table.problems]
    return list(table.header), ((row.line, row.cells) for row in table.rows), table.encoding, problems


def _json(content: bytes) -> tuple[list[str], _Records, str, list[RowProblem]]:
    if len(content) > MOST_JSON:
        raise LayoutError("ファイルが大きすぎます。20MB以下に分けてください。")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise LayoutError("JSONとして読み取れません。UTF-8で、住民の配列として保存してください。") from error
    items = data.get("residents") if isinstance(data, dict) else data
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise LayoutError('住民の配列（[{…}, …] または {"residents": [...]}）にしてください。')
    headings = list(dict.fromkeys(key for item in items for key in item))
    records = [
        (number, {key: "" if value is None else str(value) for key, value in item.items()})
        for number, item in enumerate(items, start=1)
    ]
    return headings, records, "utf-8", []


def _refuse_individual_numbers(headings: Iterable[str]) -> None:
    for heading in headings:
        if unicodedata.normalize("NFKC", heading).strip() in FORBIDDEN:
            raise LayoutError(
                f"「{heading}」の列があります。個人番号（マイナンバー）は取り込めません。その列を除いたファイルを作り直してください。"
            )


def _columns(headings: Iterable[str]) -> dict[str, str]:
    by_name = {_plain(heading): heading for heading in headings}
    found = {}
    for key, names in COLUMNS.items():
        match = next((by_name[_plain(name)] for name in names if _plain(name) in by_name), None)
        if match is not None:
            found[key] = match
    missing = [COLUMNS[key][0] for key in REQUIRED if key not in found]
    if "name" not in found and not {"family", "given"} <= found.keys():
        missing.append("氏名")
    if missing:
        raise LayoutError(f"「{'」「'.join(missing)}」の列がありません。見出しの行を確かめてください。")
    return found


def _plain(heading: str) -> str:
    return re.sub(r"[\s　_＿（）()]", "", unicodedata.normalize("NFKC", heading))


def _row(
    line: int, cells: Mapping[str, str], columns: Mapping[str, str]
) -> tuple[RegistryRow | None, list[RowProblem]]:
    faults: list[RowProblem] = []

    def cell(key: str) -> str:
        return cells.get(columns.get(key, ""), "")

    def fault(key: str, message: str) -> None:
        faults.append(RowProblem(line, columns.get(key, COLUMNS[key][0]), message))

    number = cell("registry_number").strip()
    name = cell("name") or " ".join(part for part in (cell("family"), cell("given")) if part)
    for key, message in _naming_faults(number, name):
        fault(key, message)
    birth, ended = _date(cell("birth_date")), _date(cell("ended_on"))
    for key, read, nothing in (("birth_date", birth, " "), ("ended_on", ended, " 0")):
        if read is None and cell(key).strip(nothing):
            fault(key, f"「{cell(key)}」を日付として読み取れません。")
    sex, postal = SEXES.get(_narrow(cell("sex"))), _postal(cell("postal_code"))
    if sex is None:
        fault("sex", "性別は 1・2 か 男・女 にしてください。")
    if postal is None:
        fault("postal_code", "郵便番号は7桁の数字にしてください。")
    if _holds_my_number(cells, columns):
        fault("registry_number", "個人番号（マイナンバー）らしい12桁の番号があります。取り除いてください。")
    if faults:
        return None, faults
    values = {
        "name": name,
        "name_kana": cell("name_kana"),
        "birth_date": birth,
        "sex": sex,
        "household": cell("household").strip() or None,
        "relationship": cell("relationship").strip(),
        "postal_code": postal,
        "address": _address(cell),
    }
    kept = {key: value for key, value in values.items() if key in _given(columns)}
    for key in _too_long(kept):
        fault(key, f"長すぎるか、使えない文字があります。{LONGEST[key]}文字以内にしてください。")
    if faults:
        return None, faults
    return RegistryRow(line, number, kept, ended, tuple(_remarks(name))), []


def _naming_faults(number: str, name: str) -> Iterator[tuple[str, str]]:
    if not re.fullmatch(r"[0-9A-Za-z-]{1,20}", number):
        yield "registry_number", "宛名番号を読み取れません。20文字までの英数字にしてください。"
    if not name.strip() or len(name) > 120 or "\x00" in name:
        yield "name", "氏名がないか、長すぎます。"


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _holds_my_number(cells: Mapping[str, str], columns: Mapping[str, str]) -> bool:
    own = columns.get("registry_number")
    return any(looks_like_my_number(value) for heading, value in cells.items() if heading != own)


def _too_long(kept: Mapping[str, Any]) -> list[str]:
    return [key for key, longest in LONGEST.items() if len(text := kept.get(key) or "") > longest or "\x00" in text]


def _given(columns: Mapping[str, str]) -> set[str]:
    given = set(columns)
    if {"family", "given"} <= given:
        given.add("name")
    if {"prefecture", "city", "town", "street"} & given:
        given.add("address")
    return given


def _address(cell: Any) -> str:
    whole = cell("address").strip()
    parts = "".join(cell(key).strip() for key in ("prefecture", "city", "town", "street"))
    building = cell("building").strip()
    return " ".join(part for part in (whole or parts, building) if part)


def _remarks(name: str) -> Iterator[str]:
    if has_unencodable(name):
        yield "氏名に、公的な符号のない文字（外字）または代わりの記号があります。そのまま保存します。"


def _postal(text: str) -> str | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _POSTAL.fullmatch(plain)
    return "" if not plain else f"{match.group(1)}-{match.group(2)}" if match else None


def _date(text: str) -> date | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    if _COMPACT_DATE.fullmatch(plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    parsed = era.parse_date(plain) if plain else None
    return parsed.date if parsed is not None and parsed.precision == era.Precision.DAY else None
