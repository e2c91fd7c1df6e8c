"""The command line on PostgreSQL: the owner makes and restores the tables, everything else runs under a role without rights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.postgresql import APPLICATION, OWNER
from tests.program import run
from tests.roles import as_owner

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles"),
]


@pytest.fixture
def database() -> Iterator[str]:
    """The name of a fresh, empty database of the owner."""
    name = f"{connection.settings_dict['NAME']}_installation"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield name
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


def url(role: str, database: str) -> str:
    settings = connection.settings_dict
    return f"postgresql://{role}@{settings['HOST']}:{settings['PORT']}/{database}"


def test_an_installation_runs_under_a_role_that_owns_nothing(database: str, tmp_path: Path) -> None:
    owner = {"MADOGUCHI_DATABASE_URL": url(OWNER, database)}
    application = {"MADOGUCHI_DATABASE_URL": url(APPLICATION, database)}
    copy = tmp_path / "copy.tar"

    assert run(tmp_path, "migrate", **owner).returncode == 0
    refused = run(tmp_path, "doctor", **application)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1), "no role was named yet"
    assert "MADOGUCHI_DATABASE_URL" in refused.stderr

    assert run(tmp_path, "migrate", **owner, MADOGUCHI_DATABASE_ROLE=APPLICATION).returncode == 0
    assert run(tmp_path, "municipality", "add", "isehara", "142140", "伊勢原市", **application).returncode == 0
    assert run(tmp_path, "worker", "--batch", **application).returncode == 0
    assert run(tmp_path, "backup", copy, **application).returncode == 0

    refused = run(tmp_path, "restore", "--force", copy, **application)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert "所有者" in refused.stderr
    assert run(tmp_path, "restore", "--force", copy, **owner).returncode == 0

    found = run(tmp_path, "doctor", **application)
    told, *problems = found.stdout.splitlines()
    assert (found.returncode, [line.split("\t")[:2] for line in problems]) == (0, [["warning", "worker"]])
    walls = re.search(rf"役 {APPLICATION}、行の壁 (\d+)/(\d+)表", told)
    assert walls is not None, told
    assert int(walls[1]) == int(walls[2]) > 10


def test_a_server_that_does_not_answer_is_said_in_one_line(tmp_path: Path) -> None:
    result = run(tmp_path, "doctor", MADOGUCHI_DATABASE_URL="postgresql://somebody@127.0.0.1:9/nothing")
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert "MADOGUCHI_DATABASE_URL" in result.stderr
