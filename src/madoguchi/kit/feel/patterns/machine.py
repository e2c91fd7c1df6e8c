"""The machine that runs a pattern: a program of small instructions and a stack of alternatives still to try."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from madoguchi.kit.feel.errors import FeelLimitError
from madoguchi.kit.feel.patterns.charsets import CharTest
from madoguchi.kit.feel.patterns.syntax import Part, PatternError, PatternParser

_PROGRAM_MAX = 5_000
_PATTERN_LENGTH_MAX = 1_000
_STEPS_PER_CHARACTER = 8


@dataclass(frozen=True, slots=True)
class Instruction:
    """``chars`` (test), ``start``, ``end``, ``split`` (goes, then other), ``jump`` (goes), ``save`` (slot), ``reference``."""

    kind: str
    goes: int = 0
    other: int = 0
    slot: int = 0
    test: CharTest | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern matched; ``groups`` are the start and end of each group (-1 when it took no part)."""

    text: str
    groups: tuple[int, ...]

    @property
    def start(self) -> int:
        """Offset of the first character."""
        return self.groups[0]

    @property
    def end(self) -> int:
        """Offset behind the last character."""
        return self.groups[1]

    def group(self, number: int) -> str:
        """The text of a group; empty when it took no part or does not exist."""
        if 2 * number + 1 >= len(self.groups) or self.groups[2 * number] < 0:
            return ""
        return self.text[self.groups[2 * number] : self.groups[2 * number + 1]]


@dataclass
class _Builder:
    program: list[Instruction] = field(default_factory=list)

    def emit(self, instruction: Instruction) -> int:
        """Add an instruction and return its place."""
        if len(self.program) >= _PROGRAM_MAX:
            raise PatternError("正規表現が大きすぎます。繰り返しの回数を減らしてください。")
        self.program.append(instruction)
        return len(self.program) - 1

    def add(self, part: Part) -> None:
        """Add the instructions of a part."""
        if part.kind == "choice":
            self._choice(part)
        elif part.kind == "group":
            self._group(part)
        elif part.kind == "repeat":
            self._repeat(part)
        elif part.kind == "sequence":
            for inner in part.parts:
                self.add(inner)
        else:
            self.emit(Instruction(part.kind, slot=2 * part.number, test=part.test))

    def _choice(self, part: Part) -> None:
        jumps: list[int] = []
        for branch in part.parts[:-1]:
            split = self.emit(Instruction("split"))
            self.add(branch)
            jumps.append(self.emit(Instruction("jump")))
            self.program[split] = Instruction("split", split + 1, len(self.program))
        self.add(part.parts[-1])
        for jump in jumps:
            self.program[jump] = Instruction("jump", len(self.program))

    def _group(self, part: Part) -> None:
        if not part.number:
            return self.add(part.parts[0])
        self.emit(Instruction("save", slot=2 * part.number))
        self.add(part.parts[0])
        self.emit(Instruction("save", slot=2 * part.number + 1))
        return None

    def _repeat(self, part: Part) -> None:
        inner = part.parts[0]
        for _ in range(part.least):
            self.add(inner)
        if part.most is None:
            split = self.emit(Instruction("split"))
            self.add(inner)
            self.emit(Instruction("jump", split))
            self.program[split] = self._split(split, len(self.program), part.greedy)
            return
        splits: list[int] = []
        for _ in range(part.most - part.least):
            splits.append(self.emit(Instruction("split")))
            self.add(inner)
        for split in splits:
            self.program[split] = self._split(split, len(self.program), part.greedy)

    def _split(self, place: int, beyond: int, greedy: bool) -> Instruction:
        return Instruction("split", place + 1, beyond) if greedy else Instruction("split", beyond, place + 1)


