"""A typed registry: the one extension mechanism of every room.

A lower room owns a `Registry` and a base class; higher rooms register their items when the application
starts. Items that can be misconfigured offer `check_config()`, and the operator's status page shows
what `check_all()` collects.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable
from weakref import WeakSet

T = TypeVar("T")

_KEY = re.compile(r"[a-z][a-z0-9]*([_.][a-z0-9]+)*")
_registries: "WeakSet[Registry[Any]]" = WeakSet()


class RegistryError(Exception):
    """Base of the errors of a registry: a programming mistake, not something a user did."""


class InvalidKeyError(RegistryError, ValueError):
    """The key is not snake case, with dots between words if need be (`plan.actual.entered`): it must stay stable."""


class DuplicateKeyError(RegistryError):
    """The key is taken already."""


class UnknownKeyError(RegistryError, KeyError):
    """Nothing is registered under the key."""

    def __str__(self) -> str:
        """Return the message without the quotes that KeyError would add."""
        return str(self.args[0])


class Severity(StrEnum):
    """How much a configuration problem matters to the operator."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One thing an operator should know: the key of the item, how bad it is, and what to do (Japanese)."""

    key: str
    severity: Severity
    message: str


@runtime_checkable
class Checkable(Protocol):
    """An item that can judge its own configuration."""

    def check_config(self) -> Iterable[ConfigProblem]:
        """Return the problems found; nothing when all is well."""
        ...


class Registry(Generic[T]):
    """Items of one kind by stable snake-case key, always listed in the order of their keys."""

    def __init__(self, name: str) -> None:
        """Create an empty registry; `name` says in English what it holds and appears in error messages."""
        self.name = name
        self._items: dict[str, T] = {}
        _registries.add(self)

    def register(self, key: str, item: T) -> T:
        """Add an item and return it; raise InvalidKeyError or DuplicateKeyError when the key will not do."""
        if not _KEY.fullmatch(key):
            raise InvalidKeyError(f"{self.name}: the key {key!r} is not snake case")
        if key in self._items:
            raise DuplicateKeyError(f"{self.name}: the key {key!r} is taken by {self._items[key]!r}")
        self._items[key] = item
        return item

    def get(self, key: str) -> T:
        """Return the item of a key; raise UnknownKeyError, which lists the keys there are, when there is none."""
        try:
            return self._items[key]
        except KeyError:
            known = ", ".join(self.keys()) or "none"
            raise UnknownKeyError(f"{self.name}: nothing is registered as {key!r} (known: {known})") from None

    def find(self, key: str) -> T | None:
        """Return the item of a key, or None."""
        return self._items.get(key)

    def keys(self) -> list[str]:
        """Return the keys in order."""
        return sorted(self._items)

    def items(self) -> list[tuple[str, T]]:
        """Return (key, item) pairs in the order of the keys."""
        return [(key, self._items[key]) for key in self.keys()]

    def all(self) -> list[T]:
        """Return the items in the order of their keys."""
        return [item for _, item in self.items()]

    def __iter__(self) -> Iterator[T]:
        """Iterate over the items in the order of their keys."""
        return iter(self.all())

    def __contains__(self, key: object) -> bool:
        """Say whether a key is registered."""
        return key in self._items

    def __len__(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    @contextmanager
    def registered_temporarily(self, key: str, item: T) -> Iterator[T]:
        """Register an item inside the block, in place of one with the same key if need be, and restore afterwards."""
        if not _KEY.fullmatch(key):
            raise InvalidKeyError(f"{self.name}: the key {key!r} is not snake case")
        before = dict(self._items)
        self._items[key] = item
        try:
            yield item
        finally:
            self._items = before

    def check_all(self) -> list[ConfigProblem]:
        """Collect the configuration problems of all items, in the order of their keys."""
        return [problem for key, item in self.items() for problem in _problems_of(key, item)]


def check_all() -> list[ConfigProblem]:
    """Collect the configuration problems of every registry in the process, for the operator's status page."""
    return [problem for registry in sorted(_registries, key=lambda r: r.name) for problem in registry.check_all()]


def _problems_of(key: str, item: object) -> list[ConfigProblem]:
    # A class can be an item too; only something that can be asked (an instance) has a configuration.
    if isinstance(item, type) or not isinstance(item, Checkable):
        return []
    try:
        return list(item.check_config())
    except Exception as error:  # the status page must show a broken adapter, not break with it
        message = f"設定の確認中にエラーが起きました（{type(error).__name__}: {error}）。"
        return [ConfigProblem(key, Severity.ERROR, message)]
