"""Fixtures of the records room's tests: a city, its people, and a simulated authority that answers over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from madoguchi.records.models import IssuedDocument
from madoguchi.records.plugins.pades import trust as seal_trust
from madoguchi.records.plugins.simulated_authority import AuthorityOptions, SimulatedAuthority, make_server
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, acting_for

from .issuing import make_city, make_resident, make_staff_of


class RunningAuthority:
    """A simulated authority and the server it stands behind."""

    def __init__(self, folder: Any, options: AuthorityOptions | None = None) -> None:
        self.server = make_server(None, 0)  # type: ignore[arg-type]  # the address is known only once it is bound
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.authority = SimulatedAuthority(folder, self.address, options)
        self.server.authority = self.authority
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="session")
def running_authority(tmp_path_factory: Any) -> Iterator[RunningAuthority]:
    running = RunningAuthority(tmp_path_factory.mktemp("authority"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def short_lived_authority(tmp_path_factory: Any) -> Iterator[RunningAuthority]:
    """An authority whose time stamp certificate ends in thirty days."""
    running = RunningAuthority(tmp_path_factory.mktemp("short"), AuthorityOptions(tsa=timedelta(days=30)))
    yield running
    running.stop()


def use(settings: Any, running: RunningAuthority, folder: Any) -> None:
    settings.SEAL_AUTHORITY, settings.SEAL_TSA, settings.SEAL_FOLDER = running.address, f"{running.address}/tsa", folder
    settings.SEAL_PKCS12 = settings.SEAL_KEY = settings.SEAL_CERTIFICATE = ""
    settings.SEAL_ROOTS = []
    seal_trust.forget()


@pytest.fixture
def authority(running_authority: RunningAuthority, settings: Any, tmp_path_factory: Any) -> Iterator[RunningAuthority]:
    """The authority, in use by the installation; keys of seals are made once for the whole run."""
    folder = tmp_path_factory.getbasetemp() / "seals"
    use(settings, running_authority, folder)
    yield running_authority
    running_authority.server.out_until = 0.0
    seal_trust.forget()


@pytest.fixture(autouse=True)
def home_of_its_own(settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DOCUMENT_FONTS = []
    settings.DOCUMENT_ADDRESS = "https://{host}"
    if not finders.find("build/pdf-fonts/BIZUDPGothic-Regular.ttf"):
        pytest.fail("the front end is not built: node frontend/build.mjs")


@pytest.fixture
def city(db: Any, settings: Any) -> Iterator[Municipality]:
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR_REQUIRED = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    host_table.clear()
    municipality = make_city()
    with acting_for(municipality):
        yield municipality
    host_table.clear()


@pytest.fixture
def resident(city: Municipality) -> Any:
    return make_resident()


@pytest.fixture
def chief(city: Municipality) -> Any:
    return make_staff_of("kacho")


@pytest.fixture
def visitor(city: Municipality) -> Client:
    return Client(headers={"host": "odawara.localhost"})


@pytest.fixture
def issued(authority: RunningAuthority, resident: Any) -> IssuedDocument:
    """A certificate that was sealed."""
    from .issuing import issue, produce

    document = issue(resident)
    assert produce(document)
    document.refresh_from_db()
    return document
