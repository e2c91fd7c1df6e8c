"""
Statements that Django writes once: afterwards only their values change.

Writing a statement costs Django several times what SQLite needs to run it. Where one and the same is run by every request or
by many residents in the same minute, its text is kept with the connection it was written for. What is asked is said as
everywhere, by a query set; scopes and row level security hold as everywhere, for they are in the query set and in the
connection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

from django.db import connections, models, router, transaction
from django.db.models.query import get_related_populators
from django.db.models.sql import DeleteQuery, InsertQuery
from django.db.models.sql.compiler import SQLCompiler
from django_scopes import scope

from .scoping import OwnedManager, municipality_in_scope

M = TypeVar("M", bound=models.Model)
Values = dict[str, int | str]

_KEPT, _SCOPE = "_madoguchi_prepared", "municipality"
_FIRST_NUMBER = 2_147_000_000  # a whole number that every kind of column takes and no row has


class PreparedQuery(Generic[M]):
    """
    A question for rows by values of the same types each time.

    ``build`` takes the query set of all rows there are (of the municipality in scope, where they are owned) and the values by
    name, whole numbers and texts, with which it compares columns as they are, and returns the query set that answers:
    ``PreparedQuery(Draft, lambda rows, key: rows.filter(key=key)).first(key="…")``.
    """

    def __init__(self, model: type[M], build: Callable[..., models.QuerySet[M]]) -> None:
        """Keep how the query set is built; it is when it is first asked."""
        self.model, self.build = model, build

    def first(self, **values: int | str) -> M | None:
        """Return the first row, None where there is none."""
        rows = self.rows(**values)
        return rows[0] if rows else None

    def rows(self, **values: int | str) -> list[M]:
        """Return the rows as instances, with what the query set joins and without what it leaves out."""
        alias = router.db_for_read(self.model)
        known = _kept(alias)
        full = _with_scope(self.model, values)
        kept = known.get(self)
        if kept is None:
            marks = _marks(full)
            kept = known[self] = _Select(_built(self.model, self.build, marks), alias, marks)
        return cast("list[M]", kept.run(full))


class PreparedDelete(Generic[M]):
    """A removal of rows by values of the same types each time; what points at them is left to the database."""

    def __init__(self, model: type[M], build: Callable[..., models.QuerySet[M]]) -> None:
        """Keep how the query set of the rows is built, as for ``PreparedQuery``."""
        self.model, self.build = model, build

    def run(self, **values: int | str) -> int:
        """Remove the rows and return how many there were."""
        alias = router.db_for_write(self.model)
        known = _kept(alias)
        full = _with_scope(self.model, values)
        kept = known.get(self)
        if kept is None:
            marks = _marks(full)
            query = _built(self.model, self.build, marks).query.chain(DeleteQuery)
            kept = known[self] = _Text(query.get_compiler(using=alias), marks)
        with transaction.mark_for_rollback_on_error(using=alias), connections[alias].cursor() as cursor:
            cursor.execute(kept.sql, kept.filled(full))
            return int(cursor.rowcount)


def _with_scope(model: type[models.Model], values: Values) -> Values:
    """Return the values with the municipality in scope, where rows are owned; raises ``ScopeError`` where none is."""
    if isinstance(model._default_manager, OwnedManager):
        return {**values, _SCOPE: municipality_in_scope().pk}
    return values


def _built(model: type[M], build: Callable[..., models.QuerySet[M]], marks: Values) -> models.QuerySet[M]:
    """Return the query set with marks for values, the municipality of the scope among them."""
    given = {name: mark for name, mark in marks.items() if name != _SCOPE}
    if _SCOPE not in marks:
        return build(model._default_manager.all(), **given)
    with scope(municipality=marks[_SCOPE]):
        return build(model._default_manager.all(), **given)


def insert_row(instance: models.Model) -> None:
    """
    Write a new row as ``save(force_insert=True)`` would, its statement written once per model.

    No signal is sent: this house has none. What the database would have to work out is left to ``save``.
    """
    alias = router.db_for_write(type(instance))
    connection = connections[alias]
    known, key = _kept(alias), (type(instance), instance.pk is None)
    kept = known.get(key)
    if kept is None:
        kept = known[key] = _Insert(instance, alias)
    values = [field.pre_save(instance, True) for field in kept.fields]
    if not kept.can_run or any(hasattr(value, "resolve_expression") for value in values):
        instance.save(force_insert=True)
        return
    ready = [field.get_db_prep_save(value, connection) for field, value in zip(kept.fields, values, strict=True)]
    with transaction.mark_for_rollback_on_error(using=alias), connection.cursor() as cursor:
        cursor.execute(kept.sql, ready)
        if kept.returns_key:
            instance.pk = cursor.fetchone()[0]
    instance._state.adding, instance._state.db = False, alias


def _kept(alias: str) -> dict[Any, Any]:
    """Return what is written already for this thread's connection."""
    return cast("dict[Any, Any]", connections[alias].__dict__.setdefault(_KEPT, {}))


