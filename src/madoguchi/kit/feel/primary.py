"""Operands of FEEL: literals, names, brackets of every kind, loops, conditions and function definitions."""

import re
from collections.abc import Callable
from collections.abc import Iterator as Iteration
from contextlib import contextmanager
from typing import ClassVar

from madoguchi.kit.feel import literals
from madoguchi.kit.feel.limits import DEFAULT_LIMITS, Limits
from madoguchi.kit.feel.nodes import (
    ContextNode,
    For,
    FunctionNode,
    If,
    Interval,
    Iterator,
    ListNode,
    Literal,
    Name,
    Node,
    OperatorTest,
    Quantified,
    TypeNode,
)
from madoguchi.kit.feel.reader import KEYWORDS, Reader
from madoguchi.kit.feel.scope import NameTable, Scope
from madoguchi.kit.feel.type_parser import parse_type

_KEY = re.compile(r"([^:,{}\[\]()\"]+?)\s*(?=:)")
_ITERATOR = re.compile(r"([^:,{}\[\]()\"]+?)\s+(?=in\b)")
_PARAMETER = re.compile(r"([^:,{}\[\]()\"]+?)\s*(?=[:,)])")
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_RANGE_OPERATORS = frozenset(("<", "<=", ">", ">=", "=", "!="))


