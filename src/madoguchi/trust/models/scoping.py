"""Municipality scope: owned rows can be reached only inside ``acting_for(municipality)``; everything else raises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from django.db import connections, models
from django.db.models.sql import Query
from django_scopes import get_scope, scope
from django_scopes.exceptions import ScopeError
from django_scopes.manager import DisabledQuerySet

M = TypeVar("M", bound=models.Model)


MOST_QUERIES = 20_000
"""Beginnings of questions that stay in memory: one for each model and municipality that asked."""
_queries: dict[tuple[type[models.Model], Any], Query] = {}


def _refuse(self: Any, *args: Any, **kwargs: Any) -> Any:
    raise ScopeError(f"{self.model._meta.label}: no municipality scope is active; use trust.api.acting_for().")


# django-scopes leaves these doors open; an unscoped question must never be answered.
for _name in ("exists", "explain", "contains", "in_bulk", "create", "bulk_create", "bulk_update", "alias", "exclude"):
    setattr(DisabledQuerySet, _name, _refuse)


class OwnedManager(models.Manager[M]):
    """Answers for the municipality in scope alone, and refuses to answer without one."""

    def get_queryset(self) -> models.QuerySet[M]:
        """Return the rows of the municipality in scope; a query set that raises where no scope is active."""
        state = get_scope()
        if not state.get("_enabled", True):
            return super().get_queryset()
        if "municipality" not in state:
            disabled = DisabledQuerySet(self.model, using=self._db, missing_scopes={"municipality"})
            return cast("models.QuerySet[M]", disabled)
        municipality, queryset = state["municipality"], super().get_queryset()
        kept = (self.model, getattr(municipality, "pk", municipality))
        found = _queries.get(kept)
        if found is None:
            if len(_queries) > MOST_QUERIES:
                _queries.clear()
            found = _queries[kept] = queryset.filter(municipality=municipality).query
        # A copy costs a fraction of the condition made anew, and every question for owned rows begins with it.
        queryset.query = found.chain()
        return queryset


class OwnedModel(models.Model):
    """A row that belongs to one municipality."""

    municipality = models.ForeignKey(
        "trust.Municipality", verbose_name="自治体", on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = OwnedManager()

    class Meta:
        abstract = True


@contextmanager
def acting_for(municipality: Any) -> Iterator[Any]:
    """
    Enter the scope of a municipality: owned queries answer for it alone, on PostgreSQL behind row level security too.

    ``municipality`` is a ``Municipality``. Scopes nest; leaving restores the outer one, also after an exception.
    """
    outer = current_municipality()
    with scope(municipality=municipality):
        _tell_database(municipality)
        try:
            yield municipality
        finally:
            _tell_database(outer)


def current_municipality() -> Any:
    """Return the municipality in scope, or None."""
    return get_scope().get("municipality")


def municipality_in_scope() -> Any:
    """Return the municipality in scope; raise ``ScopeError`` where no scope is active."""
    municipality = current_municipality()
    if municipality is None:
        raise ScopeError("no municipality scope is active; use trust.api.acting_for().")
    return municipality


def _tell_database(municipality: Any) -> None:
    """Let a connection with an open transaction follow the scope (the PostgreSQL backend offers this)."""
    for connection in connections.all(initialized_only=True):
        follow = getattr(connection, "set_municipality", None)
        if follow is not None:
            follow(None if municipality is None else municipality.pk)
