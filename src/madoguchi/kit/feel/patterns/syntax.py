"""The parser of regular expressions."""

from dataclasses import dataclass, field

from madoguchi.kit.feel.patterns import charsets
from madoguchi.kit.feel.patterns.charsets import CharTest

_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_META = frozenset("\\|.-^?*+{}()[]$")
_REPEAT_MAX = 1000
_DEPTH_MAX = 40


class PatternError(Exception):
    """The text is no regular expression, or asks for too much."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a pattern: ``kind`` is chars, start, end, group, choice, sequence, repeat or reference."""

    kind: str
    test: CharTest | None = None
    parts: tuple["Part", ...] = ()
    number: int = 0
    least: int = 0
    most: int | None = None
    greedy: bool = True


@dataclass
class PatternParser:
    """A recursive descent over one pattern; ``flags`` are letters of ``smixq``."""

    text: str
    flags: str = ""
    offset: int = 0
    groups: int = 0
    depth: int = 0
    closed: set[int] = field(default_factory=set)

    def whole(self) -> Part:
        """The whole pattern."""
        if set(self.flags) - set("smixq"):
            raise PatternError(f"正規表現の指定「{self.flags}」は使えません（使えるのは s m i x q です）。")
        if "q" in self.flags:
            return Part("sequence", parts=tuple(self._exactly(character) for character in self.text))
        if "x" in self.flags:
            self.text = _without_space(self.text)
        part = self._choice()
        if self.offset < len(self.text):
            raise self._error()
        return part

    def _error(self) -> PatternError:
        return PatternError(f"正規表現「{self.text}」の{self.offset + 1}文字目を読み取れません。")

    def _peek(self) -> str:
        return self.text[self.offset : self.offset + 1]

    def _take(self, expected: str) -> bool:
        if not self.text.startswith(expected, self.offset):
            return False
        self.offset += len(expected)
        return True

    def _next(self) -> str:
        character = self._peek()
        if not character:
            raise self._error()
        self.offset += 1
        return character

    def _choice(self) -> Part:
        self.depth += 1
        if self.depth > _DEPTH_MAX:
            raise PatternError("正規表現の入れ子が深すぎます。")
        branches = [self._sequence()]
        while self._take("|"):
            branches.append(self._sequence())
        self.depth -= 1
        return branches[0] if len(branches) == 1 else Part("choice", parts=tuple(branches))

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._piece())
        return Part("sequence", parts=tuple(parts))

    def _piece(self) -> Part:
        atom = self._atom()
        least, most = self._quantity()
        if (least, most) == (1, 1):
            return atom
        if atom.kind in ("start", "end"):
            raise self._error()
        greedy = not self._take("?")
        return Part("repeat", parts=(atom,), least=least, most=most, greedy=greedy)

    def _quantity(self) -> tuple[int, int | None]:
        for symbol, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(symbol):
                return bounds
        if not self._take("{"):
            return 1, 1
        least = self._number()
        most: int | None = least
        if self._take(","):
            most = None if self._peek() == "}" else self._number()
        if not self._take("}") or (most is not None and most < least):
            raise self._error()
        return least, most

    def _number(self) -> int:
        digits = ""
        while self._peek().isascii() and self._peek().isdigit() and len(digits) < 6:
            digits += self._next()
        if not digits or int(digits) > _REPEAT_MAX:
            raise self._error()
        return int(digits)

    def _atom(self) -> Part:
        character = self._next()
        if character == "(":
            return self._group()
        if character == "[":
            return Part("chars", test=self._cased(self._class()))
        if character == "\\":
            return self._escape()
        if character == ".":
            return Part("chars", test=charsets.is_any if "s" in self.flags else charsets.is_in_line)
        if character in "^$":
            return Part("start" if character == "^" else "end")
        if character in "?*+{}]":
            self.offset -= 1
            raise self._error()
        return self._exactly(character)

    def _group(self) -> Part:
        if self._take("?:"):
            inner = self._choice()
            number = 0
        else:
            self.groups += 1
            number = self.groups
            inner = self._choice()
            self.closed.add(number)
        if not self._take(")"):
            raise self._error()
        return Part("group", parts=(inner,), number=number)

    def _escape(self) -> Part:
        character = self._next()
        if character.isascii() and character.isdigit() and character != "0":
            return self._reference(int(character))
        return Part("chars", test=self._cased(self._escaped(character)))

    def _reference(self, number: int) -> Part:
        if number not in self.closed:
            raise self._error()
        while self._peek().isascii() and self._peek().isdigit() and number * 10 + int(self._peek()) in self.closed:
            number = number * 10 + int(self._next())
        return Part("reference", number=number)

    def _escaped(self, character: str) -> CharTest:
        if character.lower() in charsets.ESCAPES:
            test = charsets.ESCAPES[character.lower()]
            return charsets.negated(test) if character.isupper() else test
        if character in "pP":
            return self._category(negative=character == "P")
        return self._single(self._literal(character))

    def _literal(self, character: str) -> str:
        if character in _SIMPLE_ESCAPES:
            return _SIMPLE_ESCAPES[character]
        if character not in _META:
            raise self._error()
        return character

    def _category(self, *, negative: bool) -> CharTest:
        end = self.text.find("}", self.offset)
        if not self._take("{") or end < 0:
            raise self._error()
        test = charsets.category(self.text[self.offset : end])
        if test is None:
            raise self._error()
        self.offset = end + 1
        return charsets.negated(test) if negative else test

    def _class(self) -> CharTest:
        self.depth += 1
        if self.depth > _DEPTH_MAX:
            raise PatternError("正規表現の入れ子が深すぎます。")
        negative = self._take("^")
        singles: set[str] = set()
        ranges: list[tuple[str, str]] = []
        tests: list[CharTest] = []
        subtracted: CharTest | None = None
        first = True
        while first or self._peek() != "]":
            if not first and self._take("-["):
                subtracted = self._class()
                break
            self._member(singles, ranges, tests)
            first = False
        if not self._take("]"):
            raise self._error()
        self.depth -= 1
        test = charsets.one_of(frozenset(singles), tuple(ranges), tuple(tests))
        test = charsets.negated(test) if negative else test
        return charsets.without(test, subtracted) if subtracted is not None else test

    def _member(self, singles: set[str], ranges: list[tuple[str, str]], tests: list[CharTest]) -> None:
        character = self._next()
        if character == "[" or (character == "]" and not singles and not ranges and not tests):
            self.offset -= 1
            raise self._error()
        if character == "\\":
            character = self._next()
            if character.lower() in charsets.ESCAPES or character in "pP":
                tests.append(self._escaped(character))
                return
            character = self._literal(character)
        if self._peek() == "-" and self.text[self.offset + 1 : self.offset + 2] not in ("]", "[", ""):
            self.offset += 1
            ranges.append((character, self._range_end(character)))
        else:
            singles.add(character)

    def _range_end(self, low: str) -> str:
        high = self._next()
        if high == "\\":
            high = self._literal(self._next())
        if high < low:
            raise self._error()
        return high

    def _single(self, character: str) -> CharTest:
        return lambda other: other == character

    def _cased(self, test: CharTest) -> CharTest:
        return charsets.ignoring_case(test) if "i" in self.flags else test

    def _exactly(self, character: str) -> Part:
        return Part("chars", test=self._cased(self._single(character)))


def _without_space(text: str) -> str:
    """The pattern of flag ``x``: white space outside of character classes does not count, not even behind ``\\``."""
    kept: list[str] = []
    depth, escaped = 0, False
    for character in text:
        if depth == 0 and character in " \t\n\r":
            continue
        if not escaped:
            depth += (character == "[") - (character == "]" and depth > 0)
        escaped = character == "\\" and not escaped
        kept.append(character)
    return "".join(kept)
