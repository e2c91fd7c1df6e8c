"""Fixtures of the trust room's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, acting_for

from .people import make_odawara, make_oyama


@pytest.fixture
def quick_passwords(settings) -> None:
    """The shipped hasher is slow on purpose; what is tested here is not the hasher."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def home_of_its_own(settings, tmp_path) -> None:
    """Files and seal anchors of one test are not those of another."""
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def odawara(db, quick_passwords, settings) -> Iterator[Municipality]:
    """The first city, in scope."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.DEMONSTRATION, settings.SECOND_FACTOR_REQUIRED = True, False
    host_table.clear()
    city = make_odawara()
    with acting_for(city):
        yield city
    host_table.clear()


@pytest.fixture
def oyama(odawara) -> Municipality:
    """The other city, not in scope."""
    return make_oyama()


@pytest.fixture
def visitor(odawara) -> Client:
    """Somebody's browser at the first city's address, not signed in."""
    return Client(headers={"host": "odawara.localhost"})
