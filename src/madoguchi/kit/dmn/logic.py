"""From boxed expressions to closures (DMN 1.5 clauses 7.3 and 10.2.2)."""

from collections.abc import Callable
from typing import Any

from madoguchi.kit.dmn import model
from madoguchi.kit.dmn.naming import Code, Naming, refusing, typed
from madoguchi.kit.dmn.tables import compile_table
from madoguchi.kit.feel.compare import conjunction, disjunction
from madoguchi.kit.feel.compiler.loops import elements, filtered
from madoguchi.kit.feel.environment import Environment
from madoguchi.kit.feel.errors import FeelUnsupportedError
from madoguchi.kit.feel.functions import Parameter, UserFunction
from madoguchi.kit.feel.limits import Budget
from madoguchi.kit.feel.types import FeelType, FunctionType
from madoguchi.kit.feel.values import Function


def compile_logic(expression: model.Expression | None, naming: Naming, type_ref: str = "") -> Code:
    """The closure of a boxed expression; ``type_ref`` is the declared type of the variable that it is bound to."""
    if expression is None:
        return lambda environment: None
    return _COMPILERS[type(expression)](expression, naming, type_ref)


def compile_function(
    logic: model.FunctionDefinition, naming: Naming, result: FeelType | None = None
) -> Callable[[Environment], UserFunction]:
    """A closure that makes the function of a definition in its environment."""
    kind = logic.kind
    names = [parameter.name for parameter in logic.parameters]
    inner = naming.with_variables(names)
    external = refusing(FeelUnsupportedError(f"外部関数（{kind}）"))
    body = compile_logic(logic.body, inner, logic.type_ref) if kind == "FEEL" else external
    parameters = tuple(Parameter(item.name, naming.types.resolve(item.type_ref)) for item in logic.parameters)
    returned = result or naming.types.resolve(logic.type_ref)
    # A definition may carry the type of the function itself; what counts for its body is the type of the result.
    returned = returned.result if isinstance(returned, FunctionType) else returned

    def make(environment: Environment) -> UserFunction:
        def call(bound: dict[str, object], budget: Budget) -> object:
            return body(Environment(bound, budget, environment))

        return UserFunction(parameters, call, returned)

    return make


def _literal(expression: model.LiteralExpression, naming: Naming, type_ref: str) -> Code:
    return naming.expression(expression.text, expression.language)


def _table(expression: model.DecisionTable, naming: Naming, type_ref: str) -> Code:
    return compile_table(expression, naming, type_ref)


def _context(expression: model.Context, naming: Naming, type_ref: str) -> Code:
    entries: list[tuple[str, Code]] = []
    result: Code | None = None
    for entry in expression.entries:
        if entry.variable is None or not entry.variable.name:
            result = compile_logic(entry.expression, naming, type_ref)
            continue
        name, reference = entry.variable.name, entry.variable.type_ref
        inner_naming = naming.with_variables([name])
        # A function may call itself by the name of its entry; other values do not see themselves.
        recursive = isinstance(entry.expression, model.FunctionDefinition)
        logic = compile_logic(entry.expression, inner_naming if recursive else naming, reference)
        entries.append((name, typed(logic, naming.types.resolve(reference), name)))
        naming = inner_naming

    def run(environment: Environment) -> object:
        values: dict[str, object] = {}
        inner = environment.inner(values)
        for name, code in entries:
            values[name] = code(inner)
        return values if result is None else result(inner)

    return run


def _list(expression: model.ListExpression, naming: Naming, type_ref: str) -> Code:
    codes = [compile_logic(item, naming) for item in expression.items]
    return lambda environment: [code(environment) for code in codes]


def _relation(expression: model.Relation, naming: Naming, type_ref: str) -> Code:
    columns = expression.columns
    rows = [
        [
            (column.name, typed(compile_logic(item, naming), naming.types.resolve(column.type_ref), column.name))
            for column, item in zip(columns, row.items, strict=False)
        ]
        for row in expression.rows
    ]
    return lambda environment: [{name: code(environment) for name, code in row} for row in rows]


def _invocation(expression: model.Invocation, naming: Naming, type_ref: str) -> Code:
    called = compile_logic(expression.called, naming)
    bindings = [
        (
            item.parameter.name,
            typed(
                compile_logic(item.expression, naming),
                naming.types.resolve(item.parameter.type_ref),
                item.parameter.name,
            ),
        )
        for item in expression.bindings
    ]

    def run(environment: Environment) -> object:
        function = called(environment)
        if not isinstance(function, Function):
            return environment.budget.reject("呼び出そうとしたものは関数ではありません。")
        return function.invoke_named({name: code(environment) for name, code in bindings}, environment.budget)

    return run


def _function(expression: model.FunctionDefinition, naming: Naming, type_ref: str) -> Code:
    make = compile_function(expression, naming)
    return lambda environment: make(environment)


def _conditional(expression: model.Conditional, naming: Naming, type_ref: str) -> Code:
    condition = compile_logic(expression.condition, naming)
    then = compile_logic(expression.then, naming, type_ref)
    otherwise = compile_logic(expression.otherwise, naming, type_ref)
    return lambda environment: then(environment) if condition(environment) is True else otherwise(environment)


def _filter(expression: model.Filter, naming: Naming, type_ref: str) -> Code:
    source = compile_logic(expression.source, naming)
    match = compile_logic(expression.match, naming.with_variables([*naming.members, "item"]))

    def run(environment: Environment) -> object:
        found = source(environment)
        if found is None:
            return None
        return filtered(found if isinstance(found, list) else [found], match, environment)

    return run


def _iteration(expression: model.Iteration, naming: Naming, type_ref: str) -> Code:
    name, kind = expression.variable, expression.kind
    source = compile_logic(expression.source, naming)
    body = compile_logic(expression.body, naming.with_variables([name, "partial"]))

    def run(environment: Environment) -> object:
        items = elements(source(environment))
        if items is None:
            return None
        results: list[object] = []
        for item in items:
            environment.budget.spend(1 + len(results) // 64)
            results.append(body(environment.inner({name: item, "partial": list(results)})))
        if kind == "for":
            return results
        return disjunction(results) if kind == "some" else conjunction(results)

    return run


_COMPILERS: dict[type[model.Expression], Callable[[Any, Naming, str], Code]] = {
    model.LiteralExpression: _literal,
    model.DecisionTable: _table,
    model.Context: _context,
    model.ListExpression: _list,
    model.Relation: _relation,
    model.Invocation: _invocation,
    model.FunctionDefinition: _function,
    model.Conditional: _conditional,
    model.Filter: _filter,
    model.Iteration: _iteration,
}