def _marks(values: Values) -> Values:
    """Return values of the same types that occur nowhere else, by which their places in the statement are found."""
    return {
        name: _FIRST_NUMBER + number if isinstance(value, int) else f"\x02{name}\x03"
        for number, (name, value) in enumerate(values.items())
    }


class _Text:
    """A statement with the names of its values where they belong."""

    def __init__(self, compiler: SQLCompiler, marks: Values) -> None:
        self.sql, parameters = compiler.as_sql()
        names = {mark: name for name, mark in marks.items()}
        # A parameter is either the mark of a value or a constant of the query.
        self.parts = [
            (names[given], None) if isinstance(given, int | str) and given in names else (None, given)
            for given in parameters
        ]
        missing = set(marks) - {name for name, _ in self.parts}
        if missing:
            raise ValueError(f"the query does not compare these as they are: {sorted(missing)}")

    def filled(self, values: Values) -> list[Any]:
        return [constant if name is None else values[name] for name, constant in self.parts]


class _Select:
    """A query and how its rows become instances (what ``ModelIterable`` of Django does, prepared)."""

    def __init__(self, queryset: models.QuerySet[Any], alias: str, marks: Values) -> None:
        self.alias = alias
        self.compiler = compiler = queryset.query.get_compiler(using=alias)
        self.text = _Text(compiler, marks)
        info = compiler.klass_info
        self.model = info["model"]
        self.start, self.end = info["select_fields"][0], info["select_fields"][-1] + 1
        self.names = [column[0].target.attname for column in compiler.select[self.start : self.end]]
        self.joined = get_related_populators(info, compiler.select, alias)  # type: ignore[call-arg]  # stubs are newer
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        self.converters = compiler.get_converters(columns)

    def run(self, values: Values) -> list[models.Model]:
        with connections[self.alias].cursor() as cursor:
            cursor.execute(self.text.sql, self.text.filled(values))
            rows = cursor.fetchall()
        if self.converters:
            rows = self.compiler.apply_converters(rows, self.converters)
        return [self._instance(row) for row in rows]

    def _instance(self, row: Sequence[Any]) -> models.Model:
        instance: models.Model = self.model.from_db(self.alias, self.names, row[self.start : self.end])
        for populator in self.joined:
            populator.populate(row, instance)
        return instance


class _Insert:
    """The statement that writes a row of a model, with or without its key."""

    def __init__(self, instance: models.Model, alias: str) -> None:
        connection, meta = connections[alias], instance._meta
        numbered = instance.pk is None
        self.fields = [
            field
            for field in meta.local_concrete_fields
            if not field.generated and not (numbered and field is meta.auto_field)
        ]
        query = InsertQuery(type(instance))
        query.insert_values(self.fields, [instance])
        compiler = query.get_compiler(using=alias)
        returned = meta.db_returning_fields if numbered else []
        compiler.returning_fields = returned
        ((self.sql, parameters),) = compiler.as_sql()
        self.returns_key = returned == [meta.pk]
        self.can_run = (
            not meta.parents
            and len(parameters) == len(self.fields)
            and (not returned or (self.returns_key and connection.features.can_return_columns_from_insert))
        )
