"""FEEL, the expression language of decision tables and process conditions (OMG DMN 1.5, clause 10.3).

A parser, a compiler to closures and the built-in functions, without Python's ``eval``: the texts are typed by staff
in a browser. What is left out (external functions, the descendant operator) is refused by name.
"""

from madoguchi.kit.feel.convert import from_python, literal_of, text_of, to_python
from madoguchi.kit.feel.durations import DaysTimeDuration, YearsMonthsDuration
from madoguchi.kit.feel.errors import FeelError, FeelLimitError, FeelSyntaxError, FeelUnsupportedError
from madoguchi.kit.feel.expression import (
    Expression,
    Names,
    UnaryTests,
    cached_expression,
    cached_unary_tests,
    compile_expression,
    compile_unary_tests,
)
from madoguchi.kit.feel.limits import Limits
from madoguchi.kit.feel.temporal import Date, DateTime, Time, Zone
from madoguchi.kit.feel.values import Range

__all__ = [
    "Date",
    "DateTime",
    "DaysTimeDuration",
    "Expression",
    "FeelError",
    "FeelLimitError",
    "FeelSyntaxError",
    "FeelUnsupportedError",
    "Limits",
    "Names",
    "Range",
    "Time",
    "UnaryTests",
    "YearsMonthsDuration",
    "Zone",
    "cached_expression",
    "cached_unary_tests",
    "compile_expression",
    "compile_unary_tests",
    "from_python",
    "literal_of",
    "text_of",
    "to_python",
]
