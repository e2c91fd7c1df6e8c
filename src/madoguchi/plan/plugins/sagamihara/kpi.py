"""Outcome indicators of a project sheet (成果指標): cells by fiscal year, grouped into series, each an indicator."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from madoguchi.plan.rules.draft import DraftIndicator
from madoguchi.plan.rules.reading.coverage import Ledger
from madoguchi.plan.rules.reading.document import clean_text, list_items
from madoguchi.plan.rules.reading.values import is_nothing, parse_value
from madoguchi.plan.rules.reading.years import find_years

from .values import Reading, build_indicator, year_value

_TO_BE_SET = re.compile(r"[(（].*設定.*[)）]")
_BETWEEN = re.compile(r"(?<=[)）】])\s*[、,，]\s*")
_TOTAL = re.compile(r"[(（]\s*(?P<total>(?:合計|累計|計)\s*\d[^()（）]*)[)）]")
_NUMBERED_BRACKET = re.compile(r"\s*[(（【\[][^()（）【】\[\]]*\d[^()（）【】\[\]]*[)）】\]]")
_OPEN_BRACKET = re.compile(r"\s*[(（【\[][^()（）【】\[\]]*$")
_CLOSE_BRACKET = re.compile(r"^[^()（）【】\[\]]*[)）】\]]")
_PER_YEAR = re.compile(r"^\s*[/／]\s*年(?:度)?")
_PARTICLES = "がはをにでのへと、も"
_SAID_OF = re.compile(r"^(?P<label>.*(?:割合|率|数|件数|人数|時間))が、?(?P<level>.+(?:以上|以下|以内))$")
_CHANGE_WORD = re.compile(r"増加|増|追加|向上|削減|減少|減|短縮|低減")
_GENERIC = re.compile(r"当該年度|新規|導入|追加|年間|増加|削減|合計|年度|[のにを・\s]")
_BASE = re.compile(r"に?(?P<text>\d[\d,]*[^\d\s、。]{1,3}?)(?=発生|実施|あった|の)")
_SHARED, _LEAST_SHARED = 0.45, 4


@dataclass(frozen=True, slots=True)
class Fragment:
    """One indicator's words in one cell: ``label`` as the words give it, ``is_sentence`` where they are no plain label."""

    reading: Reading
    label: str
    is_sentence: bool = False

    @property
    def series(self) -> str:
        """What the fragments of one series have in common: their words without numbers and brackets, and the unit."""
        return f"{_fold(self.label)}|{self.reading.unit}"


@dataclass(frozen=True, slots=True)
class IndicatorCells:
    """The row 成果指標 as (fiscal year, cell) pairs, the row 成果指標の説明, and the line of the first."""

    cells: tuple[tuple[int, str], ...]
    description: str
    line: int


def is_to_be_set(description: str) -> bool:
    """Tell whether the document says that the indicator is set later (「（事業の進捗に合わせ設定）」)."""
    return _TO_BE_SET.fullmatch(clean_text(description)) is not None


def read_indicators(source: IndicatorCells, ledger: Ledger) -> tuple[DraftIndicator, ...]:
    """Read the indicators of a sheet; none where all cells are empty. A second value for one year goes to ``ledger``."""
    fragments = [part for year, cell in source.cells for part in _fragments(year, cell, source.line)]
    note = "" if is_to_be_set(source.description) else " ".join(clean_text(source.description).split("\n"))
    groups = _grouped(fragments, note)
    return tuple(_to_indicator(label, _once(parts, ledger), note, source.line) for label, parts in groups)


def _once(parts: list[Fragment], ledger: Ledger) -> list[Fragment]:
    """Keep the first value of each year."""
    first: dict[int | None, Fragment] = {}
    for part in parts:
        value = part.reading.value
        if first.setdefault(value.fiscal_year, part) is not part:
            ledger.unplaced(value.line, "同じ年度に同じ指標の値が2つあります。", text=value.text)
    return list(first.values())


def _fragments(year: int, cell: str, line: int) -> Iterator[Fragment]:
    for item in list_items(cell):
        for text in _several(item):
            if is_nothing(text):
                continue
            fragment = _fragment(year, text, line)
            yield fragment
            if total := _TOTAL.search(fragment.reading.value.text):
                yield _total(fragment, total["total"])


def _several(item: str) -> list[str]:
    """Split 「A（50人）、B（350人）」; a comma parts indicators only where both sides hold a value."""
    pieces = [piece for piece in _BETWEEN.split(item) if piece]
    values = [parse_value(piece) for piece in pieces]
    return pieces if all(value is not None and value.value is not None for value in values) else [item]


def _fragment(year: int, text: str, line: int) -> Fragment:
    reading = year_value(year, text, line)
    if reading.parsed.value is None:
        said = _SAID_OF.match(reading.value.text)
        return Fragment(reading, said["label"] if said else reading.value.text)
    label, is_sentence = _label(reading)
    return Fragment(reading, label, is_sentence)