class PrimaryParser(Reader):
    """The innermost layer of the parser; operators are added by :class:`Parser`."""

    def __init__(
        self, text: str, scope: Scope, members: NameTable, types: NameTable, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        """Start at the beginning of the text; ``types`` are the names of item definitions."""
        super().__init__(text, scope, members, limits)
        self.types = types
        self.ends_interval = False

    def expression(self) -> Node:
        """Move over a whole expression."""
        raise NotImplementedError

    def additive(self) -> Node:
        """Move over an operand of a comparison."""
        raise NotImplementedError

    @contextmanager
    def inside(self, scope: Scope | None = None) -> Iteration[None]:
        """Parse something enclosed: a bracket of an outer interval has no meaning in it, and names may be added."""
        kept = (self.scope, self.ends_interval)
        self.scope, self.ends_interval = scope or self.scope, False
        try:
            yield
        finally:
            self.scope, self.ends_interval = kept

    def primary(self) -> Node:
        """Move over one operand."""
        start = self.skip()
        head = self.text[start : start + 1]
        if head == '"':
            return Literal(start, literals.string_text(self))
        if literals.NUMBER.match(self.text, start):
            return literals.number(self)
        symbol = self.symbol()
        if symbol in _RANGE_OPERATORS:
            self.need(symbol)
            return OperatorTest(start, symbol, self.additive())
        opener = self._openers.get(symbol)
        return opener(self, start) if opener is not None else self._named(start)

    # brackets -----------------------------------------------------------------------------------------------------

    def _at(self, _start: int) -> Node:
        return literals.at_literal(self)

    def _question_mark(self, start: int) -> Node:
        self.need("?")
        return Name(start, "?")

    def _parenthesis(self, start: int) -> Node:
        self.need("(")
        with self.inside():
            first = self.expression()
        if self.symbol() == "..":
            return self._interval(start, first, included=False)
        self.need(")")
        return first

    def _open_interval(self, start: int) -> Node:
        self.need("]")
        with self.inside():
            first = self.expression()
        return self._interval(start, first, included=False)

    def _bracket(self, start: int) -> Node:
        self.need("[")
        if self.take("]"):
            return ListNode(start, ())
        with self.inside():
            items = [self.expression()]
            if self.symbol() == "..":
                return self._interval(start, items[0], included=True)
            while self.take(","):
                items.append(self.expression())
        self.need("]")
        return ListNode(start, tuple(items))

    def _interval(self, start: int, first: Node, *, included: bool) -> Node:
        self.need("..")
        kept, self.ends_interval = self.ends_interval, True
        try:
            last = self.expression()
        finally:
            self.ends_interval = kept
        closing = self.symbol()
        if closing not in ("]", ")", "["):
            raise self.expected("範囲の終わりのかっこ")
        self.need(closing)
        return Interval(start, first, last, included, closing == "]")

    def _context(self, start: int) -> Node:
        self.need("{")
        table = NameTable()
        entries: list[tuple[str, Node]] = []
        with self.inside(self.scope.with_table(table)):
            while not entries or self.take(","):
                if not entries and self.symbol() == "}":
                    break
                entries.append(self._entry(table))
        self.need("}")
        self._check_keys(entries, start)
        return ContextNode(start, tuple(entries))

    def _entry(self, table: NameTable) -> tuple[str, Node]:
        quoted = self.text.startswith('"', self.skip())
        key = literals.string_text(self) if quoted else self.name_before(_KEY)
        if not key:
            raise self.expected("項目の名前と「:」")
        self.need(":")
        value = self.expression()
        table.add(key)
        self.members.add(key)
        return key, value

    def _check_keys(self, entries: list[tuple[str, Node]], start: int) -> None:
        keys = [key for key, _ in entries]
        double = next((key for key in keys if keys.count(key) > 1), None)
        if double is not None:
            raise self.fail(f"同じ項目「{double}」が2回あります。", start)

    _openers: ClassVar[dict[str, Callable[["PrimaryParser", int], Node]]] = {
        "@": _at,
        "?": _question_mark,
        "(": _parenthesis,
        "]": _open_interval,
        "[": _bracket,
        "{": _context,
    }

    # names and keywords -------------------------------------------------------------------------------------------

    def _named(self, start: int) -> Node:
        name = self.known_name(self.scope)
        if name:
            return Name(start, name)
        word = self.word()
        construct = self._constructs.get(word)
        if construct is not None:
            return construct(self, start)
        if not word or word in KEYWORDS:
            raise self.expected("値や式")
        self.offset += len(word)
        if not self.scope.knows(word):
            self.unknown.add(word)
        return Name(start, word)

    def _constant(self, start: int) -> Node:
        word = self.word()
        self.need_word(word)
        return Literal(start, _CONSTANTS[word])

    def _if(self, start: int) -> Node:
        self.need_word("if")
        condition = self.expression()
        self.need_word("then")
        then = self.expression()
        self.need_word("else")
        return If(start, condition, then, self.expression())

    def _for(self, start: int) -> Node:
        self.need_word("for")
        kept = self.scope
        iterators = self._iterators("partial")
        self.need_word("return")
        node = For(start, iterators, self.expression())
        self.scope = kept
        return node

    def _quantified(self, start: int) -> Node:
        quantifier = self.word()
        self.need_word(quantifier)
        kept = self.scope
        iterators = self._iterators()
        self.need_word("satisfies")
        node = Quantified(start, quantifier, iterators, self.expression())
        self.scope = kept
        return node

    def _iterators(self, *names: str) -> tuple[Iterator, ...]:
        """Move over ``a in x, b in y``; the names stay in scope until the caller takes them out."""
        table = NameTable(names)
        self.scope = self.scope.with_table(table)
        iterators = [self._iterator(table)]
        while self.take(","):
            iterators.append(self._iterator(table))
        return tuple(iterators)

    def _iterator(self, table: NameTable) -> Iterator:
        start = self.skip()
        name = self.name_before(_ITERATOR)
        if not name:
            raise self.expected("変数の名前と「in」")
        self.need_word("in")
        source = self.expression()
        end = self.expression() if self.take("..") else None
        table.add(name)
        return Iterator(start, name, source, end)

    def _function(self, start: int) -> Node:
        self.need_word("function")
        self.need("(")
        parameters: list[tuple[str, TypeNode | None]] = []
        while not parameters or self.take(","):
            if not parameters and self.symbol() == ")":
                break
            parameters.append(self._parameter())
        self.need(")")
        if self.word() == "external":
            raise self.unsupported("function … external", start)
        with self.inside(self.scope.with_table(NameTable(name for name, _ in parameters))):
            return FunctionNode(start, tuple(parameters), self.expression())

    def _parameter(self) -> tuple[str, TypeNode | None]:
        name = self.name_before(_PARAMETER)
        if not name:
            raise self.expected("引数の名前")
        return name, parse_type(self, self.types) if self.take(":") else None

    _constructs: ClassVar[dict[str, Callable[["PrimaryParser", int], Node]]] = {
        "true": _constant,
        "false": _constant,
        "null": _constant,
        "if": _if,
        "for": _for,
        "some": _quantified,
        "every": _quantified,
        "function": _function,
    }
