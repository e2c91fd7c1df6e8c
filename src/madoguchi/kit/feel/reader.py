"""The text under the parser: position, white space and comments, words and symbols, names, and where errors are."""

import re

from madoguchi.kit.feel.errors import FeelLimitError, FeelSyntaxError, FeelUnsupportedError, position_of
from madoguchi.kit.feel.limits import DEFAULT_LIMITS, Limits
from madoguchi.kit.feel.scope import MEMBERS, NAME_TOKEN, SPACE, WORD, NameTable, Scope

_SKIP = re.compile(rf"(?:[{SPACE}]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_SYMBOL = re.compile(r"\.\.\.|\*\*|\.\.|<=|>=|!=|->|[-+*/=<>.,:()\[\]{}@?]")
KEYWORDS = frozenset(
    ("if", "then", "else", "for", "return", "in", "some", "every", "satisfies", "and", "or", "between", "instance")
) | {"of", "function", "true", "false", "null"}
_FULL_WIDTH = {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)} | {"「": '"', "」": '"', "“": '"', "”": '"'}


class Reader:
    """A cursor over the text of one expression, with the names in scope."""

    def __init__(self, text: str, scope: Scope, members: NameTable, limits: Limits = DEFAULT_LIMITS) -> None:
        """Start at the beginning; FeelLimitError when the text is too long."""
        if len(text) > limits.text_length:
            raise FeelLimitError(f"式が長すぎます（{len(text)}文字、上限{limits.text_length}文字）。")
        self.text = text
        self.offset = 0
        self.scope = scope
        self.members = members
        self.limits = limits
        self.depth = 0
        self.unknown: set[str] = set()
        for name in MEMBERS:
            members.add(name)

    # errors -------------------------------------------------------------------------------------------------------

    def fail(self, message: str, offset: int | None = None) -> FeelSyntaxError:
        """An error at the cursor (or at an offset), with a hint when a full-width character stands there."""
        place = self.offset if offset is None else offset
        line, column = position_of(self.text, place)
        found = self.text[place : place + 1]
        if found in _FULL_WIDTH:
            message += f"全角の「{found}」は使えません。半角の「{_FULL_WIDTH[found]}」にしてください。"
        return FeelSyntaxError(message, code="syntax", line=line, column=column)

    def unsupported(self, construct: str, offset: int) -> FeelUnsupportedError:
        """A refusal by name."""
        line, column = position_of(self.text, offset)
        return FeelUnsupportedError(construct, line=line, column=column)

    def expected(self, what: str) -> FeelSyntaxError:
        """An error that says what should stand at the cursor."""
        self.skip()
        found = self.text[self.offset : self.offset + 12].split("\n")[0]
        return self.fail(
            f"ここには{what}が必要です（「{found}」があります）。" if found else f"式の終わりに{what}が必要です。"
        )

    def deeper(self) -> None:
        """Count one more level of nesting; FeelLimitError when there are too many."""
        self.depth += 1
        if self.depth > self.limits.depth:
            line, column = position_of(self.text, self.offset)
            raise FeelLimitError(f"式の入れ子が深すぎます（上限{self.limits.depth}段）。", line=line, column=column)

    # tokens -------------------------------------------------------------------------------------------------------

    def skip(self) -> int:
        """Pass over white space and comments; returns the offset of what follows."""
        match = _SKIP.match(self.text, self.offset)
        self.offset = match.end() if match else self.offset
        if self.text.startswith("/*", self.offset):
            raise self.fail("コメントの終わりの「*/」がありません。")
        return self.offset

    def at_end(self) -> bool:
        """Whether nothing but white space is left."""
        return self.skip() >= len(self.text)

    def symbol(self) -> str:
        """The symbol at the cursor without moving, or an empty string."""
        match = _SYMBOL.match(self.text, self.skip())
        return match[0] if match else ""

    def word(self) -> str:
        """The plain word at the cursor without moving, or an empty string."""
        match = WORD.match(self.text, self.skip())
        return match[0] if match else ""

    def take(self, symbol: str) -> bool:
        """Move over the symbol if it stands at the cursor."""
        if self.symbol() != symbol:
            return False
        self.offset += len(symbol)
        return True

    def take_word(self, word: str) -> bool:
        """Move over the keyword if it stands at the cursor."""
        if self.word() != word:
            return False
        self.offset += len(word)
        return True

    def need(self, symbol: str) -> None:
        """Move over the symbol; FeelSyntaxError when something else stands there."""
        if not self.take(symbol):
            raise self.expected(f"「{symbol}」")

    def need_word(self, word: str) -> None:
        """Move over the keyword; FeelSyntaxError when something else stands there."""
        if not self.take_word(word):
            raise self.expected(f"「{word}」")

    # names --------------------------------------------------------------------------------------------------------

    def known_name(self, scope: Scope) -> str:
        """Move over the longest declared name of several tokens at the cursor; an empty string when there is none."""
        first = NAME_TOKEN.match(self.text, self.skip())
        if first is None:
            return ""
        for tokens, name in scope.candidates(first[0]):
            end = self._match_tokens(tokens)
            if end:
                self.offset = end
                return name
        return ""

    def _match_tokens(self, tokens: tuple[str, ...]) -> int:
        """The offset behind the tokens when they stand at the cursor, otherwise 0."""
        start = self.offset
        try:
            for token in tokens:
                match = NAME_TOKEN.match(self.text, self.skip())
                if match is None or match[0] != token:
                    return 0
                self.offset = match.end()
            return self.offset
        finally:
            self.offset = start

    def member_name(self) -> str:
        """Move over the name behind a dot: the longest known member, otherwise one word."""
        name = self.known_name(Scope((self.members,)))
        if not name:
            name = self.word()
            if not name:
                raise self.expected("項目の名前")
            self.offset += len(name)
        return name

    def name_before(self, stop: re.Pattern[str]) -> str:
        """Move over a declared name that ends before a pattern (``in``, ``:``, ``,`` or ``)``); empty if none."""
        match = stop.match(self.text, self.skip())
        if match is None:
            return ""
        self.offset = match.end(1)
        return " ".join(match[1].split())