def _total(fragment: Fragment, text: str) -> Fragment:
    """Make a series of its own from the total that stands in brackets behind a yearly increase (「(合計50種類以上)」)."""
    reading = year_value(fragment.reading.value.fiscal_year, text, fragment.reading.value.line)
    whole = replace(reading.value, text=fragment.reading.value.text)
    noun = _CHANGE_WORD.sub("", fragment.label).rstrip("の")
    return Fragment(replace(reading, value=whole), f"{noun}の合計")


def _label(reading: Reading) -> tuple[str, bool]:
    """Give the words of a fragment without its value, and whether they are a sentence rather than a label."""
    parsed = reading.parsed
    before, after = parsed.text[: parsed.start], parsed.text[parsed.end :]
    if opened := _OPEN_BRACKET.search(before):
        before, after = before[: opened.start()], _CLOSE_BRACKET.sub("", _NUMBERED_BRACKET.sub("", after))
    after = _PER_YEAR.sub("", _NUMBERED_BRACKET.sub("", after)).strip()
    before = re.sub(r"年間\s*$", "", before).strip()
    if after:
        return before.rstrip("の") + after, True
    if parsed.basis.startswith("FY"):
        return _without_base(before).rstrip(_PARTICLES), True
    word = _CHANGE_WORD.search(parsed.text[parsed.start : parsed.end])
    label = before.rstrip(_PARTICLES)
    is_sentence = label != before
    return (f"{label}の{word.group()}" if word and label and not opened else label), is_sentence


def _without_base(text: str) -> str:
    """Take 「平成30年度に140件発生した」 out of the words before a change."""
    years = find_years(text)
    return re.sub(
        r"\s*に?\d[\d,]*\S{1,3}?(?:発生した|実施した|あった)", "", text[: years[-1].start] + text[years[-1].end :]
    )


def _grouped(fragments: list[Fragment], note: str) -> Iterator[tuple[str, list[Fragment]]]:
    named = _named_by_note(fragments, note)
    series: dict[str, list[Fragment]] = {}
    for fragment, name in zip(fragments, named, strict=True):
        key = f"{name}|{fragment.reading.unit}" if name else fragment.series
        series.setdefault(key, []).append(fragment)
    names = dict(zip(map(id, fragments), named, strict=True))
    for parts in series.values():
        name = names[id(parts[0])]
        yield _series_label(parts, name, note if len(series) == 1 else "", parts is _main(series, name, names)), parts


def _main(series: dict[str, list[Fragment]], name: str, names: dict[int, str]) -> list[Fragment]:
    """Of the series that the description calls by one name, the one with most years carries that name."""
    return max((parts for parts in series.values() if names[id(parts[0])] == name), key=len)


def _series_label(parts: list[Fragment], name: str, note: str, is_main: bool) -> str:
    first = parts[0]
    if name and is_main:
        return name
    is_bare = not _GENERIC.sub("", first.label)
    if note and (is_bare or first.is_sentence):
        return note
    return first.label or note or first.reading.value.text


def _named_by_note(fragments: list[Fragment], note: str) -> list[str]:
    """
    Name each fragment by the part of the description (「A、B」) whose words it shares.

    The names are used only where every fragment and every part find a partner; else all names are empty.
    """
    parts = [part.strip() for part in note.split("、") if part.strip()]
    empty = [""] * len(fragments)
    if len(parts) < 2:
        return empty
    names = [_partner(fragment.reading.value.text, parts) for fragment in fragments]
    return names if set(names) == set(parts) else empty


def _partner(text: str, parts: Iterable[str]) -> str:
    shared = {part: _longest_shared(_fold(text), _fold(part)) for part in parts}
    best = max(shared, key=lambda part: shared[part] / len(_fold(part)))
    is_close = shared[best] >= max(_LEAST_SHARED, _SHARED * len(_fold(best)))
    return best if is_close else ""


def _longest_shared(one: str, other: str) -> int:
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size


def _fold(text: str) -> str:
    return re.sub(r"[\s「」『』]", "", unicodedata.normalize("NFKC", text))


def _to_indicator(label: str, parts: list[Fragment], note: str, line: int) -> DraftIndicator:
    return build_indicator(
        label,
        targets=tuple(part.reading for part in parts),
        baseline=_baseline(parts[0].reading),
        note=note,
        line=line,
    )


def _baseline(reading: Reading) -> Reading | None:
    """Read the base that a change names (「平成30年度に140件発生した…の10%減」: 140件 in fiscal 2018)."""
    if not reading.parsed.basis.startswith("FY"):
        return None
    text = reading.value.text[: reading.parsed.start]
    year = find_years(text)[-1]
    stated = _BASE.match(text, year.end)
    return year_value(year.fiscal_year, stated["text"], reading.value.line) if stated else None
