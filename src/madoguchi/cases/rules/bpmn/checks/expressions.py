"""Texts inside a file that are evaluated: FEEL conditions and values."""

from __future__ import annotations

from madoguchi.kit.feel import FeelError, compile_expression
from madoguchi.kit.feel.nodes import Call, Name
from madoguchi.kit.feel.walk import walk


def feel_problem(text: str) -> str:
    """Return why a text is no FEEL the house can evaluate, or an empty text; functions nobody defines are refused."""
    if not text.strip():
        return "式がありません。"
    try:
        expression = compile_expression(text)
    except FeelError as error:
        return str(error)
    called = {
        node.function.name
        for node in walk(expression.node)
        if isinstance(node, Call) and isinstance(node.function, Name)
    }
    unknown = sorted(called & expression.unknown_names)
    return f"「{unknown[0]}」という関数はありません。" if unknown else ""
