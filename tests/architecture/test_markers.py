"""Every test that touches the database runs on PostgreSQL too."""

from __future__ import annotations

from pathlib import Path

import pytest

from .markers import FOUND, unmarked

PLANTED = """
import pytest

def test_with_the_fixture(db): pass
def test_over_another_fixture(city): pass
@pytest.mark.django_db
def test_with_the_mark(): pass
@pytest.mark.database
def test_marked(db): pass
def test_without_a_database(): pass

@pytest.fixture
def city(transactional_db): pass
"""


def test_every_test_that_touches_the_database_is_marked(request: pytest.FixtureRequest) -> None:
    assert request.config.stash[FOUND] == []


def test_a_planted_test_without_the_marker_is_found(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    path = tmp_path / "test_planted.py"
    path.write_text(PLANTED, encoding="utf-8")
    module = pytest.Module.from_parent(request.session, path=path)
    found = [
        name.rpartition("::")[2]
        for name in unmarked(item for item in module.collect() if isinstance(item, pytest.Item))
    ]
    assert found == ["test_with_the_fixture", "test_over_another_fixture", "test_with_the_mark"]
