from __future__ import annotations

import contextvars
from contextlib import suppress

import pytest
from django_scopes.exceptions import ScopeError

from madoguchi.trust.api import Duty, Municipality, Unit, acting_for, current_municipality
from madoguchi.trust.models import Event, Resident, StoredFile
from madoguchi.trust.services.events import record_event

from .people import make_unit

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def outside(function):
    """Run a function where no scope was ever entered."""
    return contextvars.Context().run(function)


@pytest.mark.parametrize(
    "query",
    [
        lambda: list(Unit.objects.all()),
        lambda: Unit.objects.count(),
        lambda: Unit.objects.exists(),
        lambda: Unit.objects.filter(name="x").first(),
        lambda: Unit.objects.get(pk=1),
        lambda: Unit.objects.exclude(name="x").count(),
        lambda: Unit.objects.create(name="x", valid_from_fiscal_year=2024),
        lambda: Unit.objects.bulk_create([Unit(name="x", valid_from_fiscal_year=2024)]),
        lambda: Unit.objects.update(name="x"),
        lambda: Unit.objects.all().delete(),
        lambda: Unit.objects.in_bulk([1]),
        lambda: Unit.objects.aggregate(),
        lambda: Unit.objects.values_list("pk").iterator(),
        lambda: list(Duty.objects.select_related("unit")),
        lambda: list(Event.objects.all()),
        lambda: list(StoredFile.objects.all()),
        lambda: list(Resident.objects.all()),
    ],
)
def test_a_query_outside_every_scope_raises(odawara, query):
    with pytest.raises(ScopeError):
        outside(query)


def test_an_event_outside_every_scope_is_refused(odawara):
    from madoguchi.trust import events

    with pytest.raises(ScopeError):
        outside(lambda: record_event(kind=events.SIGNED_IN, subject=odawara))


def test_a_query_answers_for_the_city_in_scope_alone(odawara, oyama):
    make_unit("小田原課")
    with acting_for(oyama):
        make_unit("小山課")
        assert [unit.name for unit in Unit.objects.all()] == ["小山課"]
        assert not Unit.objects.filter(name="小田原課").exists()
    assert [unit.name for unit in Unit.objects.all()] == ["小田原課"]


def test_scopes_nest_and_an_error_inside_restores_the_outer_one(odawara, oyama):
    with acting_for(oyama):
        assert current_municipality() == oyama
    with suppress(RuntimeError), acting_for(oyama):
        raise RuntimeError
    assert current_municipality() == odawara
    assert Municipality.objects.count() == 2
