"""Type expressions (grammar rule 52)."""

import re

from madoguchi.kit.feel.nodes import TypeNode
from madoguchi.kit.feel.reader import Reader
from madoguchi.kit.feel.scope import NameTable, Scope
from madoguchi.kit.feel.types import PRIMITIVES

_PRIMITIVE_TABLE = NameTable(PRIMITIVES)
_FIELD = re.compile(r"([^:,<>(){}\"]+?)\s*(?=:)")
_CONSTRUCTED = ("list", "range", "context", "function")


def parse_type(reader: Reader, declared: NameTable) -> TypeNode:
    """Move over a type; ``declared`` are the names of the item definitions."""
    reader.deeper()
    start = reader.skip()
    name = _type_name(reader, declared)
    node = TypeNode(start, name)
    if name in _CONSTRUCTED and reader.symbol() == "<":
        node = _constructed(reader, declared, name, start)
    reader.depth -= 1
    return node


def _type_name(reader: Reader, declared: NameTable) -> str:
    name = _name(reader, Scope((_PRIMITIVE_TABLE, declared)))
    while reader.symbol() == ".":
        reader.need(".")
        name = f"{name}.{_name(reader, Scope((declared,)))}"
    return name


def _name(reader: Reader, scope: Scope) -> str:
    name = reader.known_name(scope)
    if not name:
        name = reader.word()
        if not name:
            raise reader.expected("型の名前")
        reader.offset += len(name)
    return name


def _constructed(reader: Reader, declared: NameTable, name: str, start: int) -> TypeNode:
    reader.need("<")
    if name == "context":
        fields = [_field(reader, declared)]
        while reader.take(","):
            fields.append(_field(reader, declared))
        reader.need(">")
        return TypeNode(start, name, fields=tuple(fields))
    arguments: list[TypeNode] = []
    if reader.symbol() != ">":
        arguments.append(parse_type(reader, declared))
        while name == "function" and reader.take(","):
            arguments.append(parse_type(reader, declared))
    reader.need(">")
    if name != "function":
        return TypeNode(start, name, tuple(arguments))
    reader.need("->")
    return TypeNode(start, name, tuple(arguments), result=parse_type(reader, declared))


def _field(reader: Reader, declared: NameTable) -> tuple[str, TypeNode]:
    name = reader.name_before(_FIELD)
    if not name:
        raise reader.expected("項目の名前と「:」")
    reader.need(":")
    return name, parse_type(reader, declared)
