"""The FEEL parser (DMN 1.5 clause 10.3.1): operators over operands, and the unary tests of decision table cells.

Hand-written, as names may consist of several words and symbols and can only be told apart by what is in scope:
at each operand the longest declared name wins. Precedence, lowest first: ``or``, ``and``, comparison, ``+ -``,
``* /``, ``**``, negation, ``instance of``, path, filter and invocation.
"""

import re

from madoguchi.kit.feel import literals
from madoguchi.kit.feel.errors import FeelLimitError
from madoguchi.kit.feel.nodes import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    Filter,
    In,
    InstanceOf,
    Literal,
    Logic,
    Negation,
    Node,
    OperatorTest,
    Path,
    Tests,
)
from madoguchi.kit.feel.primary import PrimaryParser
from madoguchi.kit.feel.scope import NameTable, Scope
from madoguchi.kit.feel.type_parser import parse_type

_ARGUMENT = re.compile(r"([^:,{}\[\]()\"@<>=!]+?)\s*(?=:)")
_COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_AFTER_INTERVAL = re.compile(
    r"\s*(?:$|[,)\]}=!<>+*/]|\.(?!\d)|(?:and|or|then|else|return|satisfies|in|between|instance)\b)"
)
_CONTINUES = frozenset(("[", "(", ".", "+", "-", "*", "/", "**"))
_CHAIN_MAX = 150


