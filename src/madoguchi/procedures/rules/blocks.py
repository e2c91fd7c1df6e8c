"""
Definitions written with shared blocks and placeholders, as the files of ``data/procedures`` are.

``{"$use": "applicant"}`` stands for the block of that name; further keys beside ``$use`` replace the block's own. A block that
is a list is put into the list around it, or stands where it is used. ``{city}``, ``{prefecture}`` and ``{phone}`` are
filled in; a text under ``en`` takes the English values. What comes out is an ordinary document (``rules.definition``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEEPEST = 20


class BlockError(ValueError):
    """A block is missing, uses itself, or stands where it does not fit."""


def expand(document: Any, blocks: Mapping[str, Any]) -> Any:
    """Return a document with its blocks in place; raises ``BlockError``."""
    return _expand(document, blocks, ())


def _expand(value: Any, blocks: Mapping[str, Any], inside: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return _expand_list(value, blocks, inside)
    if not isinstance(value, dict):
        return value
    if "$use" not in value:
        return {key: _expand(item, blocks, inside) for key, item in value.items()}
    return _block(value, blocks, inside)


def _expand_list(values: list[Any], blocks: Mapping[str, Any], inside: tuple[str, ...]) -> list[Any]:
    made: list[Any] = []
    for value in values:
        if isinstance(value, dict) and "$use" in value:
            block = _block(value, blocks, inside)
            made += block if isinstance(block, list) else [block]
        else:
            made.append(_expand(value, blocks, inside))
    return made


def _block(value: Mapping[str, Any], blocks: Mapping[str, Any], inside: tuple[str, ...]) -> Any:
    name = value["$use"]
    if name in inside or len(inside) >= DEEPEST:
        raise BlockError(f"{name}: a block that uses itself")
    if name not in blocks:
        raise BlockError(f"{name}: no such block")
    made = _expand(blocks[name], blocks, (*inside, name))
    own = {key: _expand(item, blocks, inside) for key, item in value.items() if key != "$use"}
    if isinstance(made, dict):
        return made | own
    if own:
        raise BlockError(f"{name}: a list of parts has no keys to replace")
    return made


def fill(document: Any, values: Mapping[str, str], english: Mapping[str, str]) -> Any:
    """Return a document with the placeholders of its texts filled; other braces stay as they are."""
    return _fill(document, values, english)


def _fill(value: Any, values: Mapping[str, str], english: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: _fill(item, english, english) if key == "en" else _fill(item, values, english)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_fill(item, values, english) for item in value]
    if isinstance(value, str):
        for name, text in values.items():
            value = value.replace(f"{{{name}}}", text)
    return value
