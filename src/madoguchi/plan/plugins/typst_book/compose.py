"""What a template needs besides the data of a plan: words, names of years, headings, colours, printable characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from madoguchi.kit.hashing import digest

from . import words
from .fonts import font_files
from .glyphs import Typesetter, coverage_of
from .themes import theme_of

Data = dict[str, Any]
_PHRASE = re.compile(
    r"【[^】]*】|[(（][^)）]*[)）]|[～〜][^～〜]*[～〜]|[ァ-ヶー・]+|[^【(（～〜ァ-ヶー・]+|.", re.DOTALL
)


def compose(
    data: Data, *, title: str, printed_on: date, texts: dict[str, str], headings: dict[str, tuple[str, str]]
) -> Data:
    """Return data and everything around it, ready for a template; texts hold only characters the fonts have."""
    language = words.language()
    whole = {
        **data,
        "title": title,
        "lang": "ja" if language.startswith("ja") else language,
        "document-lang": "ja" if language.startswith("ja") else language,
        "phrases": phrases(data["plan"]["title"], data["municipality"]["name"]),
        "keywords": [data["municipality"]["name"], str(data["plan"]["start"])],
        "printed": words.long_date(printed_on),
        "words": texts,
        "headings": {name: [tag, title, phrases(title)] for name, (tag, title) in headings.items()},
        "years-long": {str(year): words.long_year(year) for year in _years(data)},
        "years-short": {str(year): words.short_year(year) for year in _years(data)},
        "classes": words.class_words(),
        "states": words.status_words(),
        "sdgs": words.sdg_words(),
        "theme": theme_of(data["municipality"]["colour"]),
        "digest": digest(data),
    }
    typesetter = Typesetter(coverage_of(font_files()))
    ready = typesetter.printable(whole)
    parts = {"year": printed_on.year, "month": printed_on.month, "day": printed_on.day}
    return {**ready, "missing": typesetter.notes(), "printed-on": parts}


def phrases(title: str, city: str = "") -> list[str]:
    """Return a title in pieces that stay whole on a line: the city, brackets, words in katakana, the rest."""
    rest = title.removeprefix(city) if city else title
    found = [city] if rest != title else []
    return found + [match[0] for match in _PHRASE.finditer(rest)]


def _years(data: Data) -> Iterable[int]:
    known = sorted({*data["years"], *_numbers(data)})
    return range(known[0] - 1, known[-1] + 2)


def _numbers(value: Any) -> Iterator[int]:
    """Yield every fiscal year that the data name."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name in _YEAR_NAMES and isinstance(item, int):
                yield item
            elif name == "years":
                yield from item
            else:
                yield from _numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from _numbers(item)


_YEAR_NAMES = frozenset(
    {"year", "start", "end", "fiscal_year", "target_year", "retired", "discontinued", "first", "last"}
)
