"""String functions (DMN 1.5 table 74). A string is a sequence of Unicode code points."""

from decimal import Decimal

from madoguchi.kit.feel.builtins.signatures import Library
from madoguchi.kit.feel.limits import Budget
from madoguchi.kit.feel.patterns import PatternError, compile_pattern, expand_replacement

library = Library()


@library.define("substring", "string: string", "start position: number", "length?: number")
def substring(string: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """The characters from a position (from the end when negative), at most ``length`` of them."""
    first = int(start)
    if first == 0 or abs(first) > len(string) or (length is not None and length < 1):
        return None
    begin = first - 1 if first > 0 else len(string) + first
    return string[begin:] if length is None else string[begin : begin + int(length)]


@library.define("string length", "string: string")
def string_length(string: str) -> Decimal:
    """The number of characters."""
    return Decimal(len(string))


@library.define("upper case", "string: string")
def upper_case(string: str) -> str:
    """The string in capitals."""
    return string.upper()


@library.define("lower case", "string: string")
def lower_case(string: str) -> str:
    """The string in small letters."""
    return string.lower()


@library.define("substring before", "string: string", "match: string")
def substring_before(string: str, match: str) -> str:
    """What stands before the first match; nothing when there is none."""
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@library.define("substring after", "string: string", "match: string")
def substring_after(string: str, match: str) -> str:
    """What stands behind the first match; nothing when there is none."""
    return string.partition(match)[2] if match else string


@library.define("contains", "string: string", "match: string")
def contains(string: str, match: str) -> bool:
    """Whether the match occurs."""
    return match in string


@library.define("starts with", "string: string", "match: string")
def starts_with(string: str, match: str) -> bool:
    """Whether the string begins with the match."""
    return string.startswith(match)


@library.define("ends with", "string: string", "match: string")
def ends_with(string: str, match: str) -> bool:
    """Whether the string ends with the match."""
    return string.endswith(match)


@library.define("matches", "input: string", "pattern: string", "flags?: string", budget=True)
def matches(budget: Budget, text: str, pattern: str, flags: str | None = None) -> object:
    """Whether the regular expression matches somewhere; null when it is no regular expression."""
    try:
        compiled = compile_pattern(pattern, flags or "")
    except PatternError as error:
        return budget.reject(str(error))
    return compiled.search(text, 0, budget.limits.pattern_steps) is not None


@library.define("replace", "input: string", "pattern: string", "replacement: string", "flags?: string", budget=True)
def replace(budget: Budget, text: str, pattern: str, replacement: str, flags: str | None = None) -> object:
    """The text with every match replaced; null when the pattern also matches nothing at all."""
    try:
        compiled = compile_pattern(pattern, flags or "")
        pieces = compiled.pieces(text, budget.limits.pattern_steps)
        literal = "q" in (flags or "")
        result = "".join(
            piece if isinstance(piece, str) else (replacement if literal else expand_replacement(replacement, piece))
            for piece in pieces
        )
    except PatternError as error:
        return budget.reject(str(error))
    return budget.check_string(result)


@library.define("split", "string: string", "delimiter: string", budget=True)
def split(budget: Budget, string: str, delimiter: str) -> object:
    """The parts of the string between the matches of a regular expression."""
    try:
        pieces = list(compile_pattern(delimiter, "").pieces(string, budget.limits.pattern_steps))
    except PatternError as error:
        return budget.reject(str(error))
    return budget.check_list([piece for piece in pieces if isinstance(piece, str)])


@library.define("string join", "list: list", "delimiter?: string", budget=True)
def string_join(budget: Budget, items: list[object], delimiter: str | None = None) -> str | None:
    """The strings of a list one after the other; nulls are left out."""
    strings = [item for item in items if isinstance(item, str)]
    if len(strings) != sum(item is not None for item in items):
        return None
    return budget.check_string((delimiter or "").join(strings))
