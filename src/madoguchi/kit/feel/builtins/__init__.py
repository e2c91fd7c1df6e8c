"""The built-in functions of FEEL (DMN 1.5 clause 10.3.4) by name."""

from madoguchi.kit.feel.builtins import (
    aggregates,
    contexts,
    conversions,
    dates,
    intervals,
    lists,
    numeric,
    strings,
)
from madoguchi.kit.feel.builtins.signatures import Builtin

BUILTINS: dict[str, Builtin] = {
    **conversions.library.functions,
    **strings.library.functions,
    **numeric.library.functions,
    **lists.library.functions,
    **aggregates.library.functions,
    **contexts.library.functions,
    **dates.library.functions,
    **intervals.library.functions,
}

__all__ = ["BUILTINS", "Builtin"]
