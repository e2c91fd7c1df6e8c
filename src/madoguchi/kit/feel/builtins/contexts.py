"""Context functions (DMN 1.5 table 81)."""

from madoguchi.kit.feel.builtins.signatures import Library

library = Library()
Context = dict[str, object]


@library.define("get value", "m: context", "key: string")
def get_value(m: Context, key: str) -> object:
    """The value of an entry, or null."""
    return m.get(key)


@library.define("get value", "context: context", "keys: list")
def get_nested_value(context: Context, keys: list[object]) -> object:
    """The value found by going through nested contexts."""
    found: object = context
    for key in keys:
        if not isinstance(found, dict) or not isinstance(key, str):
            return None
        found = found.get(key)
    return found if keys else None


@library.define("get entries", "m: context")
def get_entries(m: Context) -> list[object]:
    """The entries as a list of contexts with ``key`` and ``value``."""
    return [{"key": key, "value": value} for key, value in m.items()]


@library.define("context", "entries: list")
def context(entries: list[object]) -> Context | None:
    """A context of a list of contexts with ``key`` and ``value``; null when one lacks them or a key comes twice."""
    result: Context = {}
    for entry in entries:
        if not isinstance(entry, dict) or not entry.keys() >= {"key", "value"}:
            return None
        key = entry["key"]
        if not isinstance(key, str) or key in result:
            return None
        result[key] = entry["value"]
    return result


@library.define("context put", "context: context", "key: string", "value: any")
def context_put(context: Context, key: str, value: object) -> Context:
    """The context with an entry added or replaced."""
    return {**context, key: value}


@library.define("context put", "context: context", "keys: list", "value: any")
def context_put_nested(context: object, keys: list[object], value: object) -> Context | None:
    """The context with an entry of a nested context added or replaced."""
    if not keys or not isinstance(context, dict) or not isinstance(keys[0], str):
        return None
    if len(keys) == 1:
        return context_put(context, keys[0], value)
    inner = context_put_nested(context.get(keys[0]), keys[1:], value)
    return None if inner is None else {**context, keys[0]: inner}


@library.define("context merge", "contexts: list")
def context_merge(contexts: list[object]) -> Context | None:
    """One context of all entries; later ones win."""
    result: Context = {}
    for item in contexts:
        if not isinstance(item, dict):
            return None
        result.update(item)
    return result
