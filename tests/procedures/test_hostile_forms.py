"""What hostile programs and odd keyboards send to the pages of applying: an answer, never a fault, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from madoguchi.procedures.models import Draft
from madoguchi.site.middleware import host_table
from madoguchi.trust.api import Municipality, acting_for
from tests.trust.people import make_odawara, make_unit

from .residents import publish

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def quiet(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STATIC_ROOT.mkdir(exist_ok=True)


@pytest.fixture
def city(db: Any) -> Iterator[Municipality]:
    host_table.clear()
    made = make_odawara()
    with acting_for(made):
        publish(make_unit("市民課"))
        yield made
    host_table.clear()


@pytest.fixture
def visitor(city: Municipality) -> Client:
    return Client(headers={"host": "odawara.localhost"}, raise_request_exception=False)


def begun(visitor: Client) -> Draft:
    answer = visitor.post("/procedures/sample-grant/apply/", {"language": "ja"})
    assert answer.status_code == 302
    return Draft.objects.latest("pk")


@pytest.mark.parametrize("file", ["1", "0", "9" * 18, "9" * 19, "9" * 64, "abc", "-1"])
def test_a_file_that_is_not_there_is_taken_off_without_a_fault(visitor: Client, file: str) -> None:
    draft = begun(visitor)
    answer = visitor.post(
        f"/procedures/apply/{draft.key}/family/", {"revision": "0", "has_children": "no", "do": f"detach:papers:{file}"}
    )
    assert answer.status_code in {302, 422}
    draft.refresh_from_db()
    assert draft.answers["has_children"] is False
