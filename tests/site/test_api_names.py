"""Shapes of the API are known by their names across rooms: two of one name would pass for each other in its description."""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict
from typing import Any

from ninja import Schema

import madoguchi


def shapes() -> dict[str, list[type[Schema]]]:
    found: dict[str, list[type[Schema]]] = defaultdict(list)
    for room in pkgutil.iter_modules(madoguchi.__path__):
        name = f"madoguchi.{room.name}.schema"
        try:
            package: Any = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        modules = [package]
        for inner in pkgutil.iter_modules(getattr(package, "__path__", [])):
            modules.append(importlib.import_module(f"{name}.{inner.name}"))
        for module in modules:
            for value in vars(module).values():
                if isinstance(value, type) and issubclass(value, Schema) and value.__module__ == module.__name__:
                    found[value.__name__].append(value)
    return found


def test_shapes_of_one_name_are_the_same_shape() -> None:
    named = shapes()
    assert len(named) > 20
    apart = {
        name: [shape.__module__ for shape in several]
        for name, several in named.items()
        if len({str(sorted(shape.model_json_schema().get("properties", {}))) for shape in several}) > 1
    }
    assert apart == {}