class Parser(PrimaryParser):
    """A recursive descent over the precedence levels."""

    def whole(self) -> Node:
        """The whole text as one expression."""
        node = self.expression()
        self._finish()
        return node

    def _finish(self) -> None:
        if not self.at_end():
            raise self.fail(f"式の続きを読み取れません（「{self.text[self.offset : self.offset + 12]}」）。")

    def expression(self) -> Node:
        """Move over a disjunction."""
        self.deeper()
        node = self._logic("or", self._conjunction())
        self.depth -= 1
        return node

    def _conjunction(self) -> Node:
        return self._logic("and", self._comparison())

    def _logic(self, operator: str, first: Node) -> Node:
        if self.word() != operator:
            return first
        operands = [first]
        while self.take_word(operator):
            operands.append(self._conjunction() if operator == "or" else self._comparison())
        return Logic(first.offset, operator, tuple(operands))

    def _comparison(self) -> Node:
        node = self.additive()
        for link in range(_CHAIN_MAX + 1):
            following = self._compared(node)
            if following is None:
                return node
            node = following
            self._check_chain(link)
        return node

    def _compared(self, left: Node) -> Node | None:
        symbol = self.symbol()
        if symbol in _COMPARISONS:
            self.need(symbol)
            return Comparison(left.offset, symbol, left, self.additive())
        word = self.word()
        if word == "between":
            self.need_word(word)
            start = self.additive()
            self.need_word("and")
            return Between(left.offset, left, start, self.additive())
        if word == "in":
            self.need_word(word)
            return In(left.offset, left, self._in_tests())
        return None

    def _in_tests(self) -> tuple[Node, ...]:
        start = self.skip()
        if self.symbol() == "(":
            tests = self._test_list()
            # "(a)[1]" and "(a) + 1" are expressions that begin with a parenthesis, not lists of tests.
            if tests is not None and (len(tests) > 1 or self.symbol() not in _CONTINUES):
                return tests
            self.offset = start
        return (self._in_test(),)

    def _test_list(self) -> tuple[Node, ...] | None:
        """Move over ``(test, test, …)``; None (cursor anywhere) when the parenthesis opens an interval."""
        self.need("(")
        with self.inside():
            tests = [self._test()]
            if self.symbol() == "..":
                return None
            while self.take(","):
                tests.append(self._test())
        self.need(")")
        return tuple(tests)

    def _in_test(self) -> Node:
        symbol = self.symbol()
        start = self.offset
        if symbol in _COMPARISONS:
            self.need(symbol)
            return OperatorTest(start, symbol, self.additive())
        return self.additive()

    def _test(self) -> Node:
        symbol = self.symbol()
        start = self.offset
        if symbol not in _COMPARISONS:
            return self.expression()
        self.need(symbol)
        test = OperatorTest(start, symbol, self.additive())
        if self.word() in ("and", "or"):
            raise self.fail(
                "比較は「and」「or」でつなげません。範囲は「[1..10]」、いずれかは「,」で区切って書いてください。"
            )
        return test

    # arithmetic ---------------------------------------------------------------------------------------------------

    def additive(self) -> Node:
        """Move over a sum."""
        node = self._product()
        links = 0
        while (symbol := self.symbol()) in ("+", "-"):
            self.need(symbol)
            node = Arithmetic(node.offset, symbol, node, self._product())
            links += 1
            self._check_chain(links)
        return node

    def _product(self) -> Node:
        node = self._power()
        links = 0
        while (symbol := self.symbol()) in ("*", "/"):
            self.need(symbol)
            node = Arithmetic(node.offset, symbol, node, self._power())
            links += 1
            self._check_chain(links)
        return node

    def _power(self) -> Node:
        node = self._unary()
        links = 0
        while self.take("**"):
            node = Arithmetic(node.offset, "**", node, self._unary())
            links += 1
            self._check_chain(links)
        return node

    def _unary(self) -> Node:
        start = self.skip()
        if not self.take("-"):
            return self._instance()
        if literals.NUMBER.match(self.text, self.offset):
            return self._instance(literals.number(self, sign=-1))
        self.deeper()
        node = Negation(start, self._unary())
        self.depth -= 1
        return node

    def _instance(self, operand: Node | None = None) -> Node:
        node = self._postfix(operand or self.primary())
        while self.take_word("instance"):
            self.need_word("of")
            node = InstanceOf(node.offset, node, parse_type(self, self.types))
        return node

    # postfix ------------------------------------------------------------------------------------------------------

    def _postfix(self, node: Node) -> Node:
        for link in range(_CHAIN_MAX + 1):
            symbol = self.symbol()
            if symbol == "...":
                raise self.unsupported("...（子孫の項目）", self.offset)
            if symbol == ".":
                self.need(".")
                node = Path(node.offset, node, self.member_name())
            elif symbol == "[" and not self._closes_interval():
                node = self._filter(node)
            elif symbol == "(" and not isinstance(node, Literal):
                node = self._call(node)
            else:
                return node
            self._check_chain(link)
        return node

    def _closes_interval(self) -> bool:
        return self.ends_interval and _AFTER_INTERVAL.match(self.text, self.offset + 1) is not None

    def _filter(self, source: Node) -> Node:
        self.need("[")
        with self.inside(self.scope.with_table(self.members).with_table(NameTable(("item",)))):
            condition = self.expression()
        self.need("]")
        return Filter(source.offset, source, condition)

    def _call(self, function: Node) -> Node:
        self.need("(")
        names: list[str] = []
        arguments: list[Node] = []
        with self.inside():
            while not arguments or self.take(","):
                if not arguments and self.symbol() == ")":
                    break
                names.append(self._argument_name(bool(arguments), names))
                arguments.append(self.expression())
        self.need(")")
        return Call(function.offset, function, tuple(arguments), tuple(name for name in names if name))

    def _argument_name(self, later: bool, names: list[str]) -> str:
        name = self.name_before(_ARGUMENT)
        if name:
            self.need(":")
        if later and bool(name) != bool(names[0]):
            raise self.fail("引数は、すべて名前を付けるか、すべて順番で渡すか、どちらかにしてください。")
        if name and name in names:
            raise self.fail(f"引数「{name}」が2回あります。")
        return name

    def _check_chain(self, links: int) -> None:
        if links >= _CHAIN_MAX:
            raise FeelLimitError(f"演算が続きすぎています（上限{_CHAIN_MAX}個）。式を分けてください。")

    # unary tests --------------------------------------------------------------------------------------------------

    def unary_tests(self) -> Tests:
        """The whole text as unary tests; an empty text means anything, like ``-``."""
        if self.at_end() or self._lone_dash():
            return Tests((), anything=True)
        negated = self._negation()
        tests = self._test_list() if negated else None
        if negated and tests is not None and self.at_end():
            return Tests(tests, negated=True)
        self.offset, self.depth = 0, 0
        return self._positive_tests()

    def _lone_dash(self) -> bool:
        return self.text.strip() == "-"

    def _negation(self) -> bool:
        return self.take_word("not") and self.symbol() == "("

    def _positive_tests(self) -> Tests:
        tests = [self._test()]
        while self.take(","):
            tests.append(self._test())
        self._finish()
        return Tests(tuple(tests))


def parse_expression(text: str, scope: Scope, members: NameTable, types: NameTable) -> tuple[Node, frozenset[str]]:
    """The tree of an expression, and the plain names in it that are not declared."""
    parser = Parser(text, scope, members, types)
    return parser.whole(), frozenset(parser.unknown)


def parse_unary_tests(text: str, scope: Scope, members: NameTable, types: NameTable) -> tuple[Tests, frozenset[str]]:
    """The tree of unary tests, and the plain names in them that are not declared."""
    parser = Parser(text, scope, members, types)
    return parser.unary_tests(), frozenset(parser.unknown)
