"""The names that a text may use while it is parsed: plain names need none, names of several words must be known."""

import re
from collections.abc import Iterable

# Grammar rules 28 and 29 without white space and without the punctuation that Japanese keyboards produce
# (、。「」＞＝１ …): typed by accident it must be an error, not part of a name. Declared names may contain it.
_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d\u180f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3005-\u3007\u3021-\u302f\u3031-\ud7ff\uf900-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
    "\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f\u2040\ufe00-\ufe0f\uff10-\uff19"
SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

WORD = re.compile(f"[{_START}][{_PART}]*")
NAME_TOKEN = re.compile(f"[{_PART}]+|[^{SPACE}]")
MEMBERS = ("time offset", "start included", "end included")

Candidate = tuple[tuple[str, ...], str]


def normalise(name: str) -> str:
    """The name with single spaces between its parts."""
    return " ".join(name.split())


def tokens_of(name: str) -> tuple[str, ...]:
    """The words and symbols that a name is made of."""
    return tuple(NAME_TOKEN.findall(name))


class NameTable:
    """Names by their first word; ``by_first`` keeps the names of several tokens, ``known`` all of them."""

    __slots__ = ("by_first", "known")

    def __init__(self, names: Iterable[str] = ()) -> None:
        """Keep the names."""
        self.by_first: dict[str, list[Candidate]] = {}
        self.known: set[str] = set()
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Keep one more name."""
        tokens = tokens_of(name)
        self.known.add(normalise(name))
        if len(tokens) > 1 or (tokens and not WORD.fullmatch(name)):
            self.by_first.setdefault(tokens[0], []).append((tokens, normalise(name)))


class Scope:
    """A chain of name tables; a name may be declared in any of them."""

    __slots__ = ("tables",)

    def __init__(self, tables: tuple[NameTable, ...]) -> None:
        """Keep the chain."""
        self.tables = tables

    def with_table(self, table: NameTable) -> "Scope":
        """This scope with one more table inside."""
        return Scope((*self.tables, table))

    def candidates(self, first: str) -> list[Candidate]:
        """The names of several tokens that start with a word, longest first."""
        found = [entry for table in self.tables for entry in table.by_first.get(first, ())]
        found.sort(key=lambda entry: -len(entry[0]))
        return found

    def knows(self, name: str) -> bool:
        """Whether a name is declared."""
        return any(name in table.known for table in self.tables)
