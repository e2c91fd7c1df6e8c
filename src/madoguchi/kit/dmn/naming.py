"""What the texts of a decision may refer to, and how they are compiled."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from madoguchi.kit.dmn.errors import Diagnostic
from madoguchi.kit.dmn.item_types import TypeRegistry
from madoguchi.kit.dmn.namespaces import is_feel
from madoguchi.kit.feel.environment import Environment
from madoguchi.kit.feel.errors import FeelError, FeelUnsupportedError
from madoguchi.kit.feel.expression import Names, UnaryTests, compile_expression, compile_unary_tests
from madoguchi.kit.feel.types import FeelType

Code = Callable[[Environment], object]
Test = Callable[[object, Environment], bool | None]


@dataclass(frozen=True)
class Naming:
    """The names in scope of one element; ``problems`` collects what cannot be compiled."""

    types: TypeRegistry
    type_mapping: dict[str, FeelType]
    variables: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    element: str = ""
    problems: list[Diagnostic] = field(default_factory=list)

    def with_variables(self, names: Iterable[str]) -> "Naming":
        """The naming inside a construct that declares more variables."""
        return replace(self, variables=self.variables | frozenset(names))

    def names(self) -> Names:
        """The declaration for the FEEL compiler."""
        return Names(self.variables, self.members)

    def expression(self, text: str, language: str = "") -> Code:
        """The closure of a FEEL text. What is no FEEL gives null, what is left out is refused when it is reached."""
        if not is_feel(language):
            return refusing(FeelUnsupportedError(f"式の言語 {language}"))
        if not text:
            return lambda environment: None
        try:
            compiled = compile_expression(text, self.names(), types=self.type_mapping)
        except FeelUnsupportedError as error:
            self._report("unsupported", error, text)
            return refusing(error)
        except FeelError as error:
            return self._broken(error, text)
        self._report_unknown(compiled.unknown_names, text)
        return compiled.code

    def tests(self, text: str) -> tuple[Test, UnaryTests | None]:
        """The closure of unary tests, and all about them; what is no FEEL is passed by nothing (and the rest is None)."""
        try:
            compiled = compile_unary_tests(text, self.names(), types=self.type_mapping)
        except FeelUnsupportedError as error:
            self._report("unsupported", error, text)
            refuse = refusing(error)
            return (lambda value, environment: refuse(environment) is True), None
        except FeelError as error:
            self._report("syntax", error, text)
            return (lambda value, environment: None), None
        self._report_unknown(compiled.unknown_names, text)
        return compiled.code, compiled

    def _broken(self, error: FeelError, text: str) -> Code:
        self._report("syntax", error, text)
        note = f"「{text}」：{error}"

        def run(environment: Environment) -> object:
            return environment.budget.reject(note)

        return run

    def _report(self, code: str, error: FeelError, text: str) -> None:
        self.problems.append(Diagnostic(code, f"「{text}」：{error}", self.element))

    def _report_unknown(self, unknown: frozenset[str], text: str) -> None:
        for name in sorted(unknown - self.variables - {"?"}):
            message = f"「{text}」の「{name}」という名前は、ここでは使えません。"
            self.problems.append(Diagnostic("unknown-name", message, self.element))


def refusing(error: FeelUnsupportedError) -> Code:
    """A closure that refuses when it is reached."""

    def run(environment: Environment) -> object:
        raise error

    return run


def typed(code: Code, kind: FeelType | None, label: str) -> Code:
    """The closure with the implicit conversion to a type; null and a note when the value does not fit."""
    if kind is None:
        return code

    def run(environment: Environment) -> object:
        value = code(environment)
        fits, converted = kind.coerce(value)
        if not fits:
            environment.budget.observe(Diagnostic("type", f"「{label}」の値が型に合いません。", label))
        return converted

    return run
