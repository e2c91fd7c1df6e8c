"""A city with two sections, the people of its sections, and a subject whose services do what they are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from madoguchi.cases.registry import service_tasks
from madoguchi.kit import clock
from madoguchi.trust.api import acting_for
from madoguchi.trust.enums import Role
from tests.trust.people import make_odawara, make_staff, make_unit

from .services import KEYS, Recorder

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def recorder() -> Iterator[Recorder]:
    """Service tasks that write down what they are asked and fail when told to."""
    found = Recorder()
    with ExitStack() as stack:
        for key in KEYS:
            stack.enter_context(service_tasks.registered_temporarily(key, found.service(key)))
        yield found


@pytest.fixture
def city(db: Any, settings: Any) -> Iterator[Any]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    municipality = make_odawara()
    with clock.frozen(NOW), acting_for(municipality):
        yield municipality


@pytest.fixture
def people(city: Any) -> SimpleNamespace:
    """Two sections; the first has a member of staff, a second one and a chief, the other one a member of staff."""
    residents, taxes = make_unit("市民課"), make_unit("税務課")
    return SimpleNamespace(
        residents=residents,
        taxes=taxes,
        staff=make_staff("tanto", Role.SECTION_STAFF, unit=residents),
        colleague=make_staff("douryo", Role.SECTION_STAFF, unit=residents),
        chief=make_staff("kacho", Role.SECTION_CHIEF, unit=residents),
        stranger=make_staff("zeimu", Role.SECTION_STAFF, unit=taxes),
    )
