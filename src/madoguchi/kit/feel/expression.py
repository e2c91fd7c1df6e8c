"""Compiled FEEL texts: expressions and unary tests, ready to be evaluated many times and kept in caches."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from madoguchi.kit.feel.builtins import BUILTINS
from madoguchi.kit.feel.compiler import Compiler
from madoguchi.kit.feel.convert import from_python, to_python
from madoguchi.kit.feel.environment import Environment
from madoguchi.kit.feel.errors import FeelLimitError, FeelSyntaxError, position_of
from madoguchi.kit.feel.limits import DEFAULT_LIMITS, Budget, Limits
from madoguchi.kit.feel.nodes import Node, Tests
from madoguchi.kit.feel.numbers import feel_arithmetic
from madoguchi.kit.feel.parser import parse_expression, parse_unary_tests
from madoguchi.kit.feel.scope import NameTable, Scope
from madoguchi.kit.feel.types import FeelType

_BUILTIN_NAMES = NameTable(BUILTINS)
_NO_TYPES: Mapping[str, FeelType] = {}


@dataclass(frozen=True)
class Names:
    """What a text may refer to: ``variables``, ``members`` of contexts, and ``types`` of item definitions.

    Only names of several words have to be declared to be read; ``strict`` refuses every name that is not.
    """

    variables: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    strict: bool = False


NO_NAMES = Names()


@dataclass(frozen=True, eq=False)
class Expression:
    """A compiled expression; immutable, so it may be shared between threads and kept in a cache."""

    text: str
    node: Node
    unknown_names: frozenset[str]
    code: Callable[[Environment], object]

    def evaluate(
        self,
        scope: Mapping[str, object] | None = None,
        *,
        limits: Limits = DEFAULT_LIMITS,
        notes: list[str] | None = None,
    ) -> object:
        """The value for the variables in ``scope`` (Python or FEEL values), as a Python value; null is None.

        ``notes`` receives remarks such as names without a value. FeelLimitError when the evaluation asks too much.
        """
        budget = Budget(limits)
        result = self.run(Environment(feel_scope(scope or {}), budget))
        if notes is not None:
            notes.extend(budget.notes)
        return to_python(result)

    def holds(self, scope: Mapping[str, object] | None = None, *, limits: Limits = DEFAULT_LIMITS) -> bool:
        """Whether a condition is true for the variables in ``scope``; null and other values are not true."""
        return self.evaluate(scope, limits=limits) is True

    def run(self, environment: Environment) -> object:
        """The FEEL value in an environment of FEEL values."""
        with feel_arithmetic():
            return guarded_run(self.code, environment)


@dataclass(frozen=True, eq=False)
class UnaryTests:
    """Compiled unary tests, such as the cell of a decision table; immutable. ``parts`` are the single tests of a list."""

    text: str
    tests: Tests
    unknown_names: frozenset[str]
    code: Callable[[object, Environment], bool | None]
    parts: tuple[Callable[[object, Environment], bool | None], ...] = ()

    def matches(
        self, value: object, scope: Mapping[str, object] | None = None, *, limits: Limits = DEFAULT_LIMITS
    ) -> bool:
        """Whether a value (Python or FEEL) passes, given the variables in ``scope``."""
        feel_value = from_python(value)
        environment = Environment({**feel_scope(scope or {}), "?": feel_value}, Budget(limits))
        with feel_arithmetic():
            return guarded_run(lambda inner: self.code(feel_value, inner), environment) is True


def feel_scope(scope: Mapping[str, object]) -> dict[str, object]:
    """The variables with FEEL values."""
    return {" ".join(name.split()): from_python(value) for name, value in scope.items()}


def guarded_run(code: Callable[[Environment], object], environment: Environment) -> object:
    """Run a closure; nesting deeper than Python's stack is a FeelLimitError."""
    with _stack_guard():
        return code(environment)


@contextmanager
def _stack_guard() -> Iterator[None]:
    try:
        yield
    except RecursionError:
        raise FeelLimitError("式の入れ子か関数の呼び出しが深すぎます。") from None


def compile_expression(
    text: str, names: Names | Iterable[str] = NO_NAMES, *, types: Mapping[str, FeelType] | None = None
) -> Expression:
    """Compile a FEEL expression.

    ``names`` declares the variables (needed for names of several words, such as ``Applicant Age``) and, as
    :class:`Names`, members and strictness; ``types`` gives meaning to type names. Raises FeelSyntaxError,
    FeelUnsupportedError or FeelLimitError with the place.
    """
    known = _names_of(names)
    with _stack_guard():
        node, unknown = parse_expression(text, *_tables(known, types))
        code = Compiler(types).code(node)
    _check_known(text, unknown, known)
    return Expression(text, node, unknown, code)


def compile_unary_tests(
    text: str, names: Names | Iterable[str] = NO_NAMES, *, types: Mapping[str, FeelType] | None = None
) -> UnaryTests:
    """Compile unary tests: ``-``, ``>= 18``, ``"a","b"``, ``[1..10]``, ``not(…)``, or an expression with ``?``."""
    known = _names_of(names)
    compiler = Compiler(types)
    with _stack_guard():
        tests, unknown = parse_unary_tests(text, *_tables(known, types))
        code, parts = compiler.tests(tests), tuple(compiler.test(test) for test in tests.tests)
    _check_known(text, unknown, known)
    return UnaryTests(text, tests, unknown, code, parts)


@lru_cache(maxsize=2048)
def cached_expression(text: str, names: Names = NO_NAMES) -> Expression:
    """:func:`compile_expression` for conditions that are asked again and again."""
    return compile_expression(text, names)


@lru_cache(maxsize=2048)
def cached_unary_tests(text: str, names: Names = NO_NAMES) -> UnaryTests:
    """:func:`compile_unary_tests` for cells that are asked again and again."""
    return compile_unary_tests(text, names)


def _names_of(names: Names | Iterable[str]) -> Names:
    return names if isinstance(names, Names) else Names(variables=frozenset(names))


def _tables(names: Names, types: Mapping[str, FeelType] | None) -> tuple[Scope, NameTable, NameTable]:
    scope = Scope((_BUILTIN_NAMES, NameTable(names.variables)))
    return scope, NameTable(names.members), NameTable(names.types | (types or _NO_TYPES).keys())


def _check_known(text: str, unknown: frozenset[str], names: Names) -> None:
    if names.strict and unknown:
        name = min(unknown, key=text.find)
        line, column = position_of(text, text.find(name))
        message = f"「{name}」という名前はありません。使える名前か、つづりを確かめてください。"
        raise FeelSyntaxError(message, code="unknown-name", line=line, column=column)
