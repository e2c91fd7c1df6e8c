"""From the syntax tree to Python closures: an expression is compiled once and run many times.

A compiled expression is a function of the environment. Nothing of the text ever reaches Python's own ``eval``.
"""

from madoguchi.kit.feel.compiler.core import Compiler
from madoguchi.kit.feel.compiler.kinds import Code, Test

__all__ = ["Code", "Compiler", "Test"]