class Pattern:
    """A compiled pattern."""

    def __init__(self, text: str, flags: str) -> None:
        """Compile; PatternError when the text is no regular expression."""
        if len(text) > _PATTERN_LENGTH_MAX:
            raise PatternError(f"正規表現が長すぎます（上限{_PATTERN_LENGTH_MAX}文字）。")
        parser = PatternParser(text, flags)
        builder = _Builder()
        builder.add(parser.whole())
        builder.emit(Instruction("match"))
        self.program = tuple(builder.program)
        self.slots = 2 * parser.groups + 2
        self.multiline = "m" in flags
        self.folds = "i" in flags
        self.recalls = any(instruction.kind == "reference" for instruction in self.program)

    def search(self, text: str, start: int, steps: int) -> Match | None:
        """The first match at or after an offset; FeelLimitError when it takes more than so many steps.

        A few steps per character of the text come on top, so that simple patterns work on long texts.
        """
        return self._search(text, start, [steps + _STEPS_PER_CHARACTER * len(text)])

    def _search(self, text: str, start: int, budget: list[int]) -> Match | None:
        seen: set[object] = set()
        for offset in range(start, len(text) + 1):
            groups = self._run(text, offset, budget, seen)
            if groups is not None:
                return Match(text, groups)
        return None

    def pieces(self, text: str, steps: int) -> Iterator[str | Match]:
        """Text and matches in turn; PatternError when the pattern matches the empty string."""
        budget = [steps + _STEPS_PER_CHARACTER * len(text)]
        if self._search("", 0, budget) is not None:
            raise PatternError("空の文字列にも当てはまる正規表現は、置換や分割に使えません。")
        offset = 0
        while True:
            found = self._search(text, offset, budget)
            if found is None or found.end == found.start:
                yield text[offset:]
                return
            yield text[offset : found.start]
            yield found
            offset = found.end

    def _run(self, text: str, offset: int, budget: list[int], seen: set[object]) -> tuple[int, ...] | None:
        """The groups of a match that begins here. ``seen`` are the places that led nowhere, also from earlier starts."""
        stack: list[tuple[int, int, tuple[int, ...]]] = [(0, offset, (offset, *[-1] * (self.slots - 1)))]
        while stack:
            place, at, groups = stack.pop()
            while True:
                key = (place, at, groups[2:]) if self.recalls else (place, at)
                if key in seen:
                    break
                seen.add(key)
                budget[0] -= 1
                if budget[0] < 0:
                    raise FeelLimitError("正規表現の検索に時間がかかりすぎるため、中止しました。")
                instruction = self.program[place]
                if instruction.kind == "match":
                    return (groups[0], at, *groups[2:])
                step = self._step(instruction, text, at, groups, stack)
                if step is None:
                    break
                goes, at, groups = step
                place = place + 1 if goes < 0 else goes
        return None

    def _step(
        self,
        instruction: Instruction,
        text: str,
        at: int,
        groups: tuple[int, ...],
        stack: list[tuple[int, int, tuple[int, ...]]],
    ) -> tuple[int, int, tuple[int, ...]] | None:
        """Where to go (-1: the next instruction), the offset and groups then; None when this way is closed."""
        if instruction.test is not None:
            return (-1, at + 1, groups) if at < len(text) and instruction.test(text[at]) else None
        if instruction.kind == "split":
            stack.append((instruction.other, at, groups))
            return instruction.goes, at, groups
        if instruction.kind == "jump":
            return instruction.goes, at, groups
        if instruction.kind == "save":
            return -1, at, (*groups[: instruction.slot], at, *groups[instruction.slot + 1 :])
        if instruction.kind == "reference":
            return self._recall(instruction, text, at, groups)
        return (-1, at, groups) if self._at_edge(instruction.kind, text, at) else None

    def _recall(
        self, instruction: Instruction, text: str, at: int, groups: tuple[int, ...]
    ) -> tuple[int, int, tuple[int, ...]] | None:
        start, end = groups[instruction.slot], groups[instruction.slot + 1]
        recalled = text[start:end] if 0 <= start <= end else ""
        found = text[at : at + len(recalled)]
        same = found.casefold() == recalled.casefold() if self.folds else found == recalled
        return (-1, at + len(recalled), groups) if same else None

    def _at_edge(self, kind: str, text: str, at: int) -> bool:
        if kind == "start":
            return at == 0 or (self.multiline and text[at - 1] == "\n" and at < len(text))
        return at == len(text) or (self.multiline and text[at] == "\n")


@lru_cache(maxsize=256)
def compile_pattern(text: str, flags: str) -> Pattern:
    """The compiled pattern, kept for the next time."""
    return Pattern(text, flags)


def expand_replacement(template: str, match: Match) -> str:
    """The replacement with ``$1`` … filled in; PatternError for a ``$`` or ``\\`` that stands alone."""
    result: list[str] = []
    offset = 0
    groups = len(match.groups) // 2 - 1
    while offset < len(template):
        character = template[offset]
        if character == "\\" and template[offset + 1 : offset + 2] in ("\\", "$"):
            result.append(template[offset + 1])
            offset += 2
        elif character == "$" and "0" <= template[offset + 1 : offset + 2] <= "9":
            number, offset = _group_number(template, offset + 1, groups)
            result.append(match.group(number))
        elif character in "\\$":
            raise PatternError("置換後の文字列の「$」には番号が、「\\」には「\\」か「$」が続かなければなりません。")
        else:
            result.append(character)
            offset += 1
    return "".join(result)


def _group_number(template: str, offset: int, groups: int) -> tuple[int, int]:
    """The longest number of digits that names a group (at least one digit), and the offset behind it."""
    number = int(template[offset])
    offset += 1
    while "0" <= template[offset : offset + 1] <= "9" and number * 10 + int(template[offset]) <= groups:
        number = number * 10 + int(template[offset])
        offset += 1
    return number, offset
