"""Closures of filters, ``for``, ``some`` and ``every``."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from madoguchi.kit.feel import nodes
from madoguchi.kit.feel.compiler.kinds import Code, NodeCompiler
from madoguchi.kit.feel.environment import Environment
from madoguchi.kit.feel.numbers import integer_of
from madoguchi.kit.feel.temporal import Date
from madoguchi.kit.feel.values import Range
from madoguchi.kit.feel.walk import walk

Source = Callable[[Environment], Iterator[object] | None]


def compile_filter(compiler: NodeCompiler, node: nodes.Filter) -> Code:
    """``list[index]`` and ``list[condition]``; a single value is a list of one."""
    source, condition = compiler.code(node.source), compiler.code(node.condition)
    constant = node.condition.value if isinstance(node.condition, nodes.Literal) else None

    def run(environment: Environment) -> object:
        found = source(environment)
        items = found if isinstance(found, list) else ([] if found is None else [found])
        if type(constant) is Decimal:
            return _at(items, constant)
        return None if found is None else filtered(items, condition, environment)

    return run


def filtered(items: list[object], condition: Code, environment: Environment) -> object:
    """The items for which a condition is true, or the item at the position that it gives; null for other values."""
    kept: list[object] = []
    for item in items:
        environment.budget.spend()
        verdict = condition(_item_scope(item, environment))
        if type(verdict) is Decimal:
            return _at(items, verdict)
        if verdict is True:
            kept.append(item)
        elif verdict is not None and verdict is not False:
            return None
    if not items and type(condition(environment)) is Decimal:
        return None
    return kept


def _item_scope(item: object, environment: Environment) -> Environment:
    scope = environment.inner({"item": item})
    return scope.inner(item) if isinstance(item, dict) else scope


def _at(items: list[object], position: Decimal) -> object:
    index = integer_of(position)
    if index is None or index == 0 or abs(index) > len(items):
        return None
    return items[index - 1 if index > 0 else index]


def compile_for(compiler: NodeCompiler, node: nodes.For) -> Code:
    """``for … return``: the results so far are the variable ``partial``."""
    iterators, body = _iterators(compiler, node.iterators), compiler.code(node.body)
    recalls = any(isinstance(part, nodes.Name) and part.name == "partial" for part in walk(node.body))

    def run(environment: Environment) -> object:
        results: list[object] = []
        outer: dict[str, object] = {"partial": []}
        for scope in _product(iterators, environment.inner(outer)):
            if scope is None:
                return None
            if recalls:
                environment.budget.spend(len(results))
                outer["partial"] = list(results)
            results.append(body(scope))
            environment.budget.check_list(results)
        return results

    return run


def compile_quantified(compiler: NodeCompiler, node: nodes.Quantified) -> Code:
    """``some`` and ``every`` … ``satisfies``."""
    iterators, body = _iterators(compiler, node.iterators), compiler.code(node.body)
    decisive = node.quantifier == "some"

    def run(environment: Environment) -> object:
        result: bool | None = not decisive
        for scope in _product(iterators, environment):
            verdict = None if scope is None else body(scope)
            if verdict is decisive:
                return decisive
            if verdict is not (not decisive):
                result = None
        return result

    return run


def _iterators(compiler: NodeCompiler, iterators: tuple[nodes.Iterator, ...]) -> list[tuple[str, Source]]:
    return [(iterator.name, _source(compiler, iterator)) for iterator in iterators]


def _product(iterators: list[tuple[str, Source]], environment: Environment) -> Iterator[Environment | None]:
    """The scopes of the Cartesian product, the last iterator turning fastest; None for a source that is no list."""
    (name, source), rest = iterators[0], iterators[1:]
    items = source(environment)
    if items is None:
        yield None
        return
    for item in items:
        environment.budget.spend()
        scope = environment.inner({name: item})
        if rest:
            yield from _product(rest, scope)
        else:
            yield scope


def _source(compiler: NodeCompiler, iterator: nodes.Iterator) -> Source:
    first = compiler.code(iterator.source)
    if iterator.end is None:
        return lambda environment: elements(first(environment))
    last = compiler.code(iterator.end)
    return lambda environment: _steps(first(environment), last(environment))


def elements(value: object) -> Iterator[object] | None:
    """The elements of a list, or of a range of whole numbers or days; None for everything else."""
    if isinstance(value, list):
        return iter(value)
    if isinstance(value, Range) and value.start is not None and value.end is not None:
        return _inside(value)
    return None


def _inside(interval: Range) -> Iterator[object] | None:
    steps = _steps(interval.start, interval.end)
    if steps is None:
        return None
    open_start, open_end = not interval.start_included, not interval.end_included
    return (
        item
        for item in steps
        if not (open_start and item == interval.start) and not (open_end and item == interval.end)
    )


def _steps(first: object, last: object) -> Iterator[object] | None:
    """Whole numbers or days from one end to the other, up or down."""
    if isinstance(first, Date) and isinstance(last, Date):
        days = _count(first.ordinal, last.ordinal)
        return (Date.from_ordinal(day) for day in days)
    start, end = integer_of(first), integer_of(last)
    if start is None or end is None:
        return None
    return (Decimal(number) for number in _count(start, end))


def _count(start: int, end: int) -> range:
    step = 1 if start <= end else -1
    return range(start, end + step, step)
