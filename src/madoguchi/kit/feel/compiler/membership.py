"""Closures of ranges, ``between``, ``in`` and unary tests."""

from decimal import Decimal

from madoguchi.kit.feel import nodes
from madoguchi.kit.feel.compare import COMPARISONS, between, disjunction, is_member, less_or_equal, negate
from madoguchi.kit.feel.compiler.kinds import Code, NodeCompiler, Test
from madoguchi.kit.feel.environment import Environment
from madoguchi.kit.feel.values import Range
from madoguchi.kit.feel.walk import walk


def compile_interval(compiler: NodeCompiler, node: nodes.Interval) -> Code:
    """A range value, null when the ends cannot be compared or are in the wrong order; an end may be null."""
    start, end = compiler.code(node.start), compiler.code(node.end)
    flags = (node.start_included, node.end_included)

    def run(environment: Environment) -> object:
        ends = (start(environment), end(environment))
        return Range(*ends, *flags) if None in ends or less_or_equal(*ends) is True else None

    return run


def compile_operator_range(compiler: NodeCompiler, node: nodes.OperatorTest) -> Code:
    """The range value of ``<= 10``; there is none of ``!= 10``."""
    operator, endpoint = node.operator, compiler.code(node.endpoint)
    if operator == "!=":
        return lambda environment: None

    def run(environment: Environment) -> object:
        value = endpoint(environment)
        return None if value is None else Range.of_operator(operator, value)

    return run


def compile_between(compiler: NodeCompiler, node: nodes.Between) -> Code:
    """``value between start and end``."""
    value, start, end = (compiler.code(part) for part in (node.value, node.start, node.end))
    return lambda environment: between(value(environment), start(environment), end(environment))


def compile_in(compiler: NodeCompiler, node: nodes.In) -> Code:
    """``value in tests``."""
    value, tests = compiler.code(node.value), [compiler.test(test) for test in node.tests]
    if len(tests) == 1:
        only = tests[0]
        return lambda environment: only(value(environment), environment)

    def run(environment: Environment) -> object:
        found = value(environment)
        return disjunction(test(found, environment) for test in tests)

    return run


def compile_test(compiler: NodeCompiler, node: nodes.Node) -> Test:
    """One positive unary test."""
    if isinstance(node, nodes.OperatorTest):
        return _operator_test(compiler, node)
    if isinstance(node, nodes.Interval):
        return _interval_test(compiler, node)
    if isinstance(node, nodes.Literal):
        return _literal_test(node)
    return _expression_test(compiler, node)


def compile_tests(compiler: NodeCompiler, tests: nodes.Tests) -> Test:
    """All unary tests of a cell: true when any is true, turned round by ``not``."""
    if tests.anything:
        return lambda value, environment: True
    codes = [compile_test(compiler, test) for test in tests.tests]
    if not tests.negated and len(codes) == 1:
        return codes[0]

    def run(value: object, environment: Environment) -> bool | None:
        result = disjunction(code(value, environment) for code in codes)
        return negate(result) if tests.negated else result

    return run


def _literal_test(node: nodes.Literal) -> Test:
    expected = node.value
    if type(expected) in (str, bool, Decimal):
        kind = type(expected)
        return lambda value, environment: (value == expected) if type(value) is kind else is_member(value, expected)
    return lambda value, environment: is_member(value, expected)


def _operator_test(compiler: NodeCompiler, node: nodes.OperatorTest) -> Test:
    compare, endpoint = COMPARISONS[node.operator], compiler.code(node.endpoint)
    if isinstance(node.endpoint, nodes.Literal):
        constant = node.endpoint.value
        return lambda value, environment: compare(value, constant)
    return lambda value, environment: compare(value, endpoint(environment))


def _interval_test(compiler: NodeCompiler, node: nodes.Interval) -> Test:
    start, end = compiler.code(node.start), compiler.code(node.end)
    flags = (node.start_included, node.end_included)
    interval = compile_interval(compiler, node)

    def run(value: object, environment: Environment) -> bool | None:
        if isinstance(value, Range):
            return is_member(value, [interval(environment)])
        return between(value, start(environment), end(environment), *flags)

    return run


def _expression_test(compiler: NodeCompiler, node: nodes.Node) -> Test:
    code = compiler.code(node)
    binds = any(isinstance(part, nodes.Name) and part.name == "?" for part in walk(node))

    def run(value: object, environment: Environment) -> bool | None:
        found = code(environment.inner({"?": value}) if binds else environment)
        if isinstance(found, bool) and (binds or not isinstance(value, bool)):
            return found
        environment.budget.weigh(found)
        return is_member(value, found)

    return run
