"""Short ways to evaluate FEEL in tests."""

from collections.abc import Mapping

from madoguchi.kit.feel import compile_expression, literal_of
from madoguchi.kit.feel.convert import from_python


def feel(text: str, scope: Mapping[str, object] | None = None) -> object:
    """The Python value of an expression whose names are those of the scope."""
    return compile_expression(text, (scope or {}).keys()).evaluate(scope or {})


def shown(text: str, scope: Mapping[str, object] | None = None) -> str:
    """The value of an expression in FEEL notation."""
    return literal_of(from_python(feel(text, scope)))
