"""Regular expressions of XPath and XQuery (Functions and Operators 5.6), run in bounded time.

Python's ``re`` has another syntax and can run for ever on a short pattern; FEEL cells are typed in a browser. So
patterns have a parser and a machine of their own: the machine never tries the same place in the pattern at the same
place in the text twice, and counts its steps.
"""

from madoguchi.kit.feel.patterns.machine import Match, Pattern, compile_pattern, expand_replacement
from madoguchi.kit.feel.patterns.syntax import PatternError

__all__ = ["Match", "Pattern", "PatternError", "compile_pattern", "expand_replacement"]
