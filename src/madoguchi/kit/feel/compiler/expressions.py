"""Closures of literals, names, operators, calls, lists, contexts, conditions and function definitions."""

from madoguchi.kit.feel import nodes
from madoguchi.kit.feel.builtins import BUILTINS
from madoguchi.kit.feel.compare import COMPARISONS
from madoguchi.kit.feel.compiler.kinds import Code, NodeCompiler
from madoguchi.kit.feel.environment import MISSING, Environment
from madoguchi.kit.feel.functions import Parameter, UserFunction
from madoguchi.kit.feel.limits import Budget
from madoguchi.kit.feel.operators import ARITHMETIC, negative
from madoguchi.kit.feel.properties import property_of
from madoguchi.kit.feel.type_resolver import resolve_type
from madoguchi.kit.feel.types import ANY, NULL, FeelType
from madoguchi.kit.feel.values import Function


def compile_literal(compiler: NodeCompiler, node: nodes.Literal) -> Code:
    """A constant."""
    value = node.value
    return lambda environment: value


def compile_name(compiler: NodeCompiler, node: nodes.Name) -> Code:
    """A variable, or a built-in function; an unknown name is null and noted."""
    name, builtin = node.name, BUILTINS.get(node.name)

    def run(environment: Environment) -> object:
        value = environment.find(name)
        if value is not MISSING:
            return value
        if builtin is None:
            environment.budget.note(f"「{name}」という名前の値はありません。")
        return builtin

    return run


def compile_path(compiler: NodeCompiler, node: nodes.Path) -> Code:
    """``source.name``."""
    source, name = compiler.code(node.source), node.name

    def run(environment: Environment) -> object:
        value = source(environment)
        environment.budget.weigh(value)
        return property_of(value, name)

    return run


def compile_negation(compiler: NodeCompiler, node: nodes.Negation) -> Code:
    """``-operand``."""
    operand = compiler.code(node.operand)
    return lambda environment: negative(operand(environment))


def compile_arithmetic(compiler: NodeCompiler, node: nodes.Arithmetic) -> Code:
    """``left operator right``; strings that grow are held to the limit."""
    operation, left, right = ARITHMETIC[node.operator], compiler.code(node.left), compiler.code(node.right)

    def run(environment: Environment) -> object:
        result = operation(left(environment), right(environment))
        if type(result) is str:
            environment.budget.weigh(environment.budget.check_string(result))
        return result

    return run


def compile_logic(compiler: NodeCompiler, node: nodes.Logic) -> Code:
    """``and`` and ``or``: operands behind the first deciding one are not evaluated."""
    codes = [compiler.code(operand) for operand in node.operands]
    decisive, neutral = (False, True) if node.operator == "and" else (True, False)

    def run(environment: Environment) -> object:
        result: bool | None = neutral
        for code in codes:
            value = code(environment)
            if value is decisive:
                return decisive
            if value is not neutral:
                result = None
        return result

    return run


def compile_comparison(compiler: NodeCompiler, node: nodes.Comparison) -> Code:
    """``left operator right``."""
    compare, left, right = COMPARISONS[node.operator], compiler.code(node.left), compiler.code(node.right)

    def run(environment: Environment) -> object:
        value = left(environment)
        environment.budget.weigh(value)
        return compare(value, right(environment))

    return run


def compile_list(compiler: NodeCompiler, node: nodes.ListNode) -> Code:
    """``[a, b]``."""
    codes = [compiler.code(item) for item in node.items]
    return lambda environment: [code(environment) for code in codes]


def compile_context(compiler: NodeCompiler, node: nodes.ContextNode) -> Code:
    """``{a: 1, b: a + 1}``: each entry sees the entries before it."""
    entries = [(key, compiler.code(value)) for key, value in node.entries]

    def run(environment: Environment) -> object:
        result: dict[str, object] = {}
        inner = environment.inner(result)
        for key, code in entries:
            result[key] = code(inner)
        return result

    return run


def compile_if(compiler: NodeCompiler, node: nodes.If) -> Code:
    """``if``: the else branch is taken for everything but true."""
    condition, then, otherwise = (compiler.code(part) for part in (node.condition, node.then, node.otherwise))
    return lambda environment: then(environment) if condition(environment) is True else otherwise(environment)


def compile_function(compiler: NodeCompiler, node: nodes.FunctionNode) -> Code:
    """A function value that keeps the variables around it."""
    body = compiler.code(node.body)
    parameters = tuple(Parameter(name, _parameter_type(compiler, kind)) for name, kind in node.parameters)

    def run(environment: Environment) -> object:
        def call(bound: dict[str, object], budget: Budget) -> object:
            return body(Environment(bound, budget, environment))

        return UserFunction(parameters, call)

    return run


def _parameter_type(compiler: NodeCompiler, node: nodes.TypeNode | None) -> FeelType | None:
    if node is None:
        return None
    return resolve_type(node, compiler.types) or NULL


def compile_instance_of(compiler: NodeCompiler, node: nodes.InstanceOf) -> Code:
    """``value instance of type``: null for a type that is not in the lattice."""
    value, kind = compiler.code(node.value), resolve_type(node.type, compiler.types)

    def run(environment: Environment) -> object:
        found = value(environment)
        if kind is None:
            return None
        if found is None:
            return kind is NULL
        return kind is ANY or kind.admits(found)

    return run


def compile_call(compiler: NodeCompiler, node: nodes.Call) -> Code:
    """A function invocation; what is no function gives null."""
    function = compiler.code(node.function)
    codes = [compiler.code(argument) for argument in node.arguments]
    names, label = node.names, node.function.name if isinstance(node.function, nodes.Name) else "式"
    # A variable that is called like a built-in function, such as a date called "date", does not hide the function.
    builtin = BUILTINS.get(label)

    def run(environment: Environment) -> object:
        called = function(environment)
        called = called if isinstance(called, Function) else builtin
        if called is None:
            environment.budget.note(f"「{label}」は関数ではありません。")
            return None
        values = [code(environment) for code in codes]
        environment.budget.spend()
        for value in values:
            environment.budget.weigh(value)
        if names:
            return called.invoke_named(dict(zip(names, values, strict=True)), environment.budget)
        return called.invoke(values, environment.budget)

    return run
