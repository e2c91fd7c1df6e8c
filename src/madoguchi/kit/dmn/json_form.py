"""The stable JSON form of decision models and tables, as they are kept in a database column.

An object has ``is`` (the name of the class) and the fields that differ from their default; reading refuses unknown
classes, fields and kinds of values, so that a form of the future is never half understood.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from madoguchi.kit.dmn import model
from madoguchi.kit.dmn.errors import DmnError

_DEPTH_MAX = 80
_TAG = "is"
_CLASSES: dict[str, type] = {
    kind.__name__: kind
    for kind in vars(model).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind not in (model.Expression, model.Element)
}
_HINTS = {name: typing.get_type_hints(kind) for name, kind in _CLASSES.items()}
Model = TypeVar("Model")


def to_json(value: object) -> dict[str, object]:
    """The JSON object of a model, a table or any part of one; TypeError for anything else."""
    encoded = _encode(value)
    if not isinstance(encoded, dict):
        raise TypeError(f"{type(value).__name__} is no part of a decision model")
    return encoded


def _encode(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    fields = {
        item.name: _encode(getattr(value, item.name))
        for item in dataclasses.fields(value)
        if getattr(value, item.name) != item.default
    }
    return {_TAG: type(value).__name__, **fields}


def from_json(data: object, kind: type[Model]) -> Model:
    """The part of a model that a JSON object describes; DmnError when it is of another kind or not understood."""
    decoded = _decode(data, 0)
    if not isinstance(decoded, kind):
        raise DmnError(f"{kind.__name__}のデータではありません。", code="json")
    return decoded


def _decode(data: object, depth: int) -> object:
    if depth > _DEPTH_MAX:
        raise DmnError("データの入れ子が深すぎます。", code="json")
    if isinstance(data, list):
        return tuple(_decode(item, depth + 1) for item in data)
    if isinstance(data, Mapping):
        return _build(data, depth)
    return data


def _build(data: Mapping[str, object], depth: int) -> object:
    name = data.get(_TAG)
    kind = _CLASSES.get(name) if isinstance(name, str) else None
    if not isinstance(name, str) or kind is None:
        raise DmnError(f"知らない種類「{name}」です。", code="json")
    hints = _HINTS[name]
    values: dict[str, object] = {}
    for field, item in data.items():
        if field == _TAG:
            continue
        if field not in hints:
            raise DmnError(f"{name}に「{field}」という項目はありません。", code="json")
        values[field] = _fitting(name, field, _decode(item, depth + 1), hints[field])
    try:
        return kind(**values)
    except TypeError:
        raise DmnError(f"{name}の項目が足りません。", code="json") from None


def _fitting(name: str, field: str, value: object, hint: object) -> object:
    """The value as its field wants it (names of enumerations become members)."""
    if isinstance(hint, type) and issubclass(hint, Enum):
        if value in [member.value for member in hint]:
            return hint(value)
    elif _fits(value, hint):
        return value
    raise DmnError(f"{name}の「{field}」の値が正しくありません。", code="json")


def _fits(value: object, hint: object) -> bool:
    if isinstance(hint, types.UnionType):
        return any(_fits(value, option) for option in typing.get_args(hint))
    if typing.get_origin(hint) is tuple:
        item = typing.get_args(hint)[0]
        return isinstance(value, tuple) and all(_fits(part, item) for part in value)
    return isinstance(hint, type) and isinstance(value, hint)
